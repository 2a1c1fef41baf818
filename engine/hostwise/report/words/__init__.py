"""The words of reports, and the templates that place them."""
