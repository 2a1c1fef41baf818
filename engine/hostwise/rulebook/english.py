"""Conditions said in English, so that a rule can be read without its notation."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any as Any_

from msgspec import Struct

from hostwise.answers.facts import FactSpec, FactType
from hostwise.reading.said import Said, fill, filled, joined, prose
from hostwise.rulebook.conditions import (
    All,
    Always,
    Any,
    Compare,
    Condition,
    Equals,
    FactRef,
    Interval,
    Known,
    Negated,
    Not,
    OneOf,
    Test,
    Unary,
    Unknown,
)
from hostwise.rulebook.wording import shown_value

_OPS = {
    "<": prose("is below {value}"),
    "<=": prose("is at most {value}"),
    ">": prose("is above {value}"),
    ">=": prose("is at least {value}"),
    "=": prose("is {value}"),
}
_NOT_OPS = {
    "<": prose("is not below {value}"),
    "<=": prose("is above {value}"),
    ">": prose("is at most {value}"),
    ">=": prose("is below {value}"),
    "=": prose("is not {value}"),
}

_INTERVALS = {
    (True, True): prose("is at least {low} and at most {high}"),
    (True, False): prose("is at least {low} and below {high}"),
    (False, True): prose("is above {low} and at most {high}"),
    (False, False): prose("is above {low} and below {high}"),
}


class _Same(Struct, frozen=True, eq=False):
    """A key that is equal to itself alone: a condition or the facts of a rulebook, which never change."""

    of: Any_

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.of is other.of

    def __hash__(self) -> int:
        return id(self.of)


def in_english(condition: Condition, specs: Mapping[str, FactSpec]) -> str:
    """The condition as a clause: `tokens a day is at least 50M, and demand is steady`."""
    return _in_english(_Same(condition), _Same(specs))


@lru_cache(maxsize=8192)  # a decision says each of some thousand conditions again and again
def _in_english(wanted: _Same, known: _Same) -> str:
    condition: Condition = wanted.of
    specs: Mapping[str, FactSpec] = known.of
    if isinstance(condition, Always):
        return prose("always")
    if isinstance(condition, Test):
        spec = specs[condition.fact]
        label = spec.label or spec.name
        if spec.type is FactType.BOOLEAN and isinstance(condition.unary, Equals):
            return fill("{label}: {value}", label=label, value=shown_value(condition.unary.value, spec.type))
        return fill("{label} {test}", label=label, test=said(condition.unary, spec, specs))
    if isinstance(condition, Not):
        return fill("it is not so that {condition}", condition=in_english(condition.part, specs))
    word = " and " if isinstance(condition, All) else " or "
    return joined([_nested(part, condition, specs) for part in condition.parts], word)


def _nested(part: Condition, parent: All | Any, specs: Mapping[str, FactSpec]) -> str:
    text = in_english(part, specs)
    mixed = isinstance(part, (All, Any)) and type(part) is not type(parent)
    return fill("({condition})", condition=text) if mixed else text


def said(unary: Unary, spec: FactSpec, specs: Mapping[str, FactSpec]) -> str:
    """A unary test as the end of a sentence: `is at least 50M`."""
    if isinstance(unary, Known):
        return prose("is known")
    if isinstance(unary, Unknown):
        return prose("is not known")
    if isinstance(unary, Equals):
        return fill("is {value}", value=shown_value(unary.value, spec.type, spec.unit))
    if isinstance(unary, OneOf):
        if all(isinstance(test, Equals) for test in unary.tests):
            words = [shown_value(t.value, spec.type, spec.unit) for t in unary.tests if isinstance(t, Equals)]
            return fill("is {value}", value=joined(words, ", ", " or "))
        return joined([said(test, spec, specs) for test in unary.tests], " or ")
    if isinstance(unary, Interval):
        low, high = (shown_value(end, spec.type, spec.unit) for end in (unary.low, unary.high))
        return fill(_INTERVALS[unary.low_closed, unary.high_closed], low=low, high=high)
    if isinstance(unary, Compare):
        return fill(_OPS[unary.op], value=_operand(unary.operand, spec, specs))
    return _denied(unary, spec, specs)


def _denied(unary: Negated, spec: FactSpec, specs: Mapping[str, FactSpec]) -> str:
    inner = unary.test
    if isinstance(inner, Compare):
        return fill(_NOT_OPS[inner.op], value=_operand(inner.operand, spec, specs))
    text = said(inner, spec, specs)
    how = text.how if isinstance(text, Said) else {}
    if "message" not in how:
        return text.replace("is ", "is not ", 1)
    values: Any_ = how["values"]
    return filled(str(how["message"]).replace("is ", "is not ", 1), values)


def _operand(operand: Decimal | FactRef, spec: FactSpec, specs: Mapping[str, FactSpec]) -> str:
    if isinstance(operand, FactRef):
        other = specs[operand.name]
        return fill("the {label}", label=other.label or other.name)
    return shown_value(operand, spec.type, spec.unit)
