"""YAML packs to rules: conditions, loader, lint and rules said in English."""
