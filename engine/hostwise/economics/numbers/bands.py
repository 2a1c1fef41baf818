"""A number with its likely range, and arithmetic that carries the range along."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from msgspec import Struct

from hostwise.economics.numbers.numbers import Test, least, most, number, where

ZERO, ONE = Decimal(0), Decimal(1)


class Band(Struct, frozen=True):
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
        exact = number(value)
        return cls(exact, exact, exact)

    @property
    def exact(self) -> bool:
        """Whether it has no range."""
        return self.low is self.high

    def __add__(self, other: Band) -> Band:
        if self.exact and other.exact:
            return _one(self.likely + other.likely)
        return Band(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def __sub__(self, other: Band) -> Band:
        if self.exact and other.exact:
            return _one(self.likely - other.likely)
        return Band(self.low - other.high, self.likely - other.likely, self.high - other.low)

    def __mul__(self, other: Band) -> Band:
        if self.exact and other.exact:
            return _one(self.likely * other.likely)
        if self.low >= 0 and other.low >= 0:
            return Band(self.low * other.low, self.likely * other.likely, self.high * other.high)
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Band(least(*ends), self.likely * other.likely, most(*ends))

    def __truediv__(self, other: Band) -> Band:
        """Raises `ZeroDivisionError` when the divisor can be zero."""
        if self.exact and other.exact:
            return _one(self.likely / other.likely)
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor can be zero")
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Band(least(*ends), self.likely / other.likely, most(*ends))

    def ceiling(self) -> Band:
        """Each end rounded up to a whole number."""
        if self.exact:
            return Band.exactly(self.likely.to_integral_value(ROUND_CEILING))
        return Band(*(x.to_integral_value(ROUND_CEILING) for x in (self.low, self.likely, self.high)))


def _one(value: Decimal) -> Band:
    return Band(value, value, value)


NOTHING = Band.exactly(0)


def total(bands: list[Band]) -> Band:
    """The sum; nothing for no bands."""
    result = NOTHING
    for band in bands:
        result = result + band
    return result


def smaller(one: Band, other: Band) -> Band:
    """The smaller at each end."""
    return Band(least(one.low, other.low), least(one.likely, other.likely), least(one.high, other.high))


def larger(one: Band, other: Band) -> Band:
    """The larger at each end."""
    if one.exact and other.exact:
        return _one(most(one.likely, other.likely))
    return Band(most(one.low, other.low), most(one.likely, other.likely), most(one.high, other.high))


def either(test: Test, yes: Band, no: Band) -> Band:
    """One band where a test holds, another where not."""
    if isinstance(test, bool):
        return yes if test else no
    if yes.exact and no.exact:
        return _one(where(test, yes.likely, no.likely))
    return Band(where(test, yes.low, no.low), where(test, yes.likely, no.likely), where(test, yes.high, no.high))
