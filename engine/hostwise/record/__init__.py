"""A decision and all it rests on, as JSON: built, read, verified, signed."""
