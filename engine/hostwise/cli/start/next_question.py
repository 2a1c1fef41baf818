"""Which question comes next: the one most worth it that was neither answered nor passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from hostwise.analysis.futures.interview_status import Standing
from hostwise.answers.files.answer import Answer
from hostwise.answers.interview import relevant
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.cli.start.bill import AMOUNTS


def next_question(
    stand: Standing, answers: Mapping[str, Answer], passed: Set[str], questionnaire: Questionnaire
) -> Question | None:
    """The next one; None where nothing that is open is worth asking."""
    by_key, not_known = questionnaire.by_key, _not_known(answers, passed)
    done = {*answers, *passed, *_meant_too(not_known, by_key)}
    for question in _wanted(stand, answers, not_known, questionnaire):
        before = by_key.get(question.ask_after)
        if before is not None and before.key not in done:
            return before
        if question.key not in done and relevant(question, answers):
            return question
    return None


def asked_first(answers: Mapping[str, Answer], passed: Set[str], by_key: Mapping[str, Question]) -> Question | None:
    """What is asked before something that was answered: the model that a bill is for."""
    before = (by_key[key].ask_after for key, answer in answers.items() if not answer.unknown)
    return next((by_key[key] for key in before if key and key not in answers and key not in passed), None)


def _wanted(
    stand: Standing, answers: Mapping[str, Answer], not_known: Set[str], questionnaire: Questionnaire
) -> Iterator[Question]:
    """The open questions by their worth; where an answer leaves a doubt, what makes it firmer.

    Where the rules wait for one that is not known, what says the same in another way comes last.
    """
    for each in stand.questions:
        if each.question.key in answers:
            yield from (q for q in questionnaire.questions if q.ask_when.get(each.question.key) == "given")
        else:
            yield each.question
    yield from _the_same(stand, not_known, questionnaire)


def in_other_words(
    stand: Standing, answers: Mapping[str, Answer], passed: Set[str], questionnaire: Questionnaire
) -> list[Question]:
    """What would say the same as something that the rules wait for and nobody knows, in what people count or pay: they
    are asked it at once."""
    not_known = _not_known(answers, passed)
    done = {*answers, *passed, *_meant_too(not_known, questionnaire.by_key)}
    others = dict.fromkeys(question.key for question in _the_same(stand, not_known, questionnaire))
    return [questionnaire.by_key[key] for key in others if key in AMOUNTS and key not in done]


def _not_known(answers: Mapping[str, Answer], passed: Set[str]) -> set[str]:
    """What somebody was asked and did not say."""
    return {*passed, *(key for key, answer in answers.items() if answer.unknown)}


def _the_same(stand: Standing, not_known: Set[str], questionnaire: Questionnaire) -> Iterator[Question]:
    """Where the rules wait for one that is not known, what says the same in another way."""
    for each in stand.questions:
        if each.waited_for and each.question.key in not_known and each.question.spread is not None:
            yield from (questionnaire.by_key[key] for key in each.question.spread.unless)


def _meant_too(not_known: Set[str], by_key: Mapping[str, Question]) -> Iterator[str]:
    """Who does not know the tokens a day does not know those of a month: the alternatives in the same measure."""
    for key in not_known:
        question = by_key[key]
        others = question.spread.unless if question.spread is not None else ()
        yield from (other for other in others if by_key[other].dimension == question.dimension)
