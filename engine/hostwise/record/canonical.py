"""Canonical JSON (RFC 8785) and the identity that is computed from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from hostwise.reading.json_values import LARGEST, plain


def identity(record: Struct | Mapping[str, Any]) -> str:
    """SHA-256 of a record's canonical form without its own `id`, in hexadecimal."""
    return hashlib.sha256(canonical({k: v for k, v in plain(record).items() if k != "id"})).hexdigest()


def canonical(data: Any) -> bytes:
    """JSON as RFC 8785 writes it.

    msgspec writes the same, thirty times as fast, but for floats and the order of keys beyond ASCII.
    """
    if _plainest(data):
        return msgspec.json.encode(data, order="deterministic")
    import rfc8785

    return rfc8785.dumps(data)


def _plainest(data: Any) -> bool:
    """Whether there are only texts, small whole numbers, truths and nothing, under keys of ASCII."""
    waiting = [data]
    while waiting:
        value = waiting.pop()
        kind = type(value)
        if kind is dict:
            if not all(type(key) is str and key.isascii() for key in value):
                return False
            waiting.extend(value.values())
        elif kind is list:
            waiting.extend(value)
        elif kind is int:
            if not -LARGEST <= value <= LARGEST:
                return False
        elif kind is not str and kind is not bool and value is not None:
            return False
    return True
