"""CSV files as people and spreadsheets write them (RFC 4180), a block of rows at a time.

What cannot be taken apart becomes a finding at its own line, and reading goes on at the next: a quotation mark that is
never closed does not swallow the rows after it, and no row is held that is larger than a questionnaire may be.
"""

from __future__ import annotations

import csv
import os
from collections import deque
from collections.abc import Collection, Iterator
from functools import partial
from io import TextIOWrapper
from pathlib import Path

from msgspec import Struct

from hostwise.answers.tables.csv_head import ERRORS, UTF_8, encoding_of, preamble, windows_note
from hostwise.answers.tables.decimal_mark import Decimals, Marks
from hostwise.answers.tables.table import BLOCK, Block, Table, refuse_odd_file, unreadable
from hostwise.reading.files.first_bytes import first_bytes
from hostwise.reading.files.yaml_file import MAX_BYTES
from hostwise.reading.findings.diagnostics import Diagnostic, Place

SEPARATORS = ",;\t"
LINE_ENDS = ("\n", "\r")
_LONGEST = 2 * MAX_BYTES
"""Above any row that is accepted: the limit of the csv module, which is one for the whole process, never speaks."""


def csv_table(path: Path, keys: Collection[str], decimal: Decimals | None = None) -> Table:
    """A CSV file, separated by commas, semicolons or tabs: whichever makes its header one of `keys`.

    `decimal` is what its numbers have between whole and fraction, where the file does not say so itself.

    Raises `InputError` where there is no such file, or no header in it.
    """
    file = str(path)
    _refuse_file(path)
    try:
        layout, notes = _layout(path, keys, decimal)
        with _opened(path, layout) as text:
            header = next(((line, cells) for line, cells in _records(layout, text) if cells), None)
    except OSError as problem:
        raise unreadable(file, "unreadable", f"cannot read it: {problem.strerror or problem}") from None
    if header is None:
        raise unreadable(file, "empty", "the file is empty", accepted="a header of question keys, then a row each")
    line, cells = header
    if isinstance(cells, str):
        raise unreadable(file, "csv", cells, line, 1)
    names = tuple(cell.strip() for cell in cells)
    blocks = partial(_blocks, path, layout, len(names))
    return Table(file, names, line, blocks, Marks(layout.separator, layout.decimal), notes)


class _Layout(Struct, frozen=True):
    """How a file is taken apart: its encoding, the lines above its header, what parts its cells."""

    encoding: str
    above: int
    separator: str
    decimal: Decimals | None


def _layout(path: Path, keys: Collection[str], decimal: Decimals | None) -> tuple[_Layout, tuple[Diagnostic, ...]]:
    encoding = encoding_of(path)
    notes = () if encoding == UTF_8 else (windows_note(str(path)),)
    with path.open(encoding=encoding, errors=ERRORS, newline="") as text:
        head = preamble(text, str(path), decimal)
    separator = head.separator or _separator(head.header, keys)
    return _Layout(encoding, head.lines, separator, head.decimal), notes


def _refuse_file(path: Path) -> None:
    file = str(path)
    refuse_odd_file(path)
    start = first_bytes(path, 4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise unreadable(file, "encoding", "the file is UTF-16", accepted="UTF-8")


def _opened(path: Path, layout: _Layout) -> TextIOWrapper:
    return path.open(encoding=layout.encoding, errors=ERRORS, newline="")


def _separator(head: str, keys: Collection[str]) -> str:
    return max(SEPARATORS, key=lambda mark: sum(part.strip(' "\r\n') in keys for part in head.split(mark)))


def _blocks(path: Path, layout: _Layout, width: int) -> Iterator[Block]:
    """All rows but the header and the blank ones."""
    size = max(path.stat().st_size, 1)
    lines: list[int] = []
    rows: list[list[str]] = []
    findings: dict[int, Diagnostic] = {}
    blank = [""] * width
    with _opened(path, layout) as text:
        records = _records(layout, text)
        next((cells for _, cells in records if cells), None)
        for line, cells in records:
            row = cells
            if isinstance(row, list) and len(row) != width:
                row = _fitted(row, width)
            if isinstance(row, str):
                findings[len(rows)] = Diagnostic(Place(str(path), line, 1), "csv", row)
                row = [*cells, *blank][:width] if isinstance(cells, list) else blank
            elif not any(row) or not any(cell.strip() for cell in row):
                continue  # a line of nothing but separators, as spreadsheets leave behind
            lines.append(line)
            rows.append(row)
            if len(rows) == BLOCK:
                yield Block(lines, list(zip(*rows, strict=True)), findings, min(_behind(text) / size, 1))
                lines, rows, findings = [], [], {}
    if rows:
        yield Block(lines, list(zip(*rows, strict=True)), findings, 1)


def _behind(text: TextIOWrapper) -> int:
    """Bytes that are read, a buffer more or less."""
    return os.lseek(text.fileno(), 0, os.SEEK_CUR)


def _fitted(cells: list[str], width: int) -> list[str] | str:
    """A row of another width than the header's. Blank cells beyond it say nothing; anything else is a finding."""
    if not any(cell.strip() for cell in cells):
        return []
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return cells[:width]
    taken = " (the row goes on over several lines: is a quotation mark not closed?)" if _several(cells) else ""
    return f"the row has {len(cells)} cells and the header {width}{taken}"


def _several(cells: list[str]) -> bool:
    return any("\n" in cell for cell in cells)


def _records(layout: _Layout, text: TextIOWrapper) -> Iterator[tuple[int, list[str] | str]]:
    """Every record with the line that it starts on; in place of its cells, what is wrong with it."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST))
    lines = _Lines(text)
    lines.skip(layout.above)
    reader = csv.reader(lines, delimiter=layout.separator, strict=True)
    while True:
        start = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLarge:
            lines.again()
            yield start, "the row is larger than 1 MB, or a quotation mark in it is not closed"
        except csv.Error as problem:
            lines.again()
            yield start, _said(str(problem))
        else:
            yield start, cells


def _said(problem: str) -> str:
    if "end of data" in problem:
        return "a quotation mark is opened and not closed"
    if "expected after" in problem:
        return "text stands after the closing quotation mark of a cell; a quotation mark in a cell is written twice"
    return f"not CSV: {problem}"


class _TooLarge(Exception):
    """A record that is larger than is accepted."""


class _Lines:
    """The lines of a file, one by one; those of a record that failed can be read again."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._back: deque[str] = deque()
        self._taken: list[str] = []
        self._size = self._number = 0

    def skip(self, number: int) -> None:
        """Leave out the lines above the header."""
        for _ in range(number):
            self._text.readline(MAX_BYTES)
        self._number += number

    def begin(self) -> int:
        """Start a record; the number of its first line."""
        self._taken.clear()
        self._size = 0
        return self._number + 1

    def again(self) -> None:
        """Read all lines of the record again but the first, of which nothing more is wanted."""
        if len(self._taken) == 1:
            rest = self._taken[0]
            while rest and not rest.endswith(LINE_ENDS):
                rest = self._text.readline(MAX_BYTES)
        self._back.extendleft(reversed(self._taken[1:]))
        self._number -= len(self._taken[1:])

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._text.readline(MAX_BYTES)
        if not line:
            raise StopIteration
        self._taken.append(line)
        self._number += 1
        self._size += len(line)
        if self._size >= MAX_BYTES:
            raise _TooLarge
        return line
