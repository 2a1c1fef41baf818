"""Tables with a questionnaire a row."""
