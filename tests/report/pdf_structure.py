"""The structure tree of a tagged PDF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def elements(node: Any) -> Iterator[Any]:
    """Every structure element at and below a node, in reading order."""
    entry = node.get_object()
    if isinstance(entry, list):
        for child in entry:
            yield from elements(child)
    elif isinstance(entry, dict):
        if "/S" in entry:
            yield entry
        if "/K" in entry:
            yield from elements(entry["/K"])
