"""Streams that are compressed once.

pydyf, which writes WeasyPrint's objects, compresses a stream each time its bytes are asked for: for the file, and again
for the identifier of the file.
"""

from __future__ import annotations

import zlib
from typing import Any


def pack(stream: Any) -> None:
    """Compress a stream of a document that is about to be written."""
    import pydyf

    written = pydyf.Stream(stream.stream).data  # its dictionary, `stream`, the content, `endstream`
    content = written[written.index(b"stream\n") + len(b"stream\n") : -len(b"\nendstream")]
    stream.stream = [zlib.compress(content, 6)]
    stream.extra = {**stream.extra, "Filter": "/FlateDecode"}
    stream.compress = False
