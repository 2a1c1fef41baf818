"""What to do and what would be needed: advice of a record laid out by horizon, and by option."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hostwise.report.model import Advice, Horizon, Needs, Option, Step
from hostwise.report.view_rules import cites_view

PEOPLE = "people"
"""The aspect that the ledgers put a price on; they call the group the same."""


def advice_of(entries: Iterable[Mapping[str, Any]]) -> tuple[Advice, ...]:
    """Advice as templates see it, in the order of the record."""
    return tuple(
        Advice(
            rule=e["rule"],
            text=e["text"],
            because=e.get("because") or "",
            owner=e.get("owner") or "",
            due=e.get("when_due") or "",
            cites=cites_view(e["cites"]),
        )
        for e in entries
    )


def plan_of(verdict: Mapping[str, Any], other: str) -> tuple[Horizon, ...]:
    """Conditions and next steps by horizon and topic, conditions first; `other` heads those without a topic."""
    entries = [*((e, True) for e in verdict["conditions"]), *((e, False) for e in verdict["next_steps"])]
    laid_out = [
        Horizon(horizon["title"], tuple(_steps(entries, horizon["topics"]))) for horizon in verdict["plan"]["horizons"]
    ]
    planned = {topic for horizon in verdict["plan"]["horizons"] for topic in horizon["topics"]}
    rest = tuple(_step(e, "", condition) for e, condition in entries if e["plan"] not in planned)
    return tuple(horizon for horizon in (*laid_out, Horizon(other, rest)) if horizon.steps)


def _steps(entries: Sequence[tuple[Mapping[str, Any], bool]], topics: Mapping[str, str]) -> Iterator[Step]:
    for topic, title in topics.items():
        yield from (_step(e, title, condition) for e, condition in entries if e["plan"] == topic)


def _step(entry: Mapping[str, Any], topic: str, condition: bool) -> Step:
    return Step(topic, condition, advice_of([entry])[0])


def needs_of(verdict: Mapping[str, Any], options: Iterable[Option]) -> tuple[Needs, ...]:
    """What each option would need, aspect by aspect. What its people cost is what its ledger says."""
    requirements = [(entry, advice_of([entry])[0]) for entry in verdict["requirements"]]
    return tuple(
        Needs(
            option=option,
            cells=tuple(
                tuple(
                    advice
                    for entry, advice in requirements
                    if entry["aspect"] == aspect and option.id in entry["options"]
                )
                for aspect in verdict["plan"]["aspects"]
            ),
            people=next((share.amount for share in option.shares if share.group == PEOPLE), None),
        )
        for option in options
    )
