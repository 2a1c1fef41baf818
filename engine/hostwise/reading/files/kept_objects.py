"""Data that takes long to work out from files, kept as it is in memory for the next command.

A pickle may name any function of any module, and reading it calls that. Here it may name the data classes of Hostwise,
decimals, days and paths, and nothing else: what names more is no entry.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from hostwise.reading.files.cache import keep, kept, key_of

T = TypeVar("T")

_FOREIGN = {(kind.__module__, kind.__qualname__) for kind in (Decimal, date, type(Path()))}
_FOREIGN.add(("msgspec._utils", "rebuild"))  # how a Struct with fields by name alone says what it is made of
_OURS = (msgspec.Struct, Enum, str, dict)


def kept_object(key: str, kind: type[T], make: Callable[[], T]) -> T:
    """What was kept under a key, an instance of `kind`; else what is made now, and kept."""
    key = key_of([key.encode(), sys.version.encode(), msgspec.__version__.encode()])
    content = kept(key)
    if content is not None:
        # A damaged pickle may raise nearly anything.
        with suppress(Exception):
            found = _Reader(io.BytesIO(content)).load()
            if isinstance(found, kind):
                return found
    made = make()
    keep(key, pickle.dumps(made, protocol=5))
    return made


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """A class that a pickle names. Raises `UnpicklingError` where none of the kind is wanted."""
        if (module, name) in _FOREIGN:
            return super().find_class(module, name)
        if module.startswith("hostwise."):
            found = super().find_class(module, name)
            if isinstance(found, type) and issubclass(found, _OURS):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not kept")
