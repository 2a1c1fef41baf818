"""A record from its JSON, as tests change it."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hostwise.reading.json_values import plain
from hostwise.record.format.record import Record
from hostwise.record.format.shape import read_as


def as_record(data: Record | Mapping[str, Any]) -> Record:
    """The record that JSON values stand for; a record itself."""
    return data if isinstance(data, Record) else _read(pickle.dumps(dict(data)))


def as_data(record: Record) -> dict[str, Any]:
    """The same the other way: the JSON values of a record, as its file has them."""
    data: dict[str, Any] = plain(record)
    return data


@lru_cache(maxsize=32)
def _read(pickled: bytes) -> Record:
    """Read once, however many tests look at the same record: none can change it."""
    return read_as(Record, pickle.loads(pickled))
