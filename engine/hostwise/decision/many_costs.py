"""The costs of many cases at once: those that take the same way through the economics are computed together.

The economics run on vectors (`economics.vector`). Cases that differ in a word that the formulas read, or in
the answer to a question that they ask, part; each part goes on by itself, down to single cases if need be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal

import numpy as np
from msgspec import Struct

from hostwise.answers.facts import SCALES, Fact, FactSpec
from hostwise.decision.population import Places, Population, with_numbers
from hostwise.economics.catalogue import Catalogue, varied
from hostwise.economics.costing import cost_ledgers
from hostwise.economics.vector import Cases, Parted, Truths, Vector
from hostwise.inference.columns import Column, Floats, Mask
from hostwise.reading.diagnostics import InputError

FEW = 3
"""So few cases are costed one by one: an operation on an array takes as long as three on decimals."""


class Costed(Struct, frozen=True, eq=False):
    """The facts that the economics derive, over all cases.

    `doubtful` are the cases that floats cannot decide, `refused` those that the economics refuse as impossible.
    """

    columns: Mapping[str, Column]
    doubtful: Mask
    refused: Mask


def cost_many(population: Population, catalogue: Catalogue, as_of: date, specs: Mapping[str, FactSpec]) -> Costed:
    """Cost every case. `specs` are the facts that the economics derive."""
    known = {name: np.zeros(population.size, dtype=bool) for name in specs}
    values = {name: np.zeros(population.size) for name in specs}
    doubts: dict[str, Floats] = {}
    doubtful, refused = (np.zeros(population.size, dtype=bool) for _ in range(2))
    for cases, facts, group in _groups(population, catalogue, as_of):
        doubtful[cases] |= group.doubtful
        if facts is None:
            refused[cases] = True
            continue
        for fact in facts:
            if fact.value is not None:
                known[fact.name][cases] = True
                values[fact.name][cases] = _counted(fact, specs[fact.name])
            if isinstance(fact.value, Vector) and fact.value.doubt is not None:
                doubt = doubts.setdefault(fact.name, np.zeros(population.size))
                doubt[cases] = fact.value.doubt * 10.0 ** SCALES[fact.type]
    columns = {
        name: Column(spec, known[name], values[name], spec.values, doubts.get(name)) for name, spec in specs.items()
    }
    return Costed(columns, doubtful, refused)


def _counted(fact: Fact, spec: FactSpec) -> Floats | float | Mask:
    value = fact.value
    if isinstance(value, Vector):
        return np.rint(value.values * 10.0 ** SCALES[fact.type])
    if isinstance(value, Truths):
        return value.mask
    if isinstance(value, Decimal):
        return float(value.scaleb(SCALES[fact.type]))
    return float(spec.values.index(value)) if isinstance(value, str) else float(bool(value))


def _groups(
    population: Population, catalogue: Catalogue, as_of: date
) -> Iterator[tuple[Places, tuple[Fact, ...] | None, Cases]]:
    """Cases with their derived facts; None for the facts where the economics refuse."""
    read = _read(population, catalogue, as_of)
    pending = _sorted_apart(population, np.arange(population.size), frozenset(read)) if population.size else []
    while pending:
        cases, alike = pending.pop()
        if 1 < len(cases) <= FEW:
            pending += [(case, alike) for case in np.split(cases, len(cases))]
            continue
        group = Cases.of(len(cases))
        facts, figures = _facts(population, cases, group, read, alike)
        try:
            with np.errstate(all="ignore"):
                own = varied(catalogue, figures) if figures else catalogue
                yield cases, cost_ledgers(facts, own, as_of).facts, group
        except Parted as parting:
            pending += [(cases[~parting.mask], alike), (cases[parting.mask], alike)]
        except _Differ as difference:
            pending += _sorted_apart(population, cases, difference.names)
        except InputError:
            yield cases, None, group


def _read(population: Population, catalogue: Catalogue, as_of: date) -> set[str]:
    """The facts that the economics read in the first case: most of what will part the others."""
    alike = all(len(spread.prototypes) <= 1 for spread in population.spreads.values())
    return set() if alike else read_by_economics(population.at(0), catalogue, as_of)


def read_by_economics(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> set[str]:
    """The names of the facts that the economics read in one case, as far as they get."""
    read: set[str] = set()
    with suppress(InputError):
        cost_ledgers(_Recorder(facts, read), catalogue, as_of)
    return read


def _facts(
    population: Population, cases: Places, group: Cases, read: set[str], alike: frozenset[str]
) -> tuple[Mapping[str, Fact], Mapping[str, Decimal]]:
    """The facts and figures of some cases. One case by itself is costed on decimals: it is faster, and exact."""
    if len(cases) == 1:
        case = int(cases[0])
        return population.at(case), population.figures_at(case)
    figures = {name: Vector(values[cases], group) for name, values in population.figures.items()}
    return _Group(population, cases, group, read, alike), figures


class _Recorder(Mapping[str, Fact]):
    """Facts that note which of them are read."""

    def __init__(self, facts: Mapping[str, Fact], read: set[str]) -> None:
        self._facts, self._read = facts, read

    def __getitem__(self, name: str) -> Fact:
        self._read.add(name)
        return self._facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


class _Differ(Exception):
    """The cases differ in facts that the economics read."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        super().__init__("the cases differ")


def _sorted_apart(population: Population, cases: Places, names: frozenset[str]) -> list[tuple[Places, frozenset[str]]]:
    """The cases by their prototypes of some facts, with the names of these."""
    spreads = [population.spreads[name] for name in sorted(names) if name in population.spreads]
    key, room = np.zeros(len(cases), dtype=np.int64), 1
    for spread in (spread for spread in spreads if len(spread.prototypes) > 1):
        if room * len(spread.prototypes) >= 2**63:
            _, key = np.unique(key, return_inverse=True)
            room = len(cases)
        key, room = key * len(spread.prototypes) + spread.which[cases], room * len(spread.prototypes)
    order = np.argsort(key, kind="stable")
    edges = np.flatnonzero(np.diff(key[order])) + 1
    return [(cases[part], names) for part in np.split(order, edges)]


class _Group(Mapping[str, Fact]):
    """The facts of some cases, as vectors. Reading one whose cases differ raises `_Differ` with all read so far.

    `alike` are facts in which they are known not to differ.
    """

    def __init__(
        self, population: Population, cases: Places, group: Cases, read: set[str], alike: frozenset[str]
    ) -> None:
        self._population, self._cases, self._group, self._read = population, cases, group, read
        self._alike = alike
        self._made: dict[str, Fact | None] = {}

    def __getitem__(self, name: str) -> Fact:
        if name not in self._made:
            self._made[name] = self._make(name)
        fact = self._made[name]
        if fact is None:
            raise KeyError(name)
        return fact

    def _make(self, name: str) -> Fact | None:
        spread = self._population.spreads.get(name)
        if spread is None:
            return None
        self._read.add(name)
        first = spread.which[self._cases[0]]
        if len(spread.prototypes) > 1 and name not in self._alike and (spread.which[self._cases] != first).any():
            raise _Differ(frozenset(self._read))
        prototype: Fact | None = spread.prototypes[first]
        if prototype is None or not isinstance(prototype.value, Decimal):
            return prototype
        scale = 10.0 ** SCALES[prototype.type]
        return with_numbers(prototype, lambda end: Vector(spread.numbers[end][self._cases] / scale, self._group))

    def __iter__(self) -> Iterator[str]:
        return iter(self._population.spreads)

    def __len__(self) -> int:
        return len(self._population.spreads)
