"""The catalogue as some answers take it: with a model of their own, at one person's desk."""
