"""What one replica of a model on its GPUs can serve, how fast, and how many at once."""
