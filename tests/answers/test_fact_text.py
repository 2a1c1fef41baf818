"""Facts and thresholds in words."""

from __future__ import annotations

from decimal import Decimal

from hostwise.answers.fact_text import format_bound, format_fact, format_likely, format_value
from hostwise.answers.facts import Fact, FactType, Origin, Provenance


def test_a_range_has_its_ends_and_its_likely_value_alone_has_none() -> None:
    ends = {"low": Decimal("1.8"), "high": Decimal("2.4")}
    fact = Fact("peak_to_mean", FactType.RATIO, Decimal("2.1"), Provenance(Origin.DERIVED), unit="x", **ends)
    assert (format_fact(fact), format_likely(fact)) == ("2.1× (1.8× to 2.4×)", "2.1×")


def test_a_threshold_next_to_nothing_is_nothing_so_that_above_stands_before_it() -> None:
    least = Decimal("0.000000001")
    assert (format_value(least, FactType.RATIO), format_bound(least, FactType.RATIO)) == ("<0.1%", "0%")
    assert format_bound(Decimal("0.05"), FactType.RATIO) == "5%"
