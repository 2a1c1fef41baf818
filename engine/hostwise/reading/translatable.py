"""Texts that remember how they were made, so that a report can translate them.

A `Translatable` is the English text and nothing else to whoever reads it; the record keeps beside it the message and
the values that it was filled in from (`record/sentences.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

PLACE = re.compile(r"\{([A-Za-z0-9_.]+)\}")
"""A place that is filled in: `{tokens_per_day}`."""


class Translatable(str):
    """A text with what it was made of. `how` is one of three.

    * `message` with its `values` by name, each a text,
    * `parts`, with the `glue` between them and the `last` glue,
    * a `value` (with `low` and `high` where it is a range), its `kind` (a type of fact) and its `unit`.
    """

    __slots__ = ("how",)
    how: Mapping[str, Any]

    def __new__(cls, text: str, how: Mapping[str, Any] | None = None) -> Translatable:
        """The text, and how it was made."""
        made = super().__new__(cls, text)
        made.how = how or {}
        return made


def prose(message: str) -> str:
    """A text that nothing is filled into, marked for the catalogue."""
    return message


def fill(message: str, **values: str) -> str:
    """A message with its places filled in. Filled-in text is never read again.

    >>> fill("{who} costs {amount}.", who="It", amount="{who}")
    'It costs {who}.'
    """
    return filled(message, values)


def filled(message: str, values: Mapping[str, str]) -> str:
    """The same for values under names that Python does not allow. Raises `KeyError` for a place without a value."""
    whole = PLACE.fullmatch(message)
    if whole:  # nothing but the value, which knows best how it was made
        return values[whole[1]]
    return Translatable(PLACE.sub(lambda place: values[place[1]], message), {"message": message, "values": values})


def joined(parts: Sequence[str], glue: str, last: str | None = None) -> str:
    """Texts in a row; the last one may be joined otherwise. One alone is itself.

    >>> joined(["a", "b", "c"], ", ", " and ")
    'a, b and c'
    """
    if len(parts) < 2:
        return parts[0] if parts else ""
    last = glue if last is None else last
    text = f"{glue.join(parts[:-1])}{last}{parts[-1]}"
    return Translatable(text, {"parts": tuple(parts), "glue": glue, "last": last})
