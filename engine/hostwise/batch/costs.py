"""The costs of many cases at once: those that take the same way through the economics are computed together.

A way is recorded once (`ways`), and replayed on the arrays of all cases that take it, a chunk at a time that stays
in the processor's cache. Cases that answer a question of the formulas in different ways part there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date

import numpy as np
from msgspec import Struct

from hostwise.answers.facts import Fact, FactSpec
from hostwise.batch.cases import Places, Population
from hostwise.batch.endings import CHUNK, WIDE_CHUNK, ReplayedOutcome, counted
from hostwise.batch.replayed import FactQuestion, replayed, told_apart
from hostwise.batch.ways import Fork, OtherWayError, Ways, ways
from hostwise.economics.catalogue.catalogue import Catalogue, varied
from hostwise.economics.costing import cost_ledgers
from hostwise.inference.columns import Column, Mask
from hostwise.reading.findings.diagnostics import InputError

FEW = 3
"""So few cases on a new way are costed one by one on decimals: to record it takes as long."""
FEW_SEARCHED = (FEW, 6, 10)
"""The same where plans differ from case to case: with model and GPU given, with one of them, with neither."""


class Costed(Struct, frozen=True, eq=False):
    """The facts that the economics derive, over all cases.

    `doubtful` are the cases that floats cannot decide, `refused` those that the economics refuse as impossible.
    """

    columns: Mapping[str, Column]
    doubtful: Mask
    refused: Mask


def cost_many(population: Population, catalogue: Catalogue, as_of: date, specs: Mapping[str, FactSpec]) -> Costed:
    """Cost every case. `specs` are the facts that the economics derive."""
    taken, outcome = ways(catalogue, as_of, frozenset(population.figures)), ReplayedOutcome(population.size, specs)
    with taken.lock, np.errstate(all="ignore"):
        _travelled(population, taken, outcome)
    values, known = outcome.columns()
    columns = {
        name: Column(spec, known[row], values[row], spec.values, outcome.doubts.get(row))
        for row, (name, spec) in enumerate(specs.items())
    }
    return Costed(columns, outcome.doubtful, outcome.refused)


def _travelled(population: Population, taken: Ways, outcome: ReplayedOutcome) -> None:
    """Send every case on its way, to its end."""
    taken.make_room()
    waiting: dict[Fork, list[Places]] = {taken.start: [np.arange(population.size)]}
    while waiting:
        # Cases that part at one point go on together: so those furthest behind go first.
        at = min(waiting, key=lambda fork: fork.depth)
        for fork, cases in _passed(at, np.concatenate(waiting.pop(at)), population, taken, outcome):
            left = cases[~outcome.doubtful[cases]]  # whose way floats cannot tell
            if len(left):
                waiting.setdefault(fork, []).append(left)


def _passed(
    at: Fork, cases: Places, population: Population, taken: Ways, outcome: ReplayedOutcome
) -> Iterator[tuple[Fork, Places]]:
    """Cases by the points that they go on from; nothing for those that come to an end."""
    if not at.seen and len(cases) <= _few(at, population, int(cases[0])):
        for case in cases.tolist():
            _on_decimals(case, population, taken, outcome)
        return
    if not at.seen:
        with suppress(OtherWayError):
            taken.record(population, int(cases[0]))
    if not at.seen:
        # Its decimals answered a question otherwise than its floats: 2,200.0…01 is more than 2,200; or asked another.
        _on_decimals(int(cases[0]), population, taken, outcome)
        if len(cases) > 1:
            yield at, cases[1:]
        return
    if isinstance(at.question, FactQuestion):
        yield from told_apart(at, at.question, cases, population)
        return
    chunk = min(CHUNK, WIDE_CHUNK) if taken.tape.wide else CHUNK
    for first in range(0, len(cases), chunk):
        yield from replayed(at, cases[first : first + chunk], population, taken.tape, outcome)


def _few(at: Fork, population: Population, case: int) -> int:
    if not at.searched:
        return FEW
    named = (population.fact_at(name, case) for name in ("own_model", "gpu"))
    return FEW_SEARCHED[sum(fact is None or not fact.known for fact in named)]


def _on_decimals(case: int, population: Population, taken: Ways, outcome: ReplayedOutcome) -> None:
    """One case by itself: exact, and nothing is kept of its way."""
    figures = population.figures_at(case)
    catalogue = varied(taken.catalogue, figures) if figures else taken.catalogue
    try:
        facts = cost_ledgers(population.at(case), catalogue, taken.as_of).facts
    except InputError:
        outcome.refused[case] = True
        return
    pairs = list(zip(facts, outcome.specs, strict=True))
    values = [0.0 if fact.value is None else counted(fact.value, spec) for fact, spec in pairs]
    known = np.array([fact.value is not None for fact, _ in pairs])
    outcome.room(np.array([case]), known)[:, 0] = values


def read_by_economics(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> set[str]:
    """The names of the facts that the economics read in one case, as far as they get."""
    read: set[str] = set()
    with suppress(InputError):
        cost_ledgers(_Recorder(facts, read), catalogue, as_of)
    return read


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
