"""Supposed answers: a situation with some answers changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from hostwise.analysis.situation import Situation
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.load import load_answers_document
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.findings.suggest import nearest


def supposed(situation: Situation, settings: Sequence[str]) -> Situation:
    """The situation with answers set, each written `section.key=value`. Raises `InputError` for what cannot be."""
    questionnaire = situation.knowledge.questionnaire
    values = dict(situation.answers.values)
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise _refused(setting, "no-value", "a supposed answer is written section.key=value")
        question = question_of(key.strip(), questionnaire, setting)
        values[question.key] = _answer(question, text.strip(), questionnaire)
    return replace(situation, answers=replace(situation.answers, values=values))


def question_of(key: str, questionnaire: Questionnaire, setting: str) -> Question:
    """The question of a key. Raises `InputError` with the nearest one."""
    if key in questionnaire.by_key:
        return questionnaire.by_key[key]
    near = nearest(key, questionnaire.by_key)
    raise _refused(setting, "unknown-key", f"there is no question {key!r}", near)


def _answer(question: Question, text: str, questionnaire: Questionnaire) -> Answer:
    """The answer as a questionnaire that holds nothing else would give it."""
    section, _, name = question.key.partition(".")
    sections = {"workload": "  name: supposed\n"} if section != "workload" else {}
    written = "".join(f"{key}:\n{lines}" for key, lines in sections.items())
    document = read_document(Path(f"--set {question.key}"), data=f"{written}{section}:\n  {name}: {text}\n".encode())
    return load_answers_document(document, questionnaire).values[question.key]


def _refused(setting: str, code: str, message: str, suggestion: str | None = None) -> InputError:
    return InputError([Diagnostic(Place(setting), code, message, suggestion=suggestion)])
