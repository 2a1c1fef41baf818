"""The cost of an option over the volume: the ledger at today's volume, whole replicas beyond it."""

from __future__ import annotations

import doctest
from decimal import Decimal
from itertools import pairwise

import pytest
from tests.economics.cases import S0, S1, S2, S4, costed

from hostwise.economics.costing import Costing
from hostwise.economics.numbers.bands import Band
from hostwise.economics.outlook import curves as module
from hostwise.economics.outlook.curves import Point, curves

CASES = {"S0": S0, "S1": S1, "S2": S2, "S4": S4}


def tokens(costing: Costing) -> Band:
    (fact,) = (fact for fact in costing.facts if fact.name == "tokens_per_month")
    assert isinstance(fact.value, Decimal)
    return Band.exactly(fact.value)


def sampled(text: str) -> tuple[Costing, Band, dict[str, tuple[Point, ...]]]:
    costing = costed(text)
    today = tokens(costing)
    return costing, today, curves(costing.ledgers, today, costing.break_evens)


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_at_todays_volume_a_curve_is_the_ledger(text: str) -> None:
    costing, today, found = sampled(text)
    for option, points in found.items():
        total = costing.ledgers[option].total
        assert total is not None
        (here,) = (point for point in points if point.tokens == today.likely)
        for end in ("low", "likely", "high"):
            assert abs(getattr(here, end) - getattr(total, end)) < Decimal("0.01")


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_curves_rise_with_the_volume_and_keep_their_band(text: str) -> None:
    for points in sampled(text)[2].values():
        for before, after in pairwise(points):
            assert before.tokens <= after.tokens
            assert before.likely <= after.likely
            assert after.low <= after.likely <= after.high


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_before_the_first_break_even_the_api_costs_less_and_from_it_on_no_more(text: str) -> None:
    costing, today, found = sampled(text)
    seen = 0
    for entry in costing.break_evens:
        at = entry.tokens_per_month
        if entry.kind != "first" or at is None or not today.likely / 300 <= at <= today.likely * 300:
            continue
        own, api = ({p.tokens: p.likely for p in found[o]} for o in (entry.option, entry.against))
        # Volumes are kept as whole tokens, so that the two meet to within the price of one.
        assert abs(own[at] - api[at]) < Decimal("0.05")
        assert all(own[v] >= api[v] - Decimal("0.05") for v in own.keys() & api.keys() if v <= at)
        seen += 1
    assert seen or text == S0


def test_a_step_is_one_replica() -> None:
    costing, _, found = sampled(S2)
    own = found["self-host-cloud"]
    rises = [after.likely - before.likely for before, after in pairwise(own) if before.tokens == after.tokens]
    ledger = costing.ledgers["self-host-cloud"]
    gpu = sum(i.amount.likely for i in ledger.items if i.group in ("compute", "idle"))
    assert ledger.capacity is not None
    one = gpu / int(ledger.capacity["replicas"])
    steps = [rise for rise in rises if rise > 1]
    assert len(steps) >= 4
    assert all(abs(rise - one) < 1 for rise in steps)


def test_a_device_has_no_curve_and_no_volume_gives_none() -> None:
    costing, _, found = sampled(S1)
    assert "edge" not in found
    assert curves(costing.ledgers, Band.exactly(0), costing.break_evens) == {}
