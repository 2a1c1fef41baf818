"""Conditions compiled by hand to nested Python functions: what a plain loop can do at its best."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from tests.benchmarks.one_by_one import Facts, Truths

from hostwise.inference.trace import Truth
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import Rule

Holds = Callable[[Facts], Truth]
OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq}


def closures(rules: Sequence[Rule]) -> Truths:
    """An engine for `one_by_one.chain`."""
    compiled = [(rule.id, compiled_condition(rule.when)) for rule in rules]
    return lambda facts: {name: holds(facts) for name, holds in compiled}


def compiled_condition(condition: c.Condition) -> Holds:
    """A condition as a function of the facts."""
    if isinstance(condition, c.Always):
        return lambda _facts: True
    if isinstance(condition, c.Test):
        return _test(condition.fact, condition.unary)
    if isinstance(condition, c.Not):
        return _denied(compiled_condition(condition.part))
    return _joined([compiled_condition(part) for part in condition.parts], ends=not isinstance(condition, c.All))


def _joined(parts: Sequence[Holds], *, ends: bool) -> Holds:
    """Kleene's and (a false part ends it) and or (a true part ends it)."""

    def holds(facts: Facts) -> Truth:
        found: Truth = not ends
        for part in parts:
            truth = part(facts)
            if truth is ends:
                return ends
            if truth is None:
                found = None
        return found

    return holds


def _denied(inner: Holds) -> Holds:
    def holds(facts: Facts) -> Truth:
        truth = inner(facts)
        return None if truth is None else not truth

    return holds


def _test(fact: str, unary: c.Unary) -> Holds:
    if isinstance(unary, c.OneOf):
        return _joined([_test(fact, test) for test in unary.tests], ends=True)
    if isinstance(unary, c.Negated):
        return _denied(_test(fact, unary.test))
    if isinstance(unary, (c.Known, c.Unknown)):
        known = isinstance(unary, c.Known)
        return lambda facts: (fact in facts and facts[fact].value is not None) is known
    if isinstance(unary, c.Equals):
        return _compared(fact, operator.eq, unary.value)
    if isinstance(unary, c.Interval):
        low = _compared(fact, operator.ge if unary.low_closed else operator.gt, unary.low)
        high = _compared(fact, operator.le if unary.high_closed else operator.lt, unary.high)
        return _joined([low, high], ends=False)
    if isinstance(unary.operand, c.FactRef):
        return _against(fact, OPERATORS[unary.op], unary.operand.name)
    return _compared(fact, OPERATORS[unary.op], unary.operand)


def _compared(name: str, compare: Callable[[Any, Any], bool], right: object) -> Holds:
    def holds(facts: Facts) -> Truth:
        fact = facts.get(name)
        return None if fact is None or fact.value is None else compare(fact.value, right)

    return holds


def _against(name: str, compare: Callable[[Any, Any], bool], other: str) -> Holds:
    def holds(facts: Facts) -> Truth:
        left, right = facts.get(name), facts.get(other)
        if left is None or right is None or left.value is None or right.value is None:
            return None
        return compare(left.value, right.value)

    return holds
