"""How the sentences of a record were made: what a report needs to say them in another language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct


class FilledText(Struct, frozen=True):
    """A message with its places filled in, each by a text."""

    text: str
    message: str
    values: Mapping[str, str]


class JoinedText(Struct, frozen=True):
    """Texts in a row, with the `glue` between them; the `last` one may be joined otherwise."""

    text: str
    parts: tuple[str, ...]
    glue: str
    last: str


class ValueText(Struct, frozen=True):
    """A value as people read it: its `kind` (a type of fact) and `unit`; the value is a number or a day."""

    text: str
    kind: str
    unit: str
    value: str


class RangeText(Struct, frozen=True):
    """A number that has a range."""

    text: str
    kind: str
    unit: str
    value: Decimal
    low: Decimal
    high: Decimal


Sentence = FilledText | JoinedText | ValueText | RangeText
