"""Reading unary tests: `">= 50M"`, `[none, part-time]`, `"(5%..10%]"`, `not(steady)`, `"-"`, `unknown`.

The type of the fact decides what a literal may be: a word of the enumeration, yes or no, or a
quantity with its unit. There is no `eval`, and nothing here that a rule file could run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hostwise.answers.facts import FactSpec, FactType, fixed
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.numbers.amount import NotAQuantity
from hostwise.reading.numbers.quantity import NUMERIC, parse_quantity
from hostwise.rulebook.language.conditions import (
    Compare,
    Equals,
    FactRef,
    Interval,
    Known,
    Negated,
    OneOf,
    Unary,
    Unknown,
)

_COMPARISON = re.compile(r"(<=|>=|<|>|=)\s*(.+)", re.DOTALL)
_INTERVAL = re.compile(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}
_MONEY_UNIT = re.compile(r"[A-Z]{3}")


class BadTest(ValueError):
    """A test that cannot be read. `found`, `accepted` and `suggestion` go into the finding."""

    def __init__(self, message: str, found: str = "", accepted: str = "", suggestion: str | None = None) -> None:
        self.found, self.accepted, self.suggestion = found, accepted, suggestion
        super().__init__(message)


def parse_unary(raw: Any, spec: FactSpec, specs: Mapping[str, FactSpec]) -> Unary:
    """Read one unary test on the fact of `spec`. Raises `BadTest`."""
    if isinstance(raw, list):
        if not raw:
            raise BadTest("an empty list never holds", accepted="at least one value")
        return OneOf(tuple(parse_unary(item, spec, specs) for item in raw))
    if isinstance(raw, str):
        return _text(raw.strip(), spec, specs)
    if raw is None or isinstance(raw, dict):
        raise BadTest("not a test", found="nothing" if raw is None else "a mapping", accepted=accepted_by(spec))
    return Equals(_literal(str(raw).lower() if isinstance(raw, bool) else str(raw), spec))


def _text(text: str, spec: FactSpec, specs: Mapping[str, FactSpec]) -> Unary:
    if text == "-":
        return Known()
    if text == "unknown":
        return Unknown()
    negated = _NOT.fullmatch(text)
    if negated:
        parts = [part.strip() for part in negated[1].split(",")]
        inner = [_text(part, spec, specs) for part in parts if part]
        if not inner:
            raise BadTest("not() needs something to negate", found=text, accepted="not(a) or not(a, b)")
        return Negated(inner[0] if len(inner) == 1 else OneOf(tuple(inner)))
    interval = _INTERVAL.fullmatch(text)
    if interval:
        return _interval(interval, spec)
    comparison = _COMPARISON.fullmatch(text)
    if comparison:
        return _comparison(comparison[1], comparison[2].strip(), spec, specs)
    return Equals(_literal(text, spec))


def _interval(match: re.Match[str], spec: FactSpec) -> Interval:
    if spec.type not in NUMERIC:
        raise BadTest("an interval needs a number", found=match.group(), accepted=accepted_by(spec))
    low, high = _number(match[2], spec), _number(match[3], spec)
    if low > high:
        raise BadTest("the interval is upside down", found=match.group(), accepted="its low end first")
    return Interval(low, high, low_closed=match[1] == "[", high_closed=match[4] == "]")


def _comparison(op: str, right: str, spec: FactSpec, specs: Mapping[str, FactSpec]) -> Compare | Equals:
    if right in specs and spec.type in NUMERIC:
        other = specs[right]
        if other.type is not spec.type or _dimension(other) != _dimension(spec):
            raise BadTest(
                f"{spec.name} and {right} are not of one kind",
                found=f"{spec.type} {spec.unit} and {other.type} {other.unit}",
                accepted="two facts of the same type and unit",
            )
        return Compare(op, FactRef(right))
    if spec.type not in NUMERIC:
        raise BadTest(f"{op} needs a number", found=right, accepted=accepted_by(spec))
    try:
        value = _number(right, spec)
    except BadTest as problem:
        near = nearest(right, specs) if re.fullmatch(r"[a-z_.]+", right) else None
        raise BadTest(str(problem), right, problem.accepted, near) from None
    return Equals(value) if op == "=" else Compare(op, value)


def _dimension(spec: FactSpec) -> str:
    """The unit, but that money in the reporting currency compares with any of its kind."""
    return "" if spec.type is FactType.MONEY and spec.unit in ("reporting", "USD/month", "") else spec.unit


def _literal(text: str, spec: FactSpec) -> bool | str | Decimal:
    if spec.type is FactType.BOOLEAN:
        if text.lower() not in _BOOLEANS:
            raise BadTest("yes or no belongs here", found=text, accepted=accepted_by(spec))
        return _BOOLEANS[text.lower()]
    if spec.type is FactType.ENUM:
        if text not in spec.values:
            raise BadTest(
                f"{spec.name} has no such value",
                found=text,
                accepted=accepted_by(spec),
                suggestion=nearest(text, spec.values),
            )
        return text
    if spec.type in NUMERIC:
        return _number(text, spec)
    raise BadTest(
        f"{spec.name} is {spec.type}: rules can only ask whether it is known",
        found=text,
        accepted='"-" or unknown',
    )


def _number(text: str, spec: FactSpec) -> Decimal:
    try:
        quantity = parse_quantity(text, spec.type, spec.unit)
    except NotAQuantity as problem:
        raise BadTest(str(problem), found=text, accepted=problem.accepted) from None
    if quantity.is_range:
        raise BadTest("a range needs brackets", found=text, accepted=f"[{text}]")
    if quantity.currency is not None:
        unit = _MONEY_UNIT.match(spec.unit)
        if unit is None or unit.group() != quantity.currency:
            raise BadTest(
                f"{spec.name} is not in {quantity.currency}", found=text, accepted=f"an amount in {spec.unit}"
            )
    value = fixed(quantity.likely, spec.type)
    if value != quantity.likely:
        raise BadTest(f"finer than {spec.type} facts are kept", found=text, accepted=f"{value:f}")
    return value


def accepted_by(spec: FactSpec) -> str:
    """What a test on a fact may be, in words."""
    if spec.type is FactType.BOOLEAN:
        return "true or false"
    if spec.type is FactType.ENUM:
        return ", ".join(spec.values)
    if spec.type in NUMERIC:
        return f'a number{f" in {spec.unit}" if spec.unit else ""}, such as ">= 1", "[1..2)"'
    return '"-" or unknown'
