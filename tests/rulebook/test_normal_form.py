"""The rows of a decision table say what the condition says, three-valued."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.inference.rulebooks import facts, rulebook
from tests.inference.strategies import conditions, some_facts

from hostwise.answers.facts import Fact
from hostwise.inference.reference import truth_of
from hostwise.rulebook.tables.cell_algebra import Cell, Knowing, Order, Span, Subject, WordSet
from hostwise.rulebook.tables.normal_form import Row, covered, met, rows_false, rows_true


def holds(row: Row, known: Mapping[str, Fact]) -> bool:
    return all(cell_holds(subject, cell, known) for subject, cell in row.items())


def cell_holds(subject: Subject, cell: Cell, known: Mapping[str, Fact]) -> bool:
    value: Any = known[subject.fact].value
    if isinstance(cell, Knowing):
        return (value is not None) is cell.known
    if value is None:
        return False
    if isinstance(cell, WordSet):
        return value in cell.values
    if isinstance(cell, Order):
        other: Any = known[str(subject.other)].value
        return other is not None and ("<" if value < other else ">" if value > other else "=") in cell.signs
    above = cell.low is None or value > cell.low or (cell.low_closed and value == cell.low)
    below = cell.high is None or value < cell.high or (cell.high_closed and value == cell.high)
    return above and below


@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(when=conditions(depth=3), cases=st.lists(some_facts, min_size=4, max_size=30))
def test_rows_hold_where_the_condition_does(tmp_path: Path, when: Any, cases: list[dict[str, Any]]) -> None:
    book = rulebook(tmp_path, [{"id": "r", "stage": "advise", "when": when, "then": {"note": "x"}}])
    condition = book.rules[0].when
    true, false = rows_true(condition, book.specs), rows_false(condition, book.specs)
    for case in cases:
        known = facts(**case)
        truth = truth_of(condition, known)
        assert any(holds(row, known) for row in true) is (truth is True)
        assert any(holds(row, known) for row in false) is (truth is False)


@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(one=conditions(), other=conditions(), cases=st.lists(some_facts, min_size=10, max_size=40))
def test_what_is_covered_and_what_excludes(tmp_path: Path, one: Any, other: Any, cases: list[dict[str, Any]]) -> None:
    rules = [{"id": n, "stage": "advise", "when": w, "then": {"note": "x"}} for n, w in (("a", one), ("b", other))]
    book = rulebook(tmp_path, rules)
    a, b = (rows_true(rule.when, book.specs) for rule in book.rules)
    inside, apart = covered(a, b), not any(met(row, each) is not None for row in a for each in b)
    for case in cases:
        known = facts(**case)
        in_a, in_b = (any(holds(row, known) for row in rows) for rows in (a, b))
        assert not (inside and in_a and not in_b)
        assert not (apart and in_a and in_b)


def test_a_list_of_words_is_one_cell(tmp_path: Path) -> None:
    when = {"shape": ["steady", "bursty"], "tokens": "[1M..50M)", "not": {"share": "> 10%"}}
    book = rulebook(tmp_path, [{"id": "r", "stage": "advise", "when": when, "then": {"note": "x"}}])
    (row,) = rows_true(book.rules[0].when, book.specs)
    assert row == {
        Subject("shape"): WordSet(("steady", "bursty"), ("steady", "bursty", "unpredictable")),
        Subject("tokens"): Span(Decimal("1000000.000"), Decimal("50000000.000"), low_closed=True),
        Subject("share"): Span(None, Decimal("0.100000000"), high_closed=True),
    }
    assert len(rows_false(book.rules[0].when, book.specs)) == 4
