"""The 95% interval of the quality gap, and the inputs still needed to settle it: what an evaluation showed, no more.

Shares throughout: 0.05 is five points, positive is worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.cost_facts import Derived
from hostwise.economics.numbers.numbers import above, least, most
from hostwise.economics.numbers.tape import Traced
from hostwise.economics.plans.competing.paired_interval import (
    INTERVAL,
    Z,
    api_interval,
    discordant,
    number,
    open_interval,
    stated_interval,
)

NEAR = Decimal("0.01")
"""A gap nearer to a limit than a point takes thousands of items to tell from it: none are named."""
API_POINT = ("api_gap", "api_gap_items", "discordant_share")
POINT = ("quality_gap", "evaluation_items", "discordant_share")


def quality_interval(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Derived]:
    """The derived values of the gap: its two ends, and the items still needed; None where nothing was measured."""
    ends = open_interval(facts, catalogue)
    inputs = INTERVAL if stated_interval(facts) else POINT
    low, high = (least(*ends), most(*ends)) if ends else (None, None)  # ends that were given may be upside down
    yield Derived("quality_gap_low", low, inputs)
    yield Derived("quality_gap_high", high, inputs)
    api_low, api_high = api_interval(facts, catalogue) or (None, None)
    yield Derived("api_gap_low", api_low, API_POINT)
    yield Derived("api_gap_high", api_high, API_POINT)
    worse, future = (catalogue.figures[name].likely for name in ("gap_worse", "api_model_gap"))
    # A future knows both: there the other proprietary model is no less scored than the open one whose gap it draws.
    shown = api_high if not isinstance(future, Traced) and future == 0 else future
    yield Derived("api_scored_well", None if shown is None else above(worse, shown), API_POINT)
    yield Derived("open_scored_well", False if high is None else above(worse, high), inputs)
    yield Derived("quality_items_needed", _items_needed(facts, catalogue), POINT)


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
