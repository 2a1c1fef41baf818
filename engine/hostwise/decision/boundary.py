"""Where the verdict changes as a number does: what to try between two values that differ in it, and when to stop."""

from __future__ import annotations

from decimal import Decimal

from hostwise.answers.facts import SCALES, FactType, fixed

PRECISION = Decimal("0.001")
"""Boundaries are found to a thousandth of themselves."""
CUTS = 15
"""Values tried at once between two with different verdicts."""
ROUNDS = 12
"""A boundary is narrowed no further than this many times."""


def narrow(one: Decimal, other: Decimal) -> bool:
    """Whether two values are near enough to stand for the boundary between them."""
    return abs(other - one) <= abs(other) * PRECISION


def cuts(one: Decimal, other: Decimal, kind: FactType) -> list[Decimal]:
    """Values between two, in order from the one to the other; none where nothing lies between."""
    step = (other - one) / (CUTS + 1)
    values = [fixed(one + step * n, kind) for n in range(1, CUTS + 1)]
    # Many rules ask whether there is any at all: next to zero the boundary is found at once.
    least = Decimal(1).scaleb(-SCALES[kind]).copy_sign(step)
    if one == 0:
        values = [least, *values]
    elif other == 0:
        values = [*values, -least]
    return [value for value in dict.fromkeys(values) if value not in (one, other)]
