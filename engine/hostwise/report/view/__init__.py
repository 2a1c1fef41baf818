"""A record as templates read it."""
