"""The composition: answers to a record that can be computed again."""
