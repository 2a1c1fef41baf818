"""A mix: one slice on own GPUs, the rest at an API. Three patterns, and the split that costs least.

batch        work that may wait runs on own GPUs, at full load          (S2-51)
constrained  the slice that may not leave runs on own GPUs              (S4-19)
triage       a small model takes the simple share, an API the hard one  (S3-22)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import FactType
from hostwise.economics.bands import Band, total
from hostwise.economics.capacity import CapacityPlan
from hostwise.economics.case import Case
from hostwise.economics.demand import Demand
from hostwise.economics.ledger import Ledger, LineItem, unpriced
from hostwise.economics.numbers import most
from hostwise.economics.own import capacity_part
from hostwise.reading.said import fill, number, prose

NOT_QUITE = 1 - Decimal("1e-9")
"""A slice that fills its replicas leaves this much room, or the last digit of a division would ask for one more."""


class Parts(Struct, frozen=True):
    """How a mix prices its two sides: an API ledger for the rest, own GPUs for a slice."""

    api: Callable[[str, Demand], Ledger]
    own: Callable[[Demand, bool], tuple[Ledger, CapacityPlan]]
    apis: tuple[str, ...]


class Split(Struct, frozen=True):
    """One way to divide the traffic; `share` of the tokens runs on own GPUs."""

    pattern: str
    share: Decimal
    own: Ledger
    api: Ledger
    planned: CapacityPlan

    @property
    def cost(self) -> Band:
        """Both sides together."""
        assert self.own.total is not None
        assert self.api.total is not None
        return self.own.total + self.api.total


def hybrid_ledger(case: Case, demand: Demand, parts: Parts) -> Ledger:
    """The cheapest split of any pattern that the answers allow."""
    if most(demand.batch_share, demand.triage_share, demand.constrained_share) <= 0:
        why = prose("There is nothing to split: no batch, constrained or simple share was given.")
        return unpriced(
            "hybrid", case.catalogue, case.currency, why, ("batch_share", "constrained_share", "triage_share")
        )
    splits = list(_splits(demand, parts))
    if not splits and parts.apis:
        why = prose("One part would be all of it: that is self-hosting, not a mix.")
        return unpriced("hybrid", case.catalogue, case.currency, why, ("batch_share", "triage_share"))
    if not splits:
        return unpriced(
            "hybrid",
            case.catalogue,
            case.currency,
            prose("No API price is known for the rest."),
            ("current_input_price",),
        )
    best = min(splits, key=lambda s: (s.cost.likely, s.pattern, s.share))
    return _merged(best, case, demand)


def _splits(demand: Demand, parts: Parts) -> Iterator[Split]:
    if demand.constrained_share > 0:
        # What may not leave is not a matter of cost: all of it runs on own GPUs, in any pattern.
        yield from _split("constrained", demand.constrained_share, demand, parts)
        return
    for pattern, share in (("batch", demand.batch_share), ("triage", demand.triage_share)):
        if share <= 0:
            continue
        yield from _split(pattern, share, demand, parts)
        _, planned = parts.own(_slice(demand, share, pattern), pattern == "triage")
        # Cost is a straight line in full replicas, so the best split fills one of them, all but the last
        # one, or takes the whole slice; a last replica that stands mostly idle is left to the API.
        for replicas in sorted({1, planned.replicas - planned.spare - 1}):
            carried = share * replicas / planned.load.likely * NOT_QUITE
            if 0 < carried < share:
                yield from _split(pattern, carried, demand, parts)


def _split(pattern: str, share: Decimal, demand: Demand, parts: Parts) -> Iterator[Split]:
    own, planned = parts.own(_slice(demand, share, pattern), pattern == "triage")
    if own.total is None:
        return
    rest = demand.scaled(1 - share) if share < 1 else None
    for option in parts.apis:
        if rest is None:
            return
        left = most(demand.batch_share - share, Decimal(0)) / (1 - share) if pattern == "batch" else demand.batch_share
        api = parts.api(option, replace(rest, batch_share=left))
        if api.total is not None:
            yield Split(pattern, share, own, api, planned)
    if rest is None:
        return


def _slice(demand: Demand, share: Decimal, pattern: str) -> Demand:
    part = demand.scaled(share)
    if pattern == "batch":
        # The queue flattens the peak: the slice is served at the mean.
        return replace(part, batch_share=Decimal(1))
    return part


def _merged(split: Split, case: Case, demand: Demand) -> Ledger:
    items = tuple(_side(item, "own", "own GPUs") for item in split.own.items)
    items += tuple(_side(item, "api", split.api.label) for item in split.api.items)
    cost = total([item.amount for item in items])
    share = fill(
        "{share} of the tokens on own GPUs ({pattern}), the rest at: {api}",
        share=number(f"{split.share * 100:.1f}%", FactType.RATIO.value, "", split.share),
        pattern=split.pattern,
        api=split.api.label,
    )
    capacity = {
        **capacity_part(split.planned),
        "share": f"{split.share:.9f}",
        "pattern": split.pattern,
        "rest": split.api.option,
    }
    per = cost / Band.exactly(demand.tokens.band.likely / 1_000_000)
    label = case.catalogue.options["hybrid"].label
    return Ledger("hybrid", label, share, case.currency, True, None, (), items, cost, per, capacity)


def _side(item: LineItem, side: str, label: str) -> LineItem:
    return replace(item, id=f"{side}.{item.id}", label=fill("{item} ({side})", item=item.label, side=label))
