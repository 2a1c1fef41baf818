"""Decided in hundreds of plausible futures."""
