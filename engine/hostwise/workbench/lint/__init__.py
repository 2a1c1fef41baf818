"""What is wrong with rules."""
