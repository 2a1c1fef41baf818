"""The rule language: conditions, tests, rules, strata."""
