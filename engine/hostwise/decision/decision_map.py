"""The decision map: which option wins where, as one or two answers take other values.

Every cell is a decision of its own, costs and replicas included, all of them in one call on the array path. The map in
a record is of the two answers that matter most for its verdict, from an eighth of today's to eight times it and beyond
the nearest change that leads elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact, FactType, Value
from hostwise.answers.questions import Question, Questionnaire
from hostwise.decision.axis import Axis, is_choice, number_axis, words_axis
from hostwise.decision.canonical import Json, plain
from hostwise.decision.flow import Basis, Course
from hostwise.decision.many import Outcomes, decide_many
from hostwise.decision.population import changed
from hostwise.decision.wording import label_of, load_wording
from hostwise.inference.run import Engine
from hostwise.rulebook.wording import shown_value

if TYPE_CHECKING:
    from hostwise.decision.basis import Knowledge

ACROSS, UP = 17, 13
"""Cells of the map in a record, at most: odd, so that today's answer can stand in the middle."""
REACH = Decimal(8)
"""The map goes from an eighth of today's number to eight times it."""
BEYOND = Decimal(2)
"""And so many times beyond the nearest change that leads elsewhere."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
"""A verdict of a record's map by its place; there are fewer options than letters."""


class DecisionMap(Struct, frozen=True):
    """`cells` has a row for each value of `y`, the lowest first (one row where there is no `y`): places in `verdicts`.

    `verdicts` are those that occur, in the order in which they are met.
    """

    x: Axis
    y: Axis | None
    verdicts: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def today(self) -> tuple[int, int] | None:
        """The column and the row of today's answers, None where they are not known or not on the map."""
        column, row = self.x.today, 0 if self.y is None else self.y.today
        return None if column is None or row is None else (column, row)


def decided_map(facts: Mapping[str, Fact], x: Axis, y: Axis | None, basis: Basis) -> DecisionMap:
    """Decide every cell. `facts` are all the others as they are."""
    return map_of(x, y, decide_many(changed(facts, list(_changes(x, y)), {}), replace(basis, engine=Engine.REFERENCE)))


def _changes(x: Axis, y: Axis | None) -> Iterator[Mapping[str, Value]]:
    for up in (None,) if y is None else y.values:
        for across in x.values:
            yield {x.question.fact: across} | ({} if y is None or up is None else {y.question.fact: up})


def map_of(x: Axis, y: Axis | None, outcomes: Outcomes) -> DecisionMap:
    """The map of outcomes that were decided row by row."""
    met = dict.fromkeys(int(place) for place in outcomes.verdict)
    places = {verdict: place for place, verdict in enumerate(met)}
    flat = [places[int(verdict)] for verdict in outcomes.verdict]
    width = len(x.values)
    rows = tuple(tuple(flat[start : start + width]) for start in range(0, len(flat), width))
    return DecisionMap(x, y, tuple(outcomes.verdicts[verdict] for verdict in met), rows)


def map_part(
    course: Course, given: Mapping[str, Fact], basis: Basis, knowledge: Knowledge, robust: Json, changes: Sequence[Json]
) -> Json | None:
    """The map of a record, from its `robustness` and `counterfactuals`; None where no two answers can be moved."""
    axes = _axes(course, given, robust, changes, knowledge.questionnaire)
    return map_json(decided_map(given, *axes, basis), given, knowledge) if axes else None


def map_json(found: DecisionMap, given: Mapping[str, Fact], knowledge: Knowledge) -> Json:
    """A map as JSON: a row of letters for each value of `y`, from the lowest up, and what each letter stands for."""
    wording = load_wording(knowledge.root)
    cells = [cell for row in found.cells for cell in row]
    return {
        "x": _axis(found.x, given),
        "y": None if found.y is None else _axis(found.y, given),
        "today": None if found.today is None else list(found.today),
        "verdicts": [
            {
                "letter": LETTERS[place],
                "verdict": verdict,
                "label": label_of(verdict, knowledge.catalogue.options, wording),
                "cells": cells.count(place),
            }
            for place, verdict in enumerate(found.verdicts)
        ],
        "rows": ["".join(LETTERS[cell] for cell in row) for row in found.cells],
    }


def _axis(axis: Axis, given: Mapping[str, Fact]) -> Json:
    question = axis.question
    kind, unit = FactType(question.type), given[question.fact].unit or question.unit
    return {
        "key": question.key,
        "fact": question.fact,
        "label": question.label,
        "type": question.type,
        "unit": unit,
        "scale": axis.scale,
        "now": plain(axis.now),
        "now_shown": None if axis.now is None else shown_value(axis.now, kind, unit),
        "values": plain(axis.values),
        "shown": [shown_value(value, kind, unit) for value in axis.values],
    }


def _axes(
    course: Course, given: Mapping[str, Fact], robust: Json, changes: Sequence[Json], questionnaire: Questionnaire
) -> tuple[Axis, Axis] | None:
    """The volume first where it is known or can be guessed at, then what matters most. Words always go up."""
    by_key = questionnaire.by_key
    keys = dict.fromkeys([*_volumes(given, questionnaire), *_ranked(course, given, robust, changes, by_key)])
    found: list[Axis] = []
    for key in keys:
        steps = UP if found else ACROSS
        axis = _axis_of(by_key[key], given, changes, steps)
        if axis is not None and not (is_choice(by_key[key]) and not found):
            found.append(axis)
        if len(found) == 2:
            return found[0], found[1]
    return None


def _volumes(given: Mapping[str, Fact], questionnaire: Questionnaire) -> Iterator[str]:
    """The answer that says how much is asked of the workload; where none does, the first that could."""
    growing = [q for q in questionnaire.questions if q.grows]
    known = (q.key for q in growing if isinstance(given[q.fact].value, Decimal) and given[q.fact].value)
    guessed = (q.key for q in growing if q.spread is not None and q.spread.bounded)
    first = next(known, None) or next(guessed, None)
    yield from [first] if first else []


def _ranked(
    course: Course, given: Mapping[str, Fact], robust: Json, changes: Sequence[Json], by_key: Mapping[str, Question]
) -> Iterator[str]:
    """The other answers, what matters most for the verdict first."""

    def numbers(keys: Iterator[str]) -> Iterator[str]:
        return (key for key in keys if by_key[key].numeric and not by_key[key].grows)

    def own(keys: Iterator[str]) -> Iterator[str]:
        return (key for key in keys if not by_key[key].chosen)

    if course.choice.option is None:
        yield from (question["key"] for question in robust["questions"])
    single = [change["changes"][0] for change in changes if len(change["changes"]) == 1]
    nearest = sorted(single, key=lambda change: (_effort(change), change["key"]))
    yield from own(numbers(change["key"] for change in nearest))
    yield from own(
        numbers(change["key"] for found in changes if len(found["changes"]) > 1 for change in found["changes"])
    )
    swings = [swing for swing in robust["tornado"] if swing["key"]]
    yield from numbers(swing["key"] for swing in swings if swing["flips"])
    yield from own(change["key"] for change in single if is_choice(by_key[change["key"]]))
    yield from numbers(swing["key"] for swing in swings)
    yield from numbers(change["key"] for change in nearest)


def _effort(change: Json) -> Decimal:
    """By what factor a number has to move, up or down alike."""
    now, then = (Decimal(change[name]) if _is_number(change[name]) else Decimal(0) for name in ("now", "changed"))
    larger, smaller = max(abs(now), abs(then)), min(abs(now), abs(then))
    return larger / smaller if smaller else Decimal("Infinity")


def _is_number(value: object) -> bool:
    return isinstance(value, str) and value.lstrip("-").replace(".", "", 1).isdigit()


def _axis_of(question: Question, given: Mapping[str, Fact], changes: Sequence[Json], steps: int) -> Axis | None:
    now = given[question.fact].value
    if is_choice(question):
        return words_axis(question, now)
    if not question.numeric or (now is not None and not isinstance(now, Decimal)):
        return None
    single = [change["changes"][0] for change in changes if len(change["changes"]) == 1]
    edges = sorted((c for c in single if c["key"] == question.key and _is_number(c["changed"])), key=_effort)
    ends = _ends(question, now, Decimal(edges[0]["changed"]) if edges else None)
    return number_axis(question, now, *ends, steps) if ends and ends[0] < ends[1] else None


def _ends(question: Question, now: Decimal | None, edge: Decimal | None) -> tuple[Decimal, Decimal] | None:
    """From where to where a number goes; None where nothing says."""
    spread, least, most = question.spread, question.min, question.max
    if now is None:
        return (spread.low, spread.high) if spread and spread.low is not None and spread.high is not None else None
    if question.type == FactType.RATIO and least is not None and most is not None and not 0 < now < most / REACH:
        return least, most
    if now <= 0:
        return (now, edge * BEYOND) if edge and edge > now else None
    low, high = now / REACH, now * REACH
    if edge and edge > 0:
        low, high = min(low, edge / BEYOND), max(high, edge * BEYOND)
    return low if least is None else max(low, least), high if most is None else min(high, most)
