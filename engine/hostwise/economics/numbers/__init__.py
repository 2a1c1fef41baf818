"""Numbers: bands, many at once, currencies, formulas, horizons."""
