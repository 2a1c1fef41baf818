"""The verdict of a record: all that the first page of a report needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Struct

from hostwise.analysis.changes.triggers import RevisitTrigger
from hostwise.flow.flow import Status
from hostwise.flow.why.needs import Need
from hostwise.flow.why.reasons import Alternative, Reason
from hostwise.flow.why.ways_out import WayOut
from hostwise.reading.json_values import one_of
from hostwise.rulebook.language.rules import TAKEN
from hostwise.rulebook.loading.citations import Cite


class GivenAdvice(Struct, frozen=True):
    """A condition, risk, next step, revisit trigger or note whose rule holds; `plan` is the topic it stands under."""

    rule: str
    text: str
    because: str
    owner: str | None
    when_due: str | None
    plan: str | None
    cites: tuple[Cite, ...]


class Requirement(Struct, frozen=True):
    """What some options would need in one `aspect`, whatever the verdict."""

    rule: str
    text: str
    because: str
    owner: str | None
    when_due: str | None
    plan: str | None
    aspect: str | None
    options: tuple[str, ...]
    cites: tuple[Cite, ...]


class PlanHorizon(Struct, frozen=True):
    """A time to act in, with the titles of its topics."""

    id: str
    title: str
    topics: Mapping[str, str]


class PlanLayout(Struct, frozen=True):
    """How advice is laid out: horizons in order, and the titles of what an option would need."""

    horizons: tuple[PlanHorizon, ...]
    aspects: Mapping[str, str]


class Dissent(Struct, frozen=True):
    """A source document whose own rules lead elsewhere."""

    who: str
    vote: str
    text: str


class Confirmation(Struct, frozen=True):
    """What its futures made of a choice: `take` is what the rule took, in place of what was `chosen` where another."""

    rule: str
    take: Annotated[str, one_of(*TAKEN)]
    chosen: str
    chosen_label: str
    chosen_by: str | None
    text: str
    cites: tuple[Cite, ...]


class DecidedVerdict(Struct, frozen=True):
    """The answer, why it is what it is, and what follows from it.

    `possible` are the options that it could still come to, `conflicts` smallest sets of gates that exclude every one.
    """

    status: Annotated[str, one_of(*Status)]
    option: str | None
    label: str | None
    chosen_plan: str | None
    """The plan of the option in one line; None where it has no choice of plans, or there is no option."""
    sentence: str
    rule: str | None
    confirmation: Confirmation | None
    """None where nothing was chosen."""
    reasons: tuple[Reason, ...]
    dissent: tuple[Dissent, ...]
    conditions: tuple[GivenAdvice, ...]
    risks: tuple[GivenAdvice, ...]
    next_steps: tuple[GivenAdvice, ...]
    revisit: tuple[GivenAdvice, ...]
    notes: tuple[GivenAdvice, ...]
    requirements: tuple[Requirement, ...]
    plan: PlanLayout
    needs: tuple[Need, ...]
    alternatives: tuple[Alternative, ...]
    conflicts: tuple[tuple[str, ...], ...]
    ways_out: tuple[WayOut, ...]
    possible: tuple[str, ...]
    triggers: tuple[RevisitTrigger, ...]

    @property
    def outcome(self) -> str:
        """The option, or the status where there is none."""
        return self.option or self.status
