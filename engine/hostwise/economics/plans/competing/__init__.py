"""Which models compete, and for how much: of the API, at providers, beside the model in use."""
