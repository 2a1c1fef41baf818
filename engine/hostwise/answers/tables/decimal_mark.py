"""What a comma and a dot mean in the numbers of a table, which the file may say, and which is never guessed.

`1.200` is 1.2 in one country and 1,200 in another. Where the file's columns are parted by semicolons or tabs it can be
from either, and between commas a quoted `1,200` can; such a number is refused until the file or a person says which.
Between semicolons or tabs `3,5` can be read one way only: nobody parts thousands there.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from hostwise.answers.files.values import Refused
from hostwise.reading.numbers.slips import pointed_groups

Decimals = Literal["comma", "point"]
HOW = "say which with --decimal comma or --decimal point, or in a line above the header: # decimal: comma"

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
_FRACTION = re.compile(r"\d+(?:,\d+)?", re.ASCII)
_ONLY_A_FRACTION = re.compile(r"\d+,\d{1,2}|0,\d+", re.ASCII)
"""Thousands have three digits behind their comma, and something before it."""
_DOUBTFUL = {mark: re.compile(rf"[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}", re.ASCII) for mark in ".,"}
_AFTER_PER = re.compile(r"(?:/|\b(?:per|je|pro))\s*$", re.I)
"""Before the 1,000 of a price for as many: nothing is sold by the 1.000."""


class Marks(Struct, frozen=True):
    """What parts the columns of a table, nothing where it has no such mark, and the decimal mark that was stated."""

    separator: str = ""
    decimal: Decimals | None = None


def pointed(text: str, marks: Marks) -> str:
    """The text of a cell with every number as a questionnaire has it, with a decimal point.

    Raises `Refused` for a number that can be read two ways.

    >>> pointed("€1.234,56", Marks(";", "comma"))
    '€1234.56'
    """
    if marks.decimal == "point" or not ("," in text or "." in text):
        return text
    if marks.decimal == "comma":
        return _NUMBER.sub(lambda found: _from_comma(found[0]), text)
    text = pointed_groups(text)
    for mark in {",": ",", ";": ".,", "\t": ".,"}.get(marks.separator, ""):
        if mark in text:
            _refuse_doubtful(text, mark)
    if marks.separator in (";", "\t"):
        return _NUMBER.sub(lambda found: _with_a_point(found[0]), text)
    return text


def _with_a_point(number: str) -> str:
    return number.replace(",", ".") if _ONLY_A_FRACTION.fullmatch(number) else number


def _from_comma(number: str) -> str:
    if _GROUPED.fullmatch(number) or _FRACTION.fullmatch(number):
        return number.replace(".", "").replace(",", ".")
    raise Refused(
        "decimal-comma",
        "not a number of a file with decimal commas",
        found=number[:60],
        accepted="0,5, 1200 or 1.200,5",
    )


def _refuse_doubtful(text: str, mark: str) -> None:
    for found in _NUMBER.finditer(text):
        exponent = text[found.end() : found.end() + 1] in ("e", "E")
        if _DOUBTFUL[mark].fullmatch(found[0]) and not exponent and not _AFTER_PER.search(text[: found.start()]):
            fraction = Decimal(found[0].replace(mark, ".")).normalize()
            name = "dot" if mark == "." else "comma"
            raise Refused(
                "ambiguous-number", f"the {name} before three digits may be a decimal mark or part the thousands",
                found=text[:60], accepted=f"{fraction:f} or {found[0].replace(mark, '')}? {HOW}",
            )  # fmt: skip
