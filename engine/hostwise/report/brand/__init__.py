"""The look: brand, logo, fonts."""
