"""Cases on a way that was recorded: its steps on their arrays, until they part or come to its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from hostwise.batch.cases import Places, Population
from hostwise.batch.endings import Ending, ReplayedOutcome, ending_at, write
from hostwise.batch.inputs import InputKey, input_of
from hostwise.batch.ways import Fork
from hostwise.economics.numbers.compiled import Compiled, compiled
from hostwise.economics.numbers.replay import Registers, StepProgram, program
from hostwise.economics.numbers.tape import Holds, LookUp, Tape
from hostwise.economics.numbers.taped_facts import (
    AskKnown,
    AskNames,
    AskNumber,
    ends_of,
    kind,
)
from hostwise.economics.plans.wanted import STEERING
from hostwise.inference.columns import Floats, Mask

OFTEN = 8
"""Times that a whole way is taken before it is compiled."""
MANY = 64
"""Cases that take a way together, twice, before the whole of it is prepared, to go straight on."""


FactQuestion = AskKnown | AskNames | AskNumber


class Journey(Struct, frozen=True, eq=False):
    """Some cases between two points: where they started, what was computed since, and which became doubtful."""

    start: Fork
    cases: Places
    population: Population
    tape: Tape
    registers: Registers
    doubtful: Mask

    @property
    def where(self) -> Places | slice:
        """Their places; cases that lie next to one another as a slice, which is not copied."""
        first, last = int(self.cases[0]), int(self.cases[-1])
        return slice(first, last + 1) if last - first == len(self.cases) - 1 else self.cases

    def compute(self, at: Fork, wanted: tuple[int, ...]) -> None:
        """Compute some places of the tape, as far as they are not computed."""
        steps: StepProgram | None = at.prepared.get(self.start)
        if steps is None:
            steps = at.prepared[self.start] = program(self.tape, wanted, self.registers)
        steps.run(self.registers, self.load, self.doubtful)

    def load(self, key: InputKey) -> Floats | Mask:
        """The numbers of an input of the tape."""
        return input_of(key, self.population, self.where, len(self.cases))


def replayed(
    start: Fork, cases: Places, population: Population, tape: Tape, outcome: ReplayedOutcome
) -> Iterator[tuple[Fork, Places]]:
    """Follow some cases. Where they part, each part with the point that it goes on from."""
    journey = Journey(start, cases, population, tape, {}, np.zeros(len(cases), dtype=bool))
    straight = _prepared(start)
    if straight is not None and straight.known(journey):
        astray = _straight_on(straight, journey, outcome)
        if not astray.any():
            return
        rest = cases[astray]
        journey = Journey(start, rest, population, tape, {}, np.zeros(len(rest), dtype=bool))
    yield from _step_by_step(journey, outcome)


def _prepared(start: Fork) -> Straight | None:
    """The whole way that most took from here; compiled once it has been taken often."""
    straight: Straight | None = start.prepared.get("straight")
    if straight is not None:
        start.prepared["times"] = start.prepared.get("times", 0) + 1
        if start.prepared["times"] >= OFTEN and isinstance(straight.program, StepProgram):
            straight = start.prepared["straight"] = replace(straight, program=compiled(straight.program))
    return straight


def _step_by_step(journey: Journey, outcome: ReplayedOutcome) -> Iterator[tuple[Fork, Places]]:
    at, passed = journey.start, list[tuple[Fork, Fork]]()
    while at.question is not None:
        parts = list(_parts(at, at.question, journey))
        if len(parts) > 1:
            outcome.doubtful[journey.cases] |= journey.doubtful
            yield from parts
            return
        passed.append((at, parts[0][0]))
        at = parts[0][0]
    if at.end is None:
        yield at, journey.cases
    elif at.end.found is None:
        outcome.refused[journey.cases] = True
    else:
        ending = ending_at(at, at.end.found, at.end.there, outcome)
        journey.compute(at, ending.places)
        write(ending, journey.cases, journey.registers, outcome)
        if len(journey.cases) >= MANY and "straight" not in journey.start.prepared:
            if "again" in journey.start.prepared:
                journey.start.prepared["straight"] = _straight(passed, ending, journey.tape)
            journey.start.prepared["again"] = True
    outcome.doubtful[journey.cases] |= journey.doubtful


class Straight(Struct, frozen=True, eq=False):
    """A whole way at once, for cases that are expected to take it: its questions are asked at its end."""

    questions: tuple[tuple[FactQuestion, Fork, Fork], ...]
    answers: tuple[tuple[int, bool], ...]
    tables: tuple[tuple[LookUp, object], ...]
    ending: Ending
    program: StepProgram | Compiled

    def known(self, journey: Journey) -> bool:
        """Whether the facts of all cases are those of this way."""
        return all(
            [on for on, _ in told_apart(at, question, journey.cases, journey.population)] == [fork]
            for question, at, fork in self.questions
        )


def _straight(passed: Sequence[tuple[Fork, Fork]], ending: Ending, tape: Tape) -> Straight:
    """The way from a start to its end."""
    facts = ((at.question, at, on) for at, on in passed if isinstance(at.question, FactQuestion))
    holds = [(at.question.place, at.branches.get(True) is on) for at, on in passed if isinstance(at.question, Holds)]
    tables = [
        (at.question, next(answer for answer, fork in at.branches.items() if fork is on))
        for at, on in passed
        if isinstance(at.question, LookUp)
    ]
    looked_up = (place for question, _ in tables for place in question.places)
    wanted = (*ending.places, *(place for place, _ in holds), *looked_up)
    return Straight(tuple(facts), tuple(holds), tuple(tables), ending, program(tape, wanted, (), alone=True))


def _straight_on(straight: Straight, journey: Journey, outcome: ReplayedOutcome) -> Mask:
    """Compute a whole way for all cases, and return those that left it: what they come to is not known yet."""
    straight.program.run(journey.registers, journey.load, journey.doubtful)
    astray = np.zeros(len(journey.cases), dtype=bool)
    for place, answer in straight.answers:
        astray |= journey.registers[place] != answer
    if not all(_says(question, found, journey.registers) for question, found in straight.tables):
        astray[:] = True
    cases, registers = journey.cases, journey.registers
    if astray.any():
        size, kept = len(cases), ~astray
        registers = {place: np.broadcast_to(registers[place], size)[kept] for place in straight.ending.places}
        cases = cases[kept]
    if len(cases):
        write(straight.ending, cases, registers, outcome)
        outcome.doubtful[cases] |= journey.doubtful[~astray]
    return astray


def _says(question: LookUp, found: object, registers: Registers) -> bool:
    """Whether a table says this for all cases. Those that left the way before may have no such number at all."""
    numbers = [registers[place] for place in question.places]
    return all(np.isfinite(each).all() for each in numbers) and _at_ends(question, numbers) == {found}


def _parts(at: Fork, question: object, journey: Journey) -> Iterator[tuple[Fork, Places]]:
    if isinstance(question, Holds):
        journey.compute(at, (question.place,))
        yield from _by_truth(at, journey.registers[question.place], journey.cases)
    elif isinstance(question, LookUp):
        journey.compute(at, question.places)
        yield from _by_table(at, question, [journey.registers[place] for place in question.places], journey.cases)
    else:
        assert isinstance(question, FactQuestion)
        yield from told_apart(at, question, journey.cases, journey.population)


def _by_truth(at: Fork, holds: Mask, cases: Places) -> Iterator[tuple[Fork, Places]]:
    for answer, mask in ((True, holds), (False, ~holds)):
        if mask.all():
            yield at.branch(answer), cases
        elif mask.any():
            yield at.branch(answer), cases[mask]


def _by_table(at: Fork, question: LookUp, numbers: list[Floats], cases: Places) -> Iterator[tuple[Fork, Places]]:
    """Tables have few steps: where the ends agree, all between them are taken to."""
    ends = _at_ends(question, numbers)
    if len(ends) == 1:
        yield at.branch(ends.pop()), cases
        return
    whole = [np.broadcast_to(np.trunc(each), len(cases)).tolist() for each in numbers]
    answers = [question.find(*map(int, each)) for each in zip(*whole, strict=True)]
    for answer in dict.fromkeys(answers):
        yield at.branch(answer), cases[[each == answer for each in answers]]


def _at_ends(question: LookUp, numbers: list[Floats]) -> set[object]:
    return {question.find(*(int(end(each)) for each in numbers)) for end in (np.min, np.max)}


def told_apart(
    at: Fork, question: FactQuestion, cases: Places, population: Population
) -> Iterator[tuple[Fork, Places]]:
    """Cases by what is known in them of a fact."""
    if isinstance(question, AskNames):
        yield at.branch(tuple(population.spreads)), cases
        return
    if isinstance(question, AskNumber):
        kinds, which = population.different_numbers(question.name, ends_of, STEERING)
    else:
        kinds, which = population.kinds(question.name, kind)
    codes = None if which is None else which[cases]
    if codes is None or (codes == codes[0]).all():
        yield at.branch(kinds[0 if codes is None else int(codes[0])]), cases
        return
    for code, answer in enumerate(kinds):
        mask = codes == code
        if mask.any():
            yield at.branch(answer), cases[mask]
