"""PDF files read strictly: what two viewers could take for two things is refused."""
