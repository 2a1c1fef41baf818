"""Rules in English."""
