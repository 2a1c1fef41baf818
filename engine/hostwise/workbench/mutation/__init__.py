"""Mutants of rules that no case notices."""
