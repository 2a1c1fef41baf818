"""The forward-chaining backend: rules compiled to durable-rules, one wide fact a stratum.

durable-rules is fast and unforgiving. What makes each of its traps impossible here:

* every value is an integer (numbers in fixed point, words by their place in a table), so that no
  exponent, mixed type or text hash can reach it, and arithmetic stays in Python;
* negation is pushed down to the tests and unknown facts are left out, so that absence never matters
  and the order of facts cannot either;
* each rule is compiled twice, as itself and as its denial, so that the engine's answer is
  three-valued: neither one fires where the rule is unknown;
* rulesets are kept small and a pattern too wide for one is split, so that its matcher never overflows;
* actions only add to a set: an action that runs twice (`$or`) changes nothing;
* one session a decision, deleted afterwards; after a failure the whole ruleset is left behind instead,
  since deleting matches that were not run can crash; no `Host`, so no threads.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from hostwise.answers.facts import SCALES, Fact, FactSpec, FactType
from hostwise.inference.trace import Truth
from hostwise.rulebook import conditions as c
from hostwise.rulebook.rules import Rule

MAX_NODES = 60
"""Nodes of one ruleset: its matcher holds 64 open matches (`MAX_STACK_SIZE`); beyond, it stops with error 303 and
leaves a session that aborts the process when it is deleted; over crowded tables it loops without end."""
MAX_PROPERTIES = 200
"""durable-rules takes 255 properties a message (error 302 beyond)."""
LIMIT = 2**62
"""Values beyond are held at the limit: order is kept, and no literal comes near it."""

_sessions = itertools.count(1)


class EngineUnavailable(RuntimeError):
    """durable-rules cannot be imported here; the message says why."""


@lru_cache(maxsize=1)
def engine_module() -> Any:
    """Import durable-rules. Raises `EngineUnavailable`.

    Its C module leaves `PyEval_CallObject` undefined on Python 3.13; only store callbacks, unused
    here, call it, so the import resolves symbols lazily for this one module.
    """
    flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
    try:
        if flags is not None:
            import os

            sys.setdlopenflags(os.RTLD_LAZY)
        import durable.engine
    except ImportError as problem:
        raise EngineUnavailable(f"durable-rules cannot be imported: {problem}") from None
    finally:
        if flags is not None:
            sys.setdlopenflags(flags)
    return durable.engine


class _NoHost:
    """`Ruleset` asks its host for actions named by text; ours are functions."""

    def get_action(self, name: str) -> None:
        raise LookupError(name)


class DurableRules:
    """Rules compiled once; `truths` may be called for any number of fact sets."""

    def __init__(self, rules: Sequence[Rule], specs: Mapping[str, FactSpec]) -> None:
        properties = dict.fromkeys(name for rule in rules for name in _properties(rule.when))
        compiler = _Compiler({name: f"p{n}" for n, name in enumerate(properties)}, specs)
        self._pieces: list[_Piece] = []
        self._rules = [
            _Compiled(
                rule.id,
                self._plan(compiler.expression(rule.when, True)),
                self._plan(compiler.expression(rule.when, False)),
            )
            for rule in rules
        ]
        self._groups = [_Group(group, compiler) for group in _grouped(self._pieces, compiler)]

    def truths(self, facts: Mapping[str, Fact]) -> dict[str, Truth]:
        """The truth of each rule, by id."""
        fired = {name for group in self._groups for name in group.fired(facts)}
        return {r.rule: _truth(r.rule, _holds(r.true, fired), _holds(r.false, fired)) for r in self._rules}

    def _plan(self, expression: Expression | None) -> _Plan:
        """How a condition is found out: one pattern where the engine can hold it, else the join of its parts."""
        if expression is None:
            return None
        if _size(expression)[0] <= MAX_NODES:
            piece = _Piece(f"e{len(self._pieces)}", expression)
            self._pieces.append(piece)
            return piece.name
        op = "$and" if "$and" in expression else "$or"
        return op, [self._plan(part) for part in expression[op]]


Expression = dict[str, Any]
_Plan = str | tuple[str, list[Any]] | None


@dataclass(frozen=True, slots=True)
class _Piece:
    name: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A rule as two plans: itself and its denial."""

    rule: str
    true: _Plan
    false: _Plan


def _holds(plan: _Plan, fired: set[str]) -> bool:
    if plan is None:
        return False
    if isinstance(plan, str):
        return plan in fired
    op, parts = plan
    held = (_holds(part, fired) for part in parts)
    return all(held) if op == "$and" else any(held)


def _truth(rule: str, true: bool, false: bool) -> Truth:
    if true and false:
        raise RuntimeError(f"durable-rules found {rule} both true and false")
    return True if true else (False if false else None)


def _size(expression: Expression) -> tuple[int, int]:
    """Nodes and paths of a pattern once the engine has spread its alternatives over what follows them."""
    if "$or" in expression:
        sizes = [_size(part) for part in expression["$or"]]
        return sum(nodes for nodes, _ in sizes), sum(paths for _, paths in sizes)
    if "$and" in expression:
        nodes, paths = 0, 1
        for part in expression["$and"]:
            part_nodes, part_paths = _size(part)
            nodes, paths = nodes + paths * part_nodes, paths * part_paths
        return nodes, paths
    return 1, 1


def _grouped(pieces: Sequence[_Piece], compiler: _Compiler) -> Iterator[list[_Piece]]:
    """Split the patterns so that no ruleset has too many nodes and no message too many properties."""
    group: list[_Piece] = []
    nodes, used = 0, set[str]()
    for piece in pieces:
        size, names = _size(piece.expression)[0], _used(piece.expression)
        if group and (nodes + size > MAX_NODES or len(used | names) > MAX_PROPERTIES):
            yield group
            group, nodes, used = [], 0, set()
        group.append(piece)
        nodes, used = nodes + size, used | names
    if group:
        yield group


def _used(expression: Expression) -> set[str]:
    """The properties that a pattern names."""
    key, value = next(iter(expression.items()))
    if key in ("$and", "$or"):
        return {name for part in value for name in _used(part)}
    return set(value) if key.startswith("$") else {key}


class _Group:
    """One durable-rules ruleset."""

    def __init__(self, pieces: Sequence[_Piece], compiler: _Compiler) -> None:
        used = {name for piece in pieces for name in _used(piece.expression)}
        self._compiler, self._used = compiler, frozenset(used)
        self._seen: set[str] = set()
        self._pieces = tuple(pieces)
        self._ruleset = self._built()

    def _built(self) -> Any:
        definition = {"always": self._entry({"one": 1}, "always")}
        definition |= {piece.name: self._entry(piece.expression, piece.name) for piece in self._pieces}
        return engine_module().Ruleset(f"r{next(_sessions)}", _NoHost(), definition)

    def _entry(self, expression: Expression, name: str) -> dict[str, Any]:
        return {"all": [{"m": expression}], "run": self._action(name)}

    def _action(self, name: str) -> Callable[[Any], None]:
        def fire(_context: Any) -> None:
            self._seen.add(name)

        return fire

    def fired(self, facts: Mapping[str, Fact]) -> frozenset[str]:
        """The patterns that match the facts."""
        session = str(next(_sessions))
        self._seen.clear()
        failures: list[Any] = []

        def complete(error: Any, _state: Any) -> None:
            if error:
                failures.append(error)

        message = self._compiler.message(facts, self._used)
        try:
            state = self._ruleset.assert_fact({"id": 1, "sid": session, "one": 1, **message})
            self._ruleset.do_actions(state, complete)
            failures += _exception(self._ruleset.get_state(session))
        except Exception as problem:
            # Whatever it was, the session may hold matches that were never run; see below.
            failures.append(problem)
        if failures or "always" not in self._seen:
            # Deleting a session with matches that were not run can crash the process: leave it behind
            # with its ruleset, and start afresh.
            self._ruleset = self._built()
            raise RuntimeError(f"durable-rules did not finish: {failures or 'no rule ran'}")
        self._ruleset.delete_state(session)
        return frozenset(self._seen)


class _Compiler:
    """Conditions as patterns, facts as messages. `names` gives each property its name in the engine."""

    def __init__(self, names: Mapping[str, str], specs: Mapping[str, FactSpec]) -> None:
        self._property, self._specs = names, specs

    # What the engine is told: integers only.

    def message(self, facts: Mapping[str, Fact], used: frozenset[str]) -> dict[str, int]:
        """The facts that a ruleset reads, as integers; unknown ones are left out."""
        encoded = ((name, self._encoded(raw, facts)) for raw, name in self._property.items() if name in used)
        return {name: value for name, value in encoded if value is not None}

    def _encoded(self, raw: str, facts: Mapping[str, Fact]) -> int | None:
        if raw.startswith("?"):
            return int(_known(facts.get(raw[1:])))
        left, _, right = raw.partition(" : ")
        if right:
            one, other = facts.get(left), facts.get(right)
            if one is None or other is None or one.value is None or other.value is None:
                return None
            assert isinstance(one.value, Decimal) and isinstance(other.value, Decimal)
            return (one.value > other.value) - (one.value < other.value)
        fact = facts.get(raw)
        return None if fact is None or fact.value is None else encode(fact.value, self._specs[raw])

    # Conditions as durable-rules expressions; None stands for "never".

    def expression(self, condition: c.Condition, positive: bool) -> dict[str, Any] | None:
        """The pattern for a condition, or for its denial."""
        if isinstance(condition, c.Always):
            return {"one": 1} if positive else None
        if isinstance(condition, c.Not):
            return self.expression(condition.part, not positive)
        if isinstance(condition, c.Test):
            return self._unary(condition.unary, condition.fact, positive)
        parts = [self.expression(part, positive) for part in condition.parts]
        return _join(parts, conjunction=isinstance(condition, c.All) is positive)

    def _unary(self, unary: c.Unary, fact: str, positive: bool) -> dict[str, Any] | None:
        if isinstance(unary, c.Negated):
            return self._unary(unary.test, fact, not positive)
        if isinstance(unary, c.OneOf):
            parts = [self._unary(test, fact, positive) for test in unary.tests]
            return _join(parts, conjunction=not positive)
        if isinstance(unary, (c.Known, c.Unknown)):
            return {self._property[f"?{fact}"]: int(isinstance(unary, c.Known) is positive)}
        spec = self._specs[fact]
        if isinstance(unary, c.Interval):
            low = _comparison(
                ">=" if unary.low_closed else ">", self._property[fact], encode(unary.low, spec), positive
            )
            high = _comparison(
                "<=" if unary.high_closed else "<", self._property[fact], encode(unary.high, spec), positive
            )
            return _join([low, high], conjunction=positive)
        if isinstance(unary, c.Compare) and isinstance(unary.operand, c.FactRef):
            return _comparison(unary.op, self._property[f"{fact} : {unary.operand.name}"], 0, positive)
        if isinstance(unary, c.Compare):
            assert isinstance(unary.operand, Decimal)
            return _comparison(unary.op, self._property[fact], encode(unary.operand, spec), positive)
        return _comparison("=", self._property[fact], encode(unary.value, spec), positive)


def _properties(condition: c.Condition) -> Iterator[str]:
    """The properties that a condition needs: facts, `?fact` for being known, `a : b` for a comparison."""
    for test in c.tests(condition):
        yield from _unary_properties(test.unary, test.fact)


def _unary_properties(unary: c.Unary, fact: str) -> Iterator[str]:
    if isinstance(unary, c.Negated):
        yield from _unary_properties(unary.test, fact)
    elif isinstance(unary, c.OneOf):
        for test in unary.tests:
            yield from _unary_properties(test, fact)
    elif isinstance(unary, (c.Known, c.Unknown)):
        yield f"?{fact}"
    elif isinstance(unary, c.Compare) and isinstance(unary.operand, c.FactRef):
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


def _known(fact: Fact | None) -> bool:
    return fact is not None and fact.value is not None


def _exception(state: Mapping[str, Any]) -> list[Any]:
    """Exceptions in actions end up in the state, not in the caller."""
    return [state["exception"]] if "exception" in state else []
