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


def pointed_groups(text: str) -> str:
    """The text with a decimal point alone in numbers that have both marks: these can be read one way only.

    Three places after the last mark could be thousands too, of who mixes both.

    >>> pointed_groups("1.234,56 €"), pointed_groups("1.234.567,8"), pointed_groups("1,234.5")
    ('1234.56 €', '1234567.8', '1234.5')
    >>> pointed_groups("1.234,567"), pointed_groups("2,5")
    ('1.234,567', '2,5')
    """
    if "," not in text or "." not in text:
        return text
    plain = _BOTH[","].sub(lambda found: found[0].replace(".", "").replace(",", "."), text)
    return _BOTH["."].sub(lambda found: found[0].replace(",", ""), plain)


_BOTH = {
    last: re.compile(
        rf"(?<![\d,_])(?<!\d\.)[1-9]\d{{0,2}}(?:{re.escape(first)}\d{{3}})+{re.escape(last)}\d{{1,2}}(?![\d_,]|\.\d)",
        re.ASCII,
    )
    for first, last in (".,", ",.")
}


def without_groups(text: str) -> str | None:
    """The text without points that may part thousands, as a German writes them; None where none may.

    A multiplier beside a number says that its point is a decimal one, but for the words of those who part thousands
    with it.

    >>> without_groups("3.000 Seiten"), without_groups("$1.200..$1.500"), without_groups("1.234.567")
    ('3000 Seiten', '$1200..$1500', '1234567')
    >>> without_groups("1.200 Mio. Token"), without_groups("1.200 mio")
    ('1200 Mio. Token', '1200 mio')
    >>> without_groups("2.5"), without_groups("0.125"), without_groups("1.200M"), without_groups("1.200 Million")
    (None, None, None, None)
    """
    if "." not in text or _scaled().search(text):
        return None
    plain = _GROUPED.sub(lambda found: found[0].replace(".", ""), text)
    return plain if plain != text else None


def round_thousands(text: str) -> str | None:
    """The same where every number that has such points ends in a zero, as amounts that people round do; else None.

    What is computed to three places hardly ever does.

    >>> round_thousands("R$ 13.500"), round_thousands("€7.000"), round_thousands("$812.345")
    ('R$ 13500', '€7000', None)
    """
    plain = without_groups(text)
    grouped = _GROUPED.findall(text) if plain else []
    return plain if grouped and all(number.endswith("0") for number in grouped) else None


_GROUPED = re.compile(r"(?<![\d,_])(?<!\d\.)[1-9]\d{0,2}(?:\.\d{3})+(?![\d,_]|\.\d|[eE][-+]?\d)", re.ASCII)


@cache
def _scaled() -> re.Pattern[str]:
    """A number with a multiplier of those who write a decimal point; words count in any case, as they do in amounts."""
    pointed = units().powers.keys() - set(units().file.parted_by_points)
    powers = "|".join(
        f"(?i:{re.escape(w)})" if len(w) > 1 else re.escape(w) for w in sorted(pointed, key=len, reverse=True)
    )
    return re.compile(rf"\d\s*(?:{powers})(?![^\W\d_])")


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
