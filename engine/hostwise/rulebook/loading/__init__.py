"""YAML packs to rules, with every error."""
