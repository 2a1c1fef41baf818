"""Numbers that may stand for one case or for many.

The economics are written once, on `Decimal`. A `Vector` (`vector.py`) is a `Decimal` in each of many cases at once, and
takes part in the same formulas. What Python's builtins would ask of it, one answer for all cases, is asked here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import cast


def is_many(value: object) -> bool:
    """Whether a number stands for many cases."""
    return type(value) is not Decimal and isinstance(value, Decimal)


def number(value: Decimal | int) -> Decimal:
    """The number as a `Decimal`."""
    return value if isinstance(value, Decimal) else Decimal(value)


def whole(value: Decimal) -> int:
    """A number without what stands after its point, as an `int`; one that stands for many cases stays one that does."""
    return cast(int, value.whole()) if is_many(value) else int(value)  # type: ignore[attr-defined]


def least(one: Decimal, *others: Decimal) -> Decimal:
    """The smallest, case by case."""
    found = one
    for other in others:
        found = _picked(found, other, "least") if is_many(found) or is_many(other) else min(found, other)
    return found


def most(one: Decimal, *others: Decimal) -> Decimal:
    """The largest, case by case."""
    found = one
    for other in others:
        found = _picked(found, other, "most") if is_many(found) or is_many(other) else max(found, other)
    return found


def _picked(one: Decimal, other: Decimal, how: str) -> Decimal:
    many, plain = (one, other) if is_many(one) else (other, one)
    return cast(Decimal, getattr(many, how)(plain))


def span(value: Decimal) -> tuple[int, int]:
    """The smallest and the largest of its cases, without what stands after the point."""
    return value.span() if is_many(value) else (int(value), int(value))  # type: ignore[attr-defined]
