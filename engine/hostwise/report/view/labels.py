"""What outcomes and their shares are called."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hostwise.report.words.words import Words

FUTURES = 100


def verdict_label(verdict: str, label: str, words: Words) -> str:
    """The name of an outcome in the language of the report; an option has its own."""
    outcome = words.label("outcomes", verdict)
    return label if outcome == verdict else outcome


def of_a_hundred(shares: Sequence[Decimal]) -> list[int]:
    """Shares as whole numbers that add up to a hundred, the largest remainders rounded up.

    >>> of_a_hundred([Decimal("0.826"), Decimal("0.17"), Decimal("0.004")])
    [83, 17, 0]
    """
    total = sum(shares) or Decimal(1)
    exact = [share * FUTURES / total for share in shares]
    counts = [int(each) for each in exact]
    left = FUTURES - sum(counts)
    for place in sorted(range(len(exact)), key=lambda n: (counts[n] - exact[n], n))[:left]:
        counts[place] += 1
    return counts
