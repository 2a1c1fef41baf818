"""Figures and texts as people read them."""

from __future__ import annotations

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostwise.report import charts, clean, figures, markdown, view_rules
from hostwise.report.model import Condition
from hostwise.report.view_rules import anchor, stoppers


@pytest.mark.parametrize("module", [figures, clean, charts, markdown, view_rules])
def test_examples_in_docstrings(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@given(st.decimals(min_value=0, max_value=10**13, places=4))
def test_compact_is_within_half_a_percent(number: Decimal) -> None:
    text = figures.compact(number)
    factor = {"T": 10**12, "B": 10**9, "M": 10**6, "k": 10**3}.get(text[-1], 1)
    back = Decimal(text.rstrip("TBMk").replace(",", "")) * factor
    assert abs(back - number) <= number * Decimal("0.0051")


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


def _test(truth: str, english: str) -> Condition:
    return Condition("test", truth, english, "seen", ())


def test_stoppers_are_the_smallest_parts_that_matter() -> None:
    some = Condition("any", "false", "", "", (_test("false", "b"), _test("false", "c")))
    whole = Condition("all", "false", "", "", (_test("true", "a"), some, _test("unknown", "d")))
    assert [node.english for node in stoppers(whole)] == ["b", "c"]
    hanging = Condition("all", "unknown", "", "", (_test("true", "a"), _test("unknown", "d")))
    assert [node.english for node in stoppers(hanging)] == ["d"]
    negated = Condition("not", "false", "not e", "", (_test("true", "e"),))
    assert [node.english for node in stoppers(negated)] == ["not e"]
    assert not list(stoppers(_test("true", "a")))
