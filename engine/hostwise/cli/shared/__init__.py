"""What several commands share: their options, what they were given, the page they print."""
