"""YAML files as people write them: data, and the line and column of every part of it.

YAML 1.2 core scalars (PyYAML alone reads `no` as false, `1:30` as 90 and `010` as 8), and none of
the parts of YAML that a data file does not need: no anchors, no tags, no merge keys, one document,
text keys, no key twice. A hostile file is refused within a second, before anything is built from it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from hostwise.reading.files.regular import read_regular
from hostwise.reading.files.yaml_scalars import CONTROL, no_number, plain_scalar
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 24
MAX_NODES = 60_000

SHORT = 128 * 1024
SHALLOW = 1000
# What could start an anchor, an alias, a tag, a directive or a document: more than does, never less.
_REFUSED = re.compile(r"(?m)(?<![^\s\[\]{},:?-])[&*!](?=\S)|^(?:%|---|\.\.\.)")
_INDENT = re.compile(r"(?m)^[ \t]*(?:[-?:][ \t]+)*")

Path_ = tuple[str | int, ...]

_WITH_COMMA = re.compile(r"[^\s,{}\[\]\"']*\d(?:,\d[^\s,{}\[\]]*)+")
_BASE: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Node(Struct, frozen=True, array_like=True):
    """Where a value stands: `text` is a scalar's, quotes removed, `entries` and `items` are what is in it."""

    line: int
    column: int
    text: str | None = None
    entries: dict[str, Entry] | None = None
    items: list[Node] | None = None


class Entry(Struct, frozen=True, array_like=True):
    """Where a key stands, and its value."""

    line: int
    column: int
    value: Node


class Document(Struct, frozen=True, eq=False):
    """A file that was read: its text, its data, and where each part of the data stands.

    `data` holds str, int, bool, None, Decimal, dict and list. Paths are tuples of keys and indexes. `root` gives the
    places when they are asked for: most never are. It is None in an empty file.
    """

    file: str
    text: str
    sha256: str
    data: Any
    root: Callable[[], Node | None]

    def place(self, path: Path_ = (), *, key: bool = False) -> Place:
        """Where the value (or its key) at `path` stands; the nearest part above it when it is absent."""
        root = self.root()
        if root is None:
            return Place(self.file, 1, 1)
        own, node = _trail(root, path)[-1]
        # The two parsers put a value that is not there in different places: its key is pointed at.
        found = own if own is not None and (key or _absent(self.data, path)) else node
        return Place(self.file, found.line, found.column)

    def has(self, path: Path_) -> bool:
        """Whether something stands at `path`."""
        root = self.root()
        return root is not None and len(_trail(root, path)) > len(path)

    def written(self, path: Path_) -> str | None:
        """The text of the scalar at `path` as it stands in the file, quotes removed."""
        root = self.root()
        return _trail(root, path)[-1][1].text if root is not None and self.has(path) else None

    def excerpt(self, line: int) -> str:
        """One line of the file, for the caret under it."""
        lines = self.text.split("\n")
        return lines[line - 1].rstrip("\r")[:200] if 0 < line <= len(lines) else ""

    def finding(self, path: Path_, code: str, message: str, *, key: bool = False, **more: Any) -> Diagnostic:
        """A diagnostic at `path`, with the source line."""
        place = self.place(path, key=key)
        return Diagnostic(place, code, message, excerpt=self.excerpt(place.line), **more)


class Flawed(InputError):
    """A file of YAML in which some values are not accepted: the findings, and the document without those."""

    def __init__(self, findings: Sequence[Diagnostic], document: Document) -> None:
        self.document = document
        super().__init__(findings)


def read_document(path: Path, *, data: bytes | None = None) -> Document:
    """Read a YAML file, or `data` as if it were that file.

    Raises `InputError` with file, line and column: unreadable, larger than 1 MB, not UTF-8, control
    characters, tabs for indentation, anchors, tags, merge keys, more than one document, keys that are
    not text, a key twice, too deep, not a number (NaN, infinities, exponents beyond ±30). What is wrong with single
    keys and values is a `Flawed`, which carries the rest.
    """
    file = str(path)
    text = text_of(path) if data is None else _decode(file, data)
    _refuse_characters(file, text)
    root = _compose(file, text)
    reader = _Reader(file, text)
    value = reader.build(root, 0) if root is not None else None
    document = Document(file, text, digest_of(text), value, cache(lambda: None if root is None else _places(root)))
    if reader.findings:
        raise Flawed(reader.findings, document)
    return document


def text_of(path: Path) -> str:
    """The text of a file. Raises `InputError`: unreadable, larger than 1 MB, not UTF-8."""
    return _decode(str(path), _read(path))


def digest_of(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _read(path: Path) -> bytes:
    return read_regular(path, MAX_BYTES)


def _decode(file: str, data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _refuse(file, "too-large", "the file is too large", found=f"{len(data):,} bytes", accepted="up to 1 MB")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refuse(file, "encoding", "the file is UTF-16", accepted="UTF-8")
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as problem:
        before = data[: problem.start]
        line = before.count(b"\n") + 1
        column = problem.start - (before.rfind(b"\n") + 1) + 1
        byte = f"byte 0x{data[problem.start]:02x}"
        raise _refuse(file, "encoding", "the file is not UTF-8", line, column, found=byte, accepted="UTF-8") from None


def _refuse_characters(file: str, text: str) -> None:
    findings = []
    for number, line in enumerate(text.split("\n"), 1):
        bad = CONTROL.search(line)
        if bad:
            name = f"U+{ord(bad.group()):04X}"
            place = Place(file, number, bad.start() + 1)
            findings.append(Diagnostic(place, "control-character", "control character", found=name))
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent and line.strip():
            place = Place(file, number, indent.index("\t") + 1)
            findings.append(Diagnostic(place, "tab", "tab in the indentation", accepted="spaces", excerpt=line[:200]))
        if len(findings) >= 20:
            break
    if findings:
        raise InputError(findings)


def _compose(file: str, text: str) -> yaml.Node | None:
    """Check the stream of events first, where the text could hold what is refused: it is flat, so that no nesting can
    exhaust the stack."""
    try:
        if not _harmless(text):
            _refuse_events(file, text)
        return yaml.compose(text, Loader=_BASE)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        if "maximum nesting depth" in str(problem.problem):  # libyaml's own limit, where it reads that far ahead
            raise InputError([_too_deep(Place(file, line, column))]) from None
        lines = text.split("\n")
        excerpt = lines[line - 1][:200] if 0 < line <= len(lines) else None
        message = f"not YAML: {problem.problem or problem.context}"
        raise InputError([Diagnostic(Place(file, line, column), "yaml", message, excerpt=excerpt)]) from None
    except yaml.YAMLError as problem:
        raise _refuse(file, "yaml", f"not YAML: {str(problem).splitlines()[0]}") from None


def _harmless(text: str) -> bool:
    """Whether a text is too short, too shallow and too plain for anything that `_refuse_events` looks for.

    Reading the events takes as long as reading the nodes. Our own files pass here. Each level of nesting takes a
    bracket, or stands further to the right than the one above, but for a list in a mapping, which may stand below it.
    """
    if len(text) > SHORT or _REFUSED.search(text):
        return False
    brackets = sum(map(text.count, "[{"))
    deepest = max((len(indent) for indent in _INDENT.findall(text)), default=0)
    return brackets < SHALLOW and deepest < SHALLOW


def _refuse_events(file: str, text: str) -> None:
    depth = documents = 0
    for number, event in enumerate(yaml.parse(text, Loader=_BASE)):
        mark: Any = event.start_mark
        place = Place(file, mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InputError([Diagnostic(place, "anchor", "anchors and aliases (& and *) are not accepted")])
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            found = str(tag).replace("tag:yaml.org,2002:", "!!")
            raise InputError([Diagnostic(place, "tag", "tags are not accepted", found=found)])
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise InputError([Diagnostic(place, "documents", "a second document starts here", accepted="one")])
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > MAX_DEPTH:
            raise InputError([_too_deep(place)])
        if number > 2 * MAX_NODES:
            raise InputError([Diagnostic(place, "too-many", f"more than {MAX_NODES:,} values")])


class _Reader:
    """Builds data from nodes; collects every finding."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = text.split("\n")
        self.findings: list[Diagnostic] = []

    def build(self, node: yaml.Node, depth: int) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if depth >= MAX_DEPTH:
            raise InputError([_too_deep(Place(self.file, *_position(node)))])
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, depth + 1) for item in node.value]
        assert isinstance(node, yaml.MappingNode)
        return self._mapping(node, depth)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        first: dict[str, yaml.Node] = {}
        whole = 0
        for key, value in node.value:
            if key.start_mark.index < whole:
                continue
            whole = self._cut_number(value) if node.flow_style else 0
            if not isinstance(key, yaml.ScalarNode) or not isinstance(_resolved(key), str):
                shown = key.value if isinstance(key, yaml.ScalarNode) else "a list or mapping"
                self._add(key, "key-type", "a key must be text", found=str(shown)[:60], accepted="text")
                continue
            name = key.value
            if name == "<<":
                self._add(key, "merge-key", "merge keys (<<) are not accepted")
                continue
            if name in first:
                at = f"first on line {_position(first[name])[0]}"
                self._add(key, "duplicate-key", f"the key {name!r} stands here again", found=at, accepted="once")
                continue
            first[name] = key
            found[name] = self.build(value, depth + 1)
        return found

    def _cut_number(self, node: yaml.Node) -> int:
        """`$9,000`, of which YAML makes the answer `$9` and a key `000` without a value; where it ends, or 0."""
        if not isinstance(node, yaml.ScalarNode) or node.style:
            return 0
        line, column = node.start_mark.line, node.start_mark.column
        written = _WITH_COMMA.match(self.lines[line], column)
        if written is None:
            return 0
        message = "between { and } a comma begins the next answer: what has one stands in quotes"
        self._add(node, "cut-number", message, found=written[0][:60], accepted=f'"{written[0][:60]}"')
        return node.start_mark.index + len(written[0])

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        value = _resolved(node)
        problem = no_number(value)
        if problem is None:
            return value
        code, message, accepted = problem
        self._add(node, code, message, found=node.value[:40], accepted=accepted)
        return None

    def _add(self, node: yaml.Node, code: str, message: str, **more: Any) -> None:
        line, column = _position(node)
        excerpt = self.lines[line - 1][:200] if 0 < line <= len(self.lines) else None
        self.findings.append(Diagnostic(Place(self.file, line, column), code, message, excerpt=excerpt, **more))


def _resolved(node: yaml.ScalarNode) -> Any:
    # Quoted or block text has a style; libyaml says "" for plain, PyYAML None.
    return node.value if node.style else plain_scalar(node.value)


def _places(node: yaml.Node) -> Node:
    line, column = _position(node)
    if isinstance(node, yaml.ScalarNode):
        return Node(line, column, str(node.value))
    if isinstance(node, yaml.SequenceNode):
        return Node(line, column, items=[_places(item) for item in node.value])
    entries = {key.value: Entry(*_position(key), _places(value)) for key, value in node.value}
    return Node(line, column, entries=entries)


def _absent(data: Any, path: Path_) -> bool:
    """Whether the value at `path` is there without being anything; as far as the path goes."""
    for step in path:
        if not (step in data if isinstance(data, dict) else isinstance(data, list) and step in range(len(data))):
            break
        data = data[step]
    return data is None


def _trail(root: Node, path: Path_) -> list[tuple[Entry | None, Node]]:
    """The values on the way to `path`, each with its key where it has one; as far as there are any."""
    trail: list[tuple[Entry | None, Node]] = [(None, root)]
    for step in path:
        node = trail[-1][1]
        if node.entries is not None and isinstance(step, str) and step in node.entries:
            trail.append((node.entries[step], node.entries[step].value))
        elif node.items is not None and isinstance(step, int) and 0 <= step < len(node.items):
            trail.append((None, node.items[step]))
        else:
            break
    return trail


def _too_deep(place: Place) -> Diagnostic:
    return Diagnostic(place, "depth", f"nested more than {MAX_DEPTH} levels deep")


def _position(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _refuse(file: str, code: str, message: str, line: int = 0, column: int = 0, **more: Any) -> InputError:
    return InputError([Diagnostic(Place(file, line, column), code, message, **more)])
