"""The forward-chaining backend: rules compiled to durable-rules, one wide fact a stratum.

durable-rules is fast and unforgiving. What makes each of its traps impossible here:

* every value is an integer (numbers in fixed point, words by their place in a table), so that no
  exponent, mixed type or text hash can reach it, and arithmetic stays in Python;
* negation is pushed down to the tests and unknown facts are left out, so that absence never matters
  and the order of facts cannot either;
* each rule is compiled twice, as itself and as its denial, so that the engine's answer is
  three-valued: neither one fires where the rule is unknown;
* rulesets are kept small and a pattern too wide for one is split, so that its matcher never overflows;
* matches are collected in a set: one that comes twice (`$or`) changes nothing;
* the compiled engine is driven directly. No `Host`, so no threads; no `Ruleset`, so no actions, whose exceptions
  are swallowed, and a sixth of the time, since each action writes the session's state anew;
* one session a decision, deleted afterwards; after a failure the whole ruleset is left behind instead,
  since deleting matches that were not taken can crash.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from hostwise.answers.facts import Fact, FactSpec
from hostwise.inference.durable_patterns import Expression, Patterns, names_in, properties, size_of
from hostwise.inference.trace import Truth
from hostwise.rulebook.language.rules import Rule

MAX_NODES = 60
"""Nodes of one ruleset: its matcher holds 64 open matches (`MAX_STACK_SIZE`); beyond, it stops with error 303 and
leaves a session that aborts the process when it is deleted; over crowded tables it loops without end. A node names one
property, so that no message comes near the 255 that it takes (error 302 beyond)."""

_sessions = itertools.count(1)


class EngineUnavailable(RuntimeError):
    """durable-rules cannot be imported here; the message says why."""


@lru_cache(maxsize=1)
def engine_module() -> Any:
    """Import durable-rules' compiled engine. Raises `EngineUnavailable`.

    Its C module leaves `PyEval_CallObject` undefined on Python 3.13; only store callbacks, unused
    here, call it, so the import resolves symbols lazily for this one module.
    """
    flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else None
    try:
        if flags is not None:
            import os

            sys.setdlopenflags(os.RTLD_LAZY)
        import durable_rules_engine
    except ImportError as problem:
        raise EngineUnavailable(f"durable-rules cannot be imported: {problem}") from None
    finally:
        if flags is not None:
            sys.setdlopenflags(flags)
    return durable_rules_engine


class DurableRules:
    """Rules compiled once; `truths` may be called for any number of fact sets."""

    def __init__(self, rules: Sequence[Rule], specs: Mapping[str, FactSpec]) -> None:
        names = dict.fromkeys(name for rule in rules for name in properties(rule.when))
        compiler = Patterns({name: f"p{n}" for n, name in enumerate(names)}, specs)
        self._pieces: list[_Piece] = []
        self._rules = [
            _Compiled(
                rule.id,
                self._plan(compiler.expression(rule.when, True)),
                self._plan(compiler.expression(rule.when, False)),
            )
            for rule in rules
        ]
        self._groups = [_Group(group, compiler) for group in _grouped(self._pieces)]

    def truths(self, facts: Mapping[str, Fact]) -> dict[str, Truth]:
        """The truth of each rule, by id."""
        fired = {name for group in self._groups for name in group.fired(facts)}
        return {r.rule: _truth(r.rule, _holds(r.true, fired), _holds(r.false, fired)) for r in self._rules}

    def _plan(self, expression: Expression | None) -> _Plan:
        """How a condition is found out: one pattern where the engine can hold it, else the join of its parts."""
        if expression is None:
            return None
        nodes, _ = size_of(expression)
        if nodes <= MAX_NODES:
            piece = _Piece(f"e{len(self._pieces)}", expression, nodes)
            self._pieces.append(piece)
            return piece.name
        op = "$and" if "$and" in expression else "$or"
        return op, [self._plan(part) for part in expression[op]]


_Plan = str | tuple[str, list[Any]] | None


class _Piece(Struct, frozen=True):
    name: str
    expression: Expression
    nodes: int


class _Compiled(Struct, frozen=True):
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


def _grouped(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Split the patterns so that no ruleset has too many nodes."""
    group: list[_Piece] = []
    nodes = 0
    for piece in pieces:
        if group and nodes + piece.nodes > MAX_NODES:
            yield group
            group, nodes = [], 0
        group.append(piece)
        nodes += piece.nodes
    if group:
        yield group


class _Group:
    """One durable-rules ruleset."""

    def __init__(self, pieces: Sequence[_Piece], compiler: Patterns) -> None:
        self._readers = compiler.readers(names_in(piece.expression for piece in pieces))
        self._pieces = tuple(pieces)
        self._core = engine_module()
        self._ruleset = self._built()

    def definition(self) -> dict[str, Any]:
        """What durable-rules is given: a rule for each pattern, and one that always matches."""
        patterns = {"always": {"one": 1}} | {piece.name: piece.expression for piece in self._pieces}
        return {name: {"all": [{"m": expression}]} for name, expression in patterns.items()}

    def message(self, facts: Mapping[str, Fact]) -> dict[str, int]:
        """What is asserted: the facts that the patterns read, and what always matches."""
        message = {"id": 1, "one": 1}
        for name, read in self._readers:
            value = read(facts)
            if value is not None:
                message[name] = value
        return message

    def _built(self) -> int:
        name = f"r{next(_sessions)}"
        return int(self._core.create_ruleset(name, msgspec.json.encode(self.definition()).decode()))

    def fired(self, facts: Mapping[str, Fact]) -> set[str]:
        """The patterns that match the facts."""
        session = str(next(_sessions))
        try:
            found = self._matches({"sid": session, **self.message(facts)})
        except Exception as problem:
            # Whatever it was, the session may hold matches that were never taken: deleting it can crash the process.
            # It is left behind with its ruleset.
            self._ruleset = self._built()
            raise RuntimeError(f"durable-rules did not finish: {problem}") from problem
        self._core.delete_state(self._ruleset, session)
        return found

    def _matches(self, message: dict[str, Any]) -> set[str]:
        """Assert one fact and take each match, as `Ruleset.do_actions` does; a match is `{"pattern": {…}}`."""
        code, state = self._core.assert_fact(self._ruleset, msgspec.json.encode(message).decode())
        if code:
            raise RuntimeError(f"the fact was not taken (code {code})")
        found = set()
        started = self._core.start_action_for_state(self._ruleset, state)
        match = started[1] if started else None
        while match:
            found.add(match.split('"', 2)[1])
            match = self._core.complete_and_start_action(self._ruleset, state)
        if "always" not in found:
            raise RuntimeError("no pattern matched, not even the one that always does")
        return found
