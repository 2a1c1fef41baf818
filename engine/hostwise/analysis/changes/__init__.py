"""What moved a verdict, and what would."""
