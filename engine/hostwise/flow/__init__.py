"""The house flow on one set of facts: derive, gate, choose, advise."""
