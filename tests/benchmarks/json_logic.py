"""The same rules in JSON Logic (https://jsonlogic.com), run by datalogic-py, whose core is in Rust.

JSON Logic is two-valued and takes null for 0, so each rule is one expression that asks twice, as it is asked of
durable-rules: `{"if": [holds, true, is denied, false, null]}`, and each test asks first whether its fact is there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.benchmarks.one_by_one import Facts, Truths
from tests.workbench.zen_facts import nested, number

from hostwise.inference.trace import Truth
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import Rule

Expression = dict[str, Any] | bool
TRUTHS: dict[str, Truth] = {"true": True, "false": False, "null": None}
DENIAL = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "===": "!==", "=": "!=="}


def json_logic(rules: Sequence[Rule]) -> Truths:
    """An engine for `one_by_one.chain`: rules compiled once, the facts that they read handed over as JSON."""
    from datalogic_py import DataHandle, Engine

    engine = Engine()
    compiled = [engine.compile(expression(rule.when)) for rule in rules]
    session = engine.session()
    names, read = [rule.id for rule in rules], tuple(dict.fromkeys(name for rule in rules for name in rule.reads))

    def truths(facts: Facts) -> dict[str, Truth]:
        handle = DataHandle(json.dumps(nested({name: facts[name] for name in read if name in facts})))
        found = session.evaluate_many(compiled, handle)
        return {name: TRUTHS[truth] for name, truth in zip(names, found, strict=True)}

    return truths


def expression(condition: c.Condition) -> Expression:
    """A condition as one expression that comes to true, false or null."""
    return {"if": [_condition(condition, True), True, _condition(condition, False), False, None]}


def _condition(condition: c.Condition, positive: bool) -> Expression:
    if isinstance(condition, c.Always):
        return positive
    if isinstance(condition, c.Test):
        return _unary(condition.fact, condition.unary, positive)
    if isinstance(condition, c.Not):
        return _condition(condition.part, not positive)
    return _joined([_condition(part, positive) for part in condition.parts], isinstance(condition, c.All) is positive)


def _unary(fact: str, unary: c.Unary, positive: bool) -> Expression:
    if isinstance(unary, c.OneOf):
        return _joined([_unary(fact, test, positive) for test in unary.tests], not positive)
    if isinstance(unary, c.Negated):
        return _unary(fact, unary.test, not positive)
    if isinstance(unary, (c.Known, c.Unknown)):
        return {"!==" if isinstance(unary, c.Known) is positive else "===": [{"var": fact}, None]}
    if isinstance(unary, c.Equals):
        return _compared(fact, "===", _literal(unary.value), positive)
    if isinstance(unary, c.Interval):
        low = _compared(fact, ">=" if unary.low_closed else ">", _literal(unary.low), positive)
        high = _compared(fact, "<=" if unary.high_closed else "<", _literal(unary.high), positive)
        return _joined([low, high], positive)
    op = "===" if unary.op == "=" else unary.op
    if isinstance(unary.operand, c.FactRef):
        other = unary.operand.name
        return {"and": [{"!==": [{"var": other}, None]}, _compared(fact, op, {"var": other}, positive)]}
    return _compared(fact, op, _literal(unary.operand), positive)


def _compared(fact: str, op: str, right: object, positive: bool) -> Expression:
    here = {"var": fact}
    return {"and": [{"!==": [here, None]}, {op if positive else DENIAL[op]: [here, right]}]}


def _joined(parts: Sequence[Expression], conjunction: bool) -> Expression:
    return {"and" if conjunction else "or": list(parts)}


def _literal(value: c.Literal) -> object:
    return number(value) if isinstance(value, Decimal) else value
