"""Plans as a record has them: the one that an option competes with, the next ones, and why the others were left."""
