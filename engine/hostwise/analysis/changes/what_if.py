"""Supposed answers: a situation with some answers changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from hostwise.analysis.situation import Situation
from hostwise.answers.doubtful import answer_doubts
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.contradictions import checks, contradiction
from hostwise.answers.files.days import DECISION, RATES, impossible_on, stated_day
from hostwise.answers.files.load import load_answers_document
from hostwise.answers.files.values import CURRENCY, own_currency
from hostwise.answers.plausible import load_plausible
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.to_facts import answer_facts
from hostwise.flow.doubts import once
from hostwise.flow.freshness import before_knowledge
from hostwise.flow.named_doubts import named_doubts
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.findings.suggest import nearest


def supposed(situation: Situation, settings: Sequence[str], *, of_a_range: bool = False) -> Situation:
    """The situation with answers set, each written `section.key=value`. Raises `InputError` for what cannot be.

    They are read as in the questionnaire: a sign that several currencies share is its own, and what could not stand in
    it beside the other answers is refused; of a range of answers, only a volume that another one says otherwise.
    """
    knowledge = situation.knowledge
    questionnaire = knowledge.questionnaire
    values, found = dict(situation.answers.values), set()
    asked = [_asked(setting, questionnaire) for setting in settings]
    # The currency first: amounts are read in it.
    for question, text in sorted(asked, key=lambda each: each[0].key != CURRENCY):
        values[question.key] = _answer(question, text, values, questionnaire)
        found.add(question.key)
    day = (stated_day(values) if DECISION in found else None) or situation.as_of
    if DECISION in found and day < (newest := max(entry.as_of for entry in knowledge.catalogue.prices)):
        raise InputError([before_knowledge(day, newest, values[DECISION].place)])
    _refuse(values, found, day, questionnaire, volumes_alone=of_a_range)
    return replace(situation, answers=replace(situation.answers, values=values), as_of=day)


def doubts_of(situation: Situation, settings: Sequence[str]) -> tuple[Diagnostic, ...]:
    """What is doubtful about the supposed answers by themselves, names and their prices among them."""
    knowledge, answers = situation.knowledge, situation.answers
    questionnaire = knowledge.questionnaire
    places = {answers.values[_asked(each, questionnaire)[0].key].place for each in settings}
    table = load_plausible(Path(questionnaire.file).parent)
    facts = answer_facts(answers, questionnaire)
    found = (
        *answer_doubts(answers.values, questionnaire),
        *named_doubts(facts, knowledge.catalogue, situation.as_of, table),
    )
    return once([each for each in found if each.place in places])


def _refuse(
    values: Mapping[str, Answer], supposed_keys: set[str], day: date, questionnaire: Questionnaire, *,
    volumes_alone: bool,
) -> None:  # fmt: skip
    """Raise `InputError` for a supposed answer that cannot be true beside the others, or on no day of the decision."""
    every = checks(questionnaire.contradictions)
    pairs = [pair for check in (every[:1] if volumes_alone else every) for pair in check.pairs(values)]
    wrong = [
        contradiction(pair, values, values[next(key for key in pair[1::-1] if key in supposed_keys)].place, None)
        for pair in pairs
        if not supposed_keys.isdisjoint(pair[:2])
    ]
    places = {values[key].place for key in supposed_keys}
    if not volumes_alone:
        wrong += [each for each in impossible_on(values, questionnaire, day) if each.place in places]
    if wrong:
        raise InputError(wrong)


def _asked(setting: str, questionnaire: Questionnaire) -> tuple[Question, str]:
    key, equals, text = setting.partition("=")
    if not equals:
        raise _refused(setting, "no-value", "a supposed answer is written section.key=value")
    return question_of(key.strip(), questionnaire, setting), text.strip()


def question_of(key: str, questionnaire: Questionnaire, setting: str) -> Question:
    """The question of a key. Raises `InputError` with the nearest one."""
    if key in questionnaire.by_key:
        return questionnaire.by_key[key]
    near = nearest(key, questionnaire.by_key)
    raise _refused(setting, "unknown-key", f"there is no question {key!r}", near)


def _answer(question: Question, text: str, values: Mapping[str, Answer], questionnaire: Questionnaire) -> Answer:
    """The answer as a questionnaire of the same currencies would give it that holds nothing else."""
    section, _, name = question.key.partition(".")
    own, rates = own_currency(values), values.get(RATES)
    written = f"workload: {{name: supposed, currency: {own}}}\n{section}:\n"
    if section == "workload":
        written = "workload:\n" if name == "name" else "workload:\n  name: supposed\n"
    elif rates is not None and not rates.unknown and question.key != RATES:
        # Where a file has rates, a sign means dollars too.
        rated = f"exchange_rates: {{{own}: 1}}\n"
        written = f"{written}  {rated}" if section == "economics" else f"economics: {{{rated.strip()}}}\n{written}"
    document = read_document(Path(f"--set {question.key}"), data=f"{written}  {name}: {text}\n".encode())
    found = load_answers_document(document, questionnaire).values.get(question.key)
    if found is None:  # nothing, or a comment
        raise _refused(f"{question.key}={text}", "no-value", "no answer stands there; unknown says that nobody knows")
    return found


def _refused(setting: str, code: str, message: str, suggestion: str | None = None) -> InputError:
    return InputError([Diagnostic(Place(setting), code, message, suggestion=suggestion)])
