"""Fetching prices: two sources read, compared, and written as a snapshot."""
