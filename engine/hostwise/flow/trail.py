"""Following facts down to what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


def followed(names: Iterable[str], below: Callable[[str], Iterable[str]]) -> Iterator[tuple[str, int]]:
    """Facts by name, each once, with how far below the first ones it stands: one, then what it rests on, then the next.

    `below` names what a fact rests on; nothing where the trail ends.

    >>> rests = {"cost": ["volume", "price"], "volume": ["requests"]}
    >>> list(followed(["cost"], lambda name: rests.get(name, [])))
    [('cost', 0), ('volume', 1), ('requests', 2), ('price', 1)]
    """
    pending, seen = [(name, 0) for name in names], set[str]()
    while pending:
        name, depth = pending.pop(0)
        if name not in seen:
            seen.add(name)
            yield name, depth
            pending[:0] = [(each, depth + 1) for each in below(name)]
