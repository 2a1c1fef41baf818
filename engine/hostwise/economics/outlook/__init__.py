"""Costs over months and over volumes."""
