"""How sure a decision is: what is computed for a page beside what the record says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from hostwise.analysis.changes.triggers import RevisitTrigger
from hostwise.record.format.robustness import UncertainThing
from hostwise.report.model.map import Map


class VerdictShareView(Struct, frozen=True):
    """In how many of the futures a verdict comes out; `hundred` is that of a hundred, in words."""

    id: str
    label: str
    share: Decimal
    count: int
    hundred: str
    error: str
    """One standard error, in hundredths."""


class TornadoEnd(Struct, frozen=True):
    """One end of a bar: the answer, the amount a month (None: not priced), and the option it flips to, or empty."""

    answer: str
    cost: Decimal | None
    flips_to: str

    def cost_or(self, base: Decimal) -> Decimal:
        """Where the end is drawn: at the base where it has no price."""
        return base if self.cost is None else self.cost


class TornadoRow(Struct, frozen=True):
    """An answer at its low and at its high end."""

    label: str
    low: TornadoEnd
    high: TornadoEnd

    @property
    def flips(self) -> bool:
        """Whether another option is recommended at an end."""
        return bool(self.low.flips_to or self.high.flips_to)

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """What its ends cost, as far as they are priced."""
        return tuple(end.cost for end in (self.low, self.high) if end.cost is not None)

    def swing(self, base: Decimal) -> Decimal:
        """How far it moves the amount in all."""
        return max(base, *self.amounts, base) - min(base, *self.amounts, base)

    def ends(self, base: Decimal) -> tuple[TornadoEnd, TornadoEnd]:
        """The end that is drawn left, and the one drawn right."""
        rising = self.low.cost_or(base) <= self.high.cost_or(base)
        return (self.low, self.high) if rising else (self.high, self.low)


class Mover(Struct, frozen=True):
    """What one thing at a time changes: its value at each end, and how far apart they are."""

    label: str
    why: str
    ends: tuple[TornadoEnd, ...]
    swing: Decimal


class Tornado(Struct, frozen=True):
    """`measure` says what the amounts are (`cost` or `saving`, of `option`), `base` is what it is as answered.

    `movers` are the figures behind the chart, `rows` what it draws.
    """

    measure: str
    option: str
    currency: str
    base: Decimal
    movers: tuple[Mover, ...]
    rows: tuple[TornadoRow, ...]


class Change(Struct, frozen=True):
    """A change of one answer, or of two together, that leads to another verdict, as a sentence."""

    sentence: str
    rule: str
    together: bool


class TriggerView(Struct, frozen=True):
    """A number that, once reached, makes it time to decide again, and what it takes in words."""

    recorded: RevisitTrigger
    threshold: str
    distance: str
    verdict: str


class UncertainView(Struct, frozen=True):
    """One thing that is uncertain, and between which values, in words."""

    recorded: UncertainThing
    between: str


class Sureness(Struct, frozen=True):
    """What is computed of how sure a decision is; `worded` are the answers in words whose change is a trigger too."""

    firm: bool
    shares: tuple[VerdictShareView, ...]
    priors_as_of: date | None
    api_stays: str
    """In how many of a hundred futures the model in use stays; empty where it does in none."""
    tornado: Tornado | None
    map: Map | None
    changes: tuple[Change, ...]
    triggers: tuple[TriggerView, ...]
    worded: tuple[str, ...]
    uncertain: tuple[UncertainView, ...]
    beyond: tuple[str, ...]
    """Where the costs of the futures leave the band of an option, and why they do, as sentences."""
