"""Which answers would settle an open decision, and what each of them would settle it to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from hostwise.answers.facts import Fact, FactType, Origin, Provenance
from hostwise.answers.questions import Question, Questionnaire
from hostwise.decision.flow import Basis, Course, Status, supposed_flow


class Need(Struct, frozen=True):
    """One answer to get. `settles` pairs each accepted value with the outcome it would give."""

    question: Question
    settles: tuple[tuple[str, str], ...]


def open_questions(
    names: Iterable[str], facts: Mapping[str, Fact], questionnaire: Questionnaire
) -> tuple[Question, ...]:
    """Follow unknown derived facts down to the questions whose answers they wait for."""
    by_fact = {question.fact: question for question in questionnaire.questions}
    found: dict[str, Question] = {}
    pending, seen = list(names), set[str]()
    while pending:
        name = pending.pop(0)
        if name in seen:
            continue
        seen.add(name)
        fact = facts.get(name)
        if name in by_fact:
            if fact is None or not fact.known:
                found.setdefault(name, by_fact[name])
        elif fact is not None and not fact.known:
            pending.extend(fact.provenance.inputs)
    return tuple(found.values())


def what_settles(
    course: Course, answers: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire
) -> tuple[Need, ...]:
    """Each open question, with the outcome of each of its values where they can be listed.

    Every listed outcome is a run of the flow, costs included, with that one answer filled in.
    """
    questions = open_questions(course.choice.needs, course.facts, questionnaire)
    return tuple(Need(question, _outcomes(question, answers, basis)) for question in questions)


def _outcomes(question: Question, answers: Mapping[str, Fact], basis: Basis) -> tuple[tuple[str, str], ...]:
    values: tuple[bool | str, ...]
    if question.type == FactType.BOOLEAN:
        values = (True, False)
    elif question.type == FactType.ENUM:
        values = tuple(question.value_names)
    else:
        return ()
    return tuple((_spelling(value), _outcome(question, value, answers, basis)) for value in values)


def _outcome(question: Question, value: bool | str, answers: Mapping[str, Fact], basis: Basis) -> str:
    supposed = Provenance(Origin.ASSUMED, key=question.key, source="supposed, to see what it settles")
    fact = Fact(question.fact, FactType(question.type), value, supposed, question.label)
    course = supposed_flow({**answers, question.fact: fact}, basis)
    if course.choice.status is Status.DECIDED:
        return str(course.choice.option)
    return course.choice.status.value


def _spelling(value: bool | str) -> str:
    return value if isinstance(value, str) else ("yes" if value else "no")
