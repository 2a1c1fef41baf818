"""The values of a PDF (ISO 32000-1, 7.3), read so that each text has one meaning or none."""

from __future__ import annotations

import re
from typing import Any, Never

from msgspec import Struct

DEEPEST = 60
MOST_STEPS = 1_000_000
"""Values and pieces of text that are read of one file: some seconds' work. A report has 200,000."""
_SPACE = rb"[\x00\t\n\x0c\r ]"
_END = rb"(?=[\x00\t\n\x0c\r ()<>\[\]/]|$)"
_TOKEN = re.compile(
    _SPACE + rb"*(?:"
    rb"(?P<dict><<)|(?P<end>>>|\])|(?P<list>\[)|/(?P<name>[^\x00\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|(?P<ref>\d{1,10}" + _SPACE + rb"+\d{1,5}" + _SPACE + rb"+R)" + _END +
    rb"|(?P<number>[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20}))" + _END +
    rb"|(?P<word>true|false|null)" + _END +
    rb"|<(?P<hex>[0-9A-Fa-f\x00\t\n\x0c\r ]*)>|(?P<text>\())"
)  # fmt: skip
_TEXT = re.compile(rb"[^\\()]+|\\(?:[0-7]{1,3}|\r\n|[\s\S])|[()]")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})?")
_WORDS = {b"true": True, b"false": False, b"null": None}


class NotPlain(Exception):
    """A file that is damaged, or that can be read in two ways: at which byte, and what stands there."""

    def __init__(self, at: int, why: str) -> None:
        self.at, self.why = at, why
        super().__init__(f"byte {at}: {why}")


class Steps(Struct):
    """How much of a file may still be read."""

    left: int = MOST_STEPS

    def take(self, at: int, count: int = 1) -> None:
        """Take some. Raises `NotPlain` when there are none left."""
        self.left -= count
        if self.left < 0:
            raise NotPlain(at, "it is made of too many parts")


class Name(bytes):
    """A name, without its slash and with its escapes undone."""


def is_name(value: Any, text: bytes) -> bool:
    """Whether a value is this name. A text of the same characters is none: viewers leave it unread."""
    return type(value) is Name and value == text


class Ref(Struct, frozen=True):
    """A reference to an object, by its number."""

    number: int


class Stream(Struct, frozen=True):
    """A stream: its dictionary, its bytes as they lie in the file, and the byte of the file where they begin."""

    entries: dict[bytes, Any]
    raw: bytes
    start: int


def value_at(data: bytes, at: int, steps: Steps, inside: int = 0) -> tuple[Any, int]:
    """The value that begins at a byte, and the byte after it. Names are `Name`, texts `bytes`, lists `list`.

    `inside` is added to the bytes that errors name. Raises `NotPlain`, also for a dictionary that has a key twice: of
    two `/Contents` one viewer draws the first and another the last.
    """
    open_: list[tuple[bool, list[Any], int]] = []
    while True:
        steps.take(at + inside)
        match = _TOKEN.match(data, at)
        if match is None:
            _refuse(at, inside, "this is no value of a PDF")
        kind, start, at = str(match.lastgroup), match.start(), match.end()
        if kind in ("dict", "list"):
            if len(open_) >= DEEPEST:
                _refuse(start, inside, f"values are nested more than {DEEPEST} deep")
            open_.append((kind == "dict", [], start))
            continue
        value: Any
        if kind == "end":
            if not open_ or (match["end"] == b">>") is not open_[-1][0]:
                _refuse(start, inside, "a bracket closes what was not opened")
            is_dict, items, start = open_.pop()
            value = _dictionary(items, start, inside) if is_dict else items
        elif kind == "text":
            value, at = _text(data, at, steps, inside)
        else:
            value = _simple(kind, match, start + inside)
        if not open_:
            return value, at
        open_[-1][1].append(value)


def _simple(kind: str, match: re.Match[bytes], at: int) -> Any:
    text = match[kind]
    if kind == "name":
        return Name(_NAME_ESCAPE.sub(lambda m: _escaped(m, at), text) if b"#" in text else text)
    if kind == "ref":
        number, generation, _ = text.replace(b"\x00", b" ").split()
        if int(generation):
            raise NotPlain(at, "it refers to an object of a later generation, as an update leaves them")
        return Ref(int(number))
    if kind == "number":
        return float(text) if b"." in text else int(text)
    if kind == "hex":
        digits = b"".join(text.replace(b"\x00", b"").split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return _WORDS[text]


def _escaped(match: re.Match[bytes], at: int) -> bytes:
    if match[1] is None or match[1] == b"00":
        raise NotPlain(at, "a name has an escape that means nothing")
    return bytes.fromhex(match[1].decode())


def _dictionary(items: list[Any], at: int, inside: int) -> dict[bytes, Any]:
    keys = items[::2]
    if len(items) % 2 or not all(type(key) is Name for key in keys):
        _refuse(at, inside, "a dictionary is not made of names and values")
    found = dict(zip(keys, items[1::2], strict=True))
    if len(found) != len(keys):
        twice = next(key for key in found if keys.count(key) > 1)
        _refuse(at, inside, f"a dictionary has the key /{twice.decode('latin-1')} twice")
    return found


def _text(data: bytes, at: int, steps: Steps, inside: int) -> tuple[bytes, int]:
    """A text in parentheses, from behind the first of them."""
    parts: list[bytes] = []
    start, depth = at, 1
    while match := _TEXT.match(data, at):
        steps.take(at + inside)
        part, at = match[0], match.end()
        if part == b")":
            depth -= 1
            if not depth:
                return b"".join(parts), at
        elif part == b"(":
            depth += 1
        elif part.startswith(b"\\"):
            part = _unescaped(part[1:])
        parts.append(part)
    _refuse(start, inside, "a text does not end")


def _unescaped(part: bytes) -> bytes:
    if part[:1] in b"01234567":
        return bytes([int(part, 8) & 255])
    return _ESCAPES.get(part, b"" if part in (b"\n", b"\r", b"\r\n") else part)


def _refuse(at: int, inside: int, why: str) -> Never:
    raise NotPlain(at + inside, why)
