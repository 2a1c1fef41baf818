"""Numbers with units and currencies, read and written."""
