"""Many questionnaires at once, on arrays."""
