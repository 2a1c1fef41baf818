"""Numbers, money, shares and dates as another language than English writes them: Babel, from the CLDR."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale


def number(value: Decimal, locale: Locale) -> str:
    """All digits that the number has, grouped: `1.234,5`."""
    from babel.numbers import format_decimal

    return format_decimal(_trimmed(value), locale=locale, decimal_quantization=False)


def money(amount: Decimal, currency: str, digits: int, locale: Locale) -> str:
    """An amount with so many digits after the point: `36.370 $`."""
    from babel.numbers import format_currency

    pattern = locale.currency_formats["standard"].pattern
    wanted = pattern.replace(".00", f".{'0' * digits}" if digits else "")
    rounded = amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return format_currency(rounded, currency, wanted, locale=locale, currency_digits=False)


def large(value: Decimal, locale: Locale) -> str:
    """A number with the short word of its scale, where the language has one for it: `30 Mio.`, `40.000`."""
    from babel.numbers import format_compact_decimal

    text = format_compact_decimal(value, locale=locale, fraction_digits=3)
    return text if any(character.isalpha() for character in text) else number(value, locale)


def large_money(amount: Decimal, currency: str, locale: Locale) -> str:
    """The same for money: `40.000 $`, `1,2 Mio. $`."""
    from babel.numbers import format_compact_currency

    text = format_compact_currency(amount, currency, locale=locale, fraction_digits=3)
    # The currency's own letters are no scale.
    scaled = any(character.isalpha() for character in large(amount, locale))
    return text if scaled else money(amount, currency, 0, locale)


def percent(share: Decimal, locale: Locale) -> str:
    """A share, rounded before: `4,3 %`."""
    from babel.numbers import format_percent

    return format_percent(_trimmed(share), locale=locale, decimal_quantization=False)


def long_date(day: date, locale: Locale) -> str:
    """`20. November 2026`."""
    from babel.dates import format_date

    return format_date(day, "long", locale=locale)


def short_date(day: date, locale: Locale) -> str:
    """`20.11.2026`."""
    from babel.dates import format_date

    return format_date(day, "medium", locale=locale)


def _trimmed(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
