"""A questionnaire file as typed answers, every finding of the file at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from hostwise.answers.files.answer import Answer, Answers
from hostwise.answers.files.contradictions import contradictions
from hostwise.answers.files.days import RATES, later_than, stated_day
from hostwise.answers.files.values import BASE, CURRENCY, Refused, read_answer
from hostwise.answers.questions.questions import Questionnaire
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.numbers.amount import Own


class Loaded(Struct, frozen=True):
    """What could be read of a questionnaire, and what could not, in the order of its lines."""

    answers: Answers
    findings: tuple[Diagnostic, ...]


def load_answers_document(document: Document, questionnaire: Questionnaire) -> Answers:
    """Check a questionnaire and return its answers. Raises `InputError` with every finding."""
    loaded = read_through(document, questionnaire)
    if loaded.findings:
        raise InputError(loaded.findings)
    return loaded.answers


def read_through(document: Document, questionnaire: Questionnaire) -> Loaded:
    """All that can be read of a questionnaire, with every finding on the rest, and on what cannot both be true."""
    reader = _Reader(document, questionnaire)
    values = {answer.key: answer for answer in reader.answers()}
    found = [
        *reader.findings,
        *reader.missing(values),
        *contradictions(values, document, questionnaire.contradictions),
        *later_than(values, questionnaire.by_key, stated_day(values) or date.max),
    ]
    ordered = tuple(sorted(found, key=lambda f: (f.place.line, f.place.column)))
    return Loaded(Answers(document.file, document.text, document.sha256, values), ordered)


def partial_answers(document: Document, questionnaire: Questionnaire) -> Mapping[str, Answer]:
    """The answers of a questionnaire that is not finished: nothing is required, an empty file is fine.

    Raises `InputError` for answers that are wrong.
    """
    if document.data is None:
        return {}
    reader = _Reader(document, questionnaire)
    values = {answer.key: answer for answer in reader.answers()}
    if reader.findings:
        raise InputError(reader.findings)
    return values


class _Reader:
    """Walks the file once; what it cannot read becomes a finding and the walk goes on."""

    def __init__(self, document: Document, questionnaire: Questionnaire) -> None:
        self.document = document
        self.questionnaire = questionnaire
        self.findings: list[Diagnostic] = []
        self.own = _own_currencies(document.data)

    def answers(self) -> Iterator[Answer]:
        data = self.document.data
        sections = self.questionnaire.sections
        if not isinstance(data, dict):
            found = "nothing" if data is None else type(data).__name__
            self._find(
                (),
                "not-a-questionnaire",
                "a questionnaire is a mapping",
                found=found,
                accepted=", ".join(sections),
            )
            return
        for section, entries in data.items():
            if section not in sections:
                self._unknown_section(section)
            elif entries is not None and not isinstance(entries, dict):
                self._find((section,), "not-a-section", f"{section} must hold keys", accepted=self._names(section))
            else:
                for name, value in (entries or {}).items():
                    yield from self._answer(section, name, value)

    def missing(self, values: Mapping[str, Answer]) -> list[Diagnostic]:
        return [
            self.document.finding(
                (question.section,), "missing-answer", f"{question.key} is required", accepted=question.help
            )
            for question in self.questionnaire.questions
            if question.required
            and (question.key not in values or values[question.key].unknown)
            and not any(self.document.place((question.section, question.name)) == f.place for f in self.findings)
        ]

    def _answer(self, section: str, name: str, value: Any) -> Iterator[Answer]:
        question = self.questionnaire.by_key.get(f"{section}.{name}")
        path = (section, name)
        if question is None:
            self._unknown_key(section, name)
            return
        if value is None:
            return  # `key:` with nothing after it is an answer not given
        try:
            yield read_answer(
                question,
                value,
                lambda *part: self.document.written((*path, *part)),
                self.document.place(path),
                self.own,
                lambda *part: self.document.place((*path, *part)),
            )
        except Refused as refusal:
            self._find((*path, *refusal.part), refusal.code, f"{question.key}: {refusal}", **refusal.more)

    def _unknown_section(self, section: str) -> None:
        known = list(self.questionnaire.sections)
        self._find(
            (section,),
            "unknown-section",
            f"unknown section {section!r}",
            key=True,
            accepted=", ".join(known),
            suggestion=nearest(section, known),
        )

    def _unknown_key(self, section: str, name: str) -> None:
        near = nearest(name, [q.name for q in self.questionnaire.of(section)])
        elsewhere = [q.key for q in self.questionnaire.questions if q.name == name]
        self._find(
            (section, name),
            "unknown-key",
            f"unknown key {name!r} in {section}",
            key=True,
            accepted=self._names(section),
            suggestion=near or (elsewhere[0] if elsewhere else None),
        )

    def _names(self, section: str) -> str:
        return ", ".join(question.name for question in self.questionnaire.of(section))

    def _find(self, path: Any, code: str, message: str, **more: Any) -> None:
        self.findings.append(self.document.finding(path, code, message, **more))


def _own_currencies(data: Any) -> Own:
    """The currency that is stated, dollars where none is that can be read; beside rates also the dollars that they are
    against."""
    stated = _entry(data, CURRENCY)
    own = stated if isinstance(stated, str) and len(stated) == len(BASE) and stated.isupper() else BASE
    return (own, BASE) if _entry(data, RATES) else (own,)


def _entry(data: Any, key: str) -> Any:
    section, _, name = key.partition(".")
    entries = data.get(section) if isinstance(data, dict) else None
    return entries.get(name) if isinstance(entries, dict) else None
