"""A decision map as charts, tables and the terminal read it."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby, pairwise
from math import log10

from msgspec import Struct


class MapAxis(Struct, frozen=True):
    """An answer across a map. Numbers are placed by `scale` (`log` or `linear`), words one after the other (`words`).

    `values` are numbers or words in the order of the map, `shown` the same in full, `short` without their unit, which
    `title` has. `now` is today's answer, or None.
    """

    key: str
    label: str
    title: str
    kind: str
    unit: str
    scale: str
    values: tuple[Decimal | str | bool, ...]
    shown: tuple[str, ...]
    short: tuple[str, ...]
    now: Decimal | str | bool | None
    now_shown: str

    @property
    def edges(self) -> tuple[float, ...]:
        """Where the cells begin and end, from 0 to 1: halfway between two numbers."""
        if self.scale == "words":
            return tuple(n / len(self.values) for n in range(len(self.values) + 1))
        places = [self.place(value) for value in self.values]
        return (0.0, *((one + other) / 2 for one, other in pairwise(places)), 1.0)

    def place(self, value: Decimal | str | bool) -> float:
        """Where a value lies, from 0 to 1; a word in the middle of its cell."""
        if self.scale == "words" or not isinstance(value, Decimal):
            return (self.values.index(value) + 0.5) / len(self.values)
        low, high = self._measured(self.values[0]), self._measured(self.values[-1])
        return (self._measured(value) - low) / (high - low) if high > low else 0.5

    def _measured(self, value: Decimal | str | bool) -> float:
        assert isinstance(value, Decimal)
        return log10(value) if self.scale == "log" else float(value)

    @property
    def today(self) -> int | None:
        """The place of today's answer among the values."""
        return self.values.index(self.now) if self.now in self.values else None

    @property
    def reached(self) -> bool:
        """Whether today's answer lies on the axis."""
        if self.now is None:
            return False
        if isinstance(self.now, Decimal) and self.scale != "words":
            low, high = self.values[0], self.values[-1]
            return isinstance(low, Decimal) and isinstance(high, Decimal) and low <= self.now <= high
        return self.now in self.values


class MapVerdict(Struct, frozen=True):
    """A verdict of a map, and how many of its cells it has."""

    id: str
    label: str
    cells: int


class Stretch(Struct, frozen=True):
    """Neighbouring cells of a row with one verdict, by their columns."""

    verdict: MapVerdict
    first: int
    last: int


class MapRow(Struct, frozen=True):
    """Rows of a map, one above the other, that read alike: the values of `y` in words, and the stretches."""

    name: str
    stretches: tuple[Stretch, ...]


class Map(Struct, frozen=True):
    """`cells` has a row for each value of `y`, the lowest first (one row without a `y`): places in `verdicts`."""

    x: MapAxis
    y: MapAxis | None
    today: tuple[int, int] | None
    verdicts: tuple[MapVerdict, ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def now(self) -> MapVerdict | None:
        """What today's answers lead to, None where they are not on the map."""
        return None if self.today is None else self.verdicts[self.cells[self.today[1]][self.today[0]]]

    @property
    def others(self) -> tuple[MapVerdict, ...]:
        """The verdicts that today's answers do not lead to."""
        return tuple(verdict for verdict in self.verdicts if verdict != self.now)

    @property
    def rows(self) -> tuple[MapRow, ...]:
        """The map from its top down, rows that read alike together."""
        found = []
        for cells, group in groupby(enumerate(self.cells), key=lambda each: each[1]):
            places = [place for place, _ in group]
            found.append(MapRow(self._name(places[0], places[-1]), tuple(self._stretches(cells))))
        return tuple(reversed(found))

    def _name(self, first: int, last: int) -> str:
        if self.y is None:
            return ""
        low, high = self.y.shown[first], self.y.shown[last]
        if self.y.scale == "words":
            return ", ".join(self.y.shown[first : last + 1])
        return low if low == high else f"{self.y.short[first]} – {self.y.short[last]}"

    def _stretches(self, cells: tuple[int, ...]) -> list[Stretch]:
        found = []
        for cell, group in groupby(enumerate(cells), key=lambda each: each[1]):
            places = [place for place, _ in group]
            found.append(Stretch(self.verdicts[cell], places[0], places[-1]))
        return found
