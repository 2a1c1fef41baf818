"""Computing a record again: from the questionnaire it carries, with the rules installed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from hostwise.reading.json_values import plain
from hostwise.record.canonical import identity
from hostwise.record.format.record import Record

SHOWN = 40


class RecordDifference(Struct, frozen=True):
    """One place where two records differ. None stands for "not there"."""

    pointer: str
    recorded: Any
    computed: Any


class Finding(Struct, frozen=True):
    """The outcome of a verification. `notes` say why a difference is to be expected, if it is."""

    file: str
    id: str
    notes: tuple[str, ...]
    differences: tuple[RecordDifference, ...]

    @property
    def same(self) -> bool:
        """Whether the record is intact and computes to itself."""
        return not self.differences

    def lines(self) -> Iterator[str]:
        """The finding as lines of plain text."""
        if self.same:
            yield f"{self.file}: verified. Computed again, the record is the same: {self.id}"
            return
        yield f"{self.file}: not verified. {len(self.differences)} difference(s)."
        yield from (f"  {note}" for note in self.notes)
        for difference in self.differences[:SHOWN]:
            yield f"  {difference.pointer}"
            yield f"    recorded: {_short(difference.recorded)}"
            yield f"    computed: {_short(difference.computed)}"
        if len(self.differences) > SHOWN:
            yield f"  … and {len(self.differences) - SHOWN} more"


def verify_record(recorded: Record, file: str, rules: Path | None = None, additions: Sequence[Path] = ()) -> Finding:
    """Compute the record again and compare it, identity included."""
    from hostwise.record.decide import answers_from_text, decide

    answers = answers_from_text(recorded.answers.text, recorded.answers.file, rules=rules)
    again = decide(
        answers, as_of=recorded.as_of, rules=rules, allow_stale=recorded.hostwise.allow_stale, additions=additions
    )
    found, actual = list(differences(plain(recorded), plain(again))), identity(recorded)
    if recorded.id != actual and not any(d.pointer == "/id" for d in found):
        found.insert(0, RecordDifference("/id", recorded.id, actual))
    return Finding(file, recorded.id, tuple(_notes(recorded, actual, again)), tuple(found))


def _notes(recorded: Record, actual: str, again: Record) -> Iterator[str]:
    if recorded.id != actual:
        yield "The record was changed after it was written: its id is not the hash of its content."
    for part, name, then, now in (
        ("hostwise", "version", recorded.hostwise.version, again.hostwise.version),
        ("rulebook", "sha256", recorded.rulebook.sha256, again.rulebook.sha256),
        ("catalogue", "sha256", recorded.catalogue.sha256, again.catalogue.sha256),
    ):
        if then != now:
            yield f"It was decided with another {part} ({name} {then}); this one is {now}."


def differences(recorded: Any, computed: Any, pointer: str = "") -> Iterator[RecordDifference]:
    """Walk two JSON values together and yield each leaf that differs, in the order of the record.

    >>> list(differences({"a": [1, 2]}, {"a": [1, 3]}))
    [Difference(pointer='/a/1', recorded=2, computed=3)]
    """
    if isinstance(recorded, dict) and isinstance(computed, dict):
        for key in [*recorded, *(k for k in computed if k not in recorded)]:
            step = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            yield from differences(recorded.get(key), computed.get(key), step)
    elif isinstance(recorded, list) and isinstance(computed, list):
        for index in range(max(len(recorded), len(computed))):
            left = recorded[index] if index < len(recorded) else None
            right = computed[index] if index < len(computed) else None
            yield from differences(left, right, f"{pointer}/{index}")
    elif recorded != computed or type(recorded) is not type(computed):
        yield RecordDifference(pointer, recorded, computed)


def _short(value: Any) -> str:
    import json

    text = "(not there)" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else text[:157] + "…"
