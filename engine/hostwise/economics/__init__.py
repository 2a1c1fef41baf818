"""Answers to money: demand, capacity, prices, options, ledgers and break-even."""
