"""A mix: one slice on own GPUs, the rest at an API. Three patterns, and the split that costs least.

batch        work that may wait runs on own GPUs, at full load          (S2-51)
constrained  the slice that may not leave runs on own GPUs              (S4-19)
triage       a small model takes the simple share, an API the hard one  (S3-22)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactType
from hostwise.economics.capacity.capacity import CapacityPlan, Hardware
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.ledgers.api import api_ledger
from hostwise.economics.ledgers.context import LedgerCase
from hostwise.economics.ledgers.gpu import capacity_part, own_ledger
from hostwise.economics.ledgers.ledger import Ledger, LineItem, closed, unpriced
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.numbers import Test, above, at_least, both, either_of, least, most, where
from hostwise.economics.numbers.tape import Traced
from hostwise.economics.plans.own import OwnSearch, own_option
from hostwise.economics.plans.search import IMPOSSIBLE
from hostwise.economics.plans.tuned import own_weights
from hostwise.economics.prices.price import TokenPrice
from hostwise.reading.translatable import fill, prose

ONE, HALF = Decimal(1), Decimal("0.5")
OwnSide = tuple[Ledger, CapacityPlan]
"""The ledger of a slice on own GPUs, and their plan."""


class Sides(Struct, frozen=True):
    """What a mix is made of: the own option that its slice stands on, and the options that may take its rest."""

    case: LedgerCase
    search: OwnSearch
    slice: str
    rest: tuple[str, ...]

    def own(self, demand: Demand, triage: bool) -> OwnSide:
        """The slice on own GPUs. A triage model is a small one of its own, whatever the answers say of the other."""
        return self._served(demand, self.search.best(self.slice, demand, triage=triage))

    def own_on(self, demand: Demand, one: Hardware) -> OwnSide:
        """The slice on GPUs that were chosen for it."""
        return self._served(demand, self.search.planned(demand, one))

    def _served(self, demand: Demand, planned: CapacityPlan) -> OwnSide:
        return own_ledger(self.slice, self.case, demand, planned), planned

    def api(self, option: str, pattern: str, share: Decimal, demand: Demand) -> Ledger:
        """The rest at an API, where so much of the tokens runs on own GPUs."""
        left = most(demand.batch_share - share, Decimal(0)) / (1 - share) if pattern == "batch" else demand.batch_share
        return api_ledger(option, self.case, replace(demand.scaled(1 - share), batch=Band.exactly(left)))


class Split(Struct, frozen=True):
    """One way to divide the traffic; `share` of the tokens runs on own GPUs. `possible` where it divides anything."""

    pattern: str
    share: Decimal
    own: Ledger
    api: Ledger
    planned: CapacityPlan
    possible: Test

    @property
    def cost(self) -> Band:
        """Both sides together."""
        assert self.own.total is not None
        assert self.api.total is not None
        return self.own.total + self.api.total


def mix_ledger(option: str, case: LedgerCase, demand: Demand, search: OwnSearch) -> Ledger:
    """The cheapest split of any pattern that the answers allow; each plans the GPUs of its own slice."""
    if most(demand.batch_share, demand.triage_share, demand.constrained_share) <= 0:
        why = prose("There is nothing to split: no batch, constrained or simple share was given.")
        return unpriced(
            option, case.catalogue, case.currency, why, ("batch_share", "constrained_share", "triage_share")
        )
    sides = _sides(option, case, search)
    splits = list(_splits(demand, sides))
    cheapest = _cheapest(splits)
    divides = both(above(IMPOSSIBLE, cheapest), _gains(demand, sides, cheapest)) if splits else False
    if sides.rest and divides is False:
        why = prose("One part would be all of it: that is self-hosting, not a mix.")
        return unpriced(option, case.catalogue, case.currency, why, ("batch_share", "triage_share"))
    if not splits:
        why = prose("No API price is known for the rest.")
        return unpriced(option, case.catalogue, case.currency, why, ("current_input_price",))
    if isinstance(cheapest, Traced):
        found = closed(option, case.catalogue, (), case.currency, demand.tokens.band.likely, Band.exactly(cheapest))
        return replace(found, there=divides)
    best = min(splits, key=lambda s: (s.cost.likely, s.pattern, s.share))
    return _merged(option, best, case, demand)


def _gains(demand: Demand, sides: Sides, cost: Decimal) -> Test:
    """Unless all of it may wait, and costs no more on own GPUs than any part of it does."""
    waits = at_least(demand.batch_share, ONE)
    if waits is False:
        return True
    whole, _ = sides.own(demand, triage=False)
    return whole.total is None or either_of(waits, above(whole.total.likely, cost), True)


def _cheapest(splits: Sequence[Split]) -> Decimal:
    """What the cheapest split comes to. On a tape that is all that can be said: which it is differs by case."""
    return least(IMPOSSIBLE, *(where(split.possible, split.cost.likely, IMPOSSIBLE) for split in splits))


def _sides(option: str, case: LedgerCase, search: OwnSearch) -> Sides:
    """The options that a mix takes. A closed API cannot serve weights of one's own (S1-22), not even as its rest."""
    mix, options = case.catalogue.options[option], case.catalogue.options
    served = [api for api in mix.rest if not own_weights(case.facts) or options[api].weights == "open"]
    deployed = [api for api in served if case.tuned is not None and options[api].weights == "open"]
    rest = tuple(api for api in served if api in deployed or isinstance(case.prices[api], TokenPrice))
    return Sides(case, search, own_option(case.facts, case.catalogue, mix.slice), rest)


def _splits(demand: Demand, sides: Sides) -> Iterator[Split]:
    if demand.constrained_share > 0:
        # What may not leave is not a matter of cost: all of it runs on own GPUs, in any pattern.
        share = demand.constrained_share
        own = sides.own(_slice(demand, share, "constrained"), False)
        yield from _split("constrained", share, demand, sides, own)
        return
    for pattern, share in (("batch", demand.batch_share), ("triage", demand.triage_share)):
        if share <= 0:
            continue
        own = sides.own(_slice(demand, share, pattern), pattern == "triage")
        yield from _split(pattern, share, demand, sides, own)
        if own[0].total is not None:
            yield from _filled(pattern, share, demand, sides, own[0])


def _filled(pattern: str, share: Decimal, demand: Demand, sides: Sides, whole: Ledger) -> Iterator[Split]:
    """Parts of a slice that fill their replicas, at each API.

    Cost is a straight line in full replicas, so the best split fills one of them, all but the last one, or takes the
    whole slice; a last replica that stands mostly idle is left to the API. Which GPUs these are differs with the part.
    """
    part, triage = _slice(demand, share, pattern), pattern == "triage"
    fillings = [sides.search.filled(sides.slice, part, but_one=but_one, triage=triage) for but_one in (False, True)]
    found: list[tuple[Hardware, Decimal, OwnSide]] = []
    for option in sides.rest:
        worth = _worth(option, pattern, share, demand, sides, whole)
        if worth is None:
            continue
        for filled in fillings:
            best = filled.cheapest(worth)
            one, of_slice = best.hardware, best.part
            if best.possible is False:
                continue
            carried = share * of_slice
            own = next((side for other, its, side in found if other is one and its is of_slice), None)
            if own is None:
                own = sides.own_on(_slice(demand, carried, pattern), one)
                found.append((one, of_slice, own))
            yield from _split(pattern, carried, demand, sides, own, best.possible, (option,))


def _worth(option: str, pattern: str, share: Decimal, demand: Demand, sides: Sides, whole: Ledger) -> Decimal | None:
    """What a slice costs at an API, less what its tokens themselves cost on own GPUs: USD a month, a straight line."""
    costs = [sides.api(option, pattern, share / part, demand).total for part in (4, 2)]
    if costs[0] is None or costs[1] is None:
        return None
    moved = sum((item.amount.likely for item in whole.items if item.per_token), Decimal(0))
    return ((costs[0].likely - costs[1].likely) * 4 - moved) / sides.case.factor.likely


def _split(
    pattern: str, share: Decimal, demand: Demand, sides: Sides, side: OwnSide, possible: Test = True,
    rest: tuple[str, ...] | None = None,
) -> Iterator[Split]:  # fmt: skip
    own, planned = side
    possible = both(possible, above(ONE, share))
    if own.total is None or possible is False:
        return
    # To ask it would part the cases of a tape; where it is all, some other part stands in, and counts for nothing.
    share = where(possible, share, HALF)
    for option in sides.rest if rest is None else rest:
        api = sides.api(option, pattern, share, demand)
        if api.total is not None:
            yield Split(pattern, share, own, api, planned, possible)


def _slice(demand: Demand, share: Decimal, pattern: str) -> Demand:
    part = demand.scaled(share)
    if pattern == "batch":
        # The queue flattens the peak: the slice is served at the mean.
        return replace(part, batch=Band.exactly(1))
    return part


def _merged(option: str, split: Split, case: LedgerCase, demand: Demand) -> Ledger:
    items = tuple(_side(item, "own", "own GPUs") for item in split.own.items)
    items += tuple(_side(item, "api", split.api.label) for item in split.api.items)
    share = fill(
        "{share} of the tokens on own GPUs ({pattern}), the rest at: {api}",
        share=format_value(split.share, FactType.RATIO),
        pattern=split.pattern,
        api=split.api.label,
    )
    paid = split.planned.hardware.cost
    capacity = {
        **capacity_part(split.planned),
        "paying": paid.paying,
        **({} if paid.rent is None else {"rent": f"{paid.rent.band.likely:f}"}),
        "share": f"{split.share:.9f}",
        "pattern": split.pattern,
        "rest": split.api.option,
    }
    tokens = demand.tokens.band.likely
    return closed(option, case.catalogue, items, case.currency, tokens, capacity=capacity, variant=share)


def _side(item: LineItem, side: str, label: str) -> LineItem:
    return replace(item, id=f"{side}.{item.id}", label=fill("{item} ({side})", item=item.label, side=label))
