"""How the sentences of a record were made: what a report needs to say them in another language.

The record is English. A text that was filled in stands here once more, with its message and its values; a value that
was written as people read it stands here with its number, kind and unit. Values are texts of this list, or plain ones.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hostwise.decision.canonical import Json, decimal_text
from hostwise.reading.said import Said

SILENT = frozenset(("curve", "firings", "reads"))
"""Lists of a record that hold figures or ids alone."""


def taken_sentences(record: dict[str, Any]) -> list[Json]:
    """Every text that was filled in, in the order of its first use; the record keeps them as plain text."""
    found: dict[str, Json] = {}
    waiting: list[Any] = [record]
    while waiting:
        part = waiting.pop()
        for key, value in part.items() if type(part) is dict else enumerate(part):
            kind = type(value)
            if kind is Said:
                _add(value, found)
                part[key] = str(value)
            elif kind is dict or (kind is list and key not in SILENT):
                waiting.append(value)
    return list(found.values())


def _add(said: Said, found: dict[str, Json]) -> None:
    text = str(said)
    if text in found:
        return
    how = said.how
    below: tuple[str, ...] = ()
    if "message" in how:
        below = tuple(how["values"].values())
        values = {name: str(value) for name, value in how["values"].items()}
        found[text] = {"text": text, "message": how["message"], "values": values}
    elif "parts" in how:
        below = how["parts"]
        found[text] = {"text": text, "parts": [*map(str, below)], "glue": how["glue"], "last": how["last"]}
    else:
        found[text] = {"text": text, **{name: _plain(value) for name, value in how.items() if value is not None}}
    for value in below:
        if type(value) is Said:
            _add(value, found)


def _plain(value: object) -> object:
    return decimal_text(value) if isinstance(value, Decimal) else value
