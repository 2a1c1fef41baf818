"""The list of questions: `rules/questions.yaml` as typed data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from pydantic import Field

from hostwise.answers.spread import Spread, spread_findings
from hostwise.reading.diagnostics import InputError
from hostwise.reading.document import Document, read_document
from hostwise.reading.kinds import FactType
from hostwise.reading.strict import Strict
from hostwise.reading.validate import validated


class Default(Strict):
    """What an unanswered question counts as, who says so, and why."""

    value: Any
    source: str
    because: str


class Section(Strict):
    """A section of the questionnaire. `ask_of` says who usually knows its answers."""

    title: str
    help: str
    ask_of: str = ""


class Question(Strict):
    """One question. `min` and `max` bound its number; `values` are the accepted words with their meaning.

    `type` is a `FactType` value, or `set` (several of `values`), or `rates` (exchange rates). `ask_of` says
    who knows the answer, where it is not who knows those of the section. `spread` says what it could be.
    `chosen`: the asker decides it, so that it is never a reason to look again. `grows`: as `growth_per_month` says.
    """

    key: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    type: str
    label: str
    help: str
    why: str
    fact: str = ""
    unit: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    pattern: str | None = None
    example: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    required: bool = False
    gate: bool = False
    default: Default | None = None
    claims: tuple[str, ...] = ()
    ask_when: dict[str, Any] = Field(default_factory=dict)
    ask_of: str = ""
    spread: Spread | None = None
    chosen: bool = False
    grows: bool = False

    @property
    def section(self) -> str:
        """The part of the key before the dot."""
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        """The part of the key after the dot."""
        return self.key.partition(".")[2]

    @property
    def value_names(self) -> tuple[str, ...]:
        """The accepted words of an enumeration or a set."""
        return tuple(self.values)

    @property
    def numeric(self) -> bool:
        """Whether the answer is a number or a range of numbers."""
        return self.type in _NUMERIC


_NUMERIC = frozenset({"tokens", "count", "ratio", "money", "duration", "quantity"})
_TYPES = frozenset({*FactType, "set", "rates"})


class Questionnaire(Struct, frozen=True, dict=True):
    """All sections and questions, in the order of the file."""

    sections: Mapping[str, Section]
    questions: tuple[Question, ...]
    file: str

    @cached_property
    def by_key(self) -> Mapping[str, Question]:
        """Questions by their key."""
        return {question.key: question for question in self.questions}

    @cached_property
    def by_fact(self) -> Mapping[str, Question]:
        """Questions by the fact that they fill."""
        return {question.fact: question for question in self.questions}

    def of(self, section: str) -> tuple[Question, ...]:
        """The questions of one section."""
        return tuple(question for question in self.questions if question.section == section)

    def ask_of(self, question: Question) -> str:
        """Who can answer a question; empty where nobody is named."""
        return question.ask_of or self.sections[question.section].ask_of


class _File(Strict):
    sections: dict[str, Section]
    questions: tuple[Question, ...]


@lru_cache(maxsize=8)
def load_questions(rules: Path) -> Questionnaire:
    """Load `questions.yaml` from a folder of rules. Raises `InputError` with line and column."""
    document = read_document(rules / "questions.yaml")
    loaded = validated(_File, document)
    questions = tuple(q if q.fact else q.model_copy(update={"fact": q.name}) for q in loaded.questions)
    by_key = {question.key: question for question in questions}
    findings = [*_findings(questions, loaded.sections, document), *spread_findings(by_key, document)]
    if findings:
        raise InputError(findings)
    return Questionnaire(loaded.sections, questions, document.file)


def _findings(questions: tuple[Question, ...], sections: Mapping[str, Section], document: Document) -> Any:
    seen: dict[str, str] = {}
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
        for name in (question.key, question.fact):
            if name in seen and seen[name] != question.key:
                yield document.finding(path, "duplicate", f"{name!r} is used twice", found=f"also by {seen[name]}")
            seen[name] = question.key
