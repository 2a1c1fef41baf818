"""A log of decisions: a line each, which holds the hash of the line before it, and all that it takes to decide again.

A line that was changed, removed or put between breaks the chain at its place. What a chain alone cannot show is that
its end was cut off: for that, keep the hash of its last line elsewhere, or sign the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from hostwise.reading.files.beside import write_beside
from hostwise.reading.files.regular import LARGEST, read_regular
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.json_values import plain
from hostwise.reading.limited import within
from hostwise.record.canonical import canonical
from hostwise.record.vouched import AGAIN

if TYPE_CHECKING:
    from hostwise.record.format.record import Record

FIRST = "0" * 64


class LogEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One decision. `before` is the SHA-256 of the line before; `logged_at` is in UTC, by the clock of who wrote it."""

    number: int
    before: str
    logged_at: str
    record: str
    as_of: date
    outcome: str
    hostwise: str
    rulebook: str
    catalogue: str
    allow_stale: bool
    file: str
    questionnaire: str


class Replayed(Struct, frozen=True):
    """What a decision of the log came to when it was taken again; `why` says why it is not the same, "" where it is."""

    entry: LogEntry
    why: str


def read_log(path: Path) -> tuple[LogEntry, ...]:
    """The decisions of a log, in order. Raises `InputError` at the line where it is not what was written."""
    return tuple(entry for entry, _ in _entries(path, read_regular(path)))


def head_of(path: Path) -> str:
    """The hash of the last line: who keeps it sees whether the end was cut off. Raises `InputError` as `read_log`."""
    return _heads(path)[-1]


def holds(path: Path, head: str) -> bool:
    """Whether a hash that was kept is that of a line still there. Raises `InputError` as `read_log`."""
    return head in _heads(path)


def add(path: Path, records: Sequence[Record], at: datetime) -> tuple[LogEntry, ...]:
    """Add decisions to a log, all or none; it is made where there is none. Raises `InputError` where it is broken."""
    with _alone(path):
        old = read_regular(path) if path.exists() else b""
        known = list(_entries(path, old))
        new, lines = [], [old]
        before = known[-1][1] if known else FIRST
        for number, record in enumerate(records, len(known) + 1):
            entry = _entry(record, number, before, at)
            line = canonical(plain(entry))
            before = hashlib.sha256(line).hexdigest()
            new.append(entry)
            lines.append(line + b"\n")
        content = b"".join(lines)
        if len(content) > LARGEST:
            raise InputError([Diagnostic(Place(str(path)), "too-large", "the log is full: begin another one")])
        write_beside(path, content)
    return tuple(new)


def replay(entries: Sequence[LogEntry], rules: Path | None = None) -> Iterator[Replayed]:
    """Take each decision of a log again, with the rules used here."""
    from hostwise.record.decide import answers_carried, decide

    for entry in entries:
        try:
            answers = answers_carried(entry.questionnaire, entry.file, rules)
            with within(AGAIN, Path(entry.file)):
                again = decide(answers, as_of=entry.as_of, rules=rules, allow_stale=entry.allow_stale)
        except InputError as problem:
            yield Replayed(entry, f"it cannot be decided again here: {problem.diagnostics[0].message}")
            continue
        why = "" if again.id == entry.record else f"it is another record: {again.verdict.outcome}, {again.id}"
        here = (again.hostwise.version, again.rulebook.sha256, again.catalogue.sha256)
        if why and (entry.hostwise, entry.rulebook, entry.catalogue) != here:
            why += "; it was decided by another version, rulebook or catalogue"
        yield Replayed(entry, why)


def _entry(record: Record, number: int, before: str, at: datetime) -> LogEntry:
    return LogEntry(
        number=number,
        before=before,
        logged_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        record=record.id,
        as_of=record.as_of,
        outcome=record.verdict.outcome,
        hostwise=record.hostwise.version,
        rulebook=record.rulebook.sha256,
        catalogue=record.catalogue.sha256,
        allow_stale=record.hostwise.allow_stale,
        file=record.answers.file,
        questionnaire=record.answers.text,
    )


def _entries(path: Path, content: bytes) -> Iterator[tuple[LogEntry, str]]:
    """Each entry with the hash of its line."""
    before = FIRST
    lines = content.split(b"\n")
    if lines.pop():
        raise _broken(path, len(lines) + 1, "the line does not end: it was not written whole")
    for number, line in enumerate(lines, 1):
        try:
            entry = msgspec.json.decode(line, type=LogEntry)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
            raise _broken(path, number, f"this is no entry of a log ({problem})") from None
        if entry.before != before or entry.number != number or canonical(plain(entry)) != line:
            raise _broken(path, number, "the chain is broken: this line, or the one before it, is not the one written")
        before = hashlib.sha256(line).hexdigest()
        yield entry, before


def _heads(path: Path) -> list[str]:
    return [FIRST, *(head for _, head in _entries(path, read_regular(path)))]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While one process adds to a log, the others wait."""
    import fcntl
    import os

    try:
        folder = os.open(path.resolve().parent, os.O_RDONLY)
    except OSError as problem:
        raise InputError(
            [Diagnostic(Place(str(path)), "unwritable", f"cannot write it: {problem.strerror or problem}")]
        ) from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _broken(path: Path, line: int, message: str) -> InputError:
    return InputError([Diagnostic(Place(str(path), line, 1), "broken-log", message)])
