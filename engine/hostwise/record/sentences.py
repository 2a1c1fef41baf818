"""How the sentences of a record were made: what a report needs to say them in another language.

The record is English. A text that was filled in stands here once more, with its message and its values; a value that
was written as people read it stands here with its number, kind and unit. Values are texts of this list, or plain ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from hostwise.reading.json_values import plain
from hostwise.reading.translatable import Translatable
from hostwise.record.format.record import Record
from hostwise.record.format.sentences import FilledText, JoinedText, RangeText, Sentence, ValueText

PARTS = (
    "answers", "facts", "rules", "ledgers", "plans", "break_even", "panel", "robustness", "counterfactuals", "verdict",
)  # fmt: skip
SILENT = frozenset(("curve", "cites", "reads", "amount", "value", "total", "options", "rows", "values", "outlooks"))
"""Parts of a record that hold figures, ids or texts of others alone."""
_HOLDS_NONE = frozenset((str, int, bool, type(None), Decimal, date))
"""What most values are: known by their type, before anything else is asked."""


def sentences_of(record: Record) -> tuple[Sentence, ...]:
    """Every text that was filled in, in the order of its first use; the record keeps them as plain text."""
    found: dict[str, Sentence] = {}
    waiting: list[Any] = [getattr(record, part) for part in PARTS]
    while waiting:
        for key, value in _entries(waiting.pop()):
            kind = type(value)
            if kind is Translatable:
                _add(value, found)
            elif kind in _HOLDS_NONE or not value or key in SILENT:
                continue
            elif isinstance(value, (Struct, tuple, Mapping)):
                waiting.append(value)
    return tuple(found.values())


def _entries(part: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(part, tuple):
        return enumerate(part)
    if isinstance(part, Struct):
        return [(name, getattr(part, name)) for name in part.__struct_fields__]
    entries: Iterable[tuple[Any, Any]] = part.items()
    return entries


def _add(filled: Translatable, found: dict[str, Sentence]) -> None:
    text = str(filled)
    if text in found:
        return
    found[text] = sentence_of(filled)
    how = filled.how
    for value in (*how.get("values", {}).values(), *how.get("parts", ())):
        if type(value) is Translatable:
            _add(value, found)


def sentence_of(filled: Translatable) -> Sentence:
    """How one text was made."""
    text, how = str(filled), filled.how
    if "message" in how:
        return FilledText(text, how["message"], how["values"])
    if "parts" in how:
        return JoinedText(text, how["parts"], how["glue"], how["last"])
    if how["low"] is None:
        return ValueText(text, how["kind"], how["unit"], plain(how["value"]))
    return RangeText(text, **how)
