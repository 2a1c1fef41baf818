"""A questionnaire file to typed answers."""
