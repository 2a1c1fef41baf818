"""The 95% interval of the quality gap, and the inputs still needed to settle it: what an evaluation showed, no more.

A point with its items becomes an interval for paired answers (Agresti and Min 2005, doi 10.1002/sim.1781), which holds
its level at a hundred items and is never empty. Shares throughout: 0.05 is five points, positive is worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from statistics import NormalDist

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.sourced import figure
from hostwise.economics.cost_facts import Derived
from hostwise.economics.numbers.numbers import above, least, looked_up, most

Z = Decimal("1.959964")
"""Standard errors to each side of a 95% interval."""
NEAR = Decimal("0.01")
"""A gap nearer to a limit than a point takes thousands of items to tell from it: none are named."""
POINT, INTERVAL = ("quality_gap", "evaluation_items", "discordant_share"), ("stated_gap_low", "stated_gap_high")


def quality_interval(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Derived]:
    """The derived values of the gap: its two ends, and the items still needed; None where nothing was measured."""
    ends = _stated(facts) or _ranged(facts) or _from_items(facts, catalogue)
    inputs = INTERVAL if _stated(facts) else POINT
    low, high = (least(*ends), most(*ends)) if ends else (None, None)  # ends that were given may be upside down
    yield Derived("quality_gap_low", low, inputs)
    yield Derived("quality_gap_high", high, inputs)
    yield Derived("quality_items_needed", _items_needed(facts, catalogue), POINT)


def _stated(facts: Mapping[str, Fact]) -> tuple[Decimal, Decimal] | None:
    """An interval that was given, at the confidence of ours: one stated at 50% settles less than it seems to."""
    low, high = (_number(name, facts) for name in INTERVAL)
    if low is None or high is None:
        return None
    confidence = _number("gap_confidence", facts)
    if confidence is None:
        return low, high
    widening = Z / looked_up(_errors, confidence * 1000)
    centre, half = (low + high) / 2, (high - low) / 2 * widening
    return _kept(centre - half), _kept(centre + half)


def _errors(thousandths: int) -> Decimal:
    return Decimal(repr(round(NormalDist().inv_cdf(0.5 + thousandths / 2000), 6)))


def _ranged(facts: Mapping[str, Fact]) -> tuple[Decimal, Decimal] | None:
    """A gap that was answered as a range is its interval."""
    gap = facts.get("quality_gap")
    return (gap.low, gap.high) if gap is not None and gap.low is not None and gap.high is not None else None


def _from_items(facts: Mapping[str, Fact], catalogue: Catalogue) -> tuple[Decimal, Decimal] | None:
    gap, items = _number("quality_gap", facts), _number("evaluation_items", facts)
    if gap is None or items is None or above(catalogue.figures["evaluation_items_least"].likely, items):
        return None
    difference, size = gap * items, items + 2
    spread = most(_discordant(gap, facts, catalogue) * items + 1 - difference * difference / size, Decimal(0))
    centre, half = difference / size, Z * spread.sqrt() / size
    return _kept(centre - half), _kept(centre + half)


def _items_needed(facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal | None:
    """Items beyond those scored, if the gap stays what it is. None where it lies at or between the limits."""
    gap, items = _number("quality_gap", facts), _number("evaluation_items", facts)
    if gap is None or items is None:
        return None
    within, worse = (catalogue.figures[name].likely for name in ("gap_within", "gap_worse"))
    distance = most(within - gap, gap - worse)
    if above(NEAR, distance):
        return None
    needed = _discordant(gap, facts, catalogue) * (Z / distance) * (Z / distance)
    return most(needed - items, Decimal(0)).to_integral_value(ROUND_CEILING)


def _discordant(gap: Decimal, facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal:
    """The share of inputs on which just one of the two was right: no less than what the gap itself implies."""
    return most(figure("discordant_share", catalogue, facts).band.likely, abs(gap))


def _kept(end: Decimal) -> Decimal:
    return most(least(end, Decimal(1)), Decimal(-1))


def _number(name: str, facts: Mapping[str, Fact]) -> Decimal | None:
    fact = facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, Decimal) else None
