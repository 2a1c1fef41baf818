"""DMN decision tables to a rule pack."""
