"""Every replica that could serve own weights: model × GPU × precision × GPUs a replica.

What cannot be is dropped with its reason. So is a replica that serves less for each of its GPUs than a smaller one of
the same cards: whole replicas of it never cost less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
from hostwise.economics.models.reasoning import AS_MUCH, Written, times
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.currency import Exchange
from hostwise.economics.numbers.numbers import above
from hostwise.economics.numbers.tape import TapedTruth, Traced
from hostwise.economics.plans.candidate import NATIVE, CandidateReplica, DroppedPlan, candidate, throughput_of
from hostwise.economics.plans.cards import unbeaten
from hostwise.economics.plans.competing.written import added, planned_times, written
from hostwise.economics.plans.refused import too_large
from hostwise.economics.plans.rents import costs_of, paid_ways
from hostwise.economics.plans.wanted import SearchWanted
from hostwise.economics.throughput.at_once import seconds_asked
from hostwise.economics.throughput.nearest import Nearby, nearby
from hostwise.economics.throughput.rates import Rates, rates_of
from hostwise.economics.throughput.reasons import Obstacle, holds_request, why_never, why_not
from hostwise.economics.throughput.replica import BITS, GIGA, STORED, Replica
from hostwise.economics.throughput.sizes import SIZES, valid_sizes
from hostwise.economics.throughput.step import Request
from hostwise.reading.translatable import fill, joined, prose

EIGHT = 8
"""Bits that weights published in more are served in: half the memory, and no loss that evaluations find."""


class Replicas(Struct, frozen=True):
    """The replicas that a search chooses from, at least one, and those that it left."""

    hardware: tuple[Hardware, ...]
    dropped: tuple[DroppedPlan, ...]


def replicas(
    facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, demand: Demand, searched: SearchWanted
) -> Replicas:
    """Every replica that holds its model and serves its requests as asked, and those that were dropped.

    Raises `InputError` for given GPUs that cannot hold the given model and for a given throughput beyond what physics
    allows, `NoRate` for a rent in a currency without a rate.
    """
    found = _looked_at(catalogue, demand, searched)
    best = found.kept
    if searched.size is not None and "own_model" not in searched.assumed:
        _check_size(best[0], facts)
    way, *_ = paid_ways(facts, catalogue, demand)
    costs = costs_of(dict.fromkeys(one.gpu for one in best), facts, catalogue, rates, way)
    hardware = (
        Hardware(
            *one.cards, one.replica.gpus, does.throughput, one.fits, searched.assumed, catalogue.gpus[one.gpu].power,
            one.replica.model.parameters, one.load, one.at_once, does.requests, costs[one.gpu], does.work, does.writes,
            _shared(searched),
        )
        for one, does in zip(best, _all_served(found, catalogue, demand, searched, facts), strict=True)
    )  # fmt: skip
    return Replicas(tuple(hardware), found.dropped)


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


class _Asked(Struct, frozen=True):
    """What a demand asks of a model, the same on any GPU."""

    request: Request
    planned: Decimal
    ends: tuple[Decimal, Decimal] | None
    """What it writes at either end of what reasoning adds, for one token of those planned; None where it adds nothing
    to what the model in use writes."""


def _looked_at(catalogue: Catalogue, demand: Demand, searched: SearchWanted) -> _LookedAt:
    """All that may serve; remembered for requests and targets that were met, where these are plain numbers."""
    numbers = (demand.input_length, demand.output_length, demand.cached_share, demand.reasoning, searched.size,
               searched.adapters, *astuple(searched.target))  # fmt: skip
    if any(isinstance(each, Traced) for each in numbers):
        return _look_at(catalogue, demand, searched)
    key = (searched.models, searched.gpus, searched.precision, searched.measured is None, searched.at_once,
           searched.room, searched.beside, *numbers)  # fmt: skip
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
    asked = {model: _asked(model, demand, catalogue) for model in models}
    writes = {model: written(model, "", demand, catalogue) for model in models}
    return tuple(
        _Served(
            throughput_of(one, demand, searched, catalogue, facts),
            _requests(one, asked[one.model]),
            _work(one, writes[one.model], asked[one.model], demand),
            writes[one.model],
        )
        for one in kept
    )


def _asked(model: str, demand: Demand, catalogue: Catalogue) -> _Asked:
    """What a model reads and writes for one request, and how far that may differ from what is planned for."""
    planned, own = planned_times(model, demand, catalogue), added(model, "", demand, catalogue)
    request = Request(demand.input_length, demand.output_length * planned, demand.cached_share)
    if demand.reasoning is None or own == demand.reasoning:
        return _Asked(request, planned, None)
    span = catalogue.reasoning.span
    low, high = (times(own, demand.reasoning, end) / planned for end in (span.low, span.high))
    return _Asked(request, planned, (low, high))


def _work(one: CandidateReplica, writes: Written, asked: _Asked, demand: Demand) -> Band:
    """The tokens that it moves for a token of the demand."""
    request = one.load.request
    if writes.times is AS_MUCH.times:
        return writes.times
    both = (request.input_length + request.output_length) / (demand.input_length + demand.output_length)
    prefill = _prefill_share(one)
    slower = Band.exactly(prefill) + Band.exactly(1 - prefill) * (writes.times / Band.exactly(asked.planned))
    return slower * Band.exactly(both)


def _prefill_share(one: CandidateReplica) -> Decimal:
    """The share of a replica's time that is prefill. At a request with so many times the output, all else grows."""
    request = one.load.request
    return one.load.prefill * one.load.rates.engine * one.at_once.step.output_rate / request.output_length


def _requests(one: CandidateReplica, asked: _Asked) -> tuple[Decimal, ...]:
    """Requests a second at either end of what reasoning adds: in between, what holds at both ends holds too."""
    rate = one.rate / one.load.request.output_length
    if asked.ends is None:
        return (rate, rate)
    prefill = _prefill_share(one)
    low, high = asked.ends
    return rate / (prefill + (1 - prefill) * low), rate / (prefill + (1 - prefill) * high)


def _look_at(catalogue: Catalogue, demand: Demand, searched: SearchWanted) -> _LookedAt:
    asked = {model: _asked(model, demand, catalogue) for model in searched.models}
    shapes = _shapes(catalogue, searched)
    every = [
        candidate((one.model, one.gpu), one.rates, asked[one.model].request, one.rows, searched, catalogue)
        for one in shapes
    ]
    looked_at = {(one.model, one.gpu) for one in every}
    dropped = [
        DroppedPlan(model, gpu, _precision(model, gpu, catalogue, searched), Decimal(1), "beaten")
        for model in searched.models for gpu in searched.gpus if (model, gpu) not in looked_at
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


class _Shape(Struct, frozen=True):
    """A replica before anything is asked of it."""

    model: str
    gpu: str
    rates: Rates
    rows: Nearby | None
    never: tuple[Obstacle, ...]
    """What rules it out whatever is asked of it; not looked at where its size was given."""


def _shapes(catalogue: Catalogue, searched: SearchWanted) -> tuple[_Shape, ...]:
    """Every replica that is looked at, in the order of the catalogue, small ones first.

    Remembered by the prices that cards are left out by.
    """
    if isinstance(searched.size, Traced) or isinstance(searched.adapters, Traced):
        return tuple(_all_shapes(catalogue, searched))
    prices = (
        None if price is None else VARIED if isinstance(price.likely, Traced) else price.likely
        for gpu in searched.gpus for price in (catalogue.gpus[gpu].rent, catalogue.gpus[gpu].purchase)
    )  # fmt: skip
    key = ("shapes", searched.models, searched.gpus, searched.precision, searched.size, searched.measured is None,
           searched.room, searched.beside, searched.adapters, *prices)  # fmt: skip
    known = catalogue.remembered.get(key)
    if not isinstance(known, tuple):
        known = catalogue.remembered[key] = tuple(_all_shapes(catalogue, searched))
    return known


VARIED = "varied"
"""In place of a price that differs from case to case on a tape: by such a one no card is left out."""


def _all_shapes(catalogue: Catalogue, searched: SearchWanted) -> Iterator[_Shape]:
    for model in searched.models:
        for gpu in _cards(model, catalogue, searched):
            for precision in _precisions(model, gpu, catalogue, searched):
                rows = nearby(catalogue.measured, model, gpu, precision)
                for size in _sizes(model, gpu, precision, catalogue, searched):
                    rates = _rates(model, gpu, precision, size, catalogue, searched)
                    never = why_never(rates.replica, catalogue.physics) if searched.size is None else ()
                    yield _Shape(model, gpu, rates, rows, never)


def _cards(model: str, catalogue: Catalogue, searched: SearchWanted) -> list[str]:
    """GPUs worth a look. What was measured may lie off the form, so such a card is beaten by none and beats none."""
    measured = [
        gpu for gpu in searched.gpus
        if any(nearby(catalogue.measured, model, gpu, each) for each in _precisions(model, gpu, catalogue, searched))
    ]  # fmt: skip
    others = unbeaten([gpu for gpu in searched.gpus if gpu not in measured], catalogue.gpus)
    return [gpu for gpu in searched.gpus if gpu in measured or gpu in others]


def _precisions(model: str, gpu: str, catalogue: Catalogue, searched: SearchWanted) -> tuple[str, ...]:
    """The one that the form says is quickest; in sixteen bits too, where that was measured: it may lie off the form."""
    found, wide = _precision(model, gpu, catalogue, searched), NATIVE[2 * EIGHT]
    apart = searched.precision is None and searched.measured is None and found == NATIVE[EIGHT]
    return (found, wide) if apart and nearby(catalogue.measured, model, gpu, wide) else (found,)


def _precision(model: str, gpu: str, catalogue: Catalogue, searched: SearchWanted) -> str:
    """As given; else in eight bits where a card multiplies them, in fewer where they were published in fewer."""
    bits = min(catalogue.models[model].bits, EIGHT)
    if searched.precision is None and bits == EIGHT and NATIVE[EIGHT] not in catalogue.gpus[gpu].tflops:
        return NATIVE[2 * EIGHT]
    return searched.precision or NATIVE[bits]


def _sizes(model: str, gpu: str, precision: str, catalogue: Catalogue, searched: SearchWanted) -> tuple[Decimal, ...]:
    if searched.size is not None:
        return (searched.size,)
    entry, card, reserve = catalogue.models[model], catalogue.gpus[gpu], catalogue.physics.memory_reserve
    sizes = valid_sizes(entry, card, precision, reserve, _beside(model, gpu, catalogue, searched))
    if searched.room is not None:
        sizes = tuple(size for size in sizes if size <= searched.room) or SIZES[:1]
    # One replica was measured, and nobody said on how many cards: on the fewest that hold it.
    return (sizes[:1] if searched.measured else sizes) or SIZES[-1:]


def _beside(model: str, gpu: str, catalogue: Catalogue, searched: SearchWanted) -> Decimal:
    """Bytes of the other models, each in the precision that it would have on such a card, and of the adapters."""
    others = (
        catalogue.models[name].parameters * GIGA * STORED[BITS[_precision(name, gpu, catalogue, searched)]] / 8
        for name in searched.beside
    )
    adapter = catalogue.models[model].active * GIGA * 2 * catalogue.physics.adapters.memory
    return sum(others, Decimal(0)) + searched.adapters * adapter


def _rates(model: str, gpu: str, precision: str, size: Decimal, catalogue: Catalogue, searched: SearchWanted) -> Rates:
    # What it can do follows from no price, which may be one of a tape.
    card, physics = replace(catalogue.gpus[gpu], rent=None, purchase=None, rents=()), catalogue.physics
    if card.device_class not in physics.classes:
        # It was measured, or it would not be searched: only what it holds counts, which no class changes.
        card = replace(card, device_class=next(iter(physics.classes)))
    beside = _beside(model, gpu, catalogue, searched)
    replica = Replica(catalogue.models[model], card, size, precision, beside=beside, adapters=searched.adapters)
    return rates_of(replica, physics)


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


def _check_size(one: CandidateReplica, facts: Mapping[str, Fact]) -> None:
    held = above(one.load.rates.room, Decimal(0))
    if not held:
        raise too_large(one.replica, one.model, one.gpu, facts)


def _undominated(
    kept: list[CandidateReplica], asked: Mapping[str, _Asked], dropped: list[DroppedPlan], catalogue: Catalogue
) -> Iterator[CandidateReplica]:
    """Without those that serve less for each GPU than a smaller one of the same cards, as far as numbers are plain.

    Of cards that are let by the node, half a node costs as much as all of it: every size is compared.
    """
    smaller: dict[tuple[str, str, str], list[tuple[Decimal, ...]]] = {}
    for one in kept:
        gpus, cards = one.replica.gpus, one.cards
        each = tuple([rate / gpus for rate in _requests(one, asked[one.model])])
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
