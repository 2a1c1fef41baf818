"""The rulebook as pages, lists and graphs."""
