"""A decision map as a record keeps it: letters for verdicts, and axes in words."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from hostwise.reading.json_values import Plain, one_of

LOG, LINEAR, WORDS = "log", "linear", "words"
"""How the values of an axis are spaced: by ratio, by difference, or one by one."""


class LetterAxis(Struct, frozen=True):
    """An answer across a map and its values, in words too; numbers are the digits of their decimal."""

    key: str
    fact: str
    label: str
    type: str
    unit: str
    scale: Annotated[str, one_of(LOG, LINEAR, WORDS)]
    now: Plain | None
    now_shown: str | None
    values: tuple[Plain, ...]
    shown: tuple[str, ...]


class LetterVerdict(Struct, frozen=True):
    """What a letter stands for, and how many cells have it."""

    letter: Annotated[str, Meta(pattern="^[a-z]$")]
    verdict: str
    label: str
    cells: int


class LetterMap(Struct, frozen=True):
    """A map as a record keeps it: a row of letters for each value of `y`, from the lowest up."""

    x: LetterAxis
    y: LetterAxis | None
    today: tuple[int, int] | None
    verdicts: tuple[LetterVerdict, ...]
    rows: tuple[Annotated[str, Meta(pattern="^[a-z]+$")], ...]
