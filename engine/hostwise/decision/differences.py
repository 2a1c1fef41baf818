"""What differs between two records, as JSON Pointers (RFC 6901) with both values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct


class Difference(Struct, frozen=True):
    """One place where two records differ. None stands for "not there"."""

    pointer: str
    recorded: Any
    computed: Any


def differences(recorded: Any, computed: Any, pointer: str = "") -> Iterator[Difference]:
    """Walk two JSON values together and yield each leaf that differs, in the order of the record.

    >>> list(differences({"a": [1, 2]}, {"a": [1, 3]}))
    [Difference(pointer='/a/1', recorded=2, computed=3)]
    """
    if isinstance(recorded, dict) and isinstance(computed, dict):
        for key in [*recorded, *(k for k in computed if k not in recorded)]:
            step = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            yield from differences(recorded.get(key), computed.get(key), step)
    elif isinstance(recorded, list) and isinstance(computed, list):
        for index in range(max(len(recorded), len(computed))):
            left = recorded[index] if index < len(recorded) else None
            right = computed[index] if index < len(computed) else None
            yield from differences(left, right, f"{pointer}/{index}")
    elif recorded != computed or type(recorded) is not type(computed):
        yield Difference(pointer, recorded, computed)
