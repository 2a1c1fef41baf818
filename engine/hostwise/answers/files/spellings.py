"""The words and days that people write where a form has one spelling: `tbd`, `TRUE`, `Production`, `20.11.2026`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

UNKNOWN = "unknown"
_OPEN = frozenset({UNKNOWN, "unbekannt", "n/a", "k.a.", "k. a.", "tbd", "tbc", "?", "-", "–", "—"})
_TRUE = frozenset({"true", "yes", "y", "1", "ja", "j"})
_FALSE = frozenset({"false", "no", "n", "0", "nein"})
YEARS = range(1970, 2200)
"""The years of days that are reckoned with: an answer of another is a slip, and months after the year 9999 are none."""
_DAY = re.compile(r"(?P<first>\d{1,2})(?P<mark>[./])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})", re.ASCII)


def is_open(value: Any) -> bool:
    """Whether a value says that nobody has this answer: `unknown`, and what people put in its place, in any case.

    None of them takes a default: that is for a question that the file does not mention.
    """
    return isinstance(value, str) and value.strip().casefold() in _OPEN


def truth(value: Any) -> bool | None:
    """Yes or no, in the words of English, German and spreadsheets; None for anything else."""
    word = str(value).casefold() if isinstance(value, (bool, int, str)) else ""
    return True if word in _TRUE else False if word in _FALSE else None


def choice(word: Any, choices: Iterable[str]) -> str | None:
    """The choice that a word is, in any case; None where it is none."""
    return {each.casefold(): each for each in choices}.get(word.casefold()) if isinstance(word, str) else None


def days(text: str) -> list[date]:
    """Every day that a text can be: `2026-11-20`; `20.11.2026` and `11/20/2026`, whichever number is the day."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return _existing([text])
    match = _DAY.fullmatch(text)
    if match is None:
        return []
    year, first, second = match["year"], match["first"].zfill(2), match["second"].zfill(2)
    return _existing(dict.fromkeys([f"{year}-{second}-{first}", f"{year}-{first}-{second}"]))


def _existing(texts: Iterable[str]) -> list[date]:
    found = []
    for text in texts:
        try:
            found.append(date.fromisoformat(text))
        except ValueError:
            continue
    return [day for day in found if day.year in YEARS]
