"""Facts and their values as people read them: `30M`, `$36,000`, `60%`, `2.1× (1.8× to 2.4×)`, `yes`."""

from __future__ import annotations

from decimal import Decimal

from hostwise.answers.facts import Fact, FactType, Value
from hostwise.reading.numbers.number_format import format_band, format_quantity
from hostwise.reading.translatable import Translatable

UNKNOWN = "unknown"


def format_fact(fact: Fact) -> str:
    """A fact's value with its unit; a range with its ends.

    >>> from hostwise.answers.facts import Origin, Provenance
    >>> format_fact(Fact("tokens_per_day", FactType.TOKENS, Decimal("30000000"), Provenance(Origin.DERIVED)))
    '30M'
    """
    if fact.value is None:
        return UNKNOWN
    if fact.low is None or fact.high is None or fact.low == fact.high or not isinstance(fact.value, Decimal):
        return format_value(fact.value, fact.type, fact.unit)
    text = format_band(fact.value, fact.low, fact.high, fact.type, fact.unit)
    return _translatable(text, fact.value, fact.type, fact.unit, low=fact.low, high=fact.high)


def format_likely(fact: Fact) -> str:
    """The same without the ends of a range."""
    return UNKNOWN if fact.value is None else format_value(fact.value, fact.type, fact.unit)


def format_value(value: Value, kind: FactType, unit: str = "") -> str:
    """One value of a kind, in words and digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _translatable(value, value, kind, unit) if kind is FactType.DATE else value
    return _translatable(format_quantity(value, kind, unit), value, kind, unit)


def format_bound(value: Value, kind: FactType, unit: str = "") -> str:
    """A value that an answer passes: the least above nothing is nothing, so that it reads `above 0%`."""
    text = format_value(value, kind, unit)
    return format_value(Decimal(0), kind, unit) if isinstance(value, Decimal) and text.startswith("<") else text


def _translatable(text: str, value: Decimal | str, kind: FactType, unit: str, **ends: Decimal) -> Translatable:
    """The English text, with what is needed to write the value in another language."""
    how = {"kind": kind.value, "unit": unit, "value": value, "low": None, "high": None}
    return Translatable(text, how | ends)
