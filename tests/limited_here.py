"""Work for which the program starts a process with limits, done in this one: no start, and what is known stays known.

For tests of what is found out; those of the limits themselves are in `tests/reading/test_limited.py`.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest

from hostwise.reading.limited import Work


class _Ended(BaseException):
    """In place of the end of the process."""


def in_this_process(module: str, arguments: Sequence[str], given: bytes = b"", waited: float = 0) -> Work:
    """What `in_limits` returns, without limits: `waited` says nothing here."""
    work = import_module(module)
    said: list[tuple[str, Any]] = []

    def end(_code: int) -> None:
        raise _Ended

    with pytest.MonkeyPatch.context() as patch, suppress(_Ended):
        patch.setattr(work, "limit", lambda *_: None)
        patch.setattr(work, "say", lambda kind, value: said.append((kind, json.loads(json.dumps(value)))))
        patch.setattr(sys, "argv", [module, *arguments])
        patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(given)))
        patch.setattr(os, "_exit", end)
        patch.setattr(gc, "disable", lambda: None)
        patch.setattr(logging, "disable", lambda: None)
        work._main()
    return Work(tuple(said), 0)
