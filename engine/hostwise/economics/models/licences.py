"""What licences of open models forbid, given what is known about the company, and what they ask of everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from hostwise.answers.facts import Fact, Value
from hostwise.reading.files.strict import Strict
from hostwise.reading.translatable import fill, prose

PROPRIETARY = "proprietary"
"""The licence of models that nobody but their maker hands on (`licences.yaml`)."""
REVENUE, RESELLS, USERS, BASED_IN_EU = "revenue_band", "resells_model", "monthly_users", "based_in_eu"
"""The facts that limits ask for; one that no question gives is not known."""
CHAT_USERS = "chat_users"
"""Users of this workload, of whom the group has no fewer."""


class Limit(Strict, frozen=True):
    """One limit: everything that it names must hold before it does."""

    effect: Literal["forbidden", "agreement"]
    revenue_above: Decimal | None = None
    users_above: Decimal | None = None
    only_if: Literal["resells"] | None = None
    region: Literal["eu"] | None = None


class Licence(Strict, frozen=True):
    """A licence: its limits, and the duty that comes with any use, if any."""

    name: str
    source: str
    as_of: date
    limits: tuple[Limit, ...] = ()
    duty: str = ""


class Licences(Strict, frozen=True):
    """All licences by id, and the yearly revenue in USD that each answer to the question about it begins at."""

    revenue_bands: Mapping[str, Decimal]
    licences: Mapping[str, Licence]

    def __post_init__(self) -> None:
        edges = set(self.revenue_bands.values())
        for name, licence in self.licences.items():
            if any(limit.revenue_above is not None and limit.revenue_above not in edges for limit in licence.limits):
                raise ValueError(f"licence {name}: revenue_above must be where a revenue band begins")


def why_not_licensed(name: str, licences: Licences, facts: Mapping[str, Fact]) -> str | None:
    """Why the use is not allowed; None where it is, or where what decides it was not answered (`unanswered`)."""
    licence = licences.licences[name]
    for limit in licence.limits:
        if all(holds for _, holds in _tests(limit, licences, facts)):
            why = {"licence": licence.name, "why": _because(limit)}
            if limit.effect == "forbidden":
                return fill("the licence ({licence}) forbids the use{why}", **why)
            return fill("the licence ({licence}) needs the maker's written agreement{why}", **why)
    return None


def unanswered(name: str, licences: Licences, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """The facts that would decide whether a limit holds, and are not known; none where an answer rules it out."""
    open_facts: list[str] = []
    for limit in licences.licences[name].limits:
        tests = list(_tests(limit, licences, facts))
        if all(holds is not False for _, holds in tests):
            open_facts += [fact for fact, holds in tests if holds is None and fact not in open_facts]
    return tuple(open_facts)


def _tests(limit: Limit, licences: Licences, facts: Mapping[str, Fact]) -> Iterator[tuple[str, bool | None]]:
    """What a limit names, and whether each holds; None where it is not known."""
    if limit.revenue_above is not None:
        band = licences.revenue_bands.get(str(_value(REVENUE, facts)))
        yield REVENUE, None if band is None else band >= limit.revenue_above
    if limit.users_above is not None:
        known = [users for users in (_value(name, facts) for name in (USERS, CHAT_USERS)) if isinstance(users, Decimal)]
        above = any(users > limit.users_above for users in known)
        # Users of one workload may be a few of those of the group.
        yield USERS, above or (False if isinstance(_value(USERS, facts), Decimal) else None)
    for name, asked in ((RESELLS, limit.only_if), (BASED_IN_EU, limit.region)):
        if asked is not None:
            holds = _value(name, facts)
            yield name, holds if isinstance(holds, bool) else None


def _value(name: str, facts: Mapping[str, Fact]) -> Value | None:
    fact = facts.get(name)
    return fact.value if fact is not None else None


def _because(limit: Limit) -> str:
    reasons = [
        fill("above ${amount} revenue a year", amount=f"{limit.revenue_above:,.0f}") if limit.revenue_above else "",
        fill("above {count} monthly users", count=f"{limit.users_above:,.0f}") if limit.users_above else "",
        prose("to those who let others call the model") if limit.only_if else "",
        prose("to companies of the European Union") if limit.region else "",
    ]
    named = ", ".join(reason for reason in reasons if reason)
    return f": {named}" if named else ""
