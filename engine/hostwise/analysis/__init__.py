"""What would change a decision, and how sure it is."""
