"""Data as JSON values: decimals and dates as text, structs as objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import astuple

Json = dict[str, Any]
LARGEST = 2**53 - 1
"""RFC 8785 knows no larger whole number."""
Plain = bool | str
"""The value of a fact or an answer as JSON has it: yes or no, a word or a text, a number as its decimal digits."""

_PLAIN_ALREADY = frozenset((str, int, bool, type(None)))


def one_of(*words: str) -> Meta:
    """Annotates a text that is one of these words."""
    return Meta(extra_json_schema={"enum": list(words)})


def plain(value: Any) -> Any:
    """Turn data into JSON values: decimals become text without an exponent or trailing zeros.

    >>> plain({"amount": Decimal("7000.00"), "day": date(2026, 11, 20)})
    {'amount': '7000', 'day': '2026-11-20'}
    """
    kind = type(value)
    if kind in _PLAIN_ALREADY:
        return value
    if kind is Decimal:
        return decimal_text(value)
    if kind is dict:
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Struct):
        return dict(zip(value.__struct_fields__, _plain_items(astuple(value)), strict=True))
    if isinstance(value, (list, tuple)):
        return _plain_items(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return str(value)  # a text that knows how it was made
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return value


def _plain_items(values: Iterable[Any]) -> list[Any]:
    """The same for each of some values, without a call for most of them: a record has 25,000."""
    return [item if type(item) in _PLAIN_ALREADY else plain(item) for item in values]


def decimal_text(value: Decimal) -> str:
    """A decimal as digits: no exponent, no trailing zeros, no negative zero.

    >>> decimal_text(Decimal("-0.00")), decimal_text(Decimal("1E+3"))
    ('0', '1000')
    """
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_text(data: Mapping[str, Any]) -> str:
    """JSON as people read it: two spaces of indent, keys in their order."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"
