"""Conditions said in English, so that a rule can be read without its notation."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hostwise.answers.facts import FactSpec, FactType
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

_OPS = {"<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least", "=": "is"}
_NOT_OPS = {"<": "is not below", "<=": "is above", ">": "is at most", ">=": "is below", "=": "is not"}


def in_english(condition: Condition, specs: Mapping[str, FactSpec]) -> str:
    """The condition as a clause: `tokens a day is at least 50M, and demand is steady`."""
    if isinstance(condition, Always):
        return "always"
    if isinstance(condition, Test):
        spec = specs[condition.fact]
        label = spec.label or spec.name
        if spec.type is FactType.BOOLEAN and isinstance(condition.unary, Equals):
            return f"{label}: {shown_value(condition.unary.value, spec.type)}"
        return f"{label} {said(condition.unary, spec, specs)}"
    if isinstance(condition, Not):
        return f"it is not so that {in_english(condition.part, specs)}"
    word = " and " if isinstance(condition, All) else " or "
    return word.join(_nested(part, condition, specs) for part in condition.parts)


def _nested(part: Condition, parent: All | Any, specs: Mapping[str, FactSpec]) -> str:
    text = in_english(part, specs)
    mixed = isinstance(part, (All, Any)) and type(part) is not type(parent)
    return f"({text})" if mixed else text


def said(unary: Unary, spec: FactSpec, specs: Mapping[str, FactSpec]) -> str:
    """A unary test as the end of a sentence: `is at least 50M`."""
    if isinstance(unary, Known):
        return "is known"
    if isinstance(unary, Unknown):
        return "is not known"
    if isinstance(unary, Equals):
        return f"is {shown_value(unary.value, spec.type, spec.unit)}"
    if isinstance(unary, OneOf):
        if all(isinstance(test, Equals) for test in unary.tests):
            words = [shown_value(t.value, spec.type, spec.unit) for t in unary.tests if isinstance(t, Equals)]
            return f"is {_either(words)}"
        return " or ".join(said(test, spec, specs) for test in unary.tests)
    if isinstance(unary, Interval):
        low, high = (shown_value(end, spec.type, spec.unit) for end in (unary.low, unary.high))
        first = f"at least {low}" if unary.low_closed else f"above {low}"
        second = f"at most {high}" if unary.high_closed else f"below {high}"
        return f"is {first} and {second}"
    if isinstance(unary, Compare):
        return f"{_OPS[unary.op]} {_operand(unary.operand, spec, specs)}"
    return _denied(unary, spec, specs)


def _denied(unary: Negated, spec: FactSpec, specs: Mapping[str, FactSpec]) -> str:
    inner = unary.test
    if isinstance(inner, Compare):
        return f"{_NOT_OPS[inner.op]} {_operand(inner.operand, spec, specs)}"
    return said(inner, spec, specs).replace("is ", "is not ", 1)


def _operand(operand: Decimal | FactRef, spec: FactSpec, specs: Mapping[str, FactSpec]) -> str:
    if isinstance(operand, FactRef):
        other = specs[operand.name]
        return f"the {other.label or other.name}"
    return shown_value(operand, spec.type, spec.unit)


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
