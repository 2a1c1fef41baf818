"""What each option costs a month."""
