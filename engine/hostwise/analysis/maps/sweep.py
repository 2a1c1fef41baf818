"""One or two answers swept: which option wins where.

Everything is decided on the array path; the boundaries of one swept number are narrowed there to a thousandth, all of
them together. What a boundary rests on is decided again on both engines before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from hostwise.analysis.bisect import ROUNDS, cuts, narrow
from hostwise.analysis.changes.what_if import supposed
from hostwise.analysis.futures.robustness import cents
from hostwise.analysis.maps.axis import Axis
from hostwise.analysis.maps.decision_map import DecisionMap, decided_map, map_of
from hostwise.analysis.maps.letter_map import WORDS
from hostwise.analysis.situation import Outcome, Situation, outcome
from hostwise.answers.facts import Fact, Value
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.to_facts import counted_with
from hostwise.batch.cases import changed
from hostwise.batch.decide import decide_settled
from hostwise.batch.outcomes import Outcomes
from hostwise.economics.catalogue.options import CLOSE_CALL
from hostwise.economics.numbers.currency import reporting_currency
from hostwise.economics.plans.competing.tier import known_facts
from hostwise.flow.flow import Basis
from hostwise.inference.run import Engine
from hostwise.reading.findings.diagnostics import Diagnostic, InputError


class PathsDisagree(RuntimeError):
    """The array path and the two engines decide a case differently: nothing is shown. A defect, never bad input."""


class Region(Struct, frozen=True):
    """A stretch of the swept number, ends included, with one verdict; `rule` is the one that decides at its start."""

    low: Decimal
    high: Decimal
    verdict: str
    rule: str | None


class Sweep(Struct, frozen=True):
    """The values that were decided, and, for a number, the stretches between the boundaries."""

    question: Question
    points: tuple[tuple[Value, Outcome], ...]
    regions: tuple[Region, ...]
    map: DecisionMap


def sweep(situation: Situation, axis: Axis) -> Sweep:
    """Decide at every value of the axis, and find the boundaries. Raises `PathsDisagree`."""
    facts, basis = _start(situation, [axis])
    name = axis.question.fact
    questionnaire = situation.knowledge.questionnaire
    changes = [counted_with({name: value}, facts, questionnaire) for value in axis.values]
    outcomes = decide_settled(changed(facts, changes, {}), basis)
    currency = reporting_currency(facts)
    points = tuple((value, _point(outcomes, case, currency)) for case, value in enumerate(axis.values))
    regions: tuple[Region, ...] = ()
    if axis.scale == WORDS:
        for value, point in points:
            _confirmed(situation, [_setting(axis.question, value)], point.verdict)
    else:
        numbers = [(value, point.verdict) for value, point in points if isinstance(value, Decimal)]
        regions = tuple(_regions(situation, axis.question, numbers, facts, basis))
    return Sweep(axis.question, points, regions, map_of(axis, None, outcomes))


def swept_map(situation: Situation, x: Axis, y: Axis) -> DecisionMap:
    """Decide every pair of values. A cell of each verdict, and today's, are confirmed. Raises `PathsDisagree`."""
    facts, basis = _start(situation, [x, y])
    found = decided_map(facts, x, y, basis, situation.knowledge.questionnaire)
    shown: dict[int, tuple[int, int]] = {}
    for row, cells in enumerate(found.cells):
        for column, cell in enumerate(cells):
            shown.setdefault(cell, (column, row))
    for column, row in dict.fromkeys([*shown.values(), *([found.today] if found.today else [])]):
        settings = [_setting(axis.question, axis.values[place]) for axis, place in ((x, column), (y, row))]
        _confirmed(situation, settings, found.verdicts[found.cells[row][column]])
    return found


def words_that_stand(situation: Situation, axis: Axis) -> tuple[Axis, Sequence[tuple[Value, Diagnostic]]]:
    """The axis with the words that can be true beside the other answers, and why each of the others cannot.

    Raises `InputError` where none can.
    """
    kept: list[Value] = []
    refused: list[tuple[Value, Diagnostic]] = []
    for value in axis.values:
        try:
            outcome(supposed(situation, [_setting(axis.question, value)], of_a_range=True))
        except InputError as problem:
            refused.append((value, problem.diagnostics[0]))
        else:
            kept.append(value)
    if not kept:
        raise InputError(finding for _, finding in refused)
    return replace(axis, values=tuple(kept)), refused


def _start(situation: Situation, axes: Sequence[Axis]) -> tuple[Mapping[str, Fact], Basis]:
    """The facts with the swept answers given, as a questionnaire would give them, whatever they were before."""
    knowledge = situation.knowledge
    given = supposed(situation, [_setting(axis.question, axis.values[0]) for axis in axes], of_a_range=True)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, situation.as_of, Engine.REFERENCE)
    return known_facts(given.answers, knowledge.questionnaire, knowledge.catalogue), basis


def _setting(question: Question, value: Value) -> str:
    return f"{question.key}={word_of(value)}"


def word_of(value: Value) -> str:
    """A value as a file has it."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value).lower() if isinstance(value, bool) else f"{value}"


def _point(outcomes: Outcomes, case: int, currency: str) -> Outcome:
    verdict, rule = outcomes.of(case)
    costs = zip(outcomes.options, outcomes.costs[case], strict=True)
    known = {option: None if np.isnan(cost) else cents(float(cost)) for option, cost in costs}
    return Outcome(verdict, rule, known, currency)


def _confirmed(situation: Situation, settings: Sequence[str], verdict: str) -> Outcome:
    """The same case on both engines."""
    found = outcome(supposed(situation, settings, of_a_range=True))
    if verdict not in (found.verdict, CLOSE_CALL):
        raise PathsDisagree(f"{', '.join(settings)}: {verdict} on arrays, {found.verdict} on both engines")
    return found


class _Gap(Struct, frozen=True):
    """Two neighbouring values with different verdicts."""

    low: Decimal
    high: Decimal
    before: str
    after: str

    def narrow(self, least: Decimal) -> bool:
        return narrow(self.low, self.high, least)


def _regions(
    situation: Situation, question: Question, points: Sequence[tuple[Decimal, str]], facts: Mapping[str, Fact],
    basis: Basis,
) -> Iterator[Region]:  # fmt: skip
    gaps = _narrowed(list(_gaps(points)), question, facts, basis, situation.knowledge.questionnaire)
    starts = [points[0], *((gap.high, gap.after) for gap in gaps)]
    ends = [*((gap.low, gap.before) for gap in gaps), points[-1]]
    for (low, verdict), (high, last) in zip(starts, ends, strict=True):
        rule = _confirmed(situation, [_setting(question, low)], verdict).rule
        if high != low:
            _confirmed(situation, [_setting(question, high)], last)
        yield Region(low, high, verdict, rule)


def _gaps(points: Sequence[tuple[Decimal, str]]) -> Iterator[_Gap]:
    for (low, before), (high, after) in pairwise(points):
        if before != after:
            yield _Gap(low, high, before, after)


def _narrowed(
    gaps: list[_Gap], question: Question, facts: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire
) -> list[_Gap]:
    """Every gap cut again and again until it is narrow, all of them in each call. A gap may turn out to be several."""
    for _ in range(ROUNDS):
        tries = [[] if gap.narrow(question.least) else cuts(gap.low, gap.high, question.least) for gap in gaps]
        tried = [value for values in tries for value in values]
        if not tried:
            break
        changes = [counted_with({question.fact: value}, facts, questionnaire) for value in tried]
        outcomes = decide_settled(changed(facts, changes, {}), basis)
        verdicts = iter([outcomes.of(case)[0] for case in range(len(tried))])
        found: list[_Gap] = []
        for gap, values in zip(gaps, tries, strict=True):
            between = [(value, next(verdicts)) for value in values]
            found += _gaps([(gap.low, gap.before), *between, (gap.high, gap.after)])
        gaps = found
    return gaps
