"""Every option at its best: what it could consist of, what of that is admissible, and what costs least."""
