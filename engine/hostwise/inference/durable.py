"""The forward-chaining backend: rules compiled to durable-rules, one wide fact a stratum.

durable-rules is fast and unforgiving. What makes each of its traps impossible here:

* every value is an integer (numbers in fixed point, words by their place in a table), so that no
  exponent, mixed type or text hash can reach it, and arithmetic stays in Python;
* negation is pushed down to the tests and unknown facts are left out, so that absence never matters
  and the order of facts cannot either;
* each rule is compiled twice, as itself and as its denial, so that the engine's answer is
  three-valued: neither one fires where the rule is unknown;
* actions only add to a set: an action that runs twice (`$or`) changes nothing;
* one session a decision, deleted afterwards even after a failure; no `Host`, so no threads.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from math import prod
from typing import Any

from hostwise.answers.facts import SCALES, Fact, FactSpec, FactType
from hostwise.inference.trace import Truth
from hostwise.rulebook import conditions as c
from hostwise.rulebook.rules import Rule

MAX_PROPERTIES = 200
"""durable-rules takes 255 properties a message (error 302 beyond)."""
MAX_WAYS = 60
"""Ways to hold of one compiled group: the matcher's stack takes 64 open matches (`MAX_STACK_SIZE`); beyond
it stops with error 303 and leaves the session in a state that aborts the process when it is deleted."""
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
        self._specs = specs
        self._groups = [_Group(group, specs) for group in _groups(rules)]

    def truths(self, facts: Mapping[str, Fact]) -> dict[str, Truth]:
        """The truth of each rule, by id."""
        found: dict[str, Truth] = {}
        for group in self._groups:
            found.update(group.truths(facts))
        return found


def _groups(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Split the rules so that no message has too many properties, and no match too many open branches."""
    group: list[Rule] = []
    names: set[str] = set()
    open_ways = 0
    for rule in rules:
        needed, ways = names | set(_properties(rule.when)), _both_ways(rule.when)
        if group and (len(needed) > MAX_PROPERTIES or open_ways + ways > MAX_WAYS):
            yield group
            group, needed, open_ways = [], set(_properties(rule.when)), 0
        group.append(rule)
        names, open_ways = needed, open_ways + ways
    if group:
        yield group


def _both_ways(condition: c.Condition) -> int:
    return _ways(condition, True) + _ways(condition, False)


def _ways(condition: c.Condition | c.Unary, positive: bool) -> int:
    """Alternatives that a condition (or its denial) unfolds to: `all` multiplies them, `any` adds them up."""
    if isinstance(condition, (c.Not, c.Negated)):
        inner = condition.part if isinstance(condition, c.Not) else condition.test
        return _ways(inner, not positive)
    if isinstance(condition, c.Test):
        return _ways(condition.unary, positive)
    if isinstance(condition, c.Interval):
        return 1 if positive else 2
    if isinstance(condition, (c.All, c.Any, c.OneOf)):
        parts = condition.tests if isinstance(condition, c.OneOf) else condition.parts
        ways = [_ways(part, positive) for part in parts]
        return prod(ways) if isinstance(condition, c.All) is positive else sum(ways)
    return 1


class _Group:
    def __init__(self, rules: Sequence[Rule], specs: Mapping[str, FactSpec]) -> None:
        module = engine_module()
        self._rules, self._specs = rules, specs
        self._tests = [test for rule in rules for test in c.tests(rule.when)]
        names = dict.fromkeys(p for rule in rules for p in _properties(rule.when))
        self._property = {name: f"p{number}" for number, name in enumerate(names)}
        self._fired: set[str] = set()
        definition: dict[str, Any] = {"always": self._entry({"one": 1}, "always")}
        for number, rule in enumerate(rules):
            for sign, positive in (("t", True), ("f", False)):
                expression = self._expression(rule.when, positive)
                if expression is not None:
                    definition[f"{sign}{number}"] = self._entry(expression, f"{sign}{number}")
        self._ruleset = module.Ruleset(f"r{next(_sessions)}", _NoHost(), definition)
        self._quiet = (module.MessageNotHandledException, module.MessageObservedException)

    def _entry(self, expression: dict[str, Any], name: str) -> dict[str, Any]:
        return {"all": [{"m": expression}], "run": self._action(name)}

    def _action(self, name: str) -> Callable[[Any], None]:
        def fire(_context: Any) -> None:
            self._fired.add(name)

        return fire

    def truths(self, facts: Mapping[str, Fact]) -> dict[str, Truth]:
        session = str(next(_sessions))
        self._fired.clear()
        failures: list[Any] = []

        def complete(error: Any, _state: Any) -> None:
            if error:
                failures.append(error)

        try:
            state = self._ruleset.assert_fact({"id": 1, "sid": session, "one": 1, **self._message(facts)})
            self._ruleset.do_actions(state, complete)
            failures += _exception(self._ruleset.get_state(session))
        except self._quiet as problem:
            failures.append(problem)
        finally:
            self._ruleset.delete_state(session)
        if failures or "always" not in self._fired:
            raise RuntimeError(f"durable-rules did not finish: {failures or 'no rule ran'}")
        return {rule.id: self._truth(number) for number, rule in enumerate(self._rules)}

    def _truth(self, number: int) -> Truth:
        true, false = f"t{number}" in self._fired, f"f{number}" in self._fired
        if true and false:
            raise RuntimeError(f"durable-rules found {self._rules[number].id} both true and false")
        return True if true else (False if false else None)

    # What the engine is told: integers only.

    def _message(self, facts: Mapping[str, Fact]) -> dict[str, int]:
        return {name: value for raw, name in self._property.items() if (value := self._encoded(raw, facts)) is not None}

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

    def _expression(self, condition: c.Condition, positive: bool) -> dict[str, Any] | None:
        if isinstance(condition, c.Always):
            return {"one": 1} if positive else None
        if isinstance(condition, c.Not):
            return self._expression(condition.part, not positive)
        if isinstance(condition, c.Test):
            return self._unary(condition.unary, condition.fact, positive)
        parts = [self._expression(part, positive) for part in condition.parts]
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
