"""What a command was given: a questionnaire to decide, or a record of a decision taken before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from hostwise.decision.api import Record, decide, first_answer, load_answers, read_record
from hostwise.reading.diagnostics import InputError


def record_of(
    path: Path,
    *,
    as_of: str | None = None,
    engine: str = "both",
    rules: Path | None = None,
    allow_stale: bool = False,
) -> Record:
    """The record at `path`, or the decision on the questionnaire at `path`."""
    if looks_like_record(path):
        return read_record(path)
    return decide(
        load_answers(path, rules=rules), as_of=day(as_of), engine=engine, rules=rules, allow_stale=allow_stale
    )


def first_answer_of(
    path: Path,
    *,
    as_of: str | None = None,
    engine: str = "both",
    rules: Path | None = None,
    allow_stale: bool = False,
) -> Mapping[str, Any]:
    """The record's data at `path`, or as much of a decision on the questionnaire at `path` as a first answer needs."""
    if looks_like_record(path):
        return read_record(path).data
    return first_answer(
        load_answers(path, rules=rules), as_of=day(as_of), engine=engine, rules=rules, allow_stale=allow_stale
    )


def exit_code(problem: InputError) -> int:
    """2 for bad input; 1 where the input is fine and the knowledge too old."""
    from hostwise.decision.freshness import OutOfDate

    return 1 if isinstance(problem, OutOfDate) else 2


def looks_like_record(path: Path) -> bool:
    """Whether the file starts as a JSON object: questionnaires are YAML mappings in block style."""
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip().startswith(b"{")
    except OSError:
        return False


def looks_like_pdf(path: Path) -> bool:
    """Whether the file starts as a PDF."""
    try:
        with path.open("rb") as file:
            return file.read(5) == b"%PDF-"
    except OSError:
        return False


def day(text: str | None) -> date | None:
    """A date as the command line takes it. Raises `click.BadParameter`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a date; write it as 2026-11-20", param_hint="--as-of") from None
