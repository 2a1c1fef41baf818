"""A table of questionnaires as it was read: a row each, its cells as text, whatever kind of file it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from hostwise.answers.tables.decimal_mark import Marks
from hostwise.reading.files.regular import not_there
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

BLOCK = 4096
"""Rows that are read at a time."""


class Block(Struct, frozen=True):
    """Some rows that follow one another.

    `lines` say where each stands; `columns` hold the cells of each column. A row that cannot be taken apart has empty
    cells and a finding. `read` is the share of the file that is behind it, from 0 to 1.
    """

    lines: Sequence[int]
    columns: Sequence[Sequence[str]]
    findings: Mapping[int, Diagnostic]
    read: float


class Table(Struct, frozen=True):
    """A table: its file, its header with the line that it stands on, and its rows, block by block.

    `marks` say what a comma and a dot in its numbers can mean, and `numbers` are the columns that hold numbers and no
    texts; `notes` what was taken for granted about the file.
    """

    file: str
    header: tuple[str, ...]
    line: int
    blocks: Callable[[], Iterator[Block]]
    marks: Marks = Marks()
    notes: tuple[Diagnostic, ...] = ()
    numbers: frozenset[str] = frozenset()


def refuse_odd_file(path: Path) -> None:
    """Raises `InputError` for what is no regular file that can be read."""
    file = str(path)
    try:
        if not path.exists():
            raise not_there(path)
        if not path.is_file():
            raise unreadable(file, "not-a-file", "this is not a regular file")
        if not path.stat().st_size:
            raise unreadable(file, "empty", "the file is empty")
        with path.open("rb"):
            pass
    except OSError as problem:
        raise unreadable(file, "unreadable", f"cannot read it: {problem.strerror or problem}") from None


def unreadable(file: str, code: str, message: str, line: int = 0, column: int = 0, **more: Any) -> InputError:
    """A whole table that cannot be read."""
    return InputError([Diagnostic(Place(file, line, column), code, message, **more)])
