"""Portfolios read a window at a time."""
