"""Which records this machine has seen compute to themselves: to show one, it need not be decided again.

Kept as other worked-out things are (`reading.files.cache`): in a file of this user's own, under the hash of the code,
the rules and the catalogue that it holds for. `verify` asks nothing here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from hostwise.reading.files.cache import keep, kept, key_of, module_mark
from hostwise.record.canonical import identity
from hostwise.record.format.record import Record

MOST = 256
"""Records that are remembered, the last ones."""
_ID = 64


def computed_before(record: Record, rules_sha256: str, catalogue_sha256: str) -> bool:
    """Whether just this content came out here before, with these rules and this catalogue."""
    return record.id in _remembered(_key(rules_sha256, catalogue_sha256)) and record.id == identity(record)


def remember(record: Record) -> None:
    """Remember a whole record that was computed here just now, by both engines."""
    key = _key(record.rulebook.sha256, record.catalogue.sha256)
    ids = [each for each in _remembered(key) if each != record.id]
    keep(key, "".join([record.id, *ids[: MOST - 1]]).encode())


def _remembered(key: str) -> list[str]:
    text = (kept(key) or b"").decode("ascii", "replace")
    return [text[start : start + _ID] for start in range(0, len(text), _ID)]


def _key(rules_sha256: str, catalogue_sha256: str) -> str:
    return key_of([*_code(), rules_sha256.encode(), catalogue_sha256.encode()])


@lru_cache(maxsize=1)
def _code() -> tuple[bytes, ...]:
    """Every module of the package: any of them may have a part in a decision."""
    package = Path(__file__).parents[1]
    return tuple(module_mark(Path(path)) for path in sorted(_modules(str(package))))


def _modules(folder: str) -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _modules(entry.path)
        elif entry.name.endswith(".py"):
            yield entry.path
