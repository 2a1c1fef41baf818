"""What cases come to at the end of their ways: rounded, doubted, and put into columns."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import COMPUTED, SCALES, FactSpec, FactType, Value, fixed_computed
from hostwise.batch.cases import Places
from hostwise.batch.ways import Fork, Found
from hostwise.economics.numbers.numbers import Word
from hostwise.economics.numbers.replay import Registers, rounded
from hostwise.economics.numbers.tape import TapedTruth, Traced
from hostwise.inference.columns import Floats, Mask

CHUNK = 8192
"""Cases that are replayed together: so many that calls of numpy hardly count, so few that arrays stay in the cache."""

WIDE_CHUNK = 2048
"""The same where plans stand side by side: a number is an array of as many rows."""


class ReplayedOutcome:
    """What the cases came to so far: a row a derived fact, a column a case, in the order in which they come to an end.

    Columns that lie next to one another are written at the pace of memory; `columns` puts them in the cases' order.
    """

    def __init__(self, size: int, specs: Mapping[str, FactSpec]) -> None:
        self.size, self.specs = size, tuple(specs.values())
        self.rows = {name: row for row, name in enumerate(specs)}
        self.doubtful, self.refused = (np.zeros(size, dtype=bool) for _ in range(2))
        self.doubts: dict[int, Floats] = {}
        """By row, where there are any: by how many last places a value may be off."""
        self.scratch = np.empty((3, len(specs), CHUNK))
        self._values, self._filled = np.zeros((len(specs), size + 1)), 1
        self._place = np.zeros(size, dtype=np.intp)  # the first column stays empty, for cases that came to nothing
        self._known: list[Mask] = [np.zeros(len(specs), dtype=bool)]
        self._whose = np.zeros(size, dtype=np.intp)

    def room(self, cases: Places, known: Mask) -> Floats:
        """Where to write what some cases come to; `known` says which rows of it count."""
        first, self._filled = self._filled, self._filled + len(cases)
        self._place[cases] = np.arange(first, self._filled)
        self._whose[cases] = len(self._known)
        self._known.append(known)
        return self._values[:, first : self._filled]

    def columns(self) -> tuple[Floats, Mask]:
        """The values of all cases in their order, and which are known."""
        known = np.stack(self._known, axis=1).take(self._whose, axis=1)
        if (np.diff(self._place) == 1).all() and self._place[:1] == 1:
            return self._values[:, 1:], known
        return self._values.take(self._place, axis=1), known


class Ending(Struct, frozen=True, eq=False):
    """What comes out at an end, by the rows of the outcome: numbers of the tape, truths and words of it, the rest."""

    numbers: tuple[int, ...]
    number_rows: Places
    units: Floats
    steps: Floats
    """Last places in one of those that a number is rounded to (`COMPUTED`)."""
    others: tuple[tuple[int, int, Floats], ...]
    """A row, a place of the tape, and what stands in the row for each value there."""
    alike: tuple[tuple[int, float], ...]
    known: Mask
    there: tuple[tuple[int, Places], ...] = ()
    """Places of the tape that say whether some rows are known, with these."""

    @property
    def places(self) -> tuple[int, ...]:
        """The places of the tape that it needs."""
        return (*self.numbers, *(place for _, place, _ in self.others), *(place for place, _ in self.there))


def write(ending: Ending, cases: Places, registers: Registers, outcome: ReplayedOutcome) -> None:
    """Round what some cases come to, and note it, with what floats cannot tell of it."""
    if ending.there:
        (place, rows), *others = ending.there
        holds, ending = np.broadcast_to(registers[place], len(cases)), replace(ending, there=tuple(others))
        for there, part in ((holds, ending), (~holds, _without(rows, ending))):
            if there.all():
                write(part, cases, registers, outcome)
            elif there.any():
                kept = {at: np.broadcast_to(registers[at], len(cases))[there] for at in part.places}
                write(part, cases[there], kept, outcome)
        return
    values, count, size = outcome.room(cases, ending.known), len(ending.numbers), len(cases)
    numbers, kept, gap = outcome.scratch[:, :count, :size]
    for number, place in enumerate(ending.numbers):
        numbers[number] = registers[place]
    doubts = rounded(numbers, ending.units, kept, gap)
    doubts = None if doubts is None else doubts * ending.steps
    values[ending.number_rows] = np.multiply(kept, ending.steps, out=kept)
    for row, place, meant in ending.others:
        values[row] = meant[np.asarray(registers[place]).astype(np.intp)]
    for row, value in ending.alike:
        values[row] = value
    if doubts is not None:
        for row, doubt in zip(ending.number_rows.tolist(), doubts, strict=True):
            if doubt.any():
                outcome.doubts.setdefault(row, np.zeros(outcome.size))[cases] = doubt


def _without(rows: Places, ending: Ending) -> Ending:
    """The same where some rows, which are numbers, are not known."""
    left, known = ~np.isin(ending.number_rows, rows), ending.known.copy()
    known[rows] = False
    numbers = tuple(place for place, stays in zip(ending.numbers, left, strict=True) if stays)
    return replace(
        ending, numbers=numbers, number_rows=ending.number_rows[left], units=ending.units[left],
        steps=ending.steps[left], known=known,
    )  # fmt: skip


def ending_at(
    at: Fork, found: Mapping[str, Found], there: Mapping[str, TapedTruth], outcome: ReplayedOutcome
) -> Ending:
    """What comes out at a point where a way ends."""
    made: Ending | None = at.prepared.get("ending")
    if made is None:
        made = at.prepared["ending"] = _rows(found, there, outcome)
    return made


def _rows(found: Mapping[str, Found], there: Mapping[str, TapedTruth], outcome: ReplayedOutcome) -> Ending:
    known = {outcome.rows[name]: value for name, value in found.items() if value is not None}
    numbers = {row: value for row, value in known.items() if isinstance(value, Traced)}
    others: list[tuple[int, int, Floats]] = []
    alike: list[tuple[int, float]] = []
    for row, value in known.items():
        spec = outcome.specs[row]
        if isinstance(value, TapedTruth):
            others.append((row, value.place, np.array([0.0, 1.0])))
        elif isinstance(value, Word):
            codes = [float(spec.values.index(word)) for word in value.words]
            others.append((row, value.place.place, np.array(codes)))
        elif row not in numbers:
            alike.append(
                (row, counted(fixed_computed(value, spec.type) if isinstance(value, Decimal) else value, spec))
            )
    types = [outcome.specs[row].type for row in numbers]
    units, steps = (
        np.array([10.0**places for places in each]).reshape(-1, 1)
        for each in ([COMPUTED[kind] for kind in types], [SCALES[kind] - COMPUTED[kind] for kind in types])
    )
    rows = np.array([*numbers], dtype=np.intp)
    places = tuple(value.place for value in numbers.values())
    everywhere = np.array([row in known for row in range(len(outcome.specs))])
    tests: dict[int, list[int]] = {}
    for name, test in there.items():
        tests.setdefault(test.place, []).append(outcome.rows[name])
    somewhere = tuple((place, np.array(each, dtype=np.intp)) for place, each in tests.items())
    return Ending(places, rows, units, steps, tuple(others), tuple(alike), everywhere, somewhere)


def counted(value: Value, spec: FactSpec) -> float:
    """A value as a column has it: a number in its last places, a word by its place; of a text only that it is known."""
    if isinstance(value, Decimal):
        return float(value.scaleb(SCALES[spec.type]))
    if spec.type is FactType.TEXT:
        return 0.0
    return float(spec.values.index(value)) if isinstance(value, str) else float(value)
