"""Reading records back: a JSON file, or the attachment of a PDF report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hostwise.reading.diagnostics import Diagnostic, InputError, Place

ATTACHMENT = "record.json"
LIMIT = 64 * 1024 * 1024
REQUIRED = ("hostwise", "id", "as_of", "rulebook", "catalogue", "answers", "facts", "rules", "verdict")


def read_record_data(path: Path) -> dict[str, Any]:
    """The record in a JSON file or in a PDF. Raises `InputError` when there is none."""
    try:
        if path.stat().st_size > LIMIT:
            raise _refuse(path, "too-large", f"the file is larger than {LIMIT // 1024 // 1024} MB")
        data = path.read_bytes()
    except OSError as problem:
        raise _refuse(path, "unreadable", f"cannot read it: {problem.strerror or problem}") from None
    if data.startswith(b"%PDF-"):
        data = _attachment(path, data)
    return parse_record(data, path)


def parse_record(data: bytes, path: Path) -> dict[str, Any]:
    """Parse a record and check that its parts are there."""
    try:
        record = json.loads(data.decode("utf-8"), object_pairs_hook=_no_duplicates)
    except UnicodeDecodeError:
        raise _refuse(path, "not-utf-8", "it is not UTF-8 text") from None
    except json.JSONDecodeError as problem:
        raise InputError(
            [Diagnostic(Place(str(path), problem.lineno, problem.colno), "not-json", f"not JSON: {problem.msg}")]
        ) from None
    except (ValueError, RecursionError) as problem:
        raise _refuse(path, "not-a-record", str(problem) or "it is nested too deeply") from None
    missing = [key for key in REQUIRED if not isinstance(record, dict) or key not in record]
    if missing:
        raise _refuse(path, "not-a-record", f"it is not a decision record: {', '.join(missing)} missing")
    if not isinstance(record["answers"], dict) or not isinstance(record["answers"].get("text"), str):
        raise _refuse(path, "not-a-record", "it does not carry its questionnaire (answers.text)")
    return dict(record)


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
        raise ValueError("it names a key twice")
    return found


def _refuse(path: Path, code: str, message: str) -> InputError:
    return InputError([Diagnostic(Place(str(path)), code, message)])
