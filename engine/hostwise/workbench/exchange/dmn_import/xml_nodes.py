"""XML as plain nodes with their lines, read safely: no document type, so no entities, and a limit of size and depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers import expat

from msgspec import Struct, field

from hostwise.reading.files.regular import read_regular
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

LIMIT = 5 * 1024 * 1024
DEPTH = 100
SEPARATOR = "\n"
"""Stands between a namespace and a name; it cannot occur in either."""


class XmlNode(Struct):
    """One element: its namespace, its name without prefix, and where it starts."""

    space: str
    name: str
    attributes: Mapping[str, str]
    place: Place
    children: list[XmlNode] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The element's own text, without white space at its ends."""
        return "".join(self.pieces).strip()

    def all(self, name: str) -> Iterator[XmlNode]:
        """The children of a name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> XmlNode | None:
        """The first child of a name."""
        return next(self.all(name), None)

    def text_of(self, *path: str) -> str | None:
        """The text at the end of a path of first children."""
        node: XmlNode | None = self
        for name in path:
            node = node.first(name) if node is not None else None
        return node.text if node is not None else None


def read_xml(path: Path) -> XmlNode:
    """The root element. Raises `InputError`: unreadable, too large, not well-formed, with a document type, too deep."""
    return _Builder(path).read(read_regular(path, LIMIT))


class _Builder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.parser = expat.ParserCreate(namespace_separator=SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.open: list[XmlNode] = []
        self.root: XmlNode | None = None

    def read(self, data: bytes) -> XmlNode:
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as problem:
            place = Place(str(self.path), problem.lineno, problem.offset + 1)
            raise _refused(place, "not-xml", f"not XML: {expat.ErrorString(problem.code)}") from None
        except (LookupError, ValueError) as problem:  # an encoding that Python has not, or has in several bytes
            raise _refused(Place(str(self.path), 1, 1), "encoding", f"not an encoding of XML: {problem}") from None
        assert self.root is not None  # a document without a root is not well-formed
        return self.root

    @property
    def place(self) -> Place:
        return Place(str(self.path), self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= DEPTH:
            raise _refused(self.place, "too-deep", f"elements are nested more than {DEPTH} deep")
        space, _, local = name.rpartition(SEPARATOR)
        node = XmlNode(space, local, attributes, self.place)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def end(self, _name: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        if self.open:
            self.open[-1].pieces.append(text)

    def doctype(self, *_: object) -> None:
        message = "a document type is not taken: it can name entities and files"
        raise _refused(self.place, "doctype", message, "the XML without <!DOCTYPE …>")


def _refused(place: Place, code: str, message: str, accepted: str | None = None) -> InputError:
    return InputError([Diagnostic(place, code, message, accepted=accepted)])
