"""Walking through the texts of data, whatever Structs, tuples and mappings it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import is_
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import astuple

T = TypeVar("T")
_NO_TEXT = frozenset((Decimal, int, bool, type(None), date))
"""What most values are that are neither texts nor hold any: known by their type, before anything else is asked."""


def map_texts(value: T, change: Callable[[str], str]) -> T:
    """The same data with every text changed, keys of mappings included; the very same object where none is."""
    (changed,) = _mapped((value,), change)
    found: T = changed
    return found


def _mapped(values: Iterable[Any], change: Callable[[str], str]) -> list[Any]:
    return [
        value
        if (kind := type(value)) in _NO_TEXT
        else change(value)
        if kind is str  # most of what is left: without a call more
        else _changed(value, change)
        for value in values
    ]


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Struct):
        fields = astuple(value)
        entries = _mapped(fields, change)
        return value if same(fields, entries) else type(value)(*entries)
    if isinstance(value, tuple):
        entries = _mapped(value, change)
        return value if same(value, entries) else tuple(entries)
    if isinstance(value, Mapping):
        keys = [key if key.isidentifier() else change(key) for key in value]
        return dict(zip(keys, _mapped(value.values(), change), strict=True))
    return value


def rebuilt(struct: Struct, values: Sequence[Any]) -> Struct:
    """A Struct with other values for its fields, in their order; itself where they are the same objects."""
    return struct if same(astuple(struct), values) else type(struct)(*values)


def same(before: Sequence[Any], after: Sequence[Any]) -> bool:
    """Whether two sequences of one length hold the very same objects."""
    return all(map(is_, before, after))
