"""What holds for every questionnaire."""
