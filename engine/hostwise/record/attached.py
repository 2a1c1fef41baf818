"""The record that a PDF report carries, taken out of it without a doubt which one it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from hostwise.reading.files.regular import refused
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.pdf.plain_pdf import PlainPdf, no_hidden_parts, plain_pdf, unpacked
from hostwise.reading.pdf.values import NotPlain, Stream

ATTACHMENT = "record.json"
DEEPEST = 8


class AttachedBytes(Struct, frozen=True):
    """The bytes of an attached file; where in the PDF they begin, if they stand there as they are (`plain`)."""

    content: bytes
    start: int
    plain: bool


class DoubtfulPdf(InputError):
    """A PDF that is damaged, or whose content depends on who reads it."""


def read_plain(data: bytes, path: Path) -> PlainPdf:
    """Read a PDF strictly. Raises `DoubtfulPdf` with the byte where it is damaged or could be read in two ways."""
    try:
        return plain_pdf(data)
    except NotPlain as problem:
        raise _doubtful(path, problem) from None


def refuse_hidden(data: bytes, pdf: PlainPdf, path: Path) -> None:
    """Raises `DoubtfulPdf` where a part of a PDF is hidden within another. Not of a file that was just made here."""
    try:
        no_hidden_parts(data, pdf)
    except NotPlain as problem:
        raise _doubtful(path, problem) from None


def attached_record(data: bytes, path: Path) -> AttachedBytes:
    """The record in a PDF. Raises `InputError` where there is none, or more than one, or the PDF is damaged."""
    pdf = read_plain(data, path)
    found = [file for file in _files(pdf) if _name(pdf, file) == ATTACHMENT.encode()]
    if not found:
        raise refused(path, "no-record", f"the PDF carries no attachment named {ATTACHMENT}")
    streams = [pdf.entry(file, b"EF", key) for file in found for key in (b"F", b"UF")]
    first, *others = [stream for stream in streams if stream is not None] or [None]
    if type(first) is not Stream or any(other is not first for other in others):
        raise refused(
            path, "no-record", f"the PDF carries more than one attachment named {ATTACHMENT}, or an empty one"
        )
    try:
        return AttachedBytes(unpacked(first), first.start, b"Filter" not in first.entries)
    except NotPlain as problem:
        message = f"the attached record, which begins at byte {first.start} of the file, is damaged: {problem.why}"
        raise DoubtfulPdf([Diagnostic(Place(str(path)), "damaged-record", message)]) from None


def attached_bytes(pdf: PlainPdf, name: str) -> bytes | None:
    """The content of the first attachment of a name; None where there is none that can be read."""
    for file in _files(pdf):
        stream = pdf.entry(file, b"EF", b"F") if _name(pdf, file) == name.encode() else None
        if type(stream) is Stream:
            try:
                return unpacked(stream)
            except NotPlain:
                return None
    return None


def _files(pdf: PlainPdf) -> Iterator[Any]:
    """The file specifications in the tree of names of a catalogue."""
    level = [pdf.entry(pdf.root, b"Names", b"EmbeddedFiles")]
    for _ in range(DEEPEST):
        for node in level:
            yield from _list(pdf.entry(node, b"Names"))[1::2]
        level = [child for node in level for child in _list(pdf.entry(node, b"Kids"))]


def _name(pdf: PlainPdf, file: Any) -> bytes | None:
    name = pdf.entry(file, b"UF") or pdf.entry(file, b"F")
    if type(name) is not bytes:
        return None
    return name[2:].decode("utf-16-be", "replace").encode() if name.startswith(b"\xfe\xff") else name


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []


def _doubtful(path: Path, problem: NotPlain) -> DoubtfulPdf:
    message = f"the PDF is damaged, or was changed after it was written: at byte {problem.at}, {problem.why}"
    return DoubtfulPdf([Diagnostic(Place(str(path)), "doubtful-pdf", message)])
