"""Reading the section `contradictions` of `rules/questions.yaml`, with every finding.

`answers` are an analyst's rows: tests in the notation of the rules (DMN's unary tests), of which a questionnaire needs
words, lists, `not(…)` and comparisons with a number, and `not-given` of any question but the last of a row. `volumes`
name the questions that say one volume in several ways; the arithmetic between them is code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from hostwise.answers.questions.contradictions import COMPARE, AnswerTest, Contradiction, Contradictions, Volumes
from hostwise.answers.questions.questions import Question
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.numbers.amount import NotAQuantity
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.quantity import parse_quantity

Steps = tuple[str | int, ...]
_PLACE = re.compile(r"\{([a-z_.0-9]+)\}")
_COMPARED = re.compile(rf"({'|'.join(sorted(COMPARE, reverse=True, key=len))})\s*(.+)")
NOT_GIVEN = "not-given"
_NOT = re.compile(r"not\s*\((.+)\)")
_WORDS = {True: ("true", "yes"), False: ("false", "no")}


class BadAnswerTest(ValueError):
    """A test that a row cannot have; `accepted` says what it can."""

    def __init__(self, message: str, accepted: str) -> None:
        self.accepted = accepted
        super().__init__(message)


class _Row(Strict, frozen=True):
    when: dict[str, Any]
    message: str


class ContradictionsSection(Strict, frozen=True):
    """The section as it is written."""

    answers: tuple[_Row, ...] = ()
    volumes: Volumes = Volumes()


def read_contradictions(
    section: ContradictionsSection, questions: Mapping[str, Question], document: Document
) -> tuple[Contradictions, list[Diagnostic]]:
    """The section with its tests read, and what is wrong with it."""
    findings = [*_of_volumes(section.volumes, questions, document)]
    rows = []
    for index, row in enumerate(section.answers):
        tests, wrong = _tests(row, questions, document, ("contradictions", "answers", index))
        rows.append(Contradiction(tests, row.message))
        findings += wrong
    return Contradictions(tuple(rows), section.volumes), findings


def read_tests(
    when: Mapping[str, Any], questions: Mapping[str, Question], document: Document, path: Steps
) -> tuple[dict[str, AnswerTest], list[Diagnostic]]:
    """Tests by the keys of their questions, and what is wrong with them; `path` leads to them."""
    tests: dict[str, AnswerTest] = {}
    findings: list[Diagnostic] = []
    for key, raw in when.items():
        try:
            tests[key] = read_test(raw, questions[key])
        except KeyError:
            findings.append(_unknown(key, (*path, key), questions, document, key_itself=True))
        except BadAnswerTest as problem:
            findings.append(document.finding((*path, key), "test", f"{key}: {problem}", accepted=problem.accepted))
    return tests, findings


def _tests(
    row: _Row, questions: Mapping[str, Question], document: Document, path: Steps
) -> tuple[dict[str, AnswerTest], list[Diagnostic]]:
    tests, findings = read_tests(row.when, questions, document, (*path, "when"))
    if len(row.when) < 2:
        message = "one answer alone contradicts nothing"
        findings.append(document.finding((*path, "when"), "contradiction", message, accepted="two answers or more"))
    for key in _PLACE.findall(row.message):
        if key not in row.when:
            message = f"the message quotes {{{key}}}, which `when` does not read"
            findings.append(document.finding((*path, "message"), "unknown-quote", message, found=key,
                                             accepted=", ".join(row.when)))  # fmt: skip
    return tests, findings


def read_test(raw: object, question: Question) -> AnswerTest:
    """One test on the answer to a question. Raises `BadAnswerTest`."""
    if raw == NOT_GIVEN:
        return AnswerTest(absent=True)
    if isinstance(raw, list):
        return AnswerTest(tuple(_word(item, question) for item in raw))
    text = str(raw).lower() if isinstance(raw, bool) else str(raw).strip()
    negated, compared = _NOT.fullmatch(text), _COMPARED.fullmatch(text)
    if question.numeric:
        if compared is None:
            raise BadAnswerTest("a number is compared", "< 100%, >= 2, = 0")
        return AnswerTest(compare=compared[1], number=_number(compared[2], question))
    if negated:
        return AnswerTest(tuple(_word(word.strip(), question) for word in negated[1].split(",")), negated=True)
    return AnswerTest((_word(raw, question),))


def _word(raw: object, question: Question) -> bool | str:
    text = str(raw).lower() if isinstance(raw, bool) else str(raw)
    if question.type == FactType.BOOLEAN:
        for value, words in _WORDS.items():
            if text in words:
                return value
        raise BadAnswerTest(f"{text!r} is no answer", "true or false")
    if text not in question.value_names:
        raise BadAnswerTest(
            f"{text!r} is no answer", ", ".join(question.value_names) or "a question with words to choose"
        )
    return text


def _number(text: str, question: Question) -> Decimal:
    try:
        return parse_quantity(text, FactType(question.type), question.unit, question.measure).likely
    except NotAQuantity as problem:
        raise BadAnswerTest(str(problem), problem.accepted) from None


def _of_volumes(volumes: Volumes, questions: Mapping[str, Question], document: Document) -> Iterator[Diagnostic]:
    for name in Volumes.__struct_fields__:
        for index, keys in enumerate(getattr(volumes, name)):
            for place, key in enumerate(keys):
                if key not in questions:
                    yield _unknown(key, ("contradictions", "volumes", name, index, place), questions, document)


def _unknown(
    key: str, path: Steps, questions: Mapping[str, Question], document: Document, *, key_itself: bool = False
) -> Diagnostic:
    return document.finding(path, "unknown-key", f"there is no question {key!r}", key=key_itself, found=key,
                            accepted="a key of this file", suggestion=nearest(key, questions))  # fmt: skip
