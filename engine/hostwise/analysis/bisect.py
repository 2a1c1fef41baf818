"""Where the verdict changes as a number does: what to try between two values that differ in it, and when to stop."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from hostwise.reading.numbers.fact_types import WIDE

PRECISION = Decimal("0.001")
"""Boundaries are found to a thousandth of themselves."""
CUTS = 15
"""Values tried at once between two with different verdicts. They are decided in one batch, and narrow sixteenfold: as
far as four bisections, each of which would wait for the one before."""
ROUNDS = 12
"""A boundary is narrowed no further than this many times."""


def narrow(one: Decimal, other: Decimal, least: Decimal) -> bool:
    """Whether two values are near enough to stand for the boundary between them; none lie within `least`."""
    apart = abs(other - one)
    return apart <= abs(other) * PRECISION or (least == 1 and apart <= least)


def cuts(one: Decimal, other: Decimal, least: Decimal) -> list[Decimal]:
    """Values between two, in order from the one to the other; none where nothing lies between.

    `least` is what two values differ by at least: 1 for whole numbers.
    """
    step = (other - one) / (CUTS + 1)
    values = [rounded(one + step * n, least) for n in range(1, CUTS + 1)]
    # Many rules ask whether there is any at all: next to zero the boundary is found at once.
    if one == 0:
        values = [least.copy_sign(step), *values]
    elif other == 0:
        values = [*values, -least.copy_sign(step)]
    return [value for value in dict.fromkeys(values) if value not in (one, other)]


def rounded(value: Decimal, least: Decimal) -> Decimal:
    """The nearest value that there is, where two differ by `least`."""
    return value.quantize(least, rounding=ROUND_HALF_EVEN, context=WIDE)
