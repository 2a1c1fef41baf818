"""Numbers as people read them. Only here are amounts rounded, and only for show.

English has a house format (`$36,370`, `30M`); other languages write what is rounded here as their locale does.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hostwise.report import locale_figures
from hostwise.report.language import ENGLISH, Language

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
SCALE_WORDS = ((Decimal(10) ** 12, "T"), (Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k"))
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
CENTS_BELOW = Decimal(100)
"""Amounts below this are shown with two decimals, others as whole units."""


def money(amount: Decimal, currency: str, language: Language = ENGLISH) -> str:
    """An amount with its currency.

    >>> money(Decimal("36370.4"), "USD"), money(Decimal("-7.5"), "EUR"), money(Decimal(12), "CHF")
    ('$36,370', '−€7.50', 'CHF 12')
    """
    size = abs(amount)
    whole = size >= CENTS_BELOW or size == size.to_integral_value()
    if language.locale is not None:
        return locale_figures.money(amount, currency, 0 if whole else 2, language.locale)
    number = f"{size.quantize(Decimal(1) if whole else Decimal('0.01'), rounding=ROUND_HALF_UP):,}"
    symbol = SYMBOLS.get(currency)
    text = f"{symbol}{number}" if symbol else f"{currency} {number}"
    return f"−{text}" if amount < 0 else text


def money_range(low: Decimal, high: Decimal, currency: str, language: Language = ENGLISH) -> str:
    """Both ends of a band, or one amount where they show the same."""
    ends = money(low, currency, language), money(high, currency, language)
    return ends[0] if ends[0] == ends[1] else language.text("{low} to {high}").format(low=ends[0], high=ends[1])


def axis_money(amount: Decimal, currency: str, language: Language = ENGLISH) -> str:
    """An amount for an axis.

    >>> axis_money(Decimal(40_000), "USD"), axis_money(Decimal("-11926"), "USD"), axis_money(Decimal("7.5"), "EUR")
    ('$40k', '−$11.9k', '€7.50')
    """
    if language.locale is not None and abs(amount) >= 1000:
        return locale_figures.large_money(_three_digits(amount), currency, language.locale)
    if abs(amount) < 1000:
        return money(amount, currency, language)
    sign = "−" if amount < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, f'{currency} ')}{compact(abs(amount))}"


def price(amount: Decimal, currency: str, language: Language = ENGLISH) -> str:
    """The same for a price, of which the digits behind the point count: `$0.0375`.

    >>> price(Decimal("0.03754"), "USD"), price(Decimal("1.5"), "USD"), price(Decimal(0), "CHF")
    ('$0.0375', '$1.50', 'CHF 0')
    """
    if abs(amount) >= 1 or not amount:
        return axis_money(amount, currency, language)
    rounded = _three_digits(amount)
    if language.locale is not None:
        places = -int(rounded.normalize().as_tuple().exponent)
        return locale_figures.money(rounded, currency, places, language.locale)
    return f"{'−' if amount < 0 else ''}{SYMBOLS.get(currency, f'{currency} ')}{plain_number(abs(rounded))}"


def compact(number: Decimal, language: Language = ENGLISH) -> str:
    """A large number with a scale letter, three digits at most.

    >>> compact(Decimal("1296911792")), compact(Decimal("30000000")), compact(Decimal("999999"))
    ('1.3B', '30M', '1M')
    """
    rounded = _three_digits(number)
    if language.locale is not None:
        return locale_figures.large(rounded, language.locale)
    for scale, letter in SCALE_WORDS:
        if abs(rounded) >= scale:
            return plain_number(rounded / scale) + letter
    return plain_number(rounded)


def _three_digits(number: Decimal) -> Decimal:
    return number if not number else number.quantize(Decimal(1).scaleb(number.adjusted() - 2))


def plain_number(number: Decimal, language: Language = ENGLISH) -> str:
    """Digits without trailing zeros or exponent, thousands separated.

    >>> plain_number(Decimal("1234.500")), plain_number(Decimal("1E+3"))
    ('1,234.5', '1,000')
    """
    if language.locale is not None:
        return locale_figures.number(number, language.locale)
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def precise(number: Decimal, language: Language = ENGLISH) -> str:
    """At most four significant digits after what matters: for inputs of a formula.

    >>> precise(Decimal("0.04247184784")), precise(Decimal("3.4722")), precise(Decimal("900000000"))
    ('0.0425', '3.472', '900M')
    """
    if abs(number) >= 1_000_000:
        return compact(number, language)
    places = 4 if abs(number) < 1 else 3 if abs(number) < 100 else 0
    return plain_number(number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP), language)


def percent(share: Decimal, language: Language = ENGLISH) -> str:
    """A share as a percentage.

    >>> percent(Decimal("0.0425")), percent(Decimal("0.9575")), percent(Decimal("0.9993"))
    ('4.3%', '96%', '99.9%')
    """
    hundred = share * 100
    # Between 99 and 100 too: what is nearly all must not read as all.
    places = Decimal(1) if 10 <= abs(hundred) <= 99 else Decimal("0.1")
    rounded = hundred.quantize(places, rounding=ROUND_HALF_UP)
    if language.locale is not None:
        return locale_figures.percent(rounded / 100, language.locale)
    return f"{plain_number(rounded)}%"


def tenths(share: Decimal, language: Language = ENGLISH, sign: str = "") -> str:
    """A share as a percentage that always has one decimal, for columns; with `+` as `sign` it has its sign too.

    >>> tenths(Decimal("0.5")), tenths(Decimal("0.0425"), sign="+")
    ('50.0%', '+4.2%')
    """
    if language.locale is None:
        return f"{share:{sign}.1%}"
    text = locale_figures.percent(share.quantize(Decimal("0.001")), language.locale)
    return f"+{text}" if sign and share > 0 else text


def whole(amount: Decimal, language: Language = ENGLISH) -> str:
    """An amount in whole units, without its currency.

    >>> whole(Decimal("36370.5"))
    '36,370'
    """
    return plain_number(Decimal(round(amount)), language)


def long_date(iso: str, language: Language = ENGLISH) -> str:
    """A date in words.

    >>> long_date("2026-11-20")
    '20 November 2026'
    """
    day = date.fromisoformat(iso)
    if language.locale is not None:
        return locale_figures.long_date(day, language.locale)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
