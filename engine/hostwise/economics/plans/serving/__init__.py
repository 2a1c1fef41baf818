"""What could serve own weights: model × GPU × precision × GPUs a replica, and what each serves."""
