"""What is known of models: shape, class, licence, names; and the arithmetic of a configuration."""
