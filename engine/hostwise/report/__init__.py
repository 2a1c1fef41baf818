"""A record to HTML, PDF, Markdown and the terminal."""
