"""Rules for other engines."""
