"""Computing a record again: from the questionnaire it carries, with the rules installed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.json_values import plain
from hostwise.record.canonical import identity
from hostwise.record.format.record import Record
from hostwise.version import __version__

if TYPE_CHECKING:
    from hostwise.flow.knowledge import Knowledge

SHOWN = 40
REASONS = 5
NO_DECISION = (
    "Its questions, rules and figures are the ones used here, but its questionnaire is none by them: nothing was "
    "decided on it."
)


class RecordDifference(Struct, frozen=True):
    """One place where two records differ. None stands for "not there"."""

    pointer: str
    recorded: Any
    computed: Any


class Finding(Struct, frozen=True):
    """The outcome of a verification. `notes` say why a difference is to be expected, if it is.

    `computed`: whether it could be computed at all; with another rulebook its questionnaire may not be one.
    """

    file: str
    id: str
    notes: tuple[str, ...]
    differences: tuple[RecordDifference, ...]
    computed: bool = True

    @property
    def same(self) -> bool:
        """Whether the record is intact and computes to itself."""
        return self.computed and not self.differences

    def lines(self) -> Iterator[str]:
        """The finding as lines of plain text."""
        if self.same:
            yield f"{self.file}: computed again, the record is the same: {self.id}"
            return
        if self.computed:
            yield f"{self.file}: computed again, the record is another: {len(self.differences)} difference(s)."
        else:
            yield f"{self.file}: the record cannot be computed again with the rulebook used here."
        yield from (f"  {note}" for note in self.notes)
        for difference in self.differences[:SHOWN]:
            yield f"  {difference.pointer}"
            yield f"    recorded: {_short(difference.recorded)}"
            yield f"    computed: {_short(difference.computed)}"
        if len(self.differences) > SHOWN:
            yield f"  … and {len(self.differences) - SHOWN} more"


def verify_record(recorded: Record, file: str, rules: Path | None = None, additions: Sequence[Path] = ()) -> Finding:
    """Compute the record again and compare it, identity included."""
    from hostwise.flow.freshness import OutOfDate
    from hostwise.flow.knowledge import load_knowledge
    from hostwise.record.decide import answers_from_text, decide

    actual = identity(recorded)
    knowledge = load_knowledge(rules, additions=tuple(additions))
    notes = tuple(_notes(recorded, actual, knowledge))
    try:
        answers = answers_from_text(recorded.answers.text, recorded.answers.file, rules=rules)
        again = decide(
            answers, as_of=recorded.as_of, rules=rules, allow_stale=recorded.hostwise.allow_stale, additions=additions
        )
    except OutOfDate:
        raise
    except InputError as problem:
        refused = (
            f"The questionnaire within the record, line {d.place.line}: {d.message}" for d in problem.diagnostics
        )
        return Finding(file, recorded.id, (*(notes or (NO_DECISION,)), *islice(refused, REASONS)), (), computed=False)
    # Where the id is not that of the content, the content differs, or the id does: nothing needs to be added.
    found = list(differences(plain(recorded), plain(again)))
    return Finding(file, recorded.id, notes if found else (), tuple(found))


def _notes(recorded: Record, actual: str, knowledge: Knowledge) -> Iterator[str]:
    if recorded.id != actual:
        yield f"The record was changed after it was written: its id is not the hash of its content, {actual}."
    if recorded.hostwise.version != __version__:
        yield f"It was decided by Hostwise {recorded.hostwise.version}; this one is {__version__}."
    then, rules = recorded.rulebook, knowledge.rules_sha256
    if then.sha256 != rules:
        yield (
            f"It was decided with another rulebook: version {then.version} (SHA-256 {then.sha256[:12]}…); the one used "
            f"here is version {knowledge.rulebook.version} ({rules[:12]}…). Pass the folder of that one: --rules DIR."
        )
    figures = knowledge.catalogue_sha256
    if recorded.catalogue.sha256 != figures:
        yield (
            f"It was decided with another catalogue (SHA-256 {recorded.catalogue.sha256[:12]}…; the one used here is "
            f"{figures[:12]}…). Pass what it was decided with: --rules DIR, and its files of --catalogue and --prices."
        )


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
