"""The questions: what is asked, the blank file, the JSON Schema."""
