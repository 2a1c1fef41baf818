"""How numbers are written: rounded by one rule, readable back, never nothing where there is something."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.number_format import (
    format_band,
    format_bare,
    format_difference,
    format_money,
    format_price,
    format_quantity,
    format_range,
    format_share,
)
from hostwise.reading.numbers.quantity import parse_quantity
from hostwise.report.language.language import language_of

GERMAN = language_of(Path(__file__).parents[2] / "templates", "de")
KINDS = [
    (FactType.TOKENS, "tokens/day"),
    (FactType.COUNT, "requests/day"),
    (FactType.QUANTITY, "tok/s"),
    (FactType.MONEY, "USD"),
    (FactType.MONEY, "GBP/month"),
    (FactType.MONEY, "CHF/Mtok"),
    (FactType.MONEY, "USD/hour"),
    (FactType.RATIO, ""),
    (FactType.RATIO, "x"),
    (FactType.DURATION, "ms"),
]
numbers = st.one_of(
    st.decimals(-(10**18), 10**18, allow_nan=False, places=9),
    st.decimals(-2000, 2000, allow_nan=False, places=7),
    st.decimals(-1, 1, allow_nan=False, places=12),
    st.builds(lambda digits, power: Decimal(digits).scaleb(power), st.integers(-99999, 99999), st.integers(-12, 30)),
)
kinds = st.sampled_from(KINDS)


def read(text: str, kind: FactType, unit: str) -> Decimal:
    """The number that a text stands for."""
    return parse_quantity(text.lstrip("<>"), kind, unit).likely


def order(text: str, kind: FactType, unit: str) -> tuple[Decimal, int]:
    """A key by which texts sort as the numbers they stand for."""
    return read(text, kind, unit), {"<": -1, ">": 1}.get(text[0], 0)


@given(numbers, numbers, kinds)
def test_a_larger_number_never_reads_smaller(one: Decimal, other: Decimal, kind: tuple[FactType, str]) -> None:
    low, high = (order(format_quantity(value, *kind), *kind) for value in sorted((one, other)))
    assert low <= high


@given(numbers, kinds)
def test_a_text_is_read_back_within_its_rounding(value: Decimal, kind: tuple[FactType, str]) -> None:
    text = format_quantity(value, *kind)
    back = read(text, *kind)
    if text[0] in "<>":
        assert value < back if text[0] == "<" else value > back
    else:
        finest = Decimal("0.5") if kind[0] is FactType.DURATION or abs(value) >= 100 else Decimal("0.005")
        assert abs(value - back) <= max(finest, abs(value) / 1999)
        assert format_quantity(back, *kind) == text


@given(numbers, kinds)
def test_what_is_not_nothing_never_reads_as_nothing(value: Decimal, kind: tuple[FactType, str]) -> None:
    assert (read(format_quantity(value, *kind), *kind) == 0) is (value == 0)


@given(numbers)
def test_what_is_not_all_never_reads_as_all(share: Decimal) -> None:
    if abs(share) < 1:
        assert format_share(share).lstrip("−") != "100%"


@given(numbers, kinds)
def test_both_languages_show_the_same_digits(value: Decimal, kind: tuple[FactType, str]) -> None:
    english, german = format_bare(value, *kind), format_bare(value, *kind, GERMAN)
    swapped = german.translate(str.maketrans(",.", ".,"))
    if abs(value) < 999_999 or kind[0] in (FactType.MONEY, FactType.DURATION):
        assert [c for c in english if c in "0123456789.,<>"] == [c for c in swapped if c in "0123456789.,<>"]


@pytest.mark.parametrize(
    ("text", "kind", "unit", "english", "german"),
    [
        ("1296911792", FactType.TOKENS, "", "1.297B", "1,297 Mrd."),
        ("1125000000", FactType.TOKENS, "", "1.125B", "1,125 Mrd."),
        ("999949999", FactType.TOKENS, "", "999.9M", "999,9 Mio."),
        ("999950000", FactType.TOKENS, "", "1B", "1 Mrd."),
        ("999999.4", FactType.COUNT, "", "999,999", "999.999"),
        ("999999.5", FactType.COUNT, "", "1M", "1 Mio."),
        ("1234500000000000", FactType.TOKENS, "", "1,235T", "1235 Bio."),
        ("999.95", FactType.QUANTITY, "days", "1,000 days", "1.000 Tage"),
        ("-0", FactType.QUANTITY, "", "0", "0"),
        ("-0.00001", FactType.QUANTITY, "", ">−0.0001", ">-0,0001"),
        ("100.50", FactType.MONEY, "USD", "$101", "101 $"),
        ("7.125", FactType.MONEY, "USD", "$7.13", "7,13 $"),
        ("-7.125", FactType.MONEY, "USD", "−$7.13", "-7,13 $"),
        ("99.995", FactType.MONEY, "EUR", "€100", "100 €"),
        ("0.004", FactType.MONEY, "USD/month", "<$0.01", "<0,01 $"),
        ("0.004", FactType.MONEY, "USD/Mtok", "$0.004 per million tokens", "0,004 $ je Million Token"),
        ("0.00001", FactType.MONEY, "USD/kWh", "$0.00001 per kWh", "0,00001 $ je kWh"),
        ("0.00000000001", FactType.MONEY, "USD/kWh", "<$0.0001 per kWh", "<0,0001 $ je kWh"),
        ("12345678901234", FactType.MONEY, "CHF", "CHF 12,345,678,901,234", "12.345.678.901.234 CHF"),
        ("0.0425", FactType.RATIO, "", "4.3%", "4,3 %"),
        ("0.9996", FactType.RATIO, "", ">99.9%", ">99,9 %"),
        ("-0.9996", FactType.RATIO, "", "<−99.9%", "<-99,9 %"),
        ("0.0004", FactType.RATIO, "", "<0.1%", "<0,1 %"),
        ("12.75", FactType.RATIO, "x", "12.8×", "12,8×"),
        ("2499.5", FactType.DURATION, "ms", "2,500 ms", "2.500 ms"),
    ],
)
def test_numbers_at_the_edges(text: str, kind: FactType, unit: str, english: str, german: str) -> None:
    value = Decimal(text)
    found = format_quantity(value, kind, unit), format_quantity(value, kind, unit, GERMAN).replace("\u00a0", " ")
    assert found == (english, german)


@pytest.mark.parametrize(
    ("count", "unit", "english", "german"),
    [
        (1, "days", "1 day", "1 Tag"),
        (2, "days", "2 days", "2 Tage"),
        (1, "requests/day", "1 request/day", "1 Anfrage/Tag"),
        (1, "FTE", "1 FTE", "1 VZÄ"),
        (1, "GPUs", "1 GPU", "1 GPU"),
    ],
)
def test_a_single_one_stands_in_the_singular(count: int, unit: str, english: str, german: str) -> None:
    assert format_quantity(Decimal(count), FactType.COUNT, unit) == english
    assert format_quantity(Decimal(count), FactType.COUNT, unit, GERMAN).replace("\u00a0", " ") == german


def test_a_range_whose_ends_read_the_same_is_one_number() -> None:
    assert format_range(format_money(Decimal("100.1"), "USD"), format_money(Decimal("100.4"), "USD")) == "$100"
    ends = Decimal("2.099"), Decimal("2.098"), Decimal("2.104")
    assert format_band(*ends, FactType.RATIO, "x") == "2.1×"
    assert format_band(Decimal(3), Decimal(2), Decimal(4), FactType.COUNT, "") == "3 (2 to 4)"


def test_a_price_has_more_decimals_than_an_amount() -> None:
    assert (format_price(Decimal("0.0375"), "USD"), format_money(Decimal("0.0375"), "USD")) == ("$0.0375", "$0.04")


def test_a_difference_has_its_sign() -> None:
    found = [format_difference(Decimal(share)) for share in ("0.05", "-0.05", "0", "0.00001")]
    assert found == ["+5%", "−5%", "0%", "<0.1%"]


class _Many(Decimal):
    def __format__(self, specifier: str, /) -> str:  # type: ignore[override]
        return "many"


def test_a_value_that_stands_for_those_of_many_cases_says_so() -> None:
    assert format_bare(_Many(5), FactType.RATIO) == "many"
