"""Reading records back: a JSON file, or the attachment of a PDF report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Never

from hostwise.reading.files.regular import read_regular, refused, too_large
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.record.attached import DoubtfulPdf, attached_record
from hostwise.record.format.record import Record
from hostwise.record.format.shape import Misfit, NotOfShape, read_as

DEEPEST = 300
"""Objects and lists within one another; a condition of a rule is one in two."""
LARGEST_RECORD = 16 * 1024 * 1024
"""Bytes: 15 times those of the examples; JSON takes thirty times as much memory as text."""
PDF, BEHIND = b"%PDF-", 1024
"""How a PDF begins, and how far in viewers look for that."""
MOST = 20
"""So many places without the shape of a record are named."""


def read_record_file(path: Path) -> Record:
    """The record in a JSON file or in a PDF, whatever its id. Raises `InputError` when there is none."""
    return record_in(read_regular(path), path)


def record_in(data: bytes, path: Path) -> Record:
    """The same of a file that was read; `path` is its name in messages."""
    if not data.startswith(PDF):
        if (begins := data[:BEHIND].find(PDF)) > 0:
            message = f"the PDF begins at byte {begins}: what stands before it is none of it, and viewers differ on it"
            raise DoubtfulPdf([Diagnostic(Place(str(path)), "damaged-pdf", message)])
        if not data.strip():
            raise refused(path, "empty-file", "it is empty: neither a record nor a report")
        return parse_record(data, path)
    attached = attached_record(data, path)
    try:
        return parse_record(attached.content, path)
    except DamagedText as problem:
        where = f"byte {attached.start + problem.at} of the file" if attached.plain else f"byte {problem.at} of it"
        raise refused(path, "damaged-record", f"the attached record is damaged at {where}") from None


class DamagedText(InputError):
    """What is no UTF-8, or no JSON: from this byte on."""

    def __init__(self, finding: Diagnostic, at: int) -> None:
        self.at = at
        super().__init__([finding])


def parse_record(data: bytes, path: Path) -> Record:
    """Parse a record. Raises `InputError` with every place that has not the shape of one."""
    if len(data) > LARGEST_RECORD:
        raise too_large(path, LARGEST_RECORD, len(data))
    value = _parsed(data, path)
    if _too_deep(value):
        raise refused(path, "not-a-record", "it is nested too deeply")
    try:
        return read_as(Record, value)
    except NotOfShape as problem:
        raise InputError(_findings(problem.misfits, path)) from None


def _parsed(data: bytes, path: Path) -> Any:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        message = f"it is neither a record nor a report: byte {problem.start} is no text"
        raise DamagedText(Diagnostic(Place(str(path)), "not-utf-8", message), problem.start) from None
    try:
        return json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_number)
    except json.JSONDecodeError as problem:
        place = Place(str(path), problem.lineno, problem.colno)
        at = len(text[: problem.pos].encode("utf-8"))
        message, accepted = f"not JSON: {problem.msg}", None
        if path.suffix in (".yaml", ".yml"):
            message, accepted = "a questionnaire is no record", "a record (.json), or a report that carries one (.pdf)"
        raise DamagedText(Diagnostic(place, "not-json", message, accepted=accepted), at) from None
    except (ValueError, RecursionError) as problem:
        raise refused(path, "not-a-record", str(problem) or "it is nested too deeply") from None


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        inner = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, (dict, list))]
        level = [each for entries in inner for each in entries]
    return bool(level)


def _findings(misfits: list[Misfit], path: Path) -> Iterator[Diagnostic]:
    for misfit in misfits[:MOST]:
        message = f"not a decision record of format 1: {misfit.path}: {misfit.message}"
        yield Diagnostic(Place(str(path)), "not-a-record", _safe(message), _safe(misfit.found), misfit.accepted)
    if len(misfits) > MOST:
        yield Diagnostic(Place(str(path)), "not-a-record", f"and so at {len(misfits) - MOST} more places")


def _safe(text: str) -> str:
    """Halves of characters, which no output takes, as their escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it names the key {twice!r} twice in one object")
    return found


def _no_number(word: str) -> Never:
    raise ValueError(f"{word} is no number of JSON")
