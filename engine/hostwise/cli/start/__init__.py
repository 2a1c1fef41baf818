"""`hostwise start`: the questions that matter, asked in a terminal."""
