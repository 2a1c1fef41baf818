"""Whether two PDF files hold the same, however each is packed: their objects, followed together from the catalogue.

Both were read strictly, so that each has one meaning. Numbers of objects, the order in the file, compression, and which
streams are shared say nothing of what is shown; everything else must be equal, to the kind of a number, and to what is
an object of its own: a page that is none is left out by poppler.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hostwise.reading.pdf.plain_pdf import PlainPdf, unpacked
from hostwise.reading.pdf.values import Name, NotPlain, Ref, Stream

PACKING = (b"Length", b"Filter", b"DecodeParms")
MOST_PAIRS = 2_000_000
Pair = tuple[Any, Any]


def same_pdf(one: PlainPdf, other: PlainPdf) -> bool:
    """Whether all that is reached from both catalogues is the same. `other` is the one that was made here."""
    waiting: list[Pair] = [(one.root, other.root), (one.info, other.info)]
    met: set[tuple[int, int]] = set()
    theirs: dict[int, int] = {}
    for _ in range(MOST_PAIRS):
        if not waiting:
            return True
        a, b = waiting.pop()
        if (type(a) is Ref) is not (type(b) is Ref):
            return False
        if type(a) is Ref:
            if (a.number, b.number) in met:
                continue
            met.add((a.number, b.number))
            if theirs.setdefault(b.number, a.number) != a.number and type(other.get(b)) is not Stream:
                return False  # a page, say, beside a copy of it that links lead to
        parts = _parts(one.get(a), other.get(b))
        if parts is None:
            return False
        waiting.extend(parts)
    return False


def _parts(a: Any, b: Any) -> Iterator[Pair] | tuple[Pair, ...] | None:
    """What must be the same for two values to be so; None where they are not."""
    if type(a) is Stream and type(b) is Stream:
        entries = [{key: s.entries[key] for key in s.entries if key not in PACKING} for s in (a, b)]
        return _parts(*entries) if _same_content(a, b) else None
    if type(a) is dict and type(b) is dict:
        return ((a[key], b[key]) for key in a) if a.keys() == b.keys() else None
    if type(a) is list and type(b) is list:
        return zip(a, b, strict=True) if len(a) == len(b) else None
    return () if _leaf(a) == _leaf(b) else None


def _same_content(a: Stream, b: Stream) -> bool:
    if a.raw == b.raw and all(_equal(a.entries.get(key), b.entries.get(key)) for key in PACKING):
        return True
    try:
        expected = unpacked(b)
        return unpacked(a, len(expected)) == expected
    except NotPlain:  # damaged, larger, or a picture that is packed otherwise
        return False


def _equal(a: Any, b: Any) -> bool:
    """Whether two values are the same to the kind of each number: 8.0 bits are none to poppler."""
    parts = _parts(a, b)
    return parts is not None and all(_equal(*pair) for pair in parts)


def _leaf(value: Any) -> tuple[str, Any]:
    return type(value).__name__, bytes(value) if type(value) is Name else value
