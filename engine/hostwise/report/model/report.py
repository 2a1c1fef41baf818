"""What is computed for a page from a record; all else templates, charts and the terminal read from `Report.record`.

Texts are printable and in the language of the page; numbers are the record's, and are written where they are shown.
A template that asks for what is not here fails at once (`StrictUndefined`).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from hostwise.economics.ledgers.ledger import Variant
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.horizon import Outlook
from hostwise.economics.outlook.curves import Point
from hostwise.economics.plans.told.option_plans import OptionPlans
from hostwise.flow.panel import PanelVote
from hostwise.flow.why.dossiers import Dossier
from hostwise.flow.why.reasons import Alternative
from hostwise.flow.why.ways_out import WayOut
from hostwise.record.format.record import QuestionAnswered, Record, RecordedFact, RecordedLedger
from hostwise.record.format.rules import TracedRule
from hostwise.record.format.verdict import Dissent, GivenAdvice, Requirement
from hostwise.report.brand.clean import first_sentence
from hostwise.report.language.language import ENGLISH, Language
from hostwise.report.model.first_page import FirstPage
from hostwise.report.model.robustness import Sureness
from hostwise.rulebook.loading.citations import Cite


class PlanStep(Struct, frozen=True):
    """One step of the plan: a condition that must hold, or something to do."""

    topic: str
    condition: bool
    advice: GivenAdvice


class PlanPart(Struct, frozen=True):
    """What belongs to one horizon, its topics in order; `id` is empty for what belongs to none.

    `by` is the day proposed for it; empty where none is.
    """

    id: str
    title: str
    by: str
    steps: tuple[PlanStep, ...]


class OptionNeeds(Struct, frozen=True):
    """What one option would need, a cell an aspect, in the order of the record's aspects; `people` a month."""

    option: OptionLine
    cells: tuple[tuple[Requirement, ...], ...]
    people: Band | None


class CostShare(Struct, frozen=True):
    """One cost element of an option: all its line items of one group, a month."""

    group: str
    label: str
    amount: Band


class OptionLine(Struct, frozen=True):
    """One way to host: its ledger, and what became of it. `capacity` pairs labels with values in words."""

    ledger: RecordedLedger
    alternative: Alternative
    shares: tuple[CostShare, ...]
    capacity: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        """The id of the option."""
        return self.ledger.option

    @property
    def label(self) -> str:
        """What it is called."""
        return self.ledger.label

    @property
    def status(self) -> str:
        """What became of it: chosen, excluded …"""
        return self.alternative.status

    @property
    def chosen(self) -> bool:
        """Whether the verdict is this."""
        return self.status == "chosen"

    @property
    def feasible(self) -> bool:
        """Whether no gate excludes it."""
        return self.ledger.feasible

    @property
    def why(self) -> str:
        """Why it was or was not chosen."""
        return self.alternative.why

    @property
    def why_briefly(self) -> str:
        """The same in one sentence."""
        return first_sentence(self.why)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that chose or excluded it."""
        return self.alternative.rules or self.ledger.excluded_by

    @property
    def dossier(self) -> Dossier:
        """What stood in its way."""
        return self.alternative.dossier

    @property
    def monthly(self) -> Band | None:
        """What it costs a month, in `currency`; None where it is not priced."""
        return self.ledger.total if self.ledger.priced else None

    @property
    def currency(self) -> str:
        """The currency of its ledger."""
        return self.ledger.currency

    @property
    def outlooks(self) -> tuple[Outlook, ...]:
        """Its cost over months, against today's option."""
        return self.ledger.outlooks

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Other ways to pay for the same GPUs."""
        return self.ledger.variants


class Curve(Struct, frozen=True):
    """An option's cost over the volume, in steps where it has steps; points in order of volume."""

    id: str
    label: str
    chosen: bool
    feasible: bool
    points: tuple[Point, ...]

    def at(self, tokens: Decimal) -> Point:
        """The cost at a volume within the curve: between two points a straight line, at a step its lower side."""
        before, after = self.points[0], self.points[-1]
        for point in self.points:
            if point.tokens >= tokens:
                after = point
                break
            before = point
        span = after.tokens - before.tokens
        share = (tokens - before.tokens) / span if span else Decimal(0)
        low, likely, high = (
            one + (other - one) * share
            for one, other in ((before.low, after.low), (before.likely, after.likely), (before.high, after.high))
        )
        return Point(tokens, low, likely, high)


class Crossing(Struct, frozen=True):
    """Where own hosting starts to cost less than one API: volumes in tokens a month, None where there is none.

    `first_at` is the first, `lasting_at` the one that holds from there on, `naive_at` what the usual division gives.
    `feasible` where no gate excludes either.
    """

    option_id: str
    against_id: str
    feasible: bool
    first_at: Decimal | None
    lasting_at: Decimal | None
    naive_at: Decimal | None
    option: str
    against: str
    sentences: tuple[str, ...]


class CostLine(Struct, frozen=True):
    """Where the line between own hosting and an API lies: what is drawn, and what is marked on it.

    `volumes` are those of the table behind the drawing, today's among them.
    """

    curves: tuple[Curve, ...]
    crossings: tuple[Crossing, ...]
    today: Decimal
    currency: str
    volumes: tuple[Decimal, ...]
    language: Language = ENGLISH


class Side(Struct, frozen=True):
    """The documents that would decide the same. `agrees` is None when they take no side."""

    label: str
    who: tuple[str, ...]
    agrees: bool | None


class Stage(Struct, frozen=True):
    """The rules of one stage, by truth value, in written order."""

    id: str
    title: str
    fired: tuple[TracedRule, ...]
    silent: tuple[TracedRule, ...]
    unknown: tuple[TracedRule, ...]


class OptionFutures(Struct, frozen=True):
    """What the futures say of an option, in words; what they do not say is empty."""

    label: str
    share: str
    cost: str
    regret: str


class Near(Struct, frozen=True):
    """A value close to a threshold, and the verdict on the other side."""

    label: str
    value: str
    threshold: str
    rule: str
    other: str
    changes: bool


class Report(Struct, frozen=True):
    """A record, printable and translated, with what a page shows beside it.

    Of `facts` are shown the `given`, those `assumed`, those `derived` by formulas, and those `concluded` by rules.
    """

    record: Record
    workload: str
    short_title: str
    summary: str
    owner: str
    as_of: str
    currency: str
    volume: str
    once: bool
    """Whether the work runs once: what costs are a month is then what all of it costs."""
    heading: str
    doubts: tuple[str, ...]
    """What is doubtful about the answers, and what is past its review."""
    in_futures: tuple[str, ...]
    priors: tuple[str, ...]
    turning: tuple[str, ...]
    """What would turn the verdict close by."""
    firmness: tuple[str, ...]
    first: FirstPage
    claims: tuple[Cite, ...]
    printed_claims: tuple[Cite, ...]
    advice_claims: tuple[Cite, ...]
    possible: tuple[str, ...]
    dissent: tuple[tuple[Dissent, PanelVote], ...]
    conflicts: tuple[tuple[TracedRule, ...], ...]
    ways_out: tuple[tuple[WayOut, tuple[TracedRule, ...]], ...]
    plan: tuple[PlanPart, ...]
    options: tuple[OptionLine, ...]
    plans: tuple[tuple[OptionPlans, OptionLine], ...]
    """The plans that options compete with: that of the verdict first, then those of what is left."""
    needs: tuple[OptionNeeds, ...]
    crossings: tuple[Crossing, ...]
    line: CostLine | None
    stages: tuple[Stage, ...]
    effects: Mapping[str, str]
    read: Mapping[str, tuple[tuple[str, str], ...]]
    """The facts that each rule read, labelled, with their values."""
    over_futures: tuple[OptionFutures, ...]
    given: tuple[RecordedFact, ...]
    assumed: tuple[RecordedFact, ...]
    derived: tuple[RecordedFact, ...]
    concluded: tuple[RecordedFact, ...]
    unknown: tuple[RecordedFact, ...]
    places: Mapping[str, str]
    open_questions: tuple[QuestionAnswered, ...]
    near: tuple[Near, ...]
    robustness: Sureness

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """What stands in the ledgers of what is left, once, with its source: neither derived nor an answer, whose lines
        are told elsewhere, nor the price that heads a ledger."""
        ledgers = [option.ledger for option in self.priced if option.feasible]
        return tuple(
            dict.fromkeys(
                (entry.name, entry.source)
                for ledger in ledgers
                for item in ledger.items
                for entry in item.inputs
                if entry.origin not in {"derived", "given"} and entry.source not in ("", ledger.variant)
            )
        )

    @property
    def confidence(self) -> tuple[str, ...]:
        """How sure the verdict is, all of it, one sentence a finding."""
        return (*self.doubts, *self.in_futures, *self.priors, *self.turning, *self.firmness)

    @property
    def priced(self) -> tuple[OptionLine, ...]:
        """Options with a ledger, cheapest first among the feasible, then the excluded."""
        with_cost = [option for option in self.options if option.monthly]
        return tuple(sorted(with_cost, key=lambda o: (not o.feasible, o.monthly.likely if o.monthly else 0)))

    def label(self, option: str) -> str:
        """What an option is called; its id where the record has no ledger of it."""
        return next((each.label for each in self.options if each.id == option), option)

    @property
    def engines(self) -> str:
        """What the rules ran on."""
        return ", ".join(self.record.hostwise.engines.used)

    def agrees(self, vote: PanelVote) -> bool | None:
        """Whether a document would decide the same; None when it takes no side, or nothing is decided."""
        option = self.record.verdict.option
        return option in vote.agrees_with if vote.agrees_with and option else None

    @property
    def sides(self) -> tuple[Side, ...]:
        """The documents by what they would decide, in their order."""
        groups: dict[tuple[str, bool | None], list[str]] = {}
        for who, vote in self.record.panel.items():
            groups.setdefault((vote.label, self.agrees(vote)), []).append(who)
        return tuple(Side(label, tuple(who), agrees) for (label, agrees), who in groups.items())

    @property
    def fired(self) -> int:
        """How many rules fired."""
        return sum(len(stage.fired) for stage in self.stages)
