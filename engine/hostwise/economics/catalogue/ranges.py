"""Numbers with a range, as the catalogue's files write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from msgspec.structs import replace

from hostwise.economics.numbers.bands import Band
from hostwise.reading.files.strict import Strict


class NumberRange(Strict, frozen=True):
    """A number with its likely range."""

    low: Decimal
    likely: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise ValueError("low ≤ likely ≤ high must hold")

    @property
    def band(self) -> Band:
        """The range as a band."""
        return Band(self.low, self.likely, self.high)

    def at(self, value: Decimal) -> Self:
        """The same as a point."""
        return replace(self, low=value, likely=value, high=value)
