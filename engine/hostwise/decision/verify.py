"""Computing a record again: from the questionnaire it carries, with the rules installed here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from hostwise.decision.canonical import identity
from hostwise.decision.differences import Difference, differences

SHOWN = 40


class Finding(Struct, frozen=True):
    """The outcome of a verification. `notes` say why a difference is to be expected, if it is."""

    file: str
    id: str
    notes: tuple[str, ...]
    differences: tuple[Difference, ...]

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


def verify_record(recorded: dict[str, Any], file: str, rules: Path | None = None) -> Finding:
    """Compute the record again and compare it, identity included."""
    from hostwise.decision.api import answers_from_text, decide

    answers = answers_from_text(recorded["answers"]["text"], recorded["answers"]["file"], rules=rules)
    allowed = recorded.get("hostwise", {}).get("allow_stale") is True
    again = decide(answers, as_of=date.fromisoformat(recorded["as_of"]), rules=rules, allow_stale=allowed).data
    found = list(differences(recorded, again))
    claimed, actual = recorded.get("id"), identity(recorded)
    if claimed != actual and not any(d.pointer == "/id" for d in found):
        found.insert(0, Difference("/id", claimed, actual))
    return Finding(file, str(claimed), tuple(_notes(recorded, again)), tuple(found))


def _notes(recorded: dict[str, Any], again: dict[str, Any]) -> Iterator[str]:
    if recorded.get("id") != identity(recorded):
        yield "The record was changed after it was written: its id is not the hash of its content."
    for part, name in (("hostwise", "version"), ("rulebook", "sha256"), ("catalogue", "sha256")):
        then, now = recorded.get(part, {}).get(name), again[part][name]
        if then != now:
            yield f"It was decided with another {part} ({name} {then}); this one is {now}."


def _short(value: Any) -> str:
    import json

    text = "(not there)" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else text[:157] + "…"
