"""Every replica that could serve own weights: model × GPU × precision × GPUs a replica.

What cannot be is dropped with its reason. So is a replica that serves less for each of its GPUs than a smaller one of
the same cards: whole replicas of it never cost less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain

from msgspec import Struct, field
from msgspec.structs import astuple, replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.capacity import GPUCost, Hardware
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import OVERHEAD, Catalogue
from hostwise.economics.catalogue.remembered import Remembered
from hostwise.economics.catalogue.sourced import Sourced
from hostwise.economics.models.reasoning import AS_MUCH, Written
from hostwise.economics.numbers.bands import NOTHING, Band
from hostwise.economics.numbers.currency import Exchange
from hostwise.economics.numbers.numbers import above
from hostwise.economics.numbers.tape import TapedTruth, Traced
from hostwise.economics.numbers.taped_facts import tape_of
from hostwise.economics.plans.competing.written import written
from hostwise.economics.plans.refused import too_large
from hostwise.economics.plans.rents import costs_of, paid_ways
from hostwise.economics.plans.serving.asked import AskedRequests, asked_of, requests_of, work_of
from hostwise.economics.plans.serving.candidate import CandidateReplica, DroppedPlan, candidate, throughput_of
from hostwise.economics.plans.serving.over_lengths import OverLengths, looked_over
from hostwise.economics.plans.serving.shapes import every_shape, precision_of
from hostwise.economics.plans.wanted import SearchWanted
from hostwise.economics.throughput.at_once import seconds_asked
from hostwise.economics.throughput.reasons import Obstacle, holds_request, why_never, why_not
from hostwise.reading.translatable import fill, joined, prose


def _as_it_is(one: Hardware) -> Hardware:
    return one


class Replicas(Struct, frozen=True):
    """The replicas that a search chooses from, at least one, and those that it left."""

    hardware: tuple[Hardware, ...]
    dropped: tuple[DroppedPlan, ...]
    recorded: Callable[[Hardware], Hardware] = _as_it_is
    """Where lengths differ from case to case, `hardware` is as in the middle of these: this makes it that of a case."""


def replicas(
    facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, demand: Demand, searched: SearchWanted
) -> Replicas:
    """Every replica that holds its model and serves its requests as asked, and those that were dropped.

    Raises `InputError` for given GPUs that cannot hold the given model and for a given throughput beyond what physics
    allows, `NoRate` for a rent in a currency without a rate.
    """
    over = looked_over(catalogue, demand, searched, tape_of(facts))
    if over:
        return _over_lengths(over, facts, catalogue, rates, demand, searched)
    found = _looked_at(catalogue, demand, searched)
    best = found.kept
    if searched.size is not None and "own_model" not in searched.assumed:
        _check_size(best, facts)
    costs, shared = _costs(best, facts, catalogue, rates, demand), _shared(searched)
    hardware = (
        _hardware(one, does, costs[one.gpu], searched, catalogue, shared)
        for one, does in zip(best, _all_served(found, catalogue, demand, searched, facts), strict=True)
    )
    return Replicas(tuple(hardware), found.dropped)


def _costs(
    kept: Sequence[CandidateReplica], facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, demand: Demand
) -> Mapping[str, GPUCost]:
    way, *_ = paid_ways(facts, catalogue, demand)
    return costs_of(dict.fromkeys(one.gpu for one in kept), facts, catalogue, rates, way)


def _hardware(
    one: CandidateReplica, does: _Served, cost: GPUCost, searched: SearchWanted, catalogue: Catalogue, shared: str
) -> Hardware:
    return Hardware(
        *one.cards, one.replica.gpus, does.throughput, one.fits, searched.assumed, catalogue.gpus[one.gpu].power,
        one.replica.model.parameters, one.load, one.at_once, does.requests, cost, does.work, does.writes,
        shared,
    )  # fmt: skip


def _over_lengths(
    over: Sequence[OverLengths], facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, demand: Demand,
    searched: SearchWanted,
) -> Replicas:  # fmt: skip
    """Replicas by their middle. What a search leaves of them is recorded, each once."""
    middle, shared = [each.middle for each in over], _shared(searched)
    costs, nothing = _costs(middle, facts, catalogue, rates, demand), Sourced(NOTHING, "estimated", "")
    made: dict[tuple[str, ...], Hardware] = {}
    found: dict[tuple[str, ...], OverLengths] = {}
    stand_ins = []
    for one, each in zip(middle, over, strict=True):
        does = _Served(nothing, each.requests, NOTHING, AS_MUCH)
        stand_in = _hardware(replace(one, fits=each.everywhere), does, costs[one.gpu], searched, catalogue, shared)
        found[_key(stand_in)] = each
        stand_ins.append(stand_in)

    def recorded(one: Hardware) -> Hardware:
        key = _key(one)
        if key not in made:
            each = found[key]
            shape, asked = each.shape, asked_of(one.model, demand, catalogue)
            traced = candidate((shape.model, shape.gpu), shape.rates, asked.request, shape.rows, searched, catalogue)
            (does,) = _serve((traced,), catalogue, demand, searched, facts)
            fits = True if each.everywhere else traced.fits
            made[key] = replace(
                one, throughput=does.throughput, fits=fits, load=traced.load, at_once=traced.at_once, work=does.work,
                written=does.writes,
            )  # fmt: skip
        return replace(made[key], cost=one.cost)

    return Replicas(tuple(stand_ins), (), recorded)


def _key(one: Hardware) -> tuple[str, ...]:
    return one.model, one.gpu, one.precision, str(one.gpus_per_replica)


def _shared(searched: SearchWanted) -> str:
    """What each replica holds beside its model, in words."""
    if searched.beside and searched.adapters:
        message = prose("{models} and {count} adapters")
    elif searched.adapters:
        message = prose("{count} adapters")
    else:
        message = "{models}" if searched.beside else ""
    times = Counter(searched.beside)
    models = joined([name if count == 1 else f"{count} × {name}" for name, count in times.items()], ", ")
    values = {"models": models, "count": f"{searched.adapters:.0f}"}
    return fill(message, **{name: text for name, text in values.items() if f"{{{name}}}" in message})


class _LookedAt(Struct, frozen=True):
    """What is worth comparing, at least one, and what is not."""

    kept: tuple[CandidateReplica, ...]
    dropped: tuple[DroppedPlan, ...]
    served: Remembered = field(default_factory=Remembered)
    """What each that is kept serves, by all else that this follows from."""


class _Served(Struct, frozen=True):
    """What a replica serves of a demand; `work` and `requests` as `Hardware` has them."""

    throughput: Sourced
    requests: tuple[Decimal, ...]
    work: Band
    writes: Written


def _looked_at(catalogue: Catalogue, demand: Demand, searched: SearchWanted) -> _LookedAt:
    """All that may serve; remembered for requests and targets that were met, where these are plain numbers."""
    numbers = (demand.input_length, demand.output_length, demand.cached_share, demand.reasoning, searched.size,
               searched.adapters, *astuple(searched.target))  # fmt: skip
    if any(isinstance(each, Traced) for each in numbers):
        return _look_at(catalogue, demand, searched)
    key = (searched.models, searched.gpus, searched.precision, searched.measured is None, searched.at_once,
           searched.room, searched.beside, searched.unlicensed, *numbers)  # fmt: skip
    known = catalogue.remembered.get(key)
    if not isinstance(known, _LookedAt):
        known = catalogue.remembered[key] = _look_at(catalogue, demand, searched)
    return known


def _all_served(
    found: _LookedAt, catalogue: Catalogue, demand: Demand, searched: SearchWanted, facts: Mapping[str, Fact]
) -> tuple[_Served, ...]:
    """What each that is kept serves; remembered beside it, where all that it follows from are plain numbers."""
    overhead, physics, cached = catalogue.figures[OVERHEAD], catalogue.physics, demand.cached.band
    numbers = (
        demand.input_length, demand.output_length, demand.reasoning, cached.low, cached.likely, cached.high,
        physics.scale, overhead.low, overhead.likely, overhead.high, searched.size, *astuple(searched.target),
        *chain.from_iterable(demand.lengths_at_ends),
    )  # fmt: skip
    if searched.measured is not None or any(isinstance(each, Traced) for each in numbers):
        return _serve(found.kept, catalogue, demand, searched, facts)
    key = (cached.exact, overhead.band.exact, *numbers, *physics.errors.values())
    known = found.served.get(key)
    if not isinstance(known, tuple):
        known = found.served[key] = _serve(found.kept, catalogue, demand, searched, facts)
    return known


def _serve(
    kept: Sequence[CandidateReplica], catalogue: Catalogue, demand: Demand, searched: SearchWanted,
    facts: Mapping[str, Fact],
) -> tuple[_Served, ...]:  # fmt: skip
    models = dict.fromkeys(one.model for one in kept)
    asked = {model: asked_of(model, demand, catalogue) for model in models}
    writes = {model: written(model, "", demand, catalogue) for model in models}
    return tuple(
        _Served(
            throughput_of(one, demand, searched, catalogue, facts),
            requests_of(one, asked[one.model]),
            work_of(one, writes[one.model], asked[one.model], demand),
            writes[one.model],
        )
        for one in kept
    )


def _look_at(catalogue: Catalogue, demand: Demand, searched: SearchWanted) -> _LookedAt:
    asked = {model: asked_of(model, demand, catalogue) for model in searched.models}
    shapes = every_shape(catalogue, searched)
    every = [
        candidate((one.model, one.gpu), one.rates, asked[one.model].request, one.rows, searched, catalogue)
        for one in shapes
    ]
    looked_at = {(one.model, one.gpu) for one in every}
    dropped = [
        DroppedPlan(model, gpu, precision_of(model, gpu, catalogue, searched), Decimal(1), "beaten")
        for model in searched.models for gpu in searched.gpus if (model, gpu) not in looked_at
    ]  # fmt: skip
    dropped += [
        DroppedPlan(model, gpu, precision_of(model, gpu, catalogue, searched), Decimal(1), "unlicensed")
        for model in searched.models for gpu in searched.unlicensed
    ]  # fmt: skip
    # Where nothing may serve it, what comes nearest says so.
    kept = [
        one for one, shape in zip(every, shapes, strict=True) if _serves(one, shape.never, searched, catalogue, dropped)
    ] or [_nearest(every, searched, catalogue)]
    best = kept if searched.measured else [*_undominated(kept, asked, dropped, catalogue)]
    return _LookedAt(tuple(best), tuple(dropped))


def paid_as(hardware: Sequence[Hardware], costs: Mapping[str, GPUCost]) -> list[Hardware]:
    """The same replicas, paid for in another way."""
    return [replace(one, cost=costs[one.gpu]) for one in hardware]


def _serves(
    one: CandidateReplica, never: tuple[Obstacle, ...], searched: SearchWanted, catalogue: Catalogue,
    dropped: list[DroppedPlan],
) -> bool:  # fmt: skip
    """Whether it may, in some case at least; a size that was given is not argued with, but for its memory."""
    if searched.size is not None:
        return True
    if never or one.fits is False:
        reasons = never or why_not(one.replica, one.load.request, catalogue.physics)
        dropped.append(one.dropped(reasons[0].id if reasons else "latency"))
        return False
    return True


def _nearest(every: Sequence[CandidateReplica], searched: SearchWanted, catalogue: Catalogue) -> CandidateReplica:
    """Of what may not serve: the quickest that holds a request, the last where none does or no latency is asked for."""
    quickest: tuple[Decimal, CandidateReplica] | None = None
    for one in every:
        seconds = seconds_asked(one.at_once.alone, searched.target)
        if seconds is None or why_never(one.replica, catalogue.physics) or not holds_request(one.load):
            continue
        if quickest is None or above(quickest[0], seconds):
            quickest = seconds, one
    return quickest[1] if quickest else every[-1]


def _check_size(every: Sequence[CandidateReplica], facts: Mapping[str, Fact]) -> None:
    if not any(above(one.load.rates.room, Decimal(0)) for one in every):
        roomiest = max(every, key=lambda one: one.replica.gpu.memory)
        raise too_large(roomiest.replica, roomiest.model, roomiest.gpu, facts)


def _undominated(
    kept: list[CandidateReplica], asked: Mapping[str, AskedRequests], dropped: list[DroppedPlan], catalogue: Catalogue
) -> Iterator[CandidateReplica]:
    """Without those that serve less for each GPU than a smaller one of the same cards, as far as numbers are plain.

    Of cards that are let by the node, half a node costs as much as all of it: every size is compared.
    """
    smaller: dict[tuple[str, str, str], list[tuple[Decimal, ...]]] = {}
    for one in kept:
        gpus, cards = one.replica.gpus, one.cards
        each = tuple([rate / gpus for rate in requests_of(one, asked[one.model])])
        by_the_node = catalogue.gpus[one.gpu].least_let > 1
        if by_the_node or isinstance(each[0], Traced) or isinstance(one.fits, TapedTruth):
            yield one
        elif any(_no_more(each, other) for other in smaller.get(cards, ())):
            dropped.append(one.dropped("dominated"))
        else:
            smaller.setdefault(cards, []).append(each)
            yield one


def _no_more(one: tuple[Decimal, ...], other: tuple[Decimal, ...]) -> bool:
    low, high = one
    return low <= other[0] and high <= other[1]
