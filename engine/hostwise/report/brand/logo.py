"""A company's logo: an SVG or a PNG, checked before any page shows it.

Pages show it as a picture and nothing else (`<img>`), so that nothing in it runs or styles the page. It is still
checked against a list of what a drawing may hold: the same bytes are laid out for the PDF, and are mailed around.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from hostwise.reading.files.regular import read_regular
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.report.brand.fonts import ASSETS

LARGEST = 200_000
"""Bytes. The logo stands in every HTML report."""
WIDEST = 4096
"""Pixels of a side of a PNG."""
PNG, SVG = "image/png", "image/svg+xml"
SVG_NAMESPACE = "http://www.w3.org/2000/svg"
ELEMENTS = frozenset(
    "svg g path rect circle ellipse line polyline polygon title desc defs clipPath style".split()  # noqa: SIM905
)
"""What a drawing may be made of. No text, whose fonts another machine lacks; no `use`, which can nest without end; no
gradients, which some PDF viewers leave white (seen in poppler 22)."""
_OUTSIDE = re.compile(r"url\s*\(\s*['\"]?\s*(?![\s'\"#])|expression|javascript:|\\", re.IGNORECASE)
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Logo(Struct, frozen=True):
    """A checked picture with its media type and the text that stands for it."""

    content: bytes
    kind: str
    alt: str


def screen_logo(logo: Logo) -> str:
    """The source of the logo inside an HTML page: a data URL."""
    return f"data:{logo.kind};base64,{base64.b64encode(logo.content).decode('ascii')}"


def paper_logo(_logo: Logo) -> str:
    """The source of the logo for the PDF writer: an address that only its fetcher knows."""
    return f"{ASSETS}logo"


def read_logo(path: Path, alt: str) -> Logo:
    """Read and check a picture; what it holds says what it is, not its name.

    Raises `InputError` with all that is wrong.
    """
    content = read_regular(path, LARGEST)
    if content.startswith(_SIGNATURE):
        _check_png(path, content)
        return Logo(content, PNG, alt)
    _check_svg(path, content)
    return Logo(content, SVG, alt)


def _check_png(path: Path, content: bytes) -> None:
    """Its parts must be whole, and its sides no longer than a page has use for."""
    position, kinds = len(_SIGNATURE), []
    while position + 12 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        body = content[position + 4 : position + 8 + length]
        mark = content[position + 8 + length : position + 12 + length]
        if mark != zlib.crc32(body).to_bytes(4, "big"):
            raise _refused(path, "broken-picture", "the PNG is broken: the check sum of a part of it is wrong")
        kinds.append(body[:4])
        if len(kinds) == 1 and body[:4] == b"IHDR":
            sides = int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big")
            if not all(0 < side <= WIDEST for side in sides):
                found = f"{sides[0]} × {sides[1]}"
                accepted = f"1 to {WIDEST} pixels a side"
                raise _refused(path, "picture-size", "the PNG has an unusable size", found=found, accepted=accepted)
        position += 12 + length
    if not kinds or kinds[0] != b"IHDR" or kinds[-1] != b"IEND" or b"IDAT" not in kinds:
        raise _refused(path, "broken-picture", "the PNG is broken: it does not run from its head to its end")


def _check_svg(path: Path, content: bytes) -> None:
    from xml.parsers import expat

    try:
        content.decode("utf-8")  # the parser would take UTF-16 too, whatever it is told
    except UnicodeDecodeError:
        raise _no_picture(path) from None
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    drawing = _Drawing(path, parser)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as problem:
        if not drawing.findings and not drawing.started:
            raise _no_picture(path) from None
        place = Place(str(path), problem.lineno, problem.offset + 1)
        drawing.findings.append(
            Diagnostic(place, "broken-picture", f"the SVG is broken: {expat.errors.messages[problem.code]}")
        )
    if drawing.findings:
        raise InputError(drawing.findings)


class _Drawing:
    """What an SVG parser calls; it collects a finding for everything that a logo must not hold."""

    def __init__(self, path: Path, parser: Any) -> None:
        self.findings: list[Diagnostic] = []
        self.started = False
        self._path, self._parser, self._style = path, parser, False
        parser.StartElementHandler = self._element
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._document_type
        parser.ProcessingInstructionHandler = lambda target, _data: self._find(f"the instruction <?{target}?>")

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() != "utf-8":
            self._find(f"text in {encoding}", accepted="UTF-8")

    def _document_type(self, *_: object) -> None:
        self._find("a document type, which can declare entities")
        raise InputError(self.findings)  # and no entity of it is ever read

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if not self.started:
            self.started = True
            if (namespace, local) != (SVG_NAMESPACE, "svg"):
                accepted = f'<svg xmlns="{SVG_NAMESPACE}"> or a PNG'
                self._find(f"<{local}> as its outermost element", code="not-a-picture", accepted=accepted)
                return
            if "viewBox" not in attributes:
                self._find("no viewBox, without which it cannot be scaled", code="picture-size")
        elif namespace != SVG_NAMESPACE or local not in ELEMENTS:
            self._find(f"<{local}>", accepted="plain shapes: " + " ".join(sorted(ELEMENTS)))
        self._style = local == "style"
        for attribute, why in _wrong_attributes(attributes):
            self._find(f"the attribute {attribute}, {why}")

    def _end(self, _name: str) -> None:
        self._style = False

    def _text(self, text: str) -> None:
        if self._style and ("@" in text or _OUTSIDE.search(text)):
            self._find("a style that names something outside the file")

    def _find(self, what: str, *, code: str = "unsafe-picture", accepted: str | None = None) -> None:
        place = Place(str(self._path), self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)
        self.findings.append(Diagnostic(place, code, f"the logo holds {what}", accepted=accepted))


def _wrong_attributes(attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in attributes.items():
        local = name.rpartition(" ")[2].lower()
        if local.startswith("on"):
            yield local, "which runs a script"
        elif local in {"href", "src", "base"}:
            yield local, "which names something else to show"
        elif _OUTSIDE.search(value):
            yield local, "whose value names something outside the file"


def _no_picture(path: Path) -> InputError:
    message = "the logo is neither a PNG nor an SVG"
    return _refused(path, "not-a-picture", message, accepted="a PNG or an SVG file in UTF-8")


def _refused(
    path: Path, code: str, message: str, *, found: str | None = None, accepted: str | None = None
) -> InputError:
    return InputError([Diagnostic(Place(str(path)), code, message, found=found, accepted=accepted)])
