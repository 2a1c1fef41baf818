"""Numbers, dates and texts in the reader's language."""
