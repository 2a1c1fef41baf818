"""What outcomes and their shares are called."""

from __future__ import annotations

from hostwise.report.words.words import Words


def verdict_label(verdict: str, label: str, words: Words) -> str:
    """The name of an outcome in the language of the report; an option has its own."""
    outcome = words.label("outcomes", verdict)
    return label if outcome == verdict else outcome
