"""A whole PDF, read from its first byte to its last: every byte is accounted for, and every object stands once.

What a file shows depends on the reader where an object stands twice (as after an incremental update), where one is
listed at a place where it does not stand, or where something lies between the objects. So it does where pages or
objects are listed a second time (a linearized file, a hybrid one), and where a viewer that does not take the table of
objects looks for them by itself, and meets others. Such a file is refused.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Never

import msgspec
from msgspec import Struct

from hostwise.reading.pdf.values import NotPlain, Ref, Steps, Stream, is_name, value_at

LARGEST_STREAM = 64 * 1024 * 1024
"""Bytes of a stream unpacked, and of all streams of objects together."""
LARGEST_TABLE = 8 * 1024 * 1024
HIGHEST = 1_000_000
"""The number of an object. PDFium knows none above four million, and poppler counts from the start again."""
_SPACE = b"\x00\t\n\x0c\r "
_GAP = re.compile(rb"[\x00\t\n\x0c\r ]*")
_HEADER = re.compile(rb"%PDF-[12]\.\d[\r\n]+")
_PART = re.compile(
    rb"(?P<object>(?P<number>\d{1,10})[\x00\t\n\x0c\r ]+(?P<generation>\d{1,5})[\x00\t\n\x0c\r ]+obj\b)"
    rb"|(?P<table>xref[\r\n ]+)|startxref[\r\n ]+(?P<start>\d{1,12})[\r\n ]+%%EOF(?:\r\n|[\r\n]|$)"
    rb"|%(?P<comment>[^\r\n]{0,200})[\r\n]+"
)
_HIDDEN = re.compile(rb"\d\s*obj|endobj|stream|trailer|xref|EOF")
_STREAM = re.compile(rb"[\x00\t\n\x0c\r ]*stream\r?\n")
_AFTER_STREAM = re.compile(rb"[\r\n]{0,2}endstream[\x00\t\n\x0c\r ]+endobj\b")
_AFTER_VALUE = re.compile(rb"[\x00\t\n\x0c\r ]*endobj\b")
_HEAD = re.compile(rb"[0-9\t\n\x0c\r ]*")
_SECTION = re.compile(rb"(\d{1,10}) (\d{1,7}) ?[\r\n]+")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)")
_LOOKS_LIKE_A_PART = re.compile(rb"(?<!\d)\d+[\x00\t\n\x0c\r ]+\d+[\x00\t\n\x0c\r ]+obj\b|trailer[\x00\t\n\x0c\r ]*<<")

Place = tuple[int, int]
"""Where an object stands: (0, byte of the file), or (number of the stream of objects, its place in there)."""


class PlainPdf(Struct, frozen=True):
    """A PDF without a doubt: its objects by number, what its trailer says, and the bytes where its parts begin."""

    objects: Mapping[int, Any]
    root: Ref
    info: Any
    parts: Collection[int] = ()

    def get(self, value: Any) -> Any:
        """A value, or the object that it refers to. An object that is not there is null, as the standard has it."""
        for _ in range(8):
            if type(value) is not Ref:
                return value
            value = self.objects.get(value.number)
        return None

    def entry(self, value: Any, *keys: bytes) -> Any:
        """What a dictionary holds under keys one within another; None where there is nothing."""
        for key in keys:
            found = self.get(value)
            found = found.entries if type(found) is Stream else found
            value = found.get(key) if type(found) is dict else None
        return self.get(value)


class _Found(Struct):
    """What a pass through the file has met so far."""

    objects: dict[int, Any] = {}
    places: dict[int, Place] = {}
    listed: dict[int, Place | None] = {}
    trailers: list[tuple[int, dict[bytes, Any]]] = []
    """Each with the byte where its table begins."""
    starts: list[int] = []
    parts: set[int] = set()
    end: int = 0
    steps: Steps = msgspec.field(default_factory=Steps)


def plain_pdf(data: bytes) -> PlainPdf:
    """Read a PDF. Raises `NotPlain` where it is damaged, or could be read as two things."""
    found = _Found()
    header = _HEADER.match(data)
    if header is None:
        raise NotPlain(0, "it does not begin as a PDF does")
    at = _behind_gap(data, header.end())
    while at < len(data):
        found.steps.take(at)
        at = _behind_gap(data, _part(data, at, found))
    _unpack_objects(found)
    _read_tables(data, found)
    if found.starts and found.end != len(data):  # a viewer that does not find the end looks for objects by itself
        raise NotPlain(found.end, "it goes on behind its end")
    return _checked(found, len(data))


def no_hidden_parts(data: bytes, pdf: PlainPdf) -> None:
    """Raises `NotPlain` where a stream or a text holds what a viewer that mends files would take for an object.

    Of a file that is not the one made here; in one that is, a text of the questionnaire may look so.
    """
    for match in _LOOKS_LIKE_A_PART.finditer(data):
        if match.start() not in pdf.parts:
            raise NotPlain(match.start(), "a part of a PDF is hidden within another")


def _behind_gap(data: bytes, at: int) -> int:
    match = _GAP.match(data, at)
    return match.end() if match else at


def unpacked(stream: Stream, limit: int = LARGEST_STREAM) -> bytes:
    """What a stream holds. Raises `NotPlain` where it is damaged, too large, or packed in a way unknown here."""
    filters, parameters = stream.entries.get(b"Filter"), stream.entries.get(b"DecodeParms")
    if filters is None or filters == []:
        return stream.raw
    if type(filters) is list and len(filters) == 1 and (parameters is None or type(parameters) is list):
        # Poppler leaves parameters unread where one of the two is a list and the other is none.
        filters, parameters = filters[0], parameters[0] if parameters and len(parameters) == 1 else parameters
    if not is_name(filters, b"FlateDecode"):
        raise NotPlain(stream.start, "a stream is packed in an unusual way")
    content = _inflated(stream, limit)
    if parameters is None:
        return content
    given = parameters if type(parameters) is dict else {}
    columns, predictor = given.get(b"Columns", 1), given.get(b"Predictor", 1)
    # Poppler takes 12.0 for no predictor at all.
    plain = type(predictor) is int and type(columns) is int and not given.keys() - {b"Columns", b"Predictor"}
    if plain and given and predictor == 1:
        return content
    if not plain or predictor != 12 or not 0 < columns <= 64:
        raise NotPlain(stream.start, "a stream is packed in an unusual way")
    return _rows_up(content, columns, stream.start)


def _inflated(stream: Stream, limit: int) -> bytes:
    unzip = zlib.decompressobj()
    parts: list[bytes] = []
    size = taken = 0
    step = 4096
    while taken < len(stream.raw) and not unzip.eof:
        waiting = stream.raw[taken : taken + step]
        while waiting:
            try:
                part = unzip.decompress(waiting, limit + 1 - size)
            except zlib.error:
                raise NotPlain(stream.start + taken, "a stream is damaged") from None
            parts.append(part)
            size += len(part)
            if size > limit:
                raise NotPlain(stream.start, f"a stream unpacks to more than {limit // 1024 // 1024} MB")
            waiting = unzip.unconsumed_tail
        taken += step
    if not unzip.eof:
        raise NotPlain(stream.start + len(stream.raw), "a stream ends too early")
    if (unzip.unused_data + stream.raw[taken:]).strip(b"\r\n"):
        raise NotPlain(stream.start, "a stream goes on behind its end")
    return b"".join(parts)


def _rows_up(content: bytes, columns: int, at: int) -> bytes:
    """Undo PNG's predictor "up", which tables of objects are packed with."""
    rows, above = [], bytes(columns)
    for start in range(0, len(content), columns + 1):
        kind, row = content[start], content[start + 1 : start + 1 + columns]
        if kind not in (0, 2) or len(row) != columns:
            raise NotPlain(at, "a stream is packed in an unusual way")
        above = bytes((a + b) & 255 for a, b in zip(row, above, strict=True)) if kind else row
        rows.append(above)
    return b"".join(rows)


def _part(data: bytes, at: int, found: _Found) -> int:
    """Read what begins at a byte; the byte after it."""
    match = _PART.match(data, at)
    if match is None:
        raise NotPlain(at, "what stands here is no object of a PDF")
    if match["object"]:
        return _object(data, match, found)
    if match["table"]:
        return _table(data, at, match.end(), found)
    if match["start"]:
        found.starts.append(int(match["start"]))
        found.end = match.end()
    elif _HIDDEN.search(match["comment"]):
        raise NotPlain(at, "a part of a PDF is hidden in a comment")
    return match.end()


def _object(data: bytes, match: re.Match[bytes], found: _Found) -> int:
    number, at = int(match["number"]), match.end()
    if int(match["generation"]):
        raise NotPlain(match.start(), "it is an object of a later generation, as an update leaves them")
    value, at = value_at(data, at, found.steps)
    if head := _STREAM.match(data, at):
        value, at = _stream(data, value, head.end())
    elif end := _AFTER_VALUE.match(data, at):
        at = end.end()
    else:
        raise NotPlain(at, f"object {number} does not end")
    found.parts.add(match.start())
    _define(found, number, value, (0, match.start()), match.start())
    return at


def _stream(data: bytes, entries: Any, start: int) -> tuple[Stream, int]:
    length = entries.get(b"Length") if type(entries) is dict else None
    if type(length) is not int or not 0 <= length <= len(data) - start:
        raise NotPlain(start, "a stream does not say how long it is")
    if entries.keys() & {b"F", b"FFilter", b"FDecodeParms"}:
        raise NotPlain(start, "a stream lies in another file")
    end = _AFTER_STREAM.match(data, start + length)
    if end is None:
        raise NotPlain(start + length, "a stream does not end where it says")
    return Stream(entries, data[start : start + length], start), end.end()


def _define(found: _Found, number: int, value: Any, place: Place, at: int) -> None:
    if not 0 < number <= HIGHEST:
        raise NotPlain(at, f"object {number} has a number that not every viewer knows")
    if type(value) is Ref:
        raise NotPlain(at, f"object {number} is another object's number, which not every viewer follows")
    if number in found.objects:
        raise NotPlain(at, f"object {number} stands there a second time, as an incremental update writes it")
    found.objects[number] = value
    found.places[number] = place


def _unpack_objects(found: _Found) -> None:
    left = LARGEST_STREAM
    for holder, stream in list(found.objects.items()):
        if type(stream) is not Stream or not is_name(stream.entries.get(b"Type"), b"ObjStm"):
            continue
        count, first = stream.entries.get(b"N"), stream.entries.get(b"First")
        content = unpacked(stream, left)
        left -= len(content)
        if type(count) is not int or type(first) is not int or min(count, first) < 0 or b"Extends" in stream.entries:
            raise NotPlain(stream.start, "a stream of objects does not say what it holds")
        head = content[:first].split()
        if (
            not _HEAD.fullmatch(content[:first])
            or len(head) != 2 * count
            or not all(part.isdigit() and len(part) < 11 for part in head)
            or int((head or [b"0", b"0"])[1])  # poppler reads from where the first begins, whatever it says
        ):
            raise NotPlain(stream.start, "a stream of objects does not say what it holds")
        end = first
        for place, (number, offset) in enumerate(zip(head[::2], head[1::2], strict=True)):
            begin = first + int(offset)
            if content[end:begin].strip(_SPACE) or begin < end:
                raise NotPlain(stream.start, "something lies between the objects of a stream")
            value, end = value_at(content, begin, found.steps, stream.start)
            _define(found, int(number), value, (holder, place), stream.start)
        if content[end:].strip(_SPACE):
            raise NotPlain(stream.start, "something lies behind the objects of a stream")


def _table(data: bytes, begin: int, at: int, found: _Found) -> int:
    """A table of objects as text, with its trailer."""
    while head := _SECTION.match(data, at):
        at, first = head.end(), int(head[1])
        for number in range(first, first + int(head[2])):
            entry = _ENTRY.match(data, at)
            if entry is None:
                raise NotPlain(at, "the table of objects is damaged")
            at = entry.end()
            if entry[3] == b"n" and int(entry[2]):
                raise NotPlain(entry.start(), "it lists an object of a later generation, as an update leaves them")
            found.steps.take(at)
            _list(found, number, (0, int(entry[1])) if entry[3] == b"n" else None, at)
    trailer = re.compile(rb"[\r\n ]*trailer").match(data, at)
    if trailer is None:
        raise NotPlain(at, "the table of objects has no trailer")
    found.parts.add(trailer.end() - len(b"trailer"))
    entries, at = value_at(data, trailer.end(), found.steps)
    _trailer(found, begin, entries)
    return at


def _trailer(found: _Found, at: int, entries: Any) -> None:
    if type(entries) is not dict:
        raise NotPlain(at, "the trailer is no dictionary")
    found.trailers.append((at, entries))
    if len(found.trailers) > 1 and found.trailers[0][1].get(b"Root") != entries.get(b"Root"):
        raise NotPlain(at, "a second catalogue stands beside the first, as an incremental update brings it")
    if len(found.trailers) > 1:
        raise NotPlain(at, "a second table of objects stands there, as an update or linearizing brings it")
    if b"Encrypt" in entries:
        raise NotPlain(at, "the file is encrypted")
    if entries.keys() & {b"Prev", b"XRefStm"}:
        raise NotPlain(at, "it names a second table of objects, as an update or linearizing brings it")


def _list(found: _Found, number: int, place: Place | None, at: int) -> None:
    if found.listed.setdefault(number, place) != place and (number or place):
        raise NotPlain(at, f"object {number} is listed twice, as an incremental update lists it")


def _read_tables(data: bytes, found: _Found) -> None:
    """The tables of objects that are streams."""
    for number, stream in list(found.objects.items()):
        if type(stream) is Stream and is_name(stream.entries.get(b"Type"), b"XRef"):
            _trailer(found, found.places[number][1], stream.entries)
            for listed, place in _entries(stream):
                found.steps.take(stream.start)
                _list(found, listed, place, stream.start)
            found.listed.setdefault(number, found.places[number])


def _entries(stream: Stream) -> Iterator[tuple[int, Place | None]]:
    content = unpacked(stream, LARGEST_TABLE)
    widths = _list_of(stream.entries.get(b"W"))
    index = _list_of(stream.entries.get(b"Index", [0, stream.entries.get(b"Size")]))
    numbers = all(type(n) is int and 0 <= n <= 10**10 for n in [*widths, *index])
    if not numbers or len(widths) != 3 or max(widths) > 8 or len(index) % 2:
        raise NotPlain(stream.start, "the table of objects is damaged")
    size, at = sum(widths), 0
    for first, count in zip(index[::2], index[1::2], strict=True):
        if size == 0 or count * size > len(content) - at:
            raise NotPlain(stream.start, "the table of objects is damaged")
        for number in range(first, first + count):
            a, b = at + widths[0], at + widths[0] + widths[1]
            kind = int.from_bytes(content[at:a], "big") if widths[0] else 1
            one, two = int.from_bytes(content[a:b], "big"), int.from_bytes(content[b : at + size], "big")
            if kind > 2 or (kind == 1 and two):
                raise NotPlain(stream.start, "the table of objects is damaged")
            yield number, None if kind == 0 else (0, one) if kind == 1 else (one, two)
            at += size
    if content[at:]:
        raise NotPlain(stream.start, "the table of objects goes on behind its end")


def _list_of(value: Any) -> list[Any]:
    return value if type(value) is list else [None]


def _checked(found: _Found, size: int) -> PlainPdf:
    """Whether the tables and the objects say the same, and the trailers too."""
    for number, place in found.listed.items():
        if place is not None and found.places.get(number) != place:
            raise NotPlain(place[1] if not place[0] else 0, f"object {number} is listed where it does not stand")
    for number, place in found.places.items():
        if found.listed.get(number) is None:
            raise NotPlain(place[1] if not place[0] else 0, f"object {number} stands there and is not listed")
    if len(found.trailers) != 1 or found.starts != [at for at, _ in found.trailers]:
        _no_end(size)
    at, trailer = found.trailers[0]
    count = trailer.get(b"Size")
    if type(count) is not int or not max(found.objects, default=0) < count <= HIGHEST + 1:
        raise NotPlain(at, "it does not say how many objects it has, and some viewers leave out those beyond")
    root, info = trailer.get(b"Root"), trailer.get(b"Info")
    if type(root) is not Ref:
        _no_end(size)
    pdf = PlainPdf(found.objects, root, info, found.parts)
    _all_used(pdf, found)
    return pdf


def _all_used(pdf: PlainPdf, found: _Found) -> None:
    """Whether every object is reached from the catalogue, but those that hold and list the others."""
    waiting, met = [pdf.root, pdf.info], set()
    while waiting:
        value = waiting.pop()
        if type(value) is Ref:
            if value.number in met:
                continue
            met.add(value.number)
            value = pdf.objects.get(value.number)
        value = value.entries if type(value) is Stream else value
        waiting.extend(value.values() if type(value) is dict else value if type(value) is list else ())
    for number, value in pdf.objects.items():
        kind = value.entries.get(b"Type") if type(value) is Stream else None
        if number not in met and not is_name(kind, b"ObjStm") and not is_name(kind, b"XRef"):
            holder, at = found.places[number]
            raise NotPlain(found.places[holder][1] if holder else at, f"nothing refers to object {number}")


def _no_end(size: int) -> Never:
    raise NotPlain(size, "it does not end as a PDF does")
