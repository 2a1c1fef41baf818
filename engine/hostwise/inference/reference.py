"""The reference evaluator: three-valued, with a trace. It shares nothing with durable-rules but the tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from hostwise.answers.facts import Fact, FactSpec
from hostwise.inference.trace import RuleTrace, TraceNode, Truth
from hostwise.rulebook import conditions as c
from hostwise.rulebook.english import in_english
from hostwise.rulebook.rules import Rule
from hostwise.rulebook.wording import UNKNOWN, shown

Facts = Mapping[str, Fact]


def evaluate(rule: Rule, facts: Facts, specs: Mapping[str, FactSpec]) -> RuleTrace:
    """The truth of a rule on the facts, with its trace."""
    node = trace(rule.when, facts, specs)
    unknown = tuple(dict.fromkeys(_open(rule.when, facts))) if node.truth is None else ()
    return RuleTrace(rule, node.truth, node, unknown)


def trace(condition: c.Condition, facts: Facts, specs: Mapping[str, FactSpec]) -> TraceNode:
    """The truth of a condition and of each of its parts."""
    english = in_english(condition, specs)
    if isinstance(condition, c.Always):
        return TraceNode("always", True, english)
    if isinstance(condition, c.Test):
        fact = facts.get(condition.fact)
        truth = holds(condition.unary, fact, facts)
        seen = shown(fact) if fact is not None else UNKNOWN
        return TraceNode("test", truth, english, condition.fact, condition.text, seen, _threshold(condition.unary))
    if isinstance(condition, c.Not):
        child = trace(condition.part, facts, specs)
        return TraceNode("not", negate(child.truth), english, children=(child,))
    children = tuple(trace(part, facts, specs) for part in condition.parts)
    join = both if isinstance(condition, c.All) else either
    return TraceNode(_op(condition), join(child.truth for child in children), english, children=children)


def truth_of(condition: c.Condition, facts: Facts) -> Truth:
    """The truth of a condition alone, without a trace."""
    if isinstance(condition, c.Always):
        return True
    if isinstance(condition, c.Test):
        return holds(condition.unary, facts.get(condition.fact), facts)
    if isinstance(condition, c.Not):
        return negate(truth_of(condition.part, facts))
    join = both if isinstance(condition, c.All) else either
    return join([truth_of(part, facts) for part in condition.parts])


def holds(unary: c.Unary, fact: Fact | None, facts: Facts) -> Truth:
    """A unary test on a fact. Every test of an unknown fact is unknown, but `-` and `unknown`."""
    value = fact.value if fact is not None else None
    if isinstance(unary, c.Unknown):
        return value is None
    if isinstance(unary, c.Known):
        return value is not None
    if isinstance(unary, c.OneOf):
        return either([holds(test, fact, facts) for test in unary.tests])
    if isinstance(unary, c.Negated):
        return negate(holds(unary.test, fact, facts))
    if value is None:
        return None
    if isinstance(unary, c.Equals):
        return value == unary.value
    assert isinstance(value, Decimal)
    if isinstance(unary, c.Interval):
        above = value >= unary.low if unary.low_closed else value > unary.low
        below = value <= unary.high if unary.high_closed else value < unary.high
        return above and below
    operand: object = unary.operand
    if isinstance(unary.operand, c.FactRef):
        other = facts.get(unary.operand.name)
        operand = other.value if other is not None else None
    return None if operand is None else _compare(unary.op, value, operand)


def _compare(op: str, left: Decimal, right: object) -> bool:
    assert isinstance(right, Decimal)
    if op == "<":
        return left < right
    if op == "<=":
        return left <= right
    if op == ">":
        return left > right
    return left >= right if op == ">=" else left == right


def both(truths: Iterable[Truth]) -> Truth:
    """Kleene's and: false wins over unknown."""
    found = list(truths)
    return False if False in found else (None if None in found else True)


def either(truths: Iterable[Truth]) -> Truth:
    """Kleene's or: true wins over unknown."""
    found = list(truths)
    return True if True in found else (None if None in found else False)


def negate(truth: Truth) -> Truth:
    """Kleene's not: unknown stays unknown."""
    return None if truth is None else not truth


def _op(condition: c.All | c.Any) -> str:
    return "all" if isinstance(condition, c.All) else "any"


def _threshold(unary: c.Unary) -> Decimal | None:
    if isinstance(unary, c.Negated):
        return _threshold(unary.test)
    return unary.operand if isinstance(unary, c.Compare) and isinstance(unary.operand, Decimal) else None


def _open(condition: c.Condition, facts: Facts) -> Iterable[str]:
    """The unknown facts that keep a condition unknown; parts that are settled do not matter."""
    if truth_of(condition, facts) is not None:
        return
    if isinstance(condition, c.Test):
        names = c.facts_read(condition)
        yield from (name for name in names if facts.get(name) is None or facts[name].value is None)
    elif isinstance(condition, c.Not):
        yield from _open(condition.part, facts)
    elif isinstance(condition, (c.All, c.Any)):
        for part in condition.parts:
            yield from _open(part, facts)
