"""Dated figures, and values with their source."""
