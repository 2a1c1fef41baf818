"""How the sentences of a record were made: what a report needs to say them in another language.

The record is English. A text that was filled in stands here once more, with its message and its values; a value that
was written as people read it stands here with its number, kind and unit. Values are texts of this list, or plain ones.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hostwise.decision.canonical import Json, decimal_text
from hostwise.reading.said import Said

PARTS = ("facts", "rules", "ledgers", "break_even", "panel", "robustness", "counterfactuals", "verdict")
SILENT = frozenset(("curve", "cites", "reads", "amount", "value", "total", "options", "rows", "values", "outlooks"))
"""Parts of a record that hold figures, ids or texts of others alone."""


def taken_sentences(record: dict[str, Any]) -> list[Json]:
    """Every text that was filled in, in the order of its first use; the record keeps them as plain text."""
    found: dict[str, Json] = {entry["text"]: entry for entry in record["rulebook"].get("sentences", ())}
    waiting: list[Any] = [record[part] for part in PARTS]
    while waiting:
        part = waiting.pop()
        for key, value in part.items() if type(part) is dict else enumerate(part):
            kind = type(value)
            if kind is Said:
                _add(value, found)
                part[key] = str(value)
            elif (kind is dict or kind is list) and value and key not in SILENT:
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
