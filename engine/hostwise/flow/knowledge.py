"""Loading what a decision rests on: from its files, or as the last command that read them left it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from hostwise.flow.known import Knowledge
from hostwise.reading.files.cache import key_of, module_mark
from hostwise.reading.files.folders import files_under, rules_dir
from hostwise.reading.files.kept_objects import kept_object
from hostwise.reading.files.regular import read_regular
from hostwise.reading.findings.diagnostics import InputError

__all__ = ["Knowledge", "load_knowledge"]

LAYERS = ("reading", "answers", "economics", "rulebook", "inference", "flow")
"""Whose code reads and checks what is kept: all that this layer may import (the contracts in pyproject.toml)."""


def load_knowledge(
    rules: Path | None = None, packs: tuple[Path, ...] = (), additions: tuple[Path, ...] = ()
) -> Knowledge:
    """Load `rules/` (or another folder of the same shape), and rule packs that stand elsewhere.

    `additions` are files of entries for the catalogue, and snapshots of prices: the record names each with its hash.

    Errors name file, line and column.
    """
    return _loaded(rules_dir(rules), packs, additions)


@lru_cache(maxsize=8)
def _loaded(root: Path, packs: tuple[Path, ...], additions: tuple[Path, ...]) -> Knowledge:
    if packs or additions:
        return _read(root, packs, additions)
    try:
        # The units and currencies shipped are the language of any folder of rules.
        files = [path for folder in {root: None, rules_dir(): None} for path in files_under(folder)]
        key = key_of([*_code(), str(root).encode(), *map(bytes, files), *map(read_regular, files)])
    except InputError:
        return _read(root)  # which finds all that is wrong
    return kept_object(key, Knowledge, lambda: _read(root))


def _read(root: Path, packs: tuple[Path, ...] = (), additions: tuple[Path, ...] = ()) -> Knowledge:
    # Imported only here: what reads rules and checks them is a sixth of what a decision would import.
    from hostwise.flow.read_knowledge import read_knowledge

    return read_knowledge(root, packs, additions)


def _code() -> Iterator[bytes]:
    """Each module that has a part in it."""
    for layer in LAYERS:
        yield from map(module_mark, files_under(Path(__file__).parents[1] / layer, ".py"))
