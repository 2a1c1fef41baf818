"""The ways through the economics that cases took so far, on one tape.

Which way a case takes is its answers to the questions that the formulas ask, in the order in which they ask them:
what is known of a fact, whether a number is above another. A way is recorded when a case first takes it; cases that
take it later are replayed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from threading import RLock
from typing import Any

import numpy as np
from msgspec import Struct

from hostwise.batch.cases import Population
from hostwise.batch.inputs import input_of
from hostwise.economics.catalogue.catalogue import Catalogue, varied
from hostwise.economics.costing import cost_values
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.numbers import Test, Word
from hostwise.economics.numbers.replay import Registers, program
from hostwise.economics.numbers.tape import Holds, LookUp, Tape, TapedTruth, nothing_known
from hostwise.economics.numbers.taped_facts import AskKnown, AskNames, AskNumber, TapedFacts
from hostwise.economics.plans.wanted import STEERING, steers
from hostwise.reading.findings.diagnostics import InputError

MOST = 256
"""Ways that are kept, a tenth of a megabyte each: beyond, all are forgotten, and recorded anew as cases take them."""
Found = Decimal | Test | str | Word | None
"""What a derived value comes to, at its likely end."""


Question = AskKnown | AskNames | AskNumber | Holds | LookUp


class End(Struct, frozen=True):
    """What comes out at the end of a way, by name; nothing where the economics refuse.

    `there` are those of them that are known in some cases alone.
    """

    found: Mapping[str, Found] | None
    there: Mapping[str, TapedTruth] = {}


class OtherWayError(Exception):
    """A case asks another question where one is asked already: it is told by itself."""


class Fork:
    """A point on a way: the question that is asked there and the ways on from its answers, or what comes out."""

    def __init__(self, depth: int = 0, *, searched: bool = False) -> None:
        self.depth = depth
        self.searched = searched
        """Whether plans differ from case to case from here on: to record such a way takes a thousand times as long."""
        self.question: Question | None = None
        self.branches: dict[Any, Fork] = {}
        self.end: End | None = None
        self.prepared: dict[object, Any] = {}
        """What a replay keeps here, such as the steps up to here from where it starts."""

    @property
    def seen(self) -> bool:
        """Whether a case came by."""
        return self.question is not None or self.end is not None

    def branch(self, answer: object) -> Fork:
        """The way on from an answer."""
        found = self.branches.get(answer)
        if found is None:
            rare = isinstance(self.question, AskNumber) and answer is None
            found = self.branches[answer] = Fork(self.depth + 1, searched=self.searched or rare)
        return found


class Ways:
    """All ways of one catalogue on one day, with the same figures of it varied."""

    def __init__(self, catalogue: Catalogue, as_of: date) -> None:
        self.catalogue, self.as_of = catalogue, as_of
        self.lock = RLock()
        self.forget()

    def forget(self) -> None:
        """Start anew."""
        self.tape, self.start, self.recorded = Tape(), Fork(), 0

    def make_room(self) -> None:
        """Start anew where too much is kept. Nothing is forgotten while cases are on their way."""
        if self.recorded > MOST:
            self.forget()

    def record(self, population: Population, case: int) -> None:
        """Record the way that a case takes."""
        at, self.recorded = self.start, self.recorded + 1
        asked: set[Question] = set()

        def heard(question: Question, answer: object) -> None:
            nonlocal at
            if question in asked:
                return
            asked.add(question)
            if at.question is None:
                at.question = question
            if at.question != question:
                # What this case comes to would be said of others, which answer another question here.
                raise OtherWayError(f"asked {question} where {at.question} is asked")
            at = at.branch(answer)

        self.tape.listener = heard
        self.tape.comes_to = _computed(self.tape, population, slice(case, case + 1), 1)
        self.tape.everywhere = _computed(self.tape, population, slice(None), population.size)
        facts = TapedFacts(
            tuple(population.spreads), lambda name: population.fact_at(name, case), self.tape, steers,
            lambda name: population.parts(name, case, STEERING),
        )  # fmt: skip
        figures = {name: self.tape.input(name, value) for name, value in population.figures_at(case).items()}
        try:
            derived = cost_values(facts, varied(self.catalogue, figures) if figures else self.catalogue, self.as_of)
            every = list(derived)
        except InputError:
            at.end = End(None)
        else:
            found = {each.name: each.value.likely if isinstance(each.value, Band) else each.value for each in every}
            at.end = End(found, {each.name: each.there for each in every if isinstance(each.there, TapedTruth)})
        finally:
            self.tape.comes_to = self.tape.everywhere = nothing_known  # or they keep the population


def _computed(tape: Tape, population: Population, where: slice, size: int) -> Callable[[int], Any]:
    """What stands at the places of a tape in some cases; all that was computed on the way is kept."""
    registers: Registers = {}
    doubtful = np.zeros(size, dtype=bool)

    def comes_to(place: int) -> Any:
        program(tape, (place,), registers).run(registers, lambda key: input_of(key, population, where, size), doubtful)
        return registers[place]

    return comes_to


@lru_cache(maxsize=4)
def ways(catalogue: Catalogue, as_of: date, _figures: frozenset[str]) -> Ways:
    """The ways so far. The figures that vary are constants of no way."""
    return Ways(catalogue, as_of)
