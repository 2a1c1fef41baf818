"""What to do and what would be needed: advice of a record laid out by horizon, and by option."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from hostwise.record.format.verdict import DecidedVerdict, GivenAdvice
from hostwise.report.model.report import OptionLine, OptionNeeds, PlanPart, PlanStep
from hostwise.report.words.words import Words

PEOPLE = "people"
"""The aspect that the ledgers put a price on; they call the group the same."""


def plan_of(verdict: DecidedVerdict, other: str, by: Callable[[str], str]) -> tuple[PlanPart, ...]:
    """Conditions and next steps by horizon and topic, conditions first; `other` heads those without a topic.

    `by` says the day proposed for a horizon.
    """
    entries = [*((e, True) for e in verdict.conditions), *((e, False) for e in verdict.next_steps)]
    horizons = verdict.plan.horizons
    laid_out = [PlanPart(each.id, each.title, by(each.id), tuple(_steps(entries, each.topics))) for each in horizons]
    planned = {topic for each in horizons for topic in each.topics}
    rest = tuple(PlanStep("", condition, e) for e, condition in entries if e.plan not in planned)
    return tuple(horizon for horizon in (*laid_out, PlanPart("", other, "", rest)) if horizon.steps)


def _steps(entries: Sequence[tuple[GivenAdvice, bool]], topics: Mapping[str, str]) -> Iterator[PlanStep]:
    for topic, title in topics.items():
        yield from (PlanStep(title, condition, e) for e, condition in entries if e.plan == topic)


def proposed_day(horizon: str, as_of: date, words: Words) -> str:
    """The day proposed for what belongs to a horizon; empty where none is."""
    days = words.proposed.get(horizon)
    return words.language.long_date((as_of + timedelta(days=days)).isoformat()) if days is not None else ""


def needs_of(verdict: DecidedVerdict, options: Iterable[OptionLine]) -> tuple[OptionNeeds, ...]:
    """What each option would need, aspect by aspect. What its people cost is what its ledger says."""
    return tuple(
        OptionNeeds(
            option=option,
            cells=tuple(
                tuple(e for e in verdict.requirements if e.aspect == aspect and option.id in e.options)
                for aspect in verdict.plan.aspects
            ),
            people=next((share.amount for share in option.shares if share.group == PEOPLE), None),
        )
        for option in options
    )
