"""How sure a decision is, as templates see it: every text in words, every amount with its currency."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from hostwise.report.model_map import Map


class VerdictShare(Struct, frozen=True):
    """In how many of the futures a verdict comes out; `hundred` is that of a hundred, `percent` more exactly."""

    id: str
    label: str
    share: Decimal
    count: int
    percent: str
    hundred: str


class CostRange(Struct, frozen=True):
    """An option's monthly cost over the futures: what one in ten, half and nine in ten stay below."""

    label: str
    p10: str
    p50: str
    p90: str
    priced: str
    """In how many futures it has a price; empty where in all of them."""


class MoverEnd(Struct, frozen=True):
    """One thing at one value: the amount that is compared, and the verdict where it is another one."""

    answer: str
    amount: str
    flips_to: str


class Mover(Struct, frozen=True):
    """A row of the tornado."""

    label: str
    why: str
    ends: tuple[MoverEnd, ...]
    swing: str
    flips: bool


class Tornado(Struct, frozen=True):
    """`measure` says what the amounts are (`cost` or `saving`, of `option`); `drawn` is what the chart takes."""

    measure: str
    option: str
    currency: str
    movers: tuple[Mover, ...]
    drawn: tuple[Mapping[str, Any], ...]
    labels: Mapping[str, str]


class Change(Struct, frozen=True):
    """A change of one answer, or of two together, that leads to another verdict, as a sentence."""

    sentence: str
    rule: str
    together: bool


class TriggerView(Struct, frozen=True):
    """A number that, once reached, makes it time to decide again. `reached` is a month, or empty."""

    label: str
    threshold: str
    now: str
    distance: str
    reached: str
    verdict: str


class WorthAsking(Struct, frozen=True):
    """An open answer: who can give it, and what knowing it takes off the chance of a wrong verdict and the regret."""

    key: str
    label: str
    question: str
    ask_of: str
    wrong: str
    regret: str


class UncertainView(Struct, frozen=True):
    """One thing that is uncertain, why, between which values, how it is drawn, and who says so."""

    label: str
    answer: bool
    why: str
    between: str
    drawn: str
    source: str


class Robustness(Struct, frozen=True):
    """The whole section. `wrong` and `regret` are what another verdict would be right for, and cost, on average."""

    seed: int
    futures: int
    shares: tuple[VerdictShare, ...]
    wrong: str
    regret: str
    firm: bool
    costs: tuple[CostRange, ...]
    tornado: Tornado | None
    map: Map | None
    changes: tuple[Change, ...]
    triggers: tuple[TriggerView, ...]
    worded: tuple[str, ...]
    """Answers in words whose change is a trigger too."""
    questions: tuple[WorthAsking, ...]
    uncertain: tuple[UncertainView, ...]
