"""Whether a PDF shows what its record renders to."""
