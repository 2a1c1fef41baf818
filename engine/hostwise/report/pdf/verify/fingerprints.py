"""What a PDF holds, apart from how it is packed: a fingerprint for every page and every part beside the pages.

Two files have the same fingerprints where their objects are the same once streams are unpacked, wherever in the file
each object lies. A program that only packs a file otherwise (a linearizer, another zlib) changes none of them.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from msgspec import Struct, field

from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

T = TypeVar("T")
DRAWING = "drawing"
ELSEWHERE = frozenset({"/Type", "/Parent", "/Contents", "/Resources"})
"""Entries of a page that say nothing of it, or that are looked at by what they hold."""
PACKING = frozenset({"/Length", "/Filter", "/DecodeParms", "/Resources"})
SHARED = ("/Font", "/XObject", "/Pattern", "/Shading", "/ExtGState", "/ColorSpace")
"""What pages take from resources by a name, in the order in which a difference is looked for."""
_NAME = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]+)")


class PageForm(Struct, frozen=True):
    """One page: a fingerprint of each of its parts (`drawing`, `/Annots`, `/Font/x`…), and a way to its text.

    The text is read where it is asked for: that takes most of the time, and pages alike in all parts are alike in it.
    """

    parts: Mapping[str, str]
    read_text: Callable[[], tuple[str, ...]]

    @property
    def text(self) -> tuple[str, ...]:
        """Its text in lines. Raises `InputError` where it cannot be read."""
        return self.read_text()


class PdfForm(Struct, frozen=True):
    """A whole file: its pages, a fingerprint of each part beside them, by its key."""

    pages: tuple[PageForm, ...]
    parts: Mapping[str, str]


def pdf_form(data: bytes, file: str) -> PdfForm:
    """Read a PDF. Raises `InputError` when it is broken beyond reading."""
    return _read(data, file, lambda reader: _form(reader, file))


def _read(data: bytes, file: str, of: Callable[[Any], T]) -> T:
    from pypdf import PdfReader

    return _tried(lambda: of(PdfReader(io.BytesIO(data))), file)


def _tried(reading: Callable[[], T], file: str) -> T:
    try:
        return reading()
    # A hostile file makes a reader fail in any way it can; none of them is more than a file that cannot be read.
    except Exception as problem:
        raise InputError([Diagnostic(Place(file), "broken-pdf", f"the PDF cannot be read: {problem}")]) from problem


def _form(reader: Any, file: str) -> PdfForm:
    root, trailer = reader.trailer["/Root"], reader.trailer
    walk = _Walk({page.indirect_reference.idnum: number for number, page in enumerate(reader.pages, 1)})
    parts = {key: walk.fingerprint(value) for key, value in root.items() if key not in ("/Type", "/Pages")}
    parts |= {key: walk.fingerprint(trailer.raw_get(key)) for key in ("/Info", "/Encrypt") if key in trailer}
    return PdfForm(tuple(_page(page, walk, file) for page in reader.pages), parts)


def _page(page: Any, walk: _Walk, file: str) -> PageForm:
    contents = page.get_contents()
    drawing = contents.get_data() if contents is not None else b""
    parts = {DRAWING: hashlib.sha256(drawing).hexdigest()}
    parts |= {key: walk.fingerprint(value) for key, value in page.items() if key not in ELSEWHERE}
    parts |= {name: walk.fingerprint(value) for name, value in _used(page, drawing)}
    return PageForm(parts, cache(lambda: _tried(lambda: tuple(page.extract_text().splitlines()), file)))


def _used(owner: Any, drawing: bytes) -> Iterator[tuple[str, Any]]:
    """The resources that a drawing names: WeasyPrint gives one table of resources to all its pages and pictures."""
    names = {match[1].decode("latin-1") for match in _NAME.finditer(drawing)}
    resources = owner["/Resources"] if "/Resources" in owner else {}  # noqa: SIM401 - `get` does not follow it
    for kind in SHARED:
        if kind in resources:
            table = resources[kind]
            yield from ((kind + name, table.raw_get(name)) for name in sorted(table) if name[1:] in names)


class _Walk(Struct, frozen=True):
    """A way through the objects of one file: the numbers of its pages, and the streams that it has been to."""

    pages: Mapping[int, int]
    streams: dict[int, bytes] = field(default_factory=dict)

    def fingerprint(self, value: Any) -> str:
        """SHA-256 of an object and all that it reaches, but other pages, which are reached as their numbers."""
        return hashlib.sha256(b"\n".join(self._tokens(value))).hexdigest()

    def _tokens(self, value: Any) -> Iterator[bytes]:
        from pypdf import generic as g

        seen: dict[int, int] = {}
        waiting: list[Any] = [value]
        while waiting:
            item = waiting.pop()
            number = item.idnum if isinstance(item, g.IndirectObject) else 0
            if number in self.pages:
                yield f"page {self.pages[number]}".encode()
                continue
            if number in seen:
                yield f"again {seen[number]}".encode()
                continue
            item = item.get_object() if number else item
            if isinstance(item, g.StreamObject):
                # Streams are never numbered: one file shares a colour profile where another has it twice.
                yield self._stream(item, number)
                continue
            if number:
                seen[number] = len(seen)
            if isinstance(item, g.DictionaryObject):
                yield f"entries {len(item)}".encode()
                for key in sorted(item, reverse=True):
                    waiting += [item.raw_get(key), str(key).encode()]
            elif isinstance(item, g.ArrayObject):
                yield f"list {len(item)}".encode()
                waiting += reversed(list(item))
            else:
                yield item if type(item) is bytes else _leaf(item)

    def _stream(self, item: Any, number: int) -> bytes:
        if number not in self.streams or not number:
            self.streams[number] = b"a stream within itself"
            data = item.get_data()
            named = {key: item.raw_get(key) for key in item if key not in PACKING} | dict(_used(item, data))
            parts = (f"{key} {self.fingerprint(named[key])}" for key in sorted(named))
            content = "\n".join((hashlib.sha256(data).hexdigest(), *parts))
            self.streams[number] = hashlib.sha256(content.encode()).digest()
        return b"stream " + self.streams[number]


def _leaf(item: Any) -> bytes:
    from pypdf import generic as g

    if isinstance(item, (g.FloatObject, g.NumberObject)):
        return f"number {float(item):.6f}".encode()
    if isinstance(item, g.ByteStringObject):
        return b"bytes " + bytes(item)
    return f"{type(item).__name__} {item}".encode("utf-8", "surrogatepass")
