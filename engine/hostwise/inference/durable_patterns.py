"""Conditions as durable-rules patterns, and facts as the messages that they match: integers only.

Numbers are in fixed point and words are their place in a table, so that no exponent, mixed type or text hash can reach
the engine. Each condition has two patterns, itself and its denial; unknown facts are left out, so that neither matches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from typing import Any

from hostwise.answers.facts import SCALES, Fact, FactSpec, FactType, Value
from hostwise.rulebook.language import conditions as c

Expression = dict[str, Any]
Facts = Mapping[str, Fact]
Reader = Callable[[Facts], int | None]
"""What a property of the message is for some facts; None where it is unknown."""
LIMIT = 2**62
"""Values beyond are held at the limit: order is kept, and no literal comes near it."""


class Patterns:
    """Conditions as patterns, facts as messages. `names` gives each property its name in the engine.

    Classes are compared, not `isinstance`: on a class of msgspec's that takes three times as long.
    """

    def __init__(self, names: Mapping[str, str], specs: Mapping[str, FactSpec]) -> None:
        self._property, self._specs = names, specs

    def readers(self, used: Set[str]) -> tuple[tuple[str, Reader], ...]:
        """How the message gets each property of `used` from the facts."""
        return tuple((name, self._reader(raw)) for raw, name in self._property.items() if name in used)

    def _reader(self, raw: str) -> Reader:
        if raw.startswith("?"):
            asked = raw[1:]
            return lambda facts: int(_value(facts, asked) is not None)
        left, _, right = raw.partition(" : ")
        if right:
            return lambda facts: _order(_value(facts, left), _value(facts, right))
        spec = self._specs[raw]

        def read(facts: Facts) -> int | None:
            value = _value(facts, raw)
            return None if value is None else encode(value, spec)

        return read

    # Conditions as durable-rules expressions; None stands for "never".

    def expression(self, condition: c.Condition, positive: bool) -> dict[str, Any] | None:
        """The pattern for a condition, or for its denial."""
        if type(condition) is c.Test:
            return self._unary(condition.unary, condition.fact, positive)
        if type(condition) is c.Always:
            return {"one": 1} if positive else None
        if type(condition) is c.Not:
            return self.expression(condition.part, not positive)
        assert type(condition) is c.All or type(condition) is c.Any
        parts = [self.expression(part, positive) for part in condition.parts]
        return _join(parts, conjunction=(type(condition) is c.All) is positive)

    def _unary(self, unary: c.Unary, fact: str, positive: bool) -> dict[str, Any] | None:
        if type(unary) is c.Negated:
            return self._unary(unary.test, fact, not positive)
        if type(unary) is c.OneOf:
            parts = [self._unary(test, fact, positive) for test in unary.tests]
            return _join(parts, conjunction=not positive)
        if type(unary) is c.Known or type(unary) is c.Unknown:
            return {self._property[f"?{fact}"]: int((type(unary) is c.Known) is positive)}
        spec = self._specs[fact]
        if type(unary) is c.Equals:
            return _comparison("=", self._property[fact], encode(unary.value, spec), positive)
        if type(unary) is c.Interval:
            low = _comparison(
                ">=" if unary.low_closed else ">", self._property[fact], encode(unary.low, spec), positive
            )
            high = _comparison(
                "<=" if unary.high_closed else "<", self._property[fact], encode(unary.high, spec), positive
            )
            return _join([low, high], conjunction=positive)
        assert type(unary) is c.Compare
        if type(unary.operand) is c.FactRef:
            return _comparison(unary.op, self._property[f"{fact} : {unary.operand.name}"], 0, positive)
        assert isinstance(unary.operand, Decimal)
        return _comparison(unary.op, self._property[fact], encode(unary.operand, spec), positive)


def properties(condition: c.Condition) -> Iterator[str]:
    """The properties that a condition needs: facts, `?fact` for being known, `a : b` for a comparison."""
    for test in c.tests(condition):
        yield from _unary_properties(test.unary, test.fact)


def _unary_properties(unary: c.Unary, fact: str) -> Iterator[str]:
    if type(unary) is c.Negated:
        yield from _unary_properties(unary.test, fact)
    elif type(unary) is c.OneOf:
        for test in unary.tests:
            yield from _unary_properties(test, fact)
    elif type(unary) is c.Known or type(unary) is c.Unknown:
        yield f"?{fact}"
    elif type(unary) is c.Compare and type(unary.operand) is c.FactRef:
        yield f"{fact} : {unary.operand.name}"
    else:
        yield fact


_OPERATORS = {"<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte", "!=": "$neq"}
_DENIAL = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


def _comparison(op: str, name: str, value: int, positive: bool) -> dict[str, Any]:
    op = op if positive else _DENIAL[op]
    return {name: value} if op == "=" else {_OPERATORS[op]: {name: value}}


def _join(parts: Sequence[dict[str, Any] | None], *, conjunction: bool) -> dict[str, Any] | None:
    possible = [part for part in parts if part is not None]
    if conjunction and len(possible) < len(parts):
        return None
    if not possible:
        return None
    return possible[0] if len(possible) == 1 else {"$and" if conjunction else "$or": possible}


def encode(value: bool | str | Decimal, spec: FactSpec) -> int:
    """A value as the integer that stands for it: order is kept among numbers of one type."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return spec.values.index(value) if spec.type is FactType.ENUM else 0
    return max(-LIMIT, min(LIMIT, int(value.scaleb(SCALES[spec.type]))))


def _value(facts: Facts, name: str) -> Value | None:
    fact = facts.get(name)
    return None if fact is None else fact.value


def _order(one: Value | None, other: Value | None) -> int | None:
    """-1, 0 or 1: facts are compared in Python, durable-rules cannot be trusted with it."""
    if one is None or other is None:
        return None
    assert isinstance(one, Decimal) and isinstance(other, Decimal)
    return (one > other) - (one < other)


def size_of(expression: Expression) -> tuple[int, int]:
    """Nodes and paths of a pattern once the engine has spread its alternatives over what follows them."""
    if "$or" in expression:
        sizes = [size_of(part) for part in expression["$or"]]
        return sum(nodes for nodes, _ in sizes), sum(paths for _, paths in sizes)
    if "$and" in expression:
        nodes, paths = 0, 1
        for part in expression["$and"]:
            part_nodes, part_paths = size_of(part)
            nodes, paths = nodes + paths * part_nodes, paths * part_paths
        return nodes, paths
    return 1, 1


def names_in(expressions: Iterable[Expression]) -> set[str]:
    """The properties that patterns name."""
    found, waiting = set[str](), list(expressions)
    while waiting:
        key, value = next(iter(waiting.pop().items()))
        if key in ("$and", "$or"):
            waiting.extend(value)
        else:
            found.update(value if key.startswith("$") else (key,))
    return found
