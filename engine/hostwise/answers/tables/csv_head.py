"""What a CSV file says about itself before its header, and which characters its bytes are.

Excel writes `sep=;` as the first line; `# decimal: comma` says how numbers are written, and stays with the file.
"""

from __future__ import annotations

import codecs
import re
from io import TextIOWrapper
from pathlib import Path

from msgspec import Struct

from hostwise.answers.tables.decimal_mark import Decimals
from hostwise.answers.tables.table import unreadable
from hostwise.reading.files.yaml_file import MAX_BYTES
from hostwise.reading.findings.diagnostics import Diagnostic, Place, Severity

UTF_8, WINDOWS = "utf-8-sig", "cp1252"
ERRORS = "surrogateescape"
"""Bytes of no encoding stay what they are, so that they are a finding in their own cell."""
_CHUNK = 1 << 20
_SEPARATOR = re.compile(r'"?sep=([,;\t|])"?[,;\t|"]*\s*', re.I)
_COMMENT = re.compile(r'"?#(.*?)"?[,;\t|"]*\s*')
_DECIMAL = re.compile(r"\s*decimal\s*[:=]\s*(comma|point)\s*", re.I)
_NOT_WINDOWS = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d]|[\xc2-\xf4][\x80-\xbf]")
"""Controls, bytes that Windows-1252 has no character for, and pairs of UTF-8, which are hardly two of its letters."""


class Head(Struct, frozen=True):
    """The lines above the header and what they say, and the header's own text."""

    lines: int
    separator: str
    decimal: Decimals | None
    header: str


def preamble(text: TextIOWrapper, file: str, decimal: Decimals | None) -> Head:
    """Read what stands above the header. `decimal` is what was said beside the file.

    Raises `InputError` for a comment that says nothing known, and where file and command say different things.
    """
    lines, separator, stated = 0, "", decimal
    while line := text.readline(MAX_BYTES):
        mark, comment = _SEPARATOR.fullmatch(line), _COMMENT.fullmatch(line)
        if mark:
            separator = mark[1]
        elif comment:
            stated = _decimal(comment[1], file, lines + 1)
            if decimal not in (None, stated):
                message = f"the file has a decimal {stated}, and the command says --decimal {decimal}"
                raise unreadable(file, "decimal", message, lines + 1, 1)
        elif line.strip():
            break
        lines += 1
    return Head(lines, separator, stated, line)


def _decimal(comment: str, file: str, line: int) -> Decimals:
    match = _DECIMAL.fullmatch(comment)
    if match is None:
        accepted = "# decimal: comma, or # decimal: point"
        raise unreadable(file, "comment", "a comment above the header", line, 1, found=comment[:60], accepted=accepted)
    return "comma" if match[1].lower() == "comma" else "point"


def encoding_of(path: Path) -> str:
    """UTF-8, or Windows-1252 where the file is not UTF-8 and is text in that."""
    try:
        with path.open("rb") as data:
            decoder = codecs.getincrementaldecoder("utf-8")()
            while chunk := data.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        with path.open("rb") as data:
            while chunk := data.read(_CHUNK):
                if _NOT_WINDOWS.search(chunk):
                    return UTF_8
        return WINDOWS
    return UTF_8


def windows_note(file: str) -> Diagnostic:
    """That a file was read as Windows-1252."""
    return Diagnostic(
        Place(file), "windows-1252", "not UTF-8: read as Windows-1252; check names and signs of currencies",
        severity=Severity.NOTE,
    )  # fmt: skip
