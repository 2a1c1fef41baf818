"""What is asked of GPUs, and what they give."""
