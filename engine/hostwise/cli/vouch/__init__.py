"""Who vouches for a file, and whether it computes to itself: `verify`, `log`, `sign`."""
