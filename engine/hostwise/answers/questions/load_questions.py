"""Load `rules/questions.yaml`, with every finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hostwise.answers.questions.questions import Question, Questionnaire, Section, Spread
from hostwise.answers.questions.read_contradictions import ContradictionsSection, read_contradictions, read_tests
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.units import WrongUnit, units

Steps = tuple[str | int, ...]
_TYPES = frozenset({*FactType, "set", "rates"})


class _File(Strict, frozen=True):
    sections: dict[str, Section]
    questions: tuple[Question, ...]
    contradictions: ContradictionsSection = ContradictionsSection()


@lru_cache(maxsize=8)
def load_questions(rules: Path) -> Questionnaire:
    """Load `questions.yaml` from a folder of rules. Raises `InputError` with line and column."""
    document = read_kept_document(rules / "questions.yaml")
    loaded = validated(_File, document)
    refused = {word: entry for q in loaded.questions for word, entry in q.refused.items()}
    questions = tuple(
        replace(q, fact=q.fact or q.name, refused=refused if q.names_model else q.refused) for q in loaded.questions
    )
    by_key = {question.key: question for question in questions}
    findings = [*_findings(questions, loaded.sections, document), *spread_findings(by_key, document)]
    if findings:
        raise InputError(findings)
    contradictions, findings = read_contradictions(loaded.contradictions, by_key, document)
    questions, wrong = _implied(questions, by_key, document)
    if findings or wrong:
        raise InputError([*findings, *wrong])
    return Questionnaire(loaded.sections, questions, document.file, contradictions)


def _implied(
    questions: tuple[Question, ...], by_key: Mapping[str, Question], document: Document
) -> tuple[tuple[Question, ...], list[Diagnostic]]:
    """The questions with what implies their answers read, and what is wrong with it."""
    found, findings = list(questions), []
    for index, question in enumerate(questions):
        if question.implied is not None:
            path = ("questions", index, "implied", "when")
            tests, wrong = read_tests(question.implied.when, by_key, document, path)
            found[index] = replace(question, implied=replace(question.implied, when=tests))
            findings += wrong
    return tuple(found), findings


def _findings(questions: tuple[Question, ...], sections: Mapping[str, Section], document: Document) -> Any:
    seen: dict[str, str] = {}
    keys = [question.key for question in questions]
    for index, question in enumerate(questions):
        path = ("questions", index)
        if question.type not in _TYPES:
            accepted = ", ".join(sorted(_TYPES))
            yield document.finding((*path, "type"), "type", "unknown type", found=question.type, accepted=accepted)
        if question.section not in sections:
            accepted = ", ".join(sections)
            yield document.finding(
                (*path, "key"), "section", "unknown section", found=question.section, accepted=accepted
            )
        if question.type in ("enum", "set") and not question.values:
            yield document.finding(path, "values", f"{question.key} lists no values")
        if question.numeric:
            yield from _of_measure(question, document, path)
        if question.usual is not None and question.usual.answer not in question.choices:
            accepted = ", ".join(map(str, question.choices))
            yield document.finding(
                (*path, "usual", "answer"), "usual", f"{question.key} has no such answer", accepted=accepted
            )
        if question.ask_after and question.ask_after not in keys:
            near = nearest(question.ask_after, keys)
            yield document.finding((*path, "ask_after"), "ask-after", "there is no such question", suggestion=near)
        beside = [("default", "unless", each) for each in (question.default.unless if question.default else ())]
        beside += [("implied", "when", each) for each in (question.implied.when if question.implied else ())]
        for part, name, other in beside:
            if other not in keys:
                near, where = nearest(other, keys), (*path, part, name)
                yield document.finding(where, "unknown-key", "there is no such question", found=other, suggestion=near)
        for name in (question.key, question.fact):
            if name in seen and seen[name] != question.key:
                yield document.finding(path, "duplicate", f"{name!r} is used twice", found=f"also by {seen[name]}")
            seen[name] = question.key


def _of_measure(question: Question, document: Document, path: Steps) -> Iterator[Diagnostic]:
    known = units().file.dimensions
    if question.dimension and question.dimension not in known:
        near, accepted = nearest(question.dimension, known), ", ".join(known)
        yield document.finding(
            (*path, "dimension"), "dimension", "unknown dimension", found=question.dimension, accepted=accepted,
            suggestion=near,
        )  # fmt: skip
        return
    try:
        money = question.measure.dimension.money
    except WrongUnit as problem:
        accepted = f"a unit of {known[question.dimension].label}"
        yield document.finding((*path, "unit"), "unit", str(problem), found=question.unit, accepted=accepted)
        return
    if money != (question.type == "money"):
        yield document.finding((*path, "dimension"), "dimension", f"no dimension of {question.type}")


def spread_findings(questions: Mapping[str, Question], document: Document) -> Iterator[Diagnostic]:
    """What is wrong with the spreads of a questionnaire."""
    for index, question in enumerate(questions.values()):
        if question.spread is not None:
            yield from _of_spread(question, question.spread, questions, document, ("questions", index, "spread"))


def _of_spread(
    question: Question, spread: Spread, questions: Mapping[str, Question], document: Document, path: Steps
) -> Iterator[Diagnostic]:
    ends = (spread.low, spread.likely, spread.high)
    if any(end is not None for end in ends):
        yield from _of_number(question, spread, document, path)
    accepted = ("true", "false") if question.type == "boolean" else question.value_names
    for word, weight in spread.weights.items():
        if word not in accepted or weight < 0:
            yield document.finding(
                (*path, "weights", word), "weights", f"{question.key} has no such answer",
                found=word, accepted=", ".join(accepted),
            )  # fmt: skip
    for key in (*spread.unless, *spread.only_with, *spread.follows):
        if key not in questions:
            yield document.finding(path, "unknown-key", f"there is no question {key!r}", found=key)
    for key, closeness in spread.follows.items():
        other = questions.get(key)
        chained = other is not None and other.spread is not None and other.spread.follows
        if len(spread.follows) > 1 or chained or not -1 <= closeness <= 1:
            message = "a question follows one other, which follows none, by −1 to 1"
            yield document.finding((*path, "follows"), "follows", message, found=f"{key}: {closeness}")


def _of_number(question: Question, spread: Spread, document: Document, path: Steps) -> Iterator[Diagnostic]:
    low, likely, high = spread.low, spread.likely, spread.high
    found = f"{low}, {likely}, {high}"
    if low is None or likely is None or high is None or not low <= likely <= high:
        yield document.finding(path, "spread", "low ≤ likely ≤ high must all be given", found=found)
    elif not question.numeric or not spread.because:
        yield document.finding(
            path, "spread", "only a number has low and high, with a reason in `because`", found=found
        )
    elif spread.shape == "lognormal" and low <= 0:
        yield document.finding(path, "spread", "a lognormal spread is above zero", found=found)
    elif (question.min is not None and low < question.min) or (question.max is not None and high > question.max):
        bounds = f"from {question.min} to {question.max}"
        yield document.finding(path, "spread", "outside the bounds of the question", found=found, accepted=bounds)
