"""Numbers as people read them. Only here are amounts rounded, and only for show."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
SCALE_WORDS = ((Decimal(10) ** 12, "T"), (Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k"))
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
CENTS_BELOW = Decimal(100)
"""Amounts below this are shown with two decimals, others as whole units."""


def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency.

    >>> money(Decimal("36370.4"), "USD"), money(Decimal("-7.5"), "EUR"), money(Decimal(12), "CHF")
    ('$36,370', '−€7.50', 'CHF 12')
    """
    size = abs(amount)
    whole = size >= CENTS_BELOW or size == size.to_integral_value()
    number = f"{size.quantize(Decimal(1) if whole else Decimal('0.01'), rounding=ROUND_HALF_UP):,}"
    symbol = SYMBOLS.get(currency)
    text = f"{symbol}{number}" if symbol else f"{currency} {number}"
    return f"−{text}" if amount < 0 else text


def money_range(low: Decimal, high: Decimal, currency: str) -> str:
    """Both ends of a band, or one amount where they show the same."""
    ends = money(low, currency), money(high, currency)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def axis_money(amount: Decimal, currency: str) -> str:
    """An amount for an axis: `$40k`."""
    return money(amount, currency) if abs(amount) < 1000 else SYMBOLS.get(currency, f"{currency} ") + compact(amount)


def compact(number: Decimal) -> str:
    """A large number with a scale letter, three digits at most.

    >>> compact(Decimal("1296911792")), compact(Decimal("30000000")), compact(Decimal("999999"))
    ('1.3B', '30M', '1M')
    """
    rounded = number if not number else number.quantize(Decimal(1).scaleb(number.adjusted() - 2))
    for scale, letter in SCALE_WORDS:
        if abs(rounded) >= scale:
            return plain_number(rounded / scale) + letter
    return plain_number(rounded)


def plain_number(number: Decimal) -> str:
    """Digits without trailing zeros or exponent, thousands separated.

    >>> plain_number(Decimal("1234.500")), plain_number(Decimal("1E+3"))
    ('1,234.5', '1,000')
    """
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def precise(number: Decimal) -> str:
    """At most four significant digits after what matters: for inputs of a formula.

    >>> precise(Decimal("0.04247184784")), precise(Decimal("3.4722")), precise(Decimal("900000000"))
    ('0.0425', '3.472', '900M')
    """
    if abs(number) >= 1_000_000:
        return compact(number)
    places = 4 if abs(number) < 1 else 3 if abs(number) < 100 else 0
    return plain_number(number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def percent(share: Decimal) -> str:
    """A share as a percentage.

    >>> percent(Decimal("0.0425")), percent(Decimal("0.9575")), percent(Decimal("0.9993"))
    ('4.3%', '96%', '99.9%')
    """
    hundred = share * 100
    # Between 99 and 100 too: what is nearly all must not read as all.
    places = Decimal(1) if 10 <= abs(hundred) <= 99 else Decimal("0.1")
    return f"{plain_number(hundred.quantize(places, rounding=ROUND_HALF_UP))}%"


def long_date(iso: str) -> str:
    """A date in words.

    >>> long_date("2026-11-20")
    '20 November 2026'
    """
    day = date.fromisoformat(iso)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
