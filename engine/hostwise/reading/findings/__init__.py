"""What is wrong with an input, and how it is said."""
