"""What one question accepts: a value as it was written, turned into the type of the question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from hostwise.answers.questions import Question
from hostwise.reading.kinds import FactType
from hostwise.reading.quantity import EXAMPLES, NotAQuantity, Quantity, parse_quantity
from hostwise.reading.suggest import nearest

UNKNOWN = "unknown"
TEXT_LIMIT = 10_000
_TRUE, _FALSE = ("true", "yes"), ("false", "no")
_BANDS = {"low", "likely", "high"}

Written = Callable[..., str | None]
"""The text of the value as it stands in the file; of one of its parts where it is given a key."""


class Typed(Struct, frozen=True):
    """A value in the type and the unit of its question; `low` and `high` bound a range."""

    value: Any
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None


class Refused(ValueError):
    """The value is not one that the question accepts. `more` holds `found`, `accepted`, `suggestion`."""

    def __init__(self, code: str, message: str, **more: Any) -> None:
        self.code, self.more = code, more
        super().__init__(message)


def typed(question: Question, value: Any, written: Written) -> Typed:
    """The value of an answer that is given and known. Raises `Refused`.

    `value` is as YAML has it: text, bool, int, Decimal, list or dict.
    """
    if question.numeric:
        quantity = _quantity(question, value, written)
        low, high = (quantity.low, quantity.high) if quantity.is_range else (None, None)
        return Typed(quantity.likely, low, high, quantity.currency)
    return Typed(_PLAIN[question.type](question, value, written() or "…"))


def _quantity(question: Question, value: Any, written: Written) -> Quantity:
    kind = FactType(question.type)
    if isinstance(value, dict):
        return _band(question, value, written, kind)
    if isinstance(value, (bool, list)):
        raise Refused("not-a-number", "a number belongs here", found=_kind(value), accepted=_accepted(question))
    quantity = _parse(question, written() or str(value), kind)
    _check_bounds(question, quantity)
    return quantity


def _band(question: Question, value: dict[str, Any], written: Written, kind: FactType) -> Quantity:
    if not {"low", "high"} <= set(value) <= _BANDS:
        found = ", ".join(value) or "nothing"
        raise Refused(
            "range",
            "a range has low, likely and high",
            found=found,
            accepted="{low: 20M, likely: 30M, high: 40M}",
        )
    ends = {name: _parse(question, written(name) or "", kind) for name in value}
    low, high = ends["low"], ends["high"]
    likely = ends["likely"].likely if "likely" in ends else (low.likely + high.likely) / 2
    if not low.likely <= likely <= high.likely:
        raise Refused(
            "range",
            "the range is upside down",
            found=f"{low.likely:f}, {likely:f}, {high.likely:f}",
            accepted="low ≤ likely ≤ high",
        )
    quantity = Quantity(low.likely, likely, high.likely, low.currency or high.currency)
    _check_bounds(question, quantity)
    return quantity


def _parse(question: Question, text: str, kind: FactType) -> Quantity:
    try:
        return parse_quantity(text, kind, question.unit)
    except NotAQuantity as problem:
        raise Refused(
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
            raise Refused(
                "out-of-bounds",
                f"too {'small' if below else 'large'}",
                found=f"{value:f}"[:40],
                accepted=_accepted(question),
            )
        if question.type == "count" and question.unit != "requests/day" and value != value.to_integral_value():
            raise Refused(
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
    raise Refused("not-yes-or-no", "yes or no belongs here", found=_kind(value), accepted="yes, no or unknown")


def _enum(question: Question, value: Any, written: str) -> str:
    if isinstance(value, str) and value in question.values:
        return value
    if isinstance(value, (dict, list)):
        raise Refused("not-a-choice", "one word belongs here", found=_kind(value), accepted=", ".join(question.values))
    raise Refused(
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
            raise Refused(
                "not-a-choice",
                "not one of the choices",
                found=str(item)[:60],
                accepted=", ".join(question.values),
                suggestion=nearest(str(item), question.values),
            )
    return tuple(name for name in question.values if name in items)


def _text(question: Question, value: Any, written: str) -> str:
    if isinstance(value, (dict, list)):
        raise Refused("not-text", "text belongs here", found=_kind(value), accepted="text")
    if len(written) > TEXT_LIMIT:
        raise Refused(
            "too-long",
            "the text is too long",
            found=f"{len(written)} characters",
            accepted=f"up to {TEXT_LIMIT}",
        )
    if question.pattern and not re.fullmatch(question.pattern, written):
        raise Refused("pattern", "not in the form asked for", found=written[:60], accepted=question.help)
    if not written.strip():
        raise Refused("empty", "the text is empty", accepted="text")
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
    raise Refused("not-a-date", "not a date", found=written[:60], accepted="a date such as 2026-11-20")


def _rates(question: Question, value: Any, written: str) -> Mapping[str, Mapping[str, Any]]:
    accepted = "{GBP: {rate: 1.30, as_of: 2026-11-01}}: how many dollars one unit is"
    if not isinstance(value, dict):
        raise Refused("rates", "a rate for each currency belongs here", found=_kind(value), accepted=accepted)
    rates: dict[str, Mapping[str, Any]] = {}
    for currency, entry in value.items():
        row = entry if isinstance(entry, dict) else {"rate": entry}
        rate = row.get("rate")
        number = isinstance(rate, (int, Decimal)) and not isinstance(rate, bool)
        if not re.fullmatch("[A-Z]{3}", currency) or not number or set(row) - {"rate", "as_of", "source"}:
            raise Refused("rates", f"the rate of {currency} cannot be read", accepted=accepted)
        if not Decimal("0.000001") <= Decimal(str(rate)) <= 1_000_000:
            raise Refused(
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
