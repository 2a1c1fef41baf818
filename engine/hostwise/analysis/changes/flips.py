"""Counterfactuals: for each answer, the nearest change of it alone from which on the verdict is another.

A change counts where the verdict is another one whatever its futures say: on the way there it may be a close call.
Every word of a choice, and numbers further and further from what they are, are decided in one call on the array path;
each number that flips is then narrowed to a thousandth, all of them together. What is found is decided again on both
engines before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.analysis.bisect import ROUNDS, cuts, narrow, rounded
from hostwise.analysis.changes.changed_answers import (
    Flip,
    answers_that_change,
    contradicts,
    decided_with,
    effort,
    flip_to,
    other_words,
    stated,
    verdicts_with,
    within,
)
from hostwise.analysis.situation import Situation
from hostwise.answers.facts import Fact, FactType, Value
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.batch.outcomes import REFUSED
from hostwise.economics.catalogue.options import CLOSE_CALL
from hostwise.economics.plans.competing.tier import known_facts
from hostwise.flow.flow import Basis
from hostwise.inference.run import Engine
from hostwise.reading.numbers.fact_types import WIDE

FACTORS = tuple(Decimal(f"{1000 ** (n / 40):.4g}") for n in range(1, 41))
"""A number is moved by these factors: a thousand times, or to a thousandth, at most."""

STEPS = tuple(Decimal(n) / 20 for n in range(1, 21))
"""Where a number is zero, or a share: parts of the way to its bound."""

PRINTED = 4
"""Digits of a number where the verdict changes."""

TENTH_OF_A_PER_CENT = Decimal("0.001")
"""A share is printed to this."""

THOUSAND = 1000


class _Bracket(Struct, frozen=True):
    """The nearest value whose verdict is none of those `alike` lies between these."""

    question: Question
    same: Decimal
    other: Decimal
    alike: frozenset[str]

    @property
    def narrow(self) -> bool:
        return narrow(self.same, self.other, self.question.least)

    @property
    def cuts(self) -> list[Decimal]:
        return cuts(self.same, self.other, self.question.least)


def flips(situation: Situation) -> tuple[Flip, ...]:
    """For every answer that can flip the verdict alone, the nearest change that does, in the order of the questions."""
    knowledge = situation.knowledge
    facts = known_facts(situation.answers, knowledge.questionnaire, knowledge.catalogue)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, situation.as_of, Engine.BOTH)
    return nearest_flips(facts, basis, knowledge.questionnaire)


def nearest_flips(facts: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire) -> tuple[Flip, ...]:
    """The same for facts. A number can flip both ways: the nearer change stands first."""
    now = decided_with(facts, {}, basis, questionnaire)[0]
    asked = answers_that_change(facts, questionnaire)
    words = [(question, word) for question in asked for word in other_words(question, facts)]
    paths = [
        (question, points)
        for question in asked
        for direction in (1, -1)
        if (points := tuple(_outwards(question, facts[question.fact].value, direction)))
    ]
    tried = [(question, point) for question, points in paths for point in points]
    today, *verdicts = verdicts_with(
        facts, [{}, *({q.fact: value} for q, value in (*words, *tried))], basis, questionnaire
    )
    same = frozenset((now, today))  # today's answers may themselves be a close call
    found = [(q, word, None) for (q, word), v in zip(words, verdicts, strict=False) if v not in (*same, REFUSED)]
    brackets, start = list[_Bracket](), len(words)
    for question, points in paths:
        brackets += _brackets(question, facts, points, verdicts[start : start + len(points)], same)
        start += len(points)
    narrowed = _narrowed(brackets, facts, basis, questionnaire)
    sure, open_ = narrowed[::2], narrowed[1::2]
    numbers = [(b, None if b.other == e.other else e.other) for b, e in zip(sure, open_, strict=True)]
    held = _held(numbers, facts, basis, questionnaire)
    return tuple(_confirmed([*found, *held], facts, basis, now, asked, questionnaire))


def _brackets(
    question: Question, facts: Mapping[str, Fact], points: Sequence[Decimal], verdicts: Sequence[str],
    same: frozenset[str],
) -> list[_Bracket]:  # fmt: skip
    """Around the first value on the way that is sure to have another verdict, and around the first that may have one.

    Between the two lies a close call. None where there is no such value, or something refuses first.
    """
    last = facts[question.fact].value
    assert isinstance(last, Decimal)
    edge, before = None, last
    for point, verdict in zip(points, verdicts, strict=True):
        if verdict == REFUSED:
            return []
        if verdict not in same and edge is None:
            edge = _Bracket(question, before, point, same)
        if verdict not in same and verdict != CLOSE_CALL:
            assert edge is not None
            return [_Bracket(question, before, point, same | {CLOSE_CALL}), edge]
        before = point
    return []


def _narrowed(
    brackets: Sequence[_Bracket], facts: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire
) -> list[_Bracket]:
    """Every bracket cut again and again until it is narrow, all of them in each call."""
    found = list(brackets)
    for _ in range(ROUNDS):
        tries = {place: bracket.cuts for place, bracket in enumerate(found) if not bracket.narrow}
        tries = {place: values for place, values in tries.items() if values}
        if not tries:
            break
        tried = [(place, value) for place, values in tries.items() for value in values]
        verdicts = verdicts_with(
            facts, [{found[place].question.fact: value} for place, value in tried], basis, questionnaire
        )
        outcome = dict(zip(tried, verdicts, strict=True))
        for place, values in tries.items():
            bracket = found[place]
            for value in values:
                if outcome[place, value] not in (*bracket.alike, REFUSED):
                    bracket = replace(bracket, other=value)
                    break
                bracket = replace(bracket, same=value)
            found[place] = bracket
    return found


def _held(
    numbers: Sequence[tuple[_Bracket, Decimal | None]], facts: Mapping[str, Fact], basis: Basis,
    questionnaire: Questionnaire,
) -> Iterator[tuple[Question, Value, Decimal | None]]:  # fmt: skip
    """The numbers beyond which the verdict is another one: decided at the number that is printed, which is rounded away
    from today's, and just beyond it; just short of it stands the last value that was not."""
    tried = []
    for bracket, _ in numbers:
        at = _away(bracket.other, bracket)
        beyond = _away(at + (bracket.other - bracket.same), bracket)
        inside = within(bracket.question, beyond) and beyond * at > 0  # at a bound, or at nothing, there is no beyond
        tried.append((bracket.question, at, beyond if inside else at))
    verdicts = iter(
        verdicts_with(facts, [{q.fact: value} for q, *values in tried for value in values], basis, questionnaire)
    )
    for (question, at, _), (bracket, close) in zip(tried, numbers, strict=True):
        here, there = next(verdicts), next(verdicts)
        if here == there and here not in (*bracket.alike, REFUSED):
            yield question, at, close


def _away(value: Decimal, bracket: _Bracket) -> Decimal:
    """The nearest number of as many digits as are printed that lies no nearer to today's; it keeps within bounds."""
    question, up = bracket.question, bracket.other > bracket.same
    digits = PRINTED - (question.type == FactType.MONEY and abs(value) < THOUSAND)  # whole dollars from a hundred on
    last = Decimal(1).scaleb(value.adjusted() - digits + 1) if value else question.least
    tenths = question.in_points and abs(value) >= TENTH_OF_A_PER_CENT  # below it "above 0%" is said
    least = TENTH_OF_A_PER_CENT if tenths else question.least
    kept = value.quantize(max(last, least), rounding=ROUND_CEILING if up else ROUND_FLOOR, context=WIDE)
    return kept if within(question, kept) else value


def _confirmed(
    found: Sequence[tuple[Question, Value, Decimal | None]],
    facts: Mapping[str, Fact],
    basis: Basis,
    now: str,
    asked: Sequence[Question],
    questionnaire: Questionnaire,
) -> Iterator[Flip]:
    """Each decided again on both engines, in the order of the questions, the nearest first."""
    ordered = sorted(found, key=lambda each: (asked.index(each[0]), effort(each[0], each[1], facts)))
    given = stated(facts, asked)
    for question, value, close in ordered:
        if contradicts(((question, value),), facts, given, questionnaire.contradictions):
            continue
        verdict, rule = decided_with(facts, {question.fact: value}, basis, questionnaire)
        if verdict not in (now, REFUSED):
            yield flip_to(question, facts, value, verdict, rule, close)


def _outwards(question: Question, value: Value | None, direction: int) -> Iterator[Decimal]:
    """Values further and further from the one that is, within the bounds of the question."""
    if not question.numeric or not isinstance(value, Decimal):
        return
    low, high = question.min, question.max
    least = question.least
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
        kept = rounded(point if bound is None else min(point, bound) if direction > 0 else max(point, bound), least)
        if kept != last:
            yield kept
        last = kept
