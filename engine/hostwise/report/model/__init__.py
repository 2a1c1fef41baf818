"""A record as typed views, ready to print."""
