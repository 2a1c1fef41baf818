"""How sure a decision is, and what would change it, as a record has it. Amounts are in the reporting currency."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Struct

from hostwise.analysis.changes.thresholds import NearThreshold
from hostwise.analysis.maps.letter_map import LetterMap
from hostwise.reading.json_values import Plain, one_of
from hostwise.record.format.values import Count


class VerdictShare(Struct, frozen=True):
    """In how many futures a verdict is reached."""

    verdict: str
    count: Count
    share: Decimal
    error: Decimal
    """One standard error of the share."""
    label: str


class CostPercentiles(Struct, frozen=True):
    """An option's monthly cost over the futures in which it is priced."""

    option: str
    priced: Count
    p10: Decimal
    p50: Decimal
    p90: Decimal
    label: str


class UncertainThing(Struct, frozen=True):
    """One thing that could be otherwise. `key` is its question; None for a figure. `words` are drawn by weight."""

    name: str
    label: str
    why: Annotated[str, one_of("range", "unknown", "default", "figure")]
    shape: Annotated[str, one_of("triangular", "lognormal", "log-odds", "words")]
    unit: str
    source: str
    base: Plain | None
    low: Decimal
    likely: Decimal
    high: Decimal
    words: Mapping[str, Decimal]
    follows: tuple[str, Decimal] | None
    key: str | None


class SwingSetting(Struct, frozen=True):
    """One thing at one value, the rest as it is. `lead` is what the next cheapest option costs more."""

    value: Plain
    shown: str
    verdict: str
    label: str
    cost: Decimal | None
    lead: Decimal | None


class SwingRow(Struct, frozen=True):
    """One thing moved at a time: how far the lead moves, and whether the verdict does."""

    name: str
    key: str | None
    label: str
    why: str
    swing: Decimal
    flips: bool
    settings: tuple[SwingSetting, ...]


class WorthAsking(Struct, frozen=True):
    """An open answer, and by how much knowing it lowers the chance of a wrong verdict and the regret a month."""

    key: str
    label: str
    question: str
    ask_of: str
    wrong: Decimal
    regret: Decimal


class RangeEnd(Struct, frozen=True):
    """The verdict at one end of an answer that is a range."""

    value: Decimal
    verdict: str


class DecidedRange(Struct, frozen=True):
    """An answer given as a range, decided at each of its ends."""

    fact: str
    low: RangeEnd
    high: RangeEnd


class SavedAgainst(Struct, frozen=True):
    """What an option saves a month in at least nine of ten futures, which price both.

    `against` is another option, or the fact of what staying on the model in use costs.
    """

    against: str
    low: Decimal
    high: Decimal


class DecidedFutures(Struct, frozen=True):
    """What futures say of a decision: shares, cost bands, the tornado, and what is worth asking.

    `wrong` is the chance that another verdict is right, `regret` what that would cost a month. `option` is what the
    costs are compared for, `rival` the cheapest other one, `savings` what it saves against each that is priced with it.
    """

    seed: int
    futures: Count
    priors_as_of: date | None
    """The day of the priors that the quality gap is drawn from; None where it is not drawn."""
    option: str | None
    rival: str | None
    api_stays: Decimal | None
    """Share of futures that come to the closed API though another model fails its evaluation; None where none moves."""
    wrong: Decimal
    regret: Decimal
    shares: tuple[VerdictShare, ...]
    costs: tuple[CostPercentiles, ...]
    savings: tuple[SavedAgainst, ...]
    uncertain: tuple[UncertainThing, ...]
    tornado: tuple[SwingRow, ...]
    questions: tuple[WorthAsking, ...]


class RecordRobustness(DecidedFutures, frozen=True):
    """The same in a record, with what lies near: thresholds, ends of ranges, overlapping costs, the map."""

    near_thresholds: tuple[NearThreshold, ...]
    one_at_a_time: tuple[DecidedRange, ...]
    cost_overlap: tuple[str, ...]
    map: LetterMap | None


class AnswerChange(Struct, frozen=True):
    """One answer that would have to be another. `distance` is the change as a share of a number; of a share the
    difference, which `in_points` says."""

    key: str
    fact: str
    label: str
    now: Plain | None
    now_shown: str | None
    changed: Plain
    changed_shown: str
    distance: Decimal | None
    in_points: bool
    close_from: Decimal | None
    """Where a number becomes a close call on the way, which its futures decide; None where it is none."""
    close_shown: str | None


class Counterfactual(Struct, frozen=True):
    """The nearest change of one answer, or of two together, that surely leads to another verdict."""

    changes: tuple[AnswerChange, ...]
    verdict: str
    label: str
    rule: str | None
