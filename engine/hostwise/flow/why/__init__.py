"""Why this verdict, and why no other."""
