"""Rules as decision tables."""
