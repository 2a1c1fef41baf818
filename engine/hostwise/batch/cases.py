"""Many sets of answers as arrays: what the flow over many cases starts from.

Each fact is a few prototypes (everything but the number: the word, whether it is known, where it came from), the
prototype of each case, and its number there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from hostwise.answers.facts import SCALES, Fact, FactSpec, Value, fixed
from hostwise.inference.columns import Column, Floats, Mask

Places = NDArray[np.intp]
ENDS = ("value", "low", "high")
FEW_NUMBERS, SHARED = 8, 3
"""So few numbers of a fact part the cases; of more only those that so many cases have."""
MOST_PARTS = 32
"""Into so many parts the numbers of all such facts may cut the cases: beyond, one way that compares plans in each case
is recorded sooner than as many plain ones."""


class FactColumn(Struct, frozen=True, eq=False):
    """One fact over all cases. `numbers` are its value, low and high end in each, counted in the last place.

    A prototype that is None marks cases that do not have the fact at all.
    """

    prototypes: tuple[Fact | None, ...]
    which: Places
    numbers: Mapping[str, Floats]

    def at(self, case: int) -> Fact | None:
        """The fact in one case, its numbers exact."""
        prototype: Fact | None = self.prototypes[self.which[case]]
        if prototype is None or not isinstance(prototype.value, Decimal):
            return prototype
        scale = SCALES[prototype.type]
        return with_numbers(prototype, lambda end: Decimal(int(self.numbers[end][case])).scaleb(-scale))

    def taken(self, cases: Places) -> FactColumn:
        """The same for some of the cases."""
        return FactColumn(self.prototypes, self.which[cases], {end: each[cases] for end, each in self.numbers.items()})

    def column(self, spec: FactSpec) -> Column:
        """The fact as rules read it."""
        known = np.array([p is not None and p.known for p in self.prototypes])[self.which]
        if "value" in self.numbers:
            return Column(spec, known, self.numbers["value"])
        codes = np.array([_code(p, spec.values) for p in self.prototypes], dtype=float)
        return Column(spec, known, codes[self.which], spec.values)


class Population(Struct, frozen=True, eq=False):
    """Facts by name over the same cases."""

    size: int
    spreads: Mapping[str, FactColumn]
    figures: Mapping[str, Floats] = field(default_factory=dict)
    """Figures of the catalogue that differ from case to case, as `economics.catalogue.varied` names them."""

    _kinds: dict[str, tuple[tuple[object, ...], Places | None]] = field(default_factory=dict)
    _different: dict[str, tuple[tuple[int, ...], Places]] = field(default_factory=dict)
    _parts: dict[str, Mask] = field(default_factory=dict)

    def kinds(self, name: str, kind: Callable[[Fact | None], object]) -> tuple[tuple[object, ...], Places | None]:
        """The kinds that there are of a fact, and which each case has; None where all have the first."""
        if name not in self._kinds:
            spread = self.spreads.get(name)
            found = [kind(fact) for fact in spread.prototypes] if spread else [kind(None)]
            places = {each: place for place, each in enumerate(dict.fromkeys(found))}
            codes = np.array([places[each] for each in found], dtype=np.intp)
            self._kinds[name] = tuple(places), codes[spread.which] if spread and len(places) > 1 else None
        return self._kinds[name]

    def parts(self, name: str, case: int, among: Mapping[str, float]) -> bool:
        """Whether a case goes on with those that have the same number of a fact, not with all that have rare ones.

        `among` are all facts that part cases by their numbers, each with the share of cases that must have a number.
        """
        return bool(self._parting(name, among)[self._numbers(name)[1][case]])

    def different_numbers(
        self, name: str, ends: Callable[[Fact | None], object], among: Mapping[str, float]
    ) -> tuple[tuple[object, ...], Places | None]:
        """The numbers of such a fact that part the cases, None for all others, and which each case has.

        None where all have the first.
        """
        first, which = self._numbers(name)
        parting = self._parting(name, among)
        found = (*(ends(self.fact_at(name, case)) for case, parts in zip(first, parting, strict=True) if parts), None)
        places = np.where(parting, np.cumsum(parting) - 1, len(found) - 1)
        return found, places[which] if len(first) > 1 else None

    def _parting(self, name: str, among: Mapping[str, float]) -> Mask:
        """Which numbers of a fact the cases part by."""
        if not self._parts:
            shared = {each: self._shared(each, least) for each, least in among.items()}
            several = math.prod(max(1, int(mask.sum())) for mask in shared.values()) > MOST_PARTS
            self._parts.update({n: mask & (not several or len(mask) == 1) for n, mask in shared.items()})
        return self._parts[name]

    def _shared(self, name: str, least: float) -> Mask:
        first, which = self._numbers(name)
        few = least == 0 and len(first) <= FEW_NUMBERS
        often = max(SHARED, least * self.size)
        found: Mask = np.ones(len(first), dtype=bool) if few else np.bincount(which, minlength=len(first)) >= often
        return found

    def _numbers(self, name: str) -> tuple[tuple[int, ...], Places]:
        """The first case with each number, and which of these each case has."""
        if name not in self._different:
            spread = self.spreads.get(name)
            columns = [spread.numbers[end] for end in ENDS] if spread and spread.numbers else []
            if spread is None or not len(spread.which):
                self._different[name] = (0,), np.zeros(self.size, dtype=np.intp)
            else:
                found = np.unique(np.stack([spread.which.astype(float), *columns]), axis=1, return_index=True,
                                  return_inverse=True)  # fmt: skip
                self._different[name] = tuple(found[1].tolist()), found[2].reshape(-1)
        return self._different[name]

    def at(self, case: int) -> dict[str, Fact]:
        """The facts of one case, in the order of the questions, for the path that decides one at a time."""
        found = {name: spread.at(case) for name, spread in self.spreads.items()}
        return {name: fact for name, fact in found.items() if fact is not None}

    def fact_at(self, name: str, case: int) -> Fact | None:
        """One fact of one case."""
        return self.spreads[name].at(case) if name in self.spreads else None

    def taken(self, cases: Places) -> Population:
        """Some of the cases."""
        spreads = {name: spread.taken(cases) for name, spread in self.spreads.items()}
        return Population(len(cases), spreads, {name: values[cases] for name, values in self.figures.items()})

    def figures_at(self, case: int) -> dict[str, Decimal]:
        """The figures of one case, their digits as they are."""
        return {name: Decimal(repr(float(values[case]))) for name, values in self.figures.items()}


def population(rows: Sequence[Mapping[str, Fact]]) -> Population:
    """Sets of facts, one for each case."""
    names = dict.fromkeys(name for row in rows for name in row)
    return Population(len(rows), {name: spread([row.get(name) for row in rows]) for name in names})


def spread(facts: Sequence[Fact | None]) -> FactColumn:
    """One fact in every case."""
    prototypes: dict[object, int] = {}
    first: list[Fact | None] = []
    which = np.empty(len(facts), dtype=np.intp)
    for case, fact in enumerate(facts):
        key = _key(fact)
        if key not in prototypes:
            prototypes[key] = len(first)
            first.append(fact)
        which[case] = prototypes[key]
    numbers: dict[str, Floats] = {}
    if any(fact is not None and isinstance(fact.value, Decimal) for fact in facts):
        numbers = {end: np.array([_number(fact, end) for fact in facts]) for end in ENDS}
    return FactColumn(tuple(first), which, numbers)


def distinct(words: Sequence[str]) -> tuple[tuple[str, ...], Places]:
    """The words that occur, in the order in which they are met, and which of them stands at each place."""
    places = {word: place for place, word in enumerate(dict.fromkeys(words))}
    return tuple(places), np.array([places[word] for word in words], dtype=np.intp)


def repeated(facts: Mapping[str, Fact], size: int) -> Population:
    """The same facts in every case: what samples and sweeps start from."""
    which = np.zeros(size, dtype=np.intp)
    return Population(size, {name: _same(fact, which) for name, fact in facts.items()})


def numbers_of(base: Fact, values: Floats) -> FactColumn:
    """A fact that is known in every case, as points; `values` are in its own unit, and rounded to its last place."""
    places = np.rint(values * 10.0 ** SCALES[base.type])
    point = replace(base, value=Decimal(0), low=None, high=None)
    return FactColumn((point,), np.zeros(len(values), dtype=np.intp), {"value": places, "low": places, "high": places})


def words_of(base: Fact, words: Sequence[bool | str | None], which: Places) -> FactColumn:
    """A fact that is one of several words in each case."""
    return FactColumn(tuple(replace(base, value=word) for word in words), which, {})


def changed(
    facts: Mapping[str, Fact], changes: Sequence[Mapping[str, Value | None]], figures: Mapping[str, Decimal]
) -> Population:
    """One case for each change: the same facts but for some values. `figures`: those of the catalogue, as they are."""
    touched: dict[str, list[tuple[int, Value | None]]] = {}
    for case, change in enumerate(changes):
        for name, value in change.items():
            touched.setdefault(name, []).append((case, value))
    spreads = {name: _altered(facts[name], len(changes), at) for name, at in touched.items() if name in facts}
    moved = {name: at for name, at in touched.items() if name not in facts}
    values = {name: np.full(len(changes), float(figures[name])) for name in moved}
    for name, at in moved.items():
        for case, value in at:
            assert isinstance(value, Decimal)
            values[name][case] = float(value)
    return replace(replaced(repeated(facts, len(changes)), spreads), figures=values)


def _altered(base: Fact, size: int, at: Sequence[tuple[int, Value | None]]) -> FactColumn:
    """A fact that has another value in some cases."""
    prototypes, places = [base], {_key(base): 0}
    which = np.zeros(size, dtype=np.intp)
    numbers = {end: np.full(size, _number(base, end)) for end in ENDS} if base.type in SCALES else {}
    for case, value in at:
        kept = fixed(value, base.type) if isinstance(value, Decimal) else value
        fact = replace(base, value=kept, low=None, high=None)
        key = _key(fact)
        if key not in places:
            places[key] = len(prototypes)
            prototypes.append(fact)
        which[case] = places[key]
        for end, values in numbers.items():
            values[case] = _number(fact, end)
    return FactColumn(tuple(prototypes), which, numbers)


def replaced(population: Population, spreads: Mapping[str, FactColumn]) -> Population:
    """The population with other spreads for some facts."""
    return replace(population, spreads={**population.spreads, **spreads})


def _same(fact: Fact, which: Places) -> FactColumn:
    if not isinstance(fact.value, Decimal):
        return FactColumn((fact,), which, {})
    return FactColumn((fact,), which, {end: np.full(len(which), _number(fact, end)) for end in ENDS})


def _key(fact: Fact | None) -> object:
    """What two cases must share to be computed together. Where an answer stands in its file does not matter."""
    if fact is None:
        return None
    number = isinstance(fact.value, Decimal)
    origin = fact.provenance.origin, fact.provenance.place is None
    return (None if number else fact.value), number, fact.unit, fact.low is None, fact.high is None, origin


def with_numbers(prototype: Fact, number: Callable[[str], Decimal]) -> Fact:
    """The prototype with its own numbers: its value, and its ends where it is a range."""
    low, high = (number(end) if getattr(prototype, end) is not None else None for end in ("low", "high"))
    return replace(prototype, value=number("value"), low=low, high=high)


def _number(fact: Fact | None, end: str) -> float:
    value = getattr(fact, end) if fact is not None else None
    return float(value.scaleb(SCALES[fact.type])) if fact is not None and isinstance(value, Decimal) else 0.0


def _code(fact: Fact | None, words: tuple[str, ...]) -> float:
    value = fact.value if fact is not None else None
    if isinstance(value, bool):
        return float(value)
    return float(words.index(value)) if isinstance(value, str) and value in words else -1.0
