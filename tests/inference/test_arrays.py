"""The array reading of the rules finds, in every case, what the engines find one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.inference.rulebooks import facts, rulebook
from tests.inference.strategies import conditions, some_facts

from hostwise.answers.facts import Fact
from hostwise.batch.cases import population
from hostwise.inference.arrays import infer_many
from hostwise.inference.columns import Column, FactTable, ManyTruths
from hostwise.inference.run import Engine, FactConflict, infer
from hostwise.rulebook.language.rules import Rulebook

VALUES: dict[str, list[Any]] = {
    "boolean": [True, False],
    "enum": ["steady", "bursty", "unpredictable"],
    "count": [0, 1, 5, 12],
}
POLICIES = ["any", "first", "priority", "collect sum", "collect min", "collect max", "collect count"]


def table(rows: list[dict[str, Fact]], book: Rulebook) -> FactTable:
    people = population(rows)
    columns = {name: spread.column(book.specs[name]) for name, spread in people.spreads.items()}
    return FactTable(len(rows), columns, np.zeros(len(rows), dtype=bool))


def truth_at(truth: ManyTruths, case: int) -> bool | None:
    return True if truth.yes[case] else False if truth.no[case] else None


def value_at(column: Column, case: int) -> object:
    if not column.known[case]:
        return None
    value = column.values[case]
    return column.words[int(value)] if column.words else float(value)


def counted(fact: Fact) -> object:
    """A fact's value as columns hold it."""
    if isinstance(fact.value, str) or fact.value is None:
        return fact.value
    return float(fact.value) if isinstance(fact.value, bool) else float(fact.value.scaleb(4))


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(conditions(), min_size=1, max_size=12), cases=st.lists(some_facts, min_size=1, max_size=12))
def test_random_rulebooks_and_facts(tmp_path: Path, rules: list[dict[str, Any]], cases: list[dict[str, Any]]) -> None:
    noted = [{"id": f"r{n}", "stage": "advise", "when": w, "then": {"note": "x"}} for n, w in enumerate(rules)]
    book = rulebook(tmp_path, noted)
    rows = [facts(**case) for case in cases]
    truths = infer_many(book.rules, table(rows, book))
    for number, row in enumerate(rows):
        for trace in infer(book.rules, row, Engine.BOTH, book.specs).traces:
            assert truth_at(truths[trace.rule.id], number) is trace.truth, (trace.rule.when, cases[number])


@st.composite
def derivations(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Rules of every hit policy for one fact, and a second fact that is derived from it."""
    policy = draw(st.sampled_from(POLICIES))
    kind = "count" if policy.startswith("collect") else draw(st.sampled_from(["enum", "boolean"]))
    if policy == "priority":
        kind = "enum"
    declared: dict[str, Any] = {"type": kind, "hit_policy": policy}
    if kind == "enum":
        declared["values"] = VALUES["enum"]
    if policy != "collect count" and draw(st.booleans()):
        declared["default"] = draw(st.sampled_from(VALUES[kind]))
    drawn = draw(st.lists(st.tuples(conditions(1), st.sampled_from(VALUES[kind])), min_size=1, max_size=6))
    rules = [
        {"id": f"d{n}", "stage": "derive", "when": when, "then": {"set": {"first_fact": value}}}
        for n, (when, value) in enumerate(drawn)
    ]
    test = {"enum": "steady", "boolean": True, "count": ">= 5"}[kind]
    rules.append({"id": "e", "stage": "derive", "when": {"first_fact": test}, "then": {"set": {"second_fact": True}}})
    return rules, {"first_fact": declared, "second_fact": {"type": "boolean", "default": False}}


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=derivations(), cases=st.lists(some_facts, min_size=1, max_size=10))
def test_facts_derived_under_every_hit_policy(
    tmp_path: Path, made: tuple[list[dict[str, Any]], dict[str, Any]], cases: list[dict[str, Any]]
) -> None:
    book = rulebook(tmp_path, *made)
    rows = [facts(**case) for case in cases]
    declared = book.defaults("house")
    one_by_one = []
    for row in rows:
        try:
            one_by_one.append(infer(book.rules, row, Engine.REFERENCE, book.specs, declared))
        except FactConflict:
            with pytest.raises(FactConflict):
                infer_many(book.rules, table([row], book), declared)
            return
    everything = table(rows, book)
    truths = infer_many(book.rules, everything, declared)
    for number, inference in enumerate(one_by_one):
        for trace in inference.traces:
            assert truth_at(truths[trace.rule.id], number) is trace.truth
        for name in declared:
            assert value_at(everything.columns[name], number) == counted(inference.facts[name]), name
