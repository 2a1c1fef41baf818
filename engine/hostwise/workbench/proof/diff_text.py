"""The difference of two rulebooks as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hostwise.reading.json_values import plain
from hostwise.workbench.proof.rules_diff import Parting, RuleChange


def diff_lines(changes: Sequence[RuleChange], partings: Sequence[Parting]) -> Iterator[str]:
    """Which rules differ, then each pair of verdicts with a questionnaire that shows it."""
    if not changes:
        yield "No rule differs in its condition, its conclusion or its place."
    for change in changes:
        yield f"{change.id}: {change.what}"
    yield ""
    if not partings:
        yield "Every questionnaire is decided alike by both."
        return
    yield f"{len(partings)} way(s) in which a questionnaire is decided differently:"
    for parting in partings:
        yield ""
        yield f"{_said('old', parting)}  →  {_said('new', parting)}"
        if not parting.confirmed:
            yield "  The engines do not confirm it on these facts: please report this as a defect of the proof."
        yield f"  # decided completely: old {_whole(parting, 'old')}, new {_whole(parting, 'new')}"
        yield from (f"  {line}" for line in parting.new.questionnaire.text.splitlines())


def _said(which: str, parting: Parting) -> str:
    case = parting.old if which == "old" else parting.new
    return f"{which}: {case.outcome}" + (f" ({case.rule})" if case.rule else "")


def _whole(parting: Parting, which: str) -> str:
    written = (parting.old if which == "old" else parting.new).questionnaire
    return written.outcome or f"stops: {written.refused}"


def as_data(changes: Sequence[RuleChange], partings: Sequence[Parting]) -> dict[str, Any]:
    """Both as JSON values."""
    found: dict[str, Any] = plain({"changes": list(changes), "partings": list(partings)})
    return found
