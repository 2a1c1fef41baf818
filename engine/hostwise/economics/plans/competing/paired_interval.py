"""The 95% interval of a gap that was measured on inputs which both models answered, and the API model that was scored.

A point with its items becomes an interval for paired answers (Agresti and Min 2005, doi 10.1002/sim.1781), which holds
its level at a hundred items and is never empty. Shares throughout: 0.05 is five points, positive is worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from statistics import NormalDist

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.sourced import figure
from hostwise.economics.numbers.numbers import Test, above, least, looked_up, most
from hostwise.economics.prices.sellers import model_called

Z = Decimal("1.959964")
"""Standard errors to each side of a 95% interval."""
Ends = tuple[Decimal, Decimal]
INTERVAL = ("stated_gap_low", "stated_gap_high")


class GapFacts(Struct, frozen=True):
    """The facts that hold a gap and the inputs that it was measured on."""

    gap: str
    items: str


OF_OPEN = GapFacts("quality_gap", "evaluation_items")
OF_API = GapFacts("api_gap", "api_gap_items")


def api_model_scored(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The other proprietary model that was scored against the one in use, by key; None without a gap that counts."""
    fact = facts.get("scored_api_model")
    name = fact.value if fact is not None else None
    if not isinstance(name, str) or measured(OF_API, facts, catalogue) is None:
        return None
    return model_called(name, catalogue)


def api_interval(facts: Mapping[str, Fact], catalogue: Catalogue) -> Ends | None:
    """The interval of its gap; None where none was scored."""
    return measured(OF_API, facts, catalogue) if api_model_scored(facts, catalogue) else None


def api_is_too_far(facts: Mapping[str, Fact], catalogue: Catalogue) -> Test:
    """Whether all of that interval is at the gap from which a model is worse, or above."""
    return _too_far(api_interval(facts, catalogue), catalogue)


def open_interval(facts: Mapping[str, Fact], catalogue: Catalogue) -> Ends | None:
    """That of the open model that was scored: as it was stated, else as its items say."""
    return stated_interval(facts) or measured(OF_OPEN, facts, catalogue)


def open_is_too_far(facts: Mapping[str, Fact], catalogue: Catalogue) -> Test:
    """The same of the open model that was scored."""
    return _too_far(open_interval(facts, catalogue), catalogue)


def open_may_pass(facts: Mapping[str, Fact], catalogue: Catalogue) -> Test:
    """Whether nothing that was scored says that the open model is too much worse."""
    ends = open_interval(facts, catalogue)
    return ends is None or above(catalogue.figures["gap_worse"].likely, least(*ends))


def _too_far(ends: Ends | None, catalogue: Catalogue) -> Test:
    return ends is not None and not above(catalogue.figures["gap_worse"].likely, least(*ends))


def stated_interval(facts: Mapping[str, Fact]) -> Ends | None:
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


def measured(of: GapFacts, facts: Mapping[str, Fact], catalogue: Catalogue) -> Ends | None:
    """A gap that was answered as a range is its interval; else it follows from the items. None without either."""
    gap = facts.get(of.gap)
    if gap is not None and gap.low is not None and gap.high is not None:
        return gap.low, gap.high
    return _from_items(of, facts, catalogue)


def _from_items(of: GapFacts, facts: Mapping[str, Fact], catalogue: Catalogue) -> Ends | None:
    gap, items = number(of.gap, facts), number(of.items, facts)
    if gap is None or items is None or above(catalogue.figures["evaluation_items_least"].likely, items):
        return None
    difference, size = gap * items, items + 2
    spread = most(discordant(gap, facts, catalogue) * items + 1 - difference * difference / size, Decimal(0))
    centre, half = difference / size, Z * spread.sqrt() / size
    return kept(centre - half), kept(centre + half)


def discordant(gap: Decimal, facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal:
    """The share of inputs on which just one of the two was right: no less than what the gap itself implies."""
    return most(figure("discordant_share", catalogue, facts).band.likely, abs(gap))


def kept(end: Decimal) -> Decimal:
    """An end within the shares that there are."""
    return most(least(end, Decimal(1)), Decimal(-1))


def number(name: str, facts: Mapping[str, Fact]) -> Decimal | None:
    """The number that a fact is, if it is known."""
    fact = facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, Decimal) else None
