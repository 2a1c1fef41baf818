"""The reference evaluator: three-valued, with a trace. It shares nothing with durable-rules but the tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from hostwise.answers.fact_text import UNKNOWN, format_likely
from hostwise.answers.facts import Fact, FactSpec
from hostwise.inference.trace import RuleTrace, TraceNode, Truth
from hostwise.reading.identity_key import Same
from hostwise.reading.translatable import fill
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import Rule

Facts = Mapping[str, Fact]


class Seen(dict[str, str]):
    """Facts by name as people read them: written once, however many rules read them.

    A test is of the likely value, and the ends of a range are no part of what it saw.
    """

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self._facts = facts

    def __missing__(self, name: str) -> str:
        fact = self._facts.get(name)
        self[name] = text = format_likely(fact) if fact is not None else UNKNOWN
        return text


class _Part(Struct, frozen=True):
    """What of a condition's trace does not depend on the facts."""

    op: str
    condition: c.Condition
    threshold: Decimal | None = None
    reads: tuple[str, ...] = ()
    parts: tuple[_Part, ...] = ()


def evaluate(rule: Rule, facts: Facts, specs: Mapping[str, FactSpec], seen: Seen | None = None) -> RuleTrace:
    """The truth of a rule on the facts, with its trace. `seen` is shared by rules that are evaluated together."""
    part = _parts_of(Same(rule))
    node = _trace(part, facts, Seen(facts) if seen is None else seen, Same(specs))
    unknown = tuple(dict.fromkeys(_open(part, node, facts))) if node.truth is None else ()
    return RuleTrace(rule, node.truth, node, unknown)


@lru_cache(maxsize=8192)
def _parts_of(rule: Same[Rule]) -> _Part:
    return _part(rule.it.when)


def _part(condition: c.Condition) -> _Part:
    if isinstance(condition, c.Always):
        return _Part("always", condition)
    if isinstance(condition, c.Test):
        return _Part("test", condition, _threshold(condition.unary), c.facts_read(condition))
    inner = (condition.part,) if isinstance(condition, c.Not) else condition.parts
    return _Part(_op(condition), condition, parts=tuple(map(_part, inner)))


def _trace(part: _Part, facts: Facts, seen: Seen, specs: Same[Mapping[str, FactSpec]]) -> TraceNode:
    """The truth of a condition and of each of its parts."""
    condition = part.condition
    if type(condition) is c.Test:
        name = condition.fact
        truth = holds(condition.unary, facts.get(name), facts)
        value = seen[name]
        for other in part.reads[1:]:
            value = fill("{value}, against {other}", value=value, other=seen[other])
        return TraceNode("test", truth, condition, specs, name, condition.text, value, part.threshold)
    if type(condition) is c.Always:
        return TraceNode("always", True, condition, specs)
    children = tuple([_trace(each, facts, seen, specs) for each in part.parts])
    truths = [child.truth for child in children]
    if type(condition) is c.Not:
        return TraceNode("not", negate(truths[0]), condition, specs, children=children)
    join = both if type(condition) is c.All else either
    return TraceNode(part.op, join(truths), condition, specs, children=children)


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
    """A unary test on a fact. Every test of an unknown fact is unknown, but `-` and `unknown`.

    Classes are compared, not `isinstance`: on a class of msgspec's that takes three times as long, and this is called a
    thousand times a decision.
    """
    value = fact.value if fact is not None else None
    if type(unary) is c.OneOf:
        return either([holds(test, fact, facts) for test in unary.tests])
    if type(unary) is c.Negated:
        return negate(holds(unary.test, fact, facts))
    if type(unary) is c.Unknown:
        return value is None
    if type(unary) is c.Known:
        return value is not None
    if value is None:
        return None
    if type(unary) is c.Equals:
        return value == unary.value
    assert isinstance(value, Decimal)
    if type(unary) is c.Interval:
        above = value >= unary.low if unary.low_closed else value > unary.low
        below = value <= unary.high if unary.high_closed else value < unary.high
        return above and below
    assert type(unary) is c.Compare
    operand: object = unary.operand
    if type(operand) is c.FactRef:
        other = facts.get(operand.name)
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


def both(truths: Sequence[Truth]) -> Truth:
    """Kleene's and: false wins over unknown."""
    return False if False in truths else (None if None in truths else True)


def either(truths: Sequence[Truth]) -> Truth:
    """Kleene's or: true wins over unknown."""
    return True if True in truths else (None if None in truths else False)


def negate(truth: Truth) -> Truth:
    """Kleene's not: unknown stays unknown."""
    return None if truth is None else not truth


def _op(condition: c.All | c.Any | c.Not) -> str:
    if isinstance(condition, c.Not):
        return "not"
    return "all" if isinstance(condition, c.All) else "any"


def _threshold(unary: c.Unary) -> Decimal | None:
    if isinstance(unary, c.Negated):
        return _threshold(unary.test)
    return unary.operand if isinstance(unary, c.Compare) and isinstance(unary.operand, Decimal) else None


def _open(part: _Part, node: TraceNode, facts: Facts) -> Iterator[str]:
    """The unknown facts that keep a condition unknown; parts that are settled do not matter."""
    for name in part.reads:
        if facts.get(name) is None or facts[name].value is None:
            yield name
    for inner, child in zip(part.parts, node.children, strict=True):
        if child.truth is None:
            yield from _open(inner, child, facts)
