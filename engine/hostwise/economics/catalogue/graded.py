"""Bands with a grade: how good the source of a figure is decides what may be done with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec.structs import replace

from hostwise.economics.catalogue.ranges import NumberRange
from hostwise.reading.files.strict import Strict
from hostwise.reading.translatable import fill

BandGrade = Literal["A", "B", "C", "D", "X"]


class GradedBand(Strict, frozen=True):
    """A dated band. One of grade X has no figures, and names the fact that is asked for instead."""

    topic: str
    label: str
    unit: str
    grade: BandGrade
    source: str
    as_of: date
    expires: date
    low: Decimal | None = None
    likely: Decimal | None = None
    high: Decimal | None = None
    asks: str | None = None

    def __post_init__(self) -> None:
        known = [each for each in (self.low, self.likely, self.high) if each is not None]
        if self.grade == "X" and (known or not self.asks):
            raise ValueError("a band of grade X has no figures, and says in `asks` which fact is asked")
        if self.grade != "X" and self.likely is None:
            raise ValueError("a band needs `likely`")
        if known != sorted(known) or self.expires <= self.as_of:
            raise ValueError("low ≤ likely ≤ high and as_of < expires must hold")

    @property
    def stands_alone(self) -> bool:
        """Whether it may be a figure by itself; one of grade C only widens another."""
        return self.grade in ("A", "B", "D")

    def figures(self, day: date) -> NumberRange | None:
        """The band as a range, an end that nobody gives being the likely value; None of grade X or after its day."""
        if self.likely is None or day > self.expires:
            return None
        low = self.likely if self.low is None else self.low
        return NumberRange(low, self.likely, self.likely if self.high is None else self.high)

    def cited(self) -> str:
        """The source as it may be printed."""
        return cited(self.source, self.grade)


def cited(source: str, grade: BandGrade | None) -> str:
    """A source as it may be printed: what is derived says so, and what nobody published is no source."""
    if grade == "X":
        return fill("not public: {why}", why=source)
    return fill("derived: {how}", how=source) if grade == "D" else source


def widened(known: NumberRange, band: GradedBand, day: date) -> NumberRange:
    """A range with the ends of a band where they lie outside; its likely value stays."""
    more = band.figures(day)
    return known if more is None else replace(known, low=min(known.low, more.low), high=max(known.high, more.high))
