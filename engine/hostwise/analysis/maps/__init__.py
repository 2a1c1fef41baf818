"""Which option wins where."""
