"""Counterfactuals: for each answer, the smallest change of it alone that leads to another verdict.

Choices are tried word by word. Numbers are searched outwards from what they are, then narrowed to a thousandth; the
search runs on the reference evaluator, and what it finds is decided again on both engines before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from hostwise.answers.facts import Fact, FactType, Value, fixed
from hostwise.answers.questions import Question
from hostwise.answers.to_facts import answer_facts
from hostwise.decision.compare import Situation
from hostwise.decision.flow import Basis, supposed_flow
from hostwise.inference.run import Engine
from hostwise.reading.diagnostics import InputError

FACTORS = tuple(map(Decimal, ["1.02", "1.05", "1.1", "1.2", "1.35", "1.6", "2", "3", "5", "10", "30", "100", "1000"]))
"""How far a number is moved at most: a thousand times, or a thousandth."""
STEPS = tuple(Decimal(n) / 10 for n in range(1, 11))
"""Where a number is zero, or a share: tenths of its range."""
PRECISION = Decimal("0.001")
HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Flip:
    """One change that leads to another verdict. `distance` is the change as a share of the number; None for a word."""

    question: Question
    now: Value | None
    changed: Value
    verdict: str
    rule: str | None
    distance: Decimal | None


@dataclass(frozen=True, slots=True)
class _Search:
    """The facts of a situation, and deciding them with one changed."""

    facts: dict[str, Fact]
    basis: Basis

    def decided(
        self, fact: str, value: bool | str | Decimal, engine: Engine = Engine.REFERENCE
    ) -> tuple[str, str | None]:
        """The verdict and its rule with one fact changed; `refused` where the value cannot be."""
        changed = replace(self.facts[fact], value=value, low=None, high=None)
        try:
            choice = supposed_flow({**self.facts, fact: changed}, replace(self.basis, engine=engine)).choice
        except InputError:
            return REFUSED, None
        return choice.option or choice.status.value, choice.rule.rule.id if choice.rule else None


REFUSED = "refused"


def flips(situation: Situation) -> Iterator[Flip]:
    """For every answer that can flip the verdict alone, the nearest change that does, in the order of the questions."""
    knowledge = situation.knowledge
    facts = answer_facts(situation.answers, knowledge.questionnaire)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, situation.as_of, Engine.REFERENCE)
    search = _Search(facts, basis)
    choice = supposed_flow(facts, basis).choice
    now = choice.option or choice.status.value
    for question in knowledge.questionnaire.questions:
        if question.fact in facts:
            yield from _of_question(question, search, now)


def _of_question(question: Question, search: _Search, now: str) -> Iterator[Flip]:
    value = search.facts[question.fact].value
    if question.type in (FactType.BOOLEAN, FactType.ENUM):
        words: tuple[bool | str, ...] = (True, False) if question.type == FactType.BOOLEAN else question.value_names
        for word in words:
            if word != value and search.decided(question.fact, word)[0] not in (now, REFUSED):
                yield _confirmed(question, value, word, search, None)
    elif question.numeric and isinstance(value, Decimal):
        found = [edge for direction in (1, -1) if (edge := _edge(question, value, search, now, direction)) is not None]
        for edge in sorted(found, key=lambda each: abs(each - value)):
            distance = (edge / value - 1).quantize(Decimal("0.0001")) if value else None
            yield _confirmed(question, value, edge, search, distance)


def _confirmed(question: Question, now: Value | None, changed: Value,
               search: _Search, distance: Decimal | None) -> Flip:  # fmt: skip
    verdict, rule = search.decided(question.fact, changed, Engine.BOTH)
    return Flip(question, now, changed, verdict, rule, distance)


def _edge(question: Question, value: Decimal, search: _Search, now: str, direction: int) -> Decimal | None:
    """The nearest value in a direction with another verdict, to a thousandth; None where there is none."""
    same = value
    for point in _outwards(question, value, direction):
        verdict, _ = search.decided(question.fact, point)
        if verdict == REFUSED:
            return None
        if verdict != now:
            return _narrowed(question, same, point, search, now)
        same = point
    return None


def _narrowed(question: Question, same: Decimal, other: Decimal, search: _Search, now: str) -> Decimal:
    kind = FactType(question.type)
    for _ in range(HALVINGS):
        middle = fixed((same + other) / 2, kind)
        if abs(other - same) <= abs(other) * PRECISION or middle in (same, other):
            break
        if search.decided(question.fact, middle)[0] in (now, REFUSED):
            same = middle
        else:
            other = middle
    return other


def _outwards(question: Question, value: Decimal, direction: int) -> Iterator[Decimal]:
    """Values further and further from the one that is, within the bounds of the question."""
    low, high = question.min, question.max
    kind = FactType(question.type)
    bound = high if direction > 0 else low
    near = high is not None and low is not None and high - low <= 100
    if near and bound is not None:
        points = [value + (bound - value) * step for step in STEPS]
    elif value:
        points = [value * factor if direction > 0 else value / factor for factor in FACTORS]
    else:
        points = [Decimal(10) ** power for power in range(0, 10)] if direction > 0 else []
    last = value
    for point in points:
        kept = fixed(point if bound is None else min(point, bound) if direction > 0 else max(point, bound), kind)
        if kept != last:
            yield kept
        last = kept
