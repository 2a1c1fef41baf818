"""Reading files as people write them: YAML with line numbers, quantities, errors, packaged data."""
