"""Quantities as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostwise.reading.numbers.amount import NotAQuantity
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.quantity import NUMERIC, Quantity, parse_quantity

T, C, R, M, D, Q = (
    FactType.TOKENS, FactType.COUNT, FactType.RATIO, FactType.MONEY, FactType.DURATION, FactType.QUANTITY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "unit", "likely", "currency"),
    [
        ("30M", T, "tokens/day", "30000000", None),
        ("1.5B", T, "tokens/month", "1500000000", None),
        ("30_000_000", T, "tokens/day", "30000000", None),
        ("1,155", T, "tokens", "1155", None),
        ("4.2e9", T, "tokens/month", "4200000000", None),
        ("30M tokens/day", T, "tokens/day", "30000000", None),
        ("60%", R, "", "0.6", None),
        ("0.6", R, "", "0.6", None),
        ("$2.50/h", M, "USD/hour", "2.50", "USD"),
        ("£500", M, "USD/month", "500", "GBP"),
        ("500 GBP", M, "USD/month", "500", "GBP"),
        ("EUR 5k", M, "USD/month", "5000", "EUR"),
        ("$0.15/Mtok", M, "USD/Mtok", "0.15", "USD"),
        ("2.5", M, "USD/hour", "2.5", None),
        ("300ms", D, "ms", "300", None),
        ("2s", D, "ms", "2000", None),
        ("0.2 FTE", Q, "FTE", "0.2", None),
        ("3 weeks", Q, "weeks", "3", None),
        ("800 tok/s", Q, "tok/s", "800", None),
        ("-4%", R, "", "-0.04", None),
    ],
)
def test_spellings(text: str, kind: FactType, unit: str, likely: str, currency: str | None) -> None:
    quantity = parse_quantity(text, kind, unit)
    assert quantity.likely == Decimal(likely)
    assert quantity.currency == currency
    assert not quantity.is_range


@pytest.mark.parametrize(
    ("text", "kind", "unit", "low", "high"),
    [
        ("30M ± 10M", T, "tokens/day", "20000000", "40000000"),
        ("30M +/- 20%", T, "tokens/day", "24000000", "36000000"),
        ("30+-10M", T, "tokens/day", "20000000", "40000000"),
        ("900M ± 300M a month", T, "tokens/day", "20000000", "40000000"),
        ("900M/month ± 10%", T, "tokens/day", "27000000", "33000000"),
        ("5000 ± 500", C, "", "4500", "5500"),
        ("5% ± 2%", R, "", "0.03", "0.07"),
        ("$2.50/h ± $0.50", M, "USD/hour", "2", "3"),
        ("300 ± 50 ms", D, "ms", "250", "350"),
        ("between 20M and 40M a day", T, "tokens/day", "20000000", "40000000"),
        ("von 1 bis 2 Mio.", T, "tokens/day", "1000000", "2000000"),
    ],
)
def test_ranges_in_words_and_by_how_far_off(text: str, kind: FactType, unit: str, low: str, high: str) -> None:
    found = parse_quantity(text, kind, unit)
    assert (found.low, found.high) == (Decimal(low), Decimal(high))
    assert found.likely == (found.low + found.high) / 2


@pytest.mark.parametrize(
    ("text", "why", "near"),
    [
        ("up to 30M", "one end is open", "30M"),
        ("at least 30M/day", "one end is open", "30M/day"),
        (">30M", "one end is open", "30M"),
        ("30M or more", "one end is open", "30M"),
        ("30M+", "one end is open", "30M"),
        ("mindestens 30 Mio.", "one end is open", "30 Mio."),
        ("30M ± 10", "in which unit", None),
        ("$5 ± €1", "different currencies", None),
        ("20M..40M ± 5M", "unknown unit", None),
    ],
)
def test_what_leaves_an_end_open_or_its_unit_is_asked(text: str, why: str, near: str | None) -> None:
    money = "$" in text
    with pytest.raises(NotAQuantity, match=why) as problem:
        parse_quantity(text, M if money else T, "USD/month" if money else "tokens/day")
    assert problem.value.near == near


@pytest.mark.parametrize(
    ("text", "kind", "unit", "likely", "stated"),
    [
        ("900M/month", T, "tokens/day", "30000000", "900000000"),
        ("30M per week", T, "tokens/month", "128571428.571", "30000000"),
        ("2m", D, "ms", "120000", "2"),
        ("$0.0025/1k", M, "USD/Mtok", "2.5", "0.0025"),
        ("$2.5e-6 per token", M, "USD/Mtok", "2.5", "0.0000025"),
        ("$150/MWh", M, "USD/kWh", "0.15", "150"),
        ("1 MW", Q, "kW", "1000", "1"),
        ("3 years", C, "months", "36", "3"),
    ],
)
def test_another_unit_of_the_same_dimension_is_converted_and_said(
    text: str, kind: FactType, unit: str, likely: str, stated: str
) -> None:
    quantity = parse_quantity(text, kind, unit)
    assert quantity.likely == Decimal(likely)
    assert quantity.stated is not None
    assert quantity.stated.likely == Decimal(stated)


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("30M requests/day", T, "tokens/day"), ("30M/GPU", T, "tokens/day"), ("2M", D, "ms"), ("$5/day", M, "USD/Mtok"),
        ("12 kWh", Q, "kW"), ("12 mW", Q, "kW"), ("$5/kWh", M, "USD/month"), ("3 days", T, "tokens/day"),
        ("5/month", T, "tokens"), ("60x", R, ""), ("36m", C, "months"),
    ],
)  # fmt: skip
def test_a_unit_of_another_dimension_is_refused(text: str, kind: FactType, unit: str) -> None:
    with pytest.raises(NotAQuantity):
        parse_quantity(text, kind, unit)


def test_a_misspelt_unit_is_answered_with_the_nearest_text_that_is_read() -> None:
    with pytest.raises(NotAQuantity) as refused:
        parse_quantity("30M tokns/day", T, "tokens/day")
    assert refused.value.near == "30M tokens/day"


@pytest.mark.parametrize(
    ("text", "kind", "unit", "ends"),
    [
        ("20M..40M", T, "", ("20000000", "40000000")),
        ("20..40M", T, "", ("20000000", "40000000")),
        ("5%..10%", R, "", ("0.05", "0.1")),
        ("$5..$7", M, "USD/hour", ("5", "7")),
        ("800..1200 tok/s", Q, "tok/s", ("800", "1200")),
    ],
)
def test_ranges(text: str, kind: FactType, unit: str, ends: tuple[str, str]) -> None:
    quantity = parse_quantity(text, kind, unit)
    assert (quantity.low, quantity.high) == tuple(Decimal(end) for end in ends)
    assert quantity.low <= quantity.likely <= quantity.high


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("thirty", T, ""), ("", T, ""), ("30M..", T, ""), ("1..2..3", T, ""), ("40M..20M", T, ""),
        ("$5", T, ""), ("60%", T, ""), ("60%", M, "USD/month"), ("$5/h", M, "USD/month"),
        ("5 apples", C, "months"), ("0x10", C, ""), ("1e999", T, ""), ("£1..$2", M, "USD/month"),
        ("--1", C, ""), ("1 2", C, ""), ("9" * 60, T, ""), ("5 weeks", D, "ms"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, kind: FactType, unit: str) -> None:
    with pytest.raises(NotAQuantity) as refused:
        parse_quantity(text, kind, unit)
    assert refused.value.accepted


@given(st.decimals(min_value=0, max_value=10**12, places=3), st.sampled_from(sorted(NUMERIC)))
def test_a_plain_number_reads_as_itself(number: Decimal, kind: FactType) -> None:
    assert parse_quantity(f"{number:f}", kind).likely == number


@given(st.integers(0, 10**6), st.sampled_from(["k", "M", "B", "T"]))
def test_a_multiplier_is_a_power_of_a_thousand(number: int, letter: str) -> None:
    power = {"k": 3, "M": 6, "B": 9, "T": 12}[letter]
    assert parse_quantity(f"{number}{letter}", T).likely == number * 10**power


@given(st.text(max_size=40), st.sampled_from(sorted(NUMERIC)))
def test_any_text_is_read_or_refused_plainly(text: str, kind: FactType) -> None:
    quantity: Quantity | None
    try:
        quantity = parse_quantity(text, kind, "USD/month")
    except NotAQuantity:
        quantity = None
    if quantity is not None:
        assert quantity.low <= quantity.likely <= quantity.high
