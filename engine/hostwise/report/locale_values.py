"""A value of a record as another language writes it: `30 Mio.`, `40,00 $ je Million Token`, `3 Tage`.

The English of the same values, with the same rounding, is `hostwise.rulebook.wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from hostwise.report import locale_figures
from hostwise.report.language import Language

PER = {
    "Mtok": "per million tokens",
    "hour": "an hour",
    "month": "a month",
    "kWh": "per kWh",
    "year": "a year",
}


def value_text(how: Mapping[str, Any], language: Language) -> str:
    """A value that the record keeps with its kind and unit; a range as `2,1× (1,8× bis 2,4×)`."""
    kind, unit = how["kind"], how["unit"]
    if kind == "date":
        return locale_figures.short_date(date.fromisoformat(how["value"]), _locale(language))
    text = _one(Decimal(how["value"]), kind, unit, language)
    if "low" not in how:
        return text
    low, high = (_one(Decimal(how[end]), kind, unit, language) for end in ("low", "high"))
    span = language.text("{low} to {high}").format(low=low, high=high)
    return f"{text} ({span})"


def _one(value: Decimal, kind: str, unit: str, language: Language) -> str:
    locale = _locale(language)
    if kind == "tokens":
        return locale_figures.large(_significant(value), locale)
    if kind == "ratio":
        if unit in ("x", "×"):
            return f"{locale_figures.number(_rounded(value, 2), locale)}×"
        return locale_figures.percent(_rounded(value * 100, 1) / 100, locale)
    if kind == "money":
        return _money(value, unit, language)
    if kind == "duration":
        return f"{locale_figures.number(_rounded(value, 0), locale)} ms"
    large = abs(value) >= 10_000
    text = (
        locale_figures.large(_significant(value), locale)
        if large
        else locale_figures.number(_rounded(value, 2), locale)
    )
    return f"{text} {unit_text(unit, language)}".strip()


def _money(amount: Decimal, unit: str, language: Language) -> str:
    currency, _, per = unit.partition("/")
    digits = 0 if abs(amount) >= 100 else 2
    if per == "Mtok" and abs(amount) < 1 and amount != amount.quantize(Decimal("0.01")):
        digits = 4
    text = locale_figures.money(amount, currency, digits, _locale(language))
    return text if not per or per == "month" else f"{text} {language.text(PER.get(per, per))}"


def unit_text(unit: str, language: Language) -> str:
    """A unit; of a rate each side by itself, where the catalogue has no word for the whole."""
    whole = language.text(unit)
    if whole != unit or "/" not in unit:
        return whole
    return "/".join(language.text(side) for side in unit.split("/"))


def _significant(value: Decimal) -> Decimal:
    """Up to four significant digits from a thousand on, and two places below."""
    if abs(value) < 1000:
        return _rounded(value, 2)
    power = value.adjusted() - 3
    return value.quantize(Decimal(1).scaleb(power), rounding=ROUND_HALF_EVEN)


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)


def _locale(language: Language) -> Any:
    assert language.locale is not None, "English is written where the record is made"
    return language.locale
