"""A questionnaire file as typed answers, every finding of the file at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hostwise.answers.questions import Question, Questionnaire
from hostwise.reading.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.document import Document
from hostwise.reading.kinds import FactType
from hostwise.reading.quantity import EXAMPLES, NotAQuantity, Quantity, parse_quantity
from hostwise.reading.suggest import nearest

UNKNOWN = "unknown"
TEXT_LIMIT = 10_000
_TRUE, _FALSE = ("true", "yes"), ("false", "no")
_BANDS = {"low", "likely", "high"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the file gives for one question.

    `value` is None when the answer is `unknown`; numbers are in the unit of the question, `low` and
    `high` bound a range; `written` is the text as it stands in the file.
    """

    key: str
    value: Any
    place: Place
    written: str
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None

    @property
    def unknown(self) -> bool:
        """Whether the file says that the answer is not known."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class Answers:
    """A valid questionnaire: the answers that it gives, by key, and its text."""

    file: str
    text: str
    sha256: str
    values: Mapping[str, Answer]


def load_answers_document(document: Document, questionnaire: Questionnaire) -> Answers:
    """Check a questionnaire and return its answers. Raises `InputError` with every finding."""
    from hostwise.answers.consistency import contradictions

    reader = _Reader(document, questionnaire)
    values = {answer.key: answer for answer in reader.answers()}
    reader.findings += reader.missing(values)
    if not reader.findings:
        reader.findings += contradictions(values, document)
    if reader.findings:
        raise InputError(sorted(reader.findings, key=lambda f: (f.place.line, f.place.column)))
    return Answers(document.file, document.text, document.sha256, values)


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
        place, written = self.document.place(path), self.document.written(path) or "…"
        if value == UNKNOWN:
            yield Answer(question.key, None, place, written)
            return
        try:
            yield self._typed(question, value, path, place, written)
        except _Refused as refusal:
            self._find(path, refusal.code, f"{question.key}: {refusal}", **refusal.more)

    def _typed(self, question: Question, value: Any, path: Any, place: Place, written: str) -> Answer:
        if question.numeric:
            quantity = self._quantity(question, value, path)
            low, high = (quantity.low, quantity.high) if quantity.is_range else (None, None)
            return Answer(question.key, quantity.likely, place, written, low, high, quantity.currency)
        return Answer(question.key, _PLAIN[question.type](question, value, written), place, written)

    def _quantity(self, question: Question, value: Any, path: Any) -> Quantity:
        kind = FactType(question.type)
        if isinstance(value, dict):
            return self._band(question, value, path, kind)
        if isinstance(value, (bool, list)):
            raise _Refused("not-a-number", "a number belongs here", found=_kind(value), accepted=_accepted(question))
        quantity = _parse(question, self.document.written(path) or str(value), kind)
        _check_bounds(question, quantity)
        return quantity

    def _band(self, question: Question, value: dict[str, Any], path: Any, kind: FactType) -> Quantity:
        if not {"low", "high"} <= set(value) <= _BANDS:
            found = ", ".join(value) or "nothing"
            raise _Refused(
                "range",
                "a range has low, likely and high",
                found=found,
                accepted="{low: 20M, likely: 30M, high: 40M}",
            )
        ends = {name: _parse(question, self.document.written((*path, name)) or "", kind) for name in value}
        low, high = ends["low"], ends["high"]
        likely = ends["likely"].likely if "likely" in ends else (low.likely + high.likely) / 2
        if not low.likely <= likely <= high.likely:
            raise _Refused(
                "range",
                "the range is upside down",
                found=f"{low.likely:f}, {likely:f}, {high.likely:f}",
                accepted="low ≤ likely ≤ high",
            )
        quantity = Quantity(low.likely, likely, high.likely, low.currency or high.currency)
        _check_bounds(question, quantity)
        return quantity

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


class _Refused(ValueError):
    def __init__(self, code: str, message: str, **more: Any) -> None:
        self.code, self.more = code, more
        super().__init__(message)


def _parse(question: Question, text: str, kind: FactType) -> Quantity:
    try:
        return parse_quantity(text, kind, question.unit)
    except NotAQuantity as problem:
        raise _Refused(
            "not-a-quantity", str(problem), found=text[:60], accepted=_accepted(question, problem.accepted)
        ) from None


def _accepted(question: Question, example: str | None = None) -> str:
    bounds = " to ".join(f"{end.normalize():f}" for end in (question.min, question.max) if end is not None)
    example = example or EXAMPLES[FactType(question.type)]
    return f"{example}" + (f"; from {bounds}" if bounds else "") + "; a range such as 1..2; or unknown"


def _check_bounds(question: Question, quantity: Quantity) -> None:
    for value in (quantity.low, quantity.likely, quantity.high):
        below = question.min is not None and value < question.min
        above = question.max is not None and value > question.max
        if below or above:
            raise _Refused(
                "out-of-bounds",
                f"too {'small' if below else 'large'}",
                found=f"{value:f}"[:40],
                accepted=_accepted(question),
            )
        if question.type == "count" and question.unit != "requests/day" and value != value.to_integral_value():
            raise _Refused(
                "not-whole",
                "a whole number belongs here",
                found=f"{value:f}"[:40],
                accepted=_accepted(question),
            )


def _boolean(question: Question, value: Any, written: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in (*_TRUE, *_FALSE):
        return value.lower() in _TRUE
    raise _Refused("not-yes-or-no", "yes or no belongs here", found=_kind(value), accepted="yes, no or unknown")


def _enum(question: Question, value: Any, written: str) -> str:
    if isinstance(value, str) and value in question.values:
        return value
    if isinstance(value, (dict, list)):
        raise _Refused("not-a-choice", "one word belongs here", found=_kind(value), accepted=", ".join(question.values))
    raise _Refused(
        "not-a-choice",
        "not one of the choices",
        found=written[:60],
        accepted=", ".join([*question.values, UNKNOWN]),
        suggestion=nearest(written, question.values),
    )


def _set(question: Question, value: Any, written: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if item not in question.values:
            raise _Refused(
                "not-a-choice",
                "not one of the choices",
                found=str(item)[:60],
                accepted=", ".join(question.values),
                suggestion=nearest(str(item), question.values),
            )
    return tuple(name for name in question.values if name in items)


def _text(question: Question, value: Any, written: str) -> str:
    if isinstance(value, (dict, list)):
        raise _Refused("not-text", "text belongs here", found=_kind(value), accepted="text")
    if len(written) > TEXT_LIMIT:
        raise _Refused(
            "too-long",
            "the text is too long",
            found=f"{len(written)} characters",
            accepted=f"up to {TEXT_LIMIT}",
        )
    if question.pattern and not re.fullmatch(question.pattern, written):
        raise _Refused("pattern", "not in the form asked for", found=written[:60], accepted=question.help)
    if not written.strip():
        raise _Refused("empty", "the text is empty", accepted="text")
    return written.strip()


def _date(question: Question, value: Any, written: str) -> str:
    try:
        return (
            date.fromisoformat(written).isoformat()
            if re.fullmatch(r"\d{4}-\d\d-\d\d", written)
            else _not_a_date(written)
        )
    except ValueError:
        return _not_a_date(written)


def _not_a_date(written: str) -> str:
    raise _Refused("not-a-date", "not a date", found=written[:60], accepted="a date such as 2026-11-20")


def _rates(question: Question, value: Any, written: str) -> Mapping[str, Mapping[str, Any]]:
    accepted = "{GBP: {rate: 1.30, as_of: 2026-11-01}}: how many dollars one unit is"
    if not isinstance(value, dict):
        raise _Refused("rates", "a rate for each currency belongs here", found=_kind(value), accepted=accepted)
    rates: dict[str, Mapping[str, Any]] = {}
    for currency, entry in value.items():
        row = entry if isinstance(entry, dict) else {"rate": entry}
        rate = row.get("rate")
        number = isinstance(rate, (int, Decimal)) and not isinstance(rate, bool)
        if not re.fullmatch("[A-Z]{3}", currency) or not number or set(row) - {"rate", "as_of", "source"}:
            raise _Refused("rates", f"the rate of {currency} cannot be read", accepted=accepted)
        if not Decimal("0.000001") <= Decimal(str(rate)) <= 1_000_000:
            raise _Refused(
                "rates",
                f"the rate of {currency} is out of bounds",
                found=str(rate),
                accepted="0.000001 to 1000000",
            )
        as_of = row.get("as_of")
        rates[currency] = {
            "rate": Decimal(str(rate)),
            "as_of": _date(question, as_of, str(as_of)) if as_of else None,
        }
    return rates


_PLAIN = {
    "boolean": _boolean, "enum": _enum, "set": _set, "text": _text, "date": _date, "rates": _rates,
}  # fmt: skip


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return str(value)[:60]
