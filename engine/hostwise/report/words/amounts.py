"""Numbers of a record as pages write them: the one number format, for bands and as filters of templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from hostwise.economics.numbers.bands import Band
from hostwise.reading.numbers.number_format import (
    format_bare,
    format_factor_of,
    format_money,
    format_number,
    format_range,
    format_share,
    kind_of,
    unit_words,
)
from hostwise.report.brand.clean import first_sentence, one_line, shortened
from hostwise.report.language.language import Language


def money_range(band: Band, currency: str, language: Language) -> str:
    """An amount from its low to its high end."""
    return format_range(*_ends(band, currency, language), language)


def shows_as_one(band: Band, currency: str, language: Language) -> bool:
    """Whether both ends are written alike."""
    low, high = _ends(band, currency, language)
    return low == high


def _ends(band: Band, currency: str, language: Language) -> tuple[str, str]:
    return format_money(band.low, currency, language), format_money(band.high, currency, language)


def capitalised(text: str) -> str:
    """A phrase as it begins a line; a name such as `gpt-oss-120b` keeps its spelling.

    >>> capitalised("the price given"), capitalised("not yet, stay"), capitalised("gpt-oss-120b at Groq")
    ('The price given', 'Not yet, stay', 'gpt-oss-120b at Groq')
    """
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.strip(",;:").isalpha() else text


def template_filters(language: Language) -> Mapping[str, Callable[..., Any]]:
    """The filters of templates: `{{ ledger.total.likely|money(ledger.currency) }}`."""
    return {
        "money": lambda amount, currency: format_money(amount, currency, language),
        "money_range": lambda band, currency: money_range(band, currency, language),
        "shows_as_one": lambda band, currency: shows_as_one(band, currency, language),
        "number": lambda value: format_number(value, language),
        "share": lambda share: format_share(share, language),
        "factor": lambda value, unit: format_factor_of(value, kind_of(unit), unit, language),
        "bare": lambda value, unit: format_bare(value, kind_of(unit), unit, language),
        "unit_words": lambda unit: unit_words(kind_of(unit), unit, language),
        "as_number": lambda text: format_number(Decimal(text), language) if text.isascii() and text.isdigit() else text,
        "long_date": language.long_date,
        "capitalised": capitalised,
        "first_sentence": first_sentence,
        "shortened": shortened,
        "one_line": one_line,
    }
