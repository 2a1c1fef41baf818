"""What is made once for all tests of a run, also where several processes share them."""

from __future__ import annotations

import copyreg
import fcntl
import pickle
import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.records import as_data
from tests.workbench.random_questionnaires import RandomCase, drawn_cases

from hostwise.flow.knowledge import load_knowledge
from hostwise.record.decide import decide, load_answers
from hostwise.record.format.record import Record

EXAMPLES = Path(__file__).parents[1] / "examples"

SEED = 20261121
AT_ONCE = 100
"""Cases that are made, and read, together."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While one process makes a file, the others wait for it instead of making it too."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@lru_cache(maxsize=32)
def decided_record(folder: Path, name: str) -> Record:
    """The record of an example, decided by one process of a run; none can change it."""
    path = folder / f"{name}.record"
    with alone(path):
        if not path.exists():
            path.write_bytes(pickle.dumps(decide(load_answers(EXAMPLES / f"{name}.yaml"))))
        found: Record = pickle.loads(path.read_bytes())
        return found


def decided_example(folder: Path, name: str) -> dict[str, Any]:
    """The same as JSON values, for a test to change."""
    found: dict[str, Any] = pickle.loads(_pickled(folder, name))
    return found


@lru_cache(maxsize=32)
def _pickled(folder: Path, name: str) -> bytes:
    return pickle.dumps(as_data(decided_record(folder, name)))


def first_cases(folder: Path, count: int) -> list[RandomCase]:
    """The first of the random questionnaires that all tests share: to cost one takes as long as to read ten."""
    found: list[RandomCase] = []
    state = None
    for number in range(-(-count // AT_ONCE)):
        state, cases = _made(folder / f"cases-{number}.pickle", state)
        found += cases
    return found[:count]


def _made(path: Path, state: Any) -> tuple[Any, list[RandomCase]]:
    """So many of them, drawn from where the last ones left off, and where these do."""
    with alone(path):
        if not path.exists():
            draw = random.Random(SEED)
            if state is not None:
                draw.setstate(state)
            cases = list(drawn_cases(load_knowledge(), draw, AT_ONCE))
            path.write_bytes(pickle.dumps((draw.getstate(), cases)))
        found: tuple[Any, list[RandomCase]] = pickle.loads(path.read_bytes())
        return found


def _proxy(entries: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(entries)


copyreg.pickle(MappingProxyType, lambda proxy: (_proxy, (dict(proxy),)))
