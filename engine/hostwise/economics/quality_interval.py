"""The 95% interval of the quality gap, and the inputs still needed to settle it: what an evaluation showed, no more.

Shares throughout: 0.05 is five points, positive is worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from statistics import NormalDist

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.cost_facts import Derived
from hostwise.economics.numbers.numbers import above, least, looked_up, most
from hostwise.economics.plans.competing.paired_interval import (
    OF_OPEN,
    Z,
    api_interval,
    discordant,
    kept,
    measured,
    number,
)

NEAR = Decimal("0.01")
"""A gap nearer to a limit than a point takes thousands of items to tell from it: none are named."""
API_POINT = ("api_gap", "api_gap_items", "discordant_share")
POINT, INTERVAL = ("quality_gap", "evaluation_items", "discordant_share"), ("stated_gap_low", "stated_gap_high")


def quality_interval(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Derived]:
    """The derived values of the gap: its two ends, and the items still needed; None where nothing was measured."""
    ends = _stated(facts) or measured(OF_OPEN, facts, catalogue)
    inputs = INTERVAL if _stated(facts) else POINT
    low, high = (least(*ends), most(*ends)) if ends else (None, None)  # ends that were given may be upside down
    yield Derived("quality_gap_low", low, inputs)
    yield Derived("quality_gap_high", high, inputs)
    api_low, api_high = api_interval(facts, catalogue) or (None, None)
    yield Derived("api_gap_low", api_low, API_POINT)
    yield Derived("api_gap_high", api_high, API_POINT)
    worse = catalogue.figures["gap_worse"].likely
    yield Derived("api_scored_well", None if api_high is None else above(worse, api_high), API_POINT)
    yield Derived("quality_items_needed", _items_needed(facts, catalogue), POINT)


def _stated(facts: Mapping[str, Fact]) -> tuple[Decimal, Decimal] | None:
    """An interval that was given, at the confidence of ours: one stated at 50% settles less than it seems to."""
    low, high = (number(name, facts) for name in INTERVAL)
    if low is None or high is None:
        return None
    confidence = number("gap_confidence", facts)
    if confidence is None:
        return low, high
    widening = Z / looked_up(_errors, confidence * 1000)
    centre, half = (low + high) / 2, (high - low) / 2 * widening
    return kept(centre - half), kept(centre + half)


def _errors(thousandths: int) -> Decimal:
    return Decimal(repr(round(NormalDist().inv_cdf(0.5 + thousandths / 2000), 6)))


def _items_needed(facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal | None:
    """Items beyond those scored, if the gap stays what it is. None where it lies at or between the limits."""
    gap, items = number("quality_gap", facts), number("evaluation_items", facts)
    if gap is None or items is None:
        return None
    within, worse = (catalogue.figures[name].likely for name in ("gap_within", "gap_worse"))
    distance = most(within - gap, gap - worse)
    if above(NEAR, distance):
        return None
    needed = discordant(gap, facts, catalogue) * (Z / distance) * (Z / distance)
    return most(needed - items, Decimal(0)).to_integral_value(ROUND_CEILING)
