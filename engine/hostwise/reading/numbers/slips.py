"""What the writing of an amount tells of how it was meant: a decimal comma, a number that stands alone."""

from __future__ import annotations

import re
from functools import cache

from hostwise.reading.numbers.currencies import currencies
from hostwise.reading.numbers.units import units

_COMMA = re.compile(r"([^\d]*)(\d{1,3}(?:\.\d{3})+|\d+),(\d{1,2}|(?<=0,)\d+)((?![\d.,]).*)", re.ASCII)


def with_a_point(text: str) -> str | None:
    """A number with a decimal comma as it is written here; None for other texts.

    >>> with_a_point("1.234,56 €"), with_a_point("1,234")
    ('1234.56 €', None)
    """
    found = _COMMA.fullmatch(text)
    return f"{found[1]}{found[2].replace('.', '')}.{found[3]}{found[4]}" if found else None


def is_bare(text: str) -> bool:
    """Whether an amount is a number alone, or one with a currency or a multiplier: in no unit, and no percentage.

    >>> is_bare("$2.50"), is_bare("30M..40M"), is_bare("80%"), is_bare("2 h")
    (True, True, False, False)
    """
    words = re.sub(r"\d[\d.,_]*(?:[eE][-+]?\d+)?", " ", text)
    left = re.sub(r"\b(?:to|bis)\b", " ", _no_units().sub(" ", words))
    return not re.search(r"[^\W\d_]|[%/]", left)


@cache
def _no_units() -> re.Pattern[str]:
    """Currencies and multipliers, as whole words."""
    powers = "|".join(sorted(map(re.escape, units().powers), key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?i:{currencies().pattern}|(?:{powers})(?![^\W\d_]))")
