"""Answers changed and decided again: on arrays to look around, on both engines for what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.analysis.futures.confirm import confirmed_flow
from hostwise.answers.facts import Fact, FactType, Origin, Value, fixed
from hostwise.answers.files.contradictions import impossible
from hostwise.answers.questions.contradictions import Contradictions
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.to_facts import counted_with
from hostwise.batch.cases import changed
from hostwise.batch.decide import decide_settled
from hostwise.batch.outcomes import REFUSED
from hostwise.flow.flow import Basis
from hostwise.inference.run import Engine
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.numbers.fact_types import WIDE


class Flip(Struct, frozen=True):
    """One change that leads to another verdict.

    `distance` is the change as a share of the number; of a share the difference; None for a word, and for a number that
    is nothing or less, of which there is no share.
    """

    question: Question
    now: Value | None
    changed: Value
    verdict: str
    rule: str | None
    distance: Decimal | None
    close_from: Decimal | None
    """Where a number becomes a close call on the way there, which its futures decide; None where it is none."""


def answers_that_change(facts: Mapping[str, Fact], questionnaire: Questionnaire) -> list[Question]:
    """What is answered by itself: what another answer tells, as a model its tier, changes with that one."""
    asked = (question for question in questionnaire.questions if question.fact in facts)
    return [question for question in asked if facts[question.fact].provenance.origin is not Origin.DERIVED]


def verdicts_with(
    facts: Mapping[str, Fact], changes: Sequence[Mapping[str, Value]], basis: Basis, questionnaire: Questionnaire
) -> list[str]:
    """The verdict of each change, on the array path."""
    if not changes:
        return []
    whole = [counted_with(change, facts, questionnaire) for change in changes]
    outcomes = decide_settled(changed(facts, whole, {}), replace(basis, engine=Engine.REFERENCE))
    return [outcomes.verdicts[place] for place in outcomes.verdict]


def decided_with(
    facts: Mapping[str, Fact], change: Mapping[str, Value], basis: Basis, questionnaire: Questionnaire
) -> tuple[str, str | None]:
    """The verdict and its rule with some facts changed, on the engines of the basis; `refused` where it cannot be."""
    moved = {
        name: replace(
            facts[name],
            value=fixed(value, facts[name].type) if isinstance(value, Decimal) else value,
            low=None,
            high=None,
        )
        for name, value in counted_with(change, facts, questionnaire).items()
    }
    try:
        choice = confirmed_flow({**facts, **moved}, basis, questionnaire).choice
    except InputError:
        return REFUSED, None
    return choice.outcome, choice.rule_id


def other_words(question: Question, facts: Mapping[str, Fact]) -> Iterator[bool | str]:
    """The words of a choice that it is not."""
    if question.type in (FactType.BOOLEAN, FactType.ENUM) and not question.is_the_work:
        yield from (word for word in question.choices if word != facts[question.fact].value)


def stated(facts: Mapping[str, Fact], asked: Sequence[Question]) -> Mapping[str, Fact]:
    """The facts that the questionnaire states, by the keys of their questions."""
    return {q.key: facts[q.fact] for q in asked if facts[q.fact].provenance.origin is Origin.GIVEN}


def contradicts(
    changes: Sequence[tuple[Question, Value]],
    facts: Mapping[str, Fact],
    given: Mapping[str, Fact],
    known: Contradictions,
) -> bool:
    """Whether changes contradict what was answered, so that no questionnaire could say so."""
    return impossible({**given} | {q.key: replace(facts[q.fact], value=value) for q, value in changes}, known)


def flip_to(
    question: Question, facts: Mapping[str, Fact], value: Value, verdict: str, rule: str | None, close: Decimal | None
) -> Flip:
    """A change of one answer, with how far it goes."""
    now = facts[question.fact].value
    distance = None
    if isinstance(now, Decimal) and isinstance(value, Decimal) and (now > 0 or question.in_points):
        away = value - now if question.in_points else value / now - 1
        distance = away.quantize(Decimal("0.0001"), context=WIDE) or None  # just above nothing is no distance
    return Flip(question, now, value, verdict, rule, distance, close)


def effort(question: Question, value: Value, facts: Mapping[str, Fact]) -> Decimal:
    """How far a change goes: a number's factor, and a word as much as a doubling."""
    now = facts[question.fact].value
    if not isinstance(value, Decimal) or not isinstance(now, Decimal):
        return Decimal(1)
    larger, smaller = max(abs(now), abs(value)), min(abs(now), abs(value))
    return larger / smaller - 1 if smaller else Decimal(10)


def within(question: Question, value: Decimal) -> bool:
    """Whether a number keeps to the bounds of its question."""
    return (question.min is None or value >= question.min) and (question.max is None or value <= question.max)
