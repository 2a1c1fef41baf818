"""What is asked of the rulebook as a whole: lint, golden cases, mutants, proofs, exchange formats."""
