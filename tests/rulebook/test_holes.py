"""The holes of a decision table: every case without a row lies in one, and no case with a row does."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.inference.rulebooks import SPECS, facts
from tests.inference.strategies import VALUES
from tests.rulebook.test_english import some_conditions
from tests.rulebook.test_normal_form import holds

from hostwise.inference.reference import truth_of
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.tables.cell_algebra import Span, Subject, WordSet
from hostwise.rulebook.tables.holes import holes
from hostwise.rulebook.tables.normal_form import Row, rows_true

some_known = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})


def holes_of(*conditions: c.Condition) -> tuple[Row, ...]:
    return holes(row for condition in conditions for row in rows_true(condition, SPECS))


def words(fact: str, *values: str) -> Mapping[Subject, WordSet]:
    return {Subject(fact): WordSet(values, SPECS[fact].values)}


def equal(fact: str, value: Any) -> c.Test:
    return c.Test(fact, c.Equals(value), "")


@settings(max_examples=examples(150))
@given(
    conditions=st.lists(some_conditions, min_size=1, max_size=4), cases=st.lists(some_known, min_size=5, max_size=10)
)
def test_a_case_lies_in_a_hole_where_no_rule_holds(conditions: list[Any], cases: list[dict[str, Any]]) -> None:
    found = holes_of(*conditions)
    for case in cases:
        known = facts(**case)
        covered = any(truth_of(condition, known) for condition in conditions)
        assert any(holds(row, known) for row in found) is not covered


def test_a_complete_table_has_none() -> None:
    shapes = SPECS["shape"].values
    rules = [c.All((equal("closed", closed), equal("shape", shape))) for closed in (True, False) for shape in shapes]
    assert holes_of(*rules) == ()
    assert holes_of(*rules[1:]) == ({Subject("closed"): WordSet((True,), (True, False)), **words("shape", "steady")},)


def test_a_hole_is_as_wide_as_it_can_be() -> None:
    rule = c.All((equal("closed", True), equal("shape", "steady")))
    assert holes_of(rule) == (
        {Subject("closed"): WordSet((False,), (True, False))},
        words("shape", "bursty", "unpredictable"),
    )
    assert holes_of(equal("people", Decimal(3))) == (
        {Subject("people"): Span(None, Decimal(3))},
        {Subject("people"): Span(Decimal(3), None)},
    )


def test_a_row_for_an_unknown_answer_covers_no_known_one() -> None:
    assert holes_of(c.Test("shape", c.Unknown(), "")) == ({},)
    assert holes_of(c.Test("shape", c.Known(), "")) == ()
