"""Questionnaire files: typed answers with line numbers, units, ranges and unknowns."""
