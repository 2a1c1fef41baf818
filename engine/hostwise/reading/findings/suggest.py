"""The nearest valid word to one that was mistyped."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The candidate most like `word`, or None when none is near. Case and `-_ .` do not count.

    >>> nearest("trafic_shape", ["traffic_shape", "traffic_mix"])
    'traffic_shape'
    """
    from difflib import get_close_matches  # most commands meet no mistyped word

    folded: dict[str, str] = {}
    for candidate in candidates:
        folded.setdefault(_fold(candidate), candidate)
    found = get_close_matches(_fold(word[:200]), folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else None


def _fold(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "").replace(" ", "").replace(".", "")
