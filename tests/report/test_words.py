"""Figures and texts as people read them."""

from __future__ import annotations

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostwise.reading.numbers import months, number_format
from hostwise.record.format.rules import TracedCondition
from hostwise.report.brand import clean
from hostwise.report.charts import cost, ticks
from hostwise.report.page import markdown
from hostwise.report.view import labels
from hostwise.report.view import rules as view_rules
from hostwise.report.view.rules import anchor, stoppers


@pytest.mark.parametrize("module", [months, number_format, clean, cost, ticks, labels, markdown, view_rules])
def test_examples_in_docstrings(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@given(st.decimals(min_value=0, max_value=10**13, places=4))
def test_a_number_is_written_within_half_a_thousandth(number: Decimal) -> None:
    text = number_format.format_number(number)
    factor = {"T": 10**12, "B": 10**9, "M": 10**6}.get(text[-1], 1)
    back = Decimal(text.rstrip("TBM").replace(",", "")) * factor
    assert abs(back - number) <= max(number * Decimal("0.0005"), Decimal("0.00005"))


@given(st.text(), st.integers(min_value=4, max_value=200))
def test_shortened_is_one_line_and_short_enough(text: str, length: int) -> None:
    short = clean.shortened(text, length)
    assert len(short) <= length
    assert "\n" not in short


@given(st.text())
def test_printable_is_idempotent_and_encodes(text: str) -> None:
    once = clean.printable(text)
    assert clean.printable(once) == once
    once.encode("utf-8")


@given(st.text())
def test_an_anchor_is_safe_in_an_attribute(text: str) -> None:
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in anchor(text))


def _test(truth: str, english: str) -> TracedCondition:
    return TracedCondition("test", truth, english, None, None, "seen", ())


def test_stoppers_are_the_smallest_parts_that_matter() -> None:
    some = TracedCondition("any", "false", "", None, None, None, (_test("false", "b"), _test("false", "c")))
    whole = TracedCondition("all", "false", "", None, None, None, (_test("true", "a"), some, _test("unknown", "d")))
    assert [node.english for node in stoppers(whole)] == ["b", "c"]
    hanging = TracedCondition("all", "unknown", "", None, None, None, (_test("true", "a"), _test("unknown", "d")))
    assert [node.english for node in stoppers(hanging)] == ["d"]
    negated = TracedCondition("not", "false", "not e", None, None, None, (_test("true", "e"),))
    assert [node.english for node in stoppers(negated)] == ["not e"]
    assert not list(stoppers(_test("true", "a")))
