"""Reading records back: a JSON file, or the attachment of a PDF report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Never

from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.record.format.record import Record
from hostwise.record.format.shape import Misfit, NotOfShape, read_as

ATTACHMENT = "record.json"
LIMIT = 64 * 1024 * 1024
DEEPEST = 300
"""Objects and lists within one another; a condition of a rule is one in two."""
MOST = 20
"""So many places without the shape of a record are named."""


def read_record_file(path: Path) -> Record:
    """The record in a JSON file or in a PDF, whatever its id. Raises `InputError` when there is none."""
    try:
        if path.stat().st_size > LIMIT:
            raise _refuse(path, "too-large", f"the file is larger than {LIMIT // 1024 // 1024} MB")
        data = path.read_bytes()
    except OSError as problem:
        raise _refuse(path, "unreadable", f"cannot read it: {problem.strerror or problem}") from None
    if data.startswith(b"%PDF-"):
        data = _attachment(path, data)
    return parse_record(data, path)


def parse_record(data: bytes, path: Path) -> Record:
    """Parse a record. Raises `InputError` with every place that has not the shape of one."""
    value = _parsed(data, path)
    if _too_deep(value):
        raise _refuse(path, "not-a-record", "it is nested too deeply")
    try:
        return read_as(Record, value)
    except NotOfShape as problem:
        raise InputError(_findings(problem.misfits, path)) from None


def _parsed(data: bytes, path: Path) -> Any:
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise _refuse(path, "not-utf-8", "it is not UTF-8 text") from None
    except json.JSONDecodeError as problem:
        raise InputError(
            [Diagnostic(Place(str(path), problem.lineno, problem.colno), "not-json", f"not JSON: {problem.msg}")]
        ) from None
    except (ValueError, RecursionError) as problem:
        raise _refuse(path, "not-a-record", str(problem) or "it is nested too deeply") from None


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


def _attachment(path: Path, data: bytes) -> bytes:
    import io

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        attached = PdfReader(io.BytesIO(data)).attachments
        return bytes(attached[ATTACHMENT][0])
    except (PyPdfError, KeyError, IndexError, OSError, ValueError):
        raise _refuse(path, "no-record", f"the PDF carries no attachment named {ATTACHMENT}") from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it names the key {twice!r} twice in one object")
    return found


def _no_number(word: str) -> Never:
    raise ValueError(f"{word} is no number of JSON")


def _refuse(path: Path, code: str, message: str) -> InputError:
    return InputError([Diagnostic(Place(str(path)), code, message)])
