"""A number with its likely range, and arithmetic that carries the range along."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Band:
    """`low ≤ likely ≤ high`. Arithmetic is interval arithmetic: the ends are the extremes possible.

    >>> Band(Decimal(1), Decimal(2), Decimal(3)) * Band.exactly(Decimal(10))
    Band(low=Decimal('10'), likely=Decimal('20'), high=Decimal('30'))
    """

    low: Decimal
    likely: Decimal
    high: Decimal

    @classmethod
    def exactly(cls, value: Decimal | int) -> Band:
        """A number without a range."""
        number = Decimal(value)
        return cls(number, number, number)

    def __add__(self, other: Band) -> Band:
        return Band(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def __sub__(self, other: Band) -> Band:
        return Band(self.low - other.high, self.likely - other.likely, self.high - other.low)

    def __mul__(self, other: Band) -> Band:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Band(min(ends), self.likely * other.likely, max(ends))

    def __truediv__(self, other: Band) -> Band:
        """Raises `ZeroDivisionError` when the divisor can be zero."""
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor can be zero")
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Band(min(ends), self.likely / other.likely, max(ends))

    def ceiling(self) -> Band:
        """Each end rounded up to a whole number."""
        return Band(*(x.to_integral_value(ROUND_CEILING) for x in (self.low, self.likely, self.high)))


NOTHING = Band.exactly(0)


def total(bands: list[Band]) -> Band:
    """The sum; nothing for no bands."""
    result = NOTHING
    for band in bands:
        result = result + band
    return result


def smaller(one: Band, other: Band) -> Band:
    """The smaller at each end."""
    return Band(min(one.low, other.low), min(one.likely, other.likely), min(one.high, other.high))


def larger(one: Band, other: Band) -> Band:
    """The larger at each end."""
    return Band(max(one.low, other.low), max(one.likely, other.likely), max(one.high, other.high))
