"""PDF files put together object by object, so that a test can write what no library would."""

from __future__ import annotations

import re
from collections.abc import Mapping

SMALL: Mapping[int, bytes] = {
    1: b"<</Type/Catalog/Pages 2 0 R>>",
    2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>",
    4: b"<</Length 24>>stream\n0 0 1 rg 9 9 99 99 re f \nendstream",
}
"""One page with a blue square."""


def assembled(bodies: Mapping[int, bytes], entries: bytes = b"/Root 1 0 R") -> bytes:
    """A file of objects, with the table that belongs to it."""
    out, places = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n", {}
    for number, body in bodies.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return out + trailer(places, out, entries)


def trailer(places: Mapping[int, int], before: bytes, entries: bytes = b"/Root 1 0 R") -> bytes:
    """The table of objects and the end of a file, for objects at these bytes."""
    lines = b"".join(b"%d 1\n%010d 00000 n \n" % (number, at) for number, at in sorted(places.items()))
    size = max(places, default=0) + 1
    return b"xref\n0 1\n0000000000 65535 f \n%strailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        lines, size, entries, len(before),
    )  # fmt: skip


def bodies_of(data: bytes) -> tuple[dict[int, bytes], bytes]:
    """The objects of a file that lists them in a table as text, and what its trailer says of catalogue and metadata."""
    begin = data.rindex(b"\nxref\n")
    at = {int(offset) for offset in re.findall(rb"(\d{10}) 00000 n", data[begin:])}
    ends = [*sorted(at)[1:], begin]
    found = {}
    for start, end in zip(sorted(at), ends, strict=True):
        number, _, body = data[start:end].partition(b" 0 obj")
        found[int(number)] = body.rpartition(b"endobj")[0].strip(b"\r\n")
    said = re.findall(rb"/(?:Root|Info) \d+ 0 R", data[begin:])
    return found, b"".join(said)
