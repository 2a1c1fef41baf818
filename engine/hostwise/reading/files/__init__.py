"""YAML and other files: read, checked against a shape, kept."""
