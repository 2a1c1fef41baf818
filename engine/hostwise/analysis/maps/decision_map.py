"""The decision map: which option wins where, as one or two answers take other values.

Every cell is a decision of its own, costs and replicas included, all of them in one call on the array path. The map in
a record is of the two answers that matter most for its verdict, from an eighth of today's to eight times it and beyond
the nearest change that leads elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from hostwise.analysis.changes.changed_answers import Flip
from hostwise.analysis.changes.pairs import Pair
from hostwise.analysis.futures.tornado import Swing
from hostwise.analysis.futures.worth_asking import Worth
from hostwise.analysis.maps.axis import Axis, is_choice, number_axis, words_axis
from hostwise.analysis.maps.letter_map import LetterAxis, LetterMap, LetterVerdict
from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact, FactType, Value
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.to_facts import counted_with
from hostwise.batch.cases import changed
from hostwise.batch.decide import decide_settled
from hostwise.batch.outcomes import Outcomes
from hostwise.flow.flow import Basis
from hostwise.flow.labels import labels
from hostwise.inference.run import Engine
from hostwise.reading.json_values import plain

if TYPE_CHECKING:
    from hostwise.flow.knowledge import Knowledge

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


class MapContext(Struct, frozen=True):
    """What is known of a decision when its map is drawn: the nearest changes, the tornado, what is worth asking."""

    undecided: bool
    flips: tuple[Flip, ...]
    pairs: tuple[Pair, ...]
    swings: tuple[Swing, ...]
    worth: tuple[Worth, ...]


def decided_map(
    facts: Mapping[str, Fact], x: Axis, y: Axis | None, basis: Basis, questionnaire: Questionnaire
) -> DecisionMap:
    """Decide every cell. `facts` are all the others as they are."""
    cells = [counted_with(change, facts, questionnaire) for change in _changes(x, y)]
    return map_of(x, y, decide_settled(changed(facts, cells, {}), replace(basis, engine=Engine.REFERENCE)))


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


def map_part(known: MapContext, given: Mapping[str, Fact], basis: Basis, knowledge: Knowledge) -> LetterMap | None:
    """The map of a record; None where no two answers can be moved."""
    axes = _axes(known, given, knowledge.questionnaire)
    return lettered(decided_map(given, *axes, basis, knowledge.questionnaire), given, knowledge) if axes else None


def lettered(found: DecisionMap, given: Mapping[str, Fact], knowledge: Knowledge) -> LetterMap:
    """A map in words, a letter a cell."""
    named = labels(knowledge)
    cells = [cell for row in found.cells for cell in row]
    return LetterMap(
        x=_axis(found.x, given),
        y=None if found.y is None else _axis(found.y, given),
        today=found.today,
        verdicts=tuple(
            LetterVerdict(LETTERS[place], verdict, named(verdict), cells.count(place))
            for place, verdict in enumerate(found.verdicts)
        ),
        rows=tuple("".join(LETTERS[cell] for cell in row) for row in found.cells),
    )


def _axis(axis: Axis, given: Mapping[str, Fact]) -> LetterAxis:
    question = axis.question
    kind, unit = FactType(question.type), given[question.fact].unit or question.unit
    return LetterAxis(
        key=question.key,
        fact=question.fact,
        label=question.label,
        type=question.type,
        unit=unit,
        scale=axis.scale,
        now=plain(axis.now),
        now_shown=None if axis.now is None else format_value(axis.now, kind, unit),
        values=tuple(plain(value) for value in axis.values),
        shown=tuple(format_value(value, kind, unit) for value in axis.values),
    )


def _axes(known: MapContext, given: Mapping[str, Fact], questionnaire: Questionnaire) -> tuple[Axis, Axis] | None:
    """The volume first where it is known or can be guessed at, then what matters most. Words always go up."""
    questions = {question.key: question for question in (*_volumes(given, questionnaire), *_ranked(known))}
    found: list[Axis] = []
    for question in questions.values():
        steps = UP if found else ACROSS
        axis = _axis_of(question, given, known.flips, steps)
        if axis is not None and not (is_choice(question) and not found):
            found.append(axis)
        if len(found) == 2:
            return found[0], found[1]
    return None


def _volumes(given: Mapping[str, Fact], questionnaire: Questionnaire) -> Iterator[Question]:
    """The answer that says how much is asked of the workload; where none does, the first that could."""
    growing = [q for q in questionnaire.questions if q.grows_with_demand]
    stated = (q for q in growing if isinstance(given[q.fact].value, Decimal) and given[q.fact].value)
    guessed = (q for q in growing if q.spread is not None and q.spread.bounded)
    first = next(stated, None) or next(guessed, None)
    yield from [first] if first else []


def _ranked(known: MapContext) -> Iterator[Question]:
    """The other answers, what matters most for the verdict first."""

    def numbers(questions: Iterable[Question]) -> Iterator[Question]:
        return (question for question in questions if question.numeric and not question.grows_with_demand)

    def own(questions: Iterable[Question]) -> Iterator[Question]:
        return (question for question in questions if not question.asker_decides)

    if known.undecided:
        yield from (worth.question for worth in known.worth)
    nearest = [flip.question for flip in sorted(known.flips, key=lambda flip: (_effort(flip), flip.question.key))]
    yield from own(numbers(nearest))
    yield from own(numbers(flip.question for pair in known.pairs for flip in (pair.first, pair.second)))
    moved = [(swing, swing.uncertain.question) for swing in known.swings]
    yield from numbers(question for swing, question in moved if swing.flips and question)
    yield from own(flip.question for flip in known.flips if is_choice(flip.question))
    yield from numbers(question for _, question in moved if question)
    yield from numbers(nearest)


def _effort(flip: Flip) -> Decimal:
    """By what factor a number has to move, up or down alike."""
    now, then = (value if isinstance(value, Decimal) else Decimal(0) for value in (flip.now, flip.changed))
    larger, smaller = max(abs(now), abs(then)), min(abs(now), abs(then))
    return larger / smaller if smaller else Decimal("Infinity")


def _axis_of(question: Question, given: Mapping[str, Fact], flips: Sequence[Flip], steps: int) -> Axis | None:
    now = given[question.fact].value
    if is_choice(question):
        return words_axis(question, now)
    if not question.numeric or (now is not None and not isinstance(now, Decimal)):
        return None
    nearest = sorted((flip for flip in flips if flip.question.key == question.key), key=_effort)
    edges = [flip.changed for flip in nearest if isinstance(flip.changed, Decimal)]
    ends = _ends(question, now, edges[0] if edges else None)
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
