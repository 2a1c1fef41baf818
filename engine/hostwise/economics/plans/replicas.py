"""Every replica that could serve own weights: model × GPU × precision × GPUs a replica.

What cannot be is dropped with its reason. So is a replica that serves less for each of its GPUs than a smaller one of
the same cards: whole replicas of it never cost less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import astuple, replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.capacity import GPUCost, Hardware
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.models.reasoning import AS_MUCH, Written, times
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.currency import Exchange
from hostwise.economics.numbers.numbers import above
from hostwise.economics.numbers.tape import TapedTruth, Traced
from hostwise.economics.plans.candidate import NATIVE, CandidateReplica, DroppedPlan, candidate, throughput_of
from hostwise.economics.plans.cards import unbeaten
from hostwise.economics.plans.refused import too_large
from hostwise.economics.plans.rents import costs_of, paid_way
from hostwise.economics.plans.wanted import SearchWanted
from hostwise.economics.plans.written import added, planned_times, written
from hostwise.economics.throughput.at_once import seconds_asked
from hostwise.economics.throughput.nearest import nearby
from hostwise.economics.throughput.rates import Rates, rates_of
from hostwise.economics.throughput.reasons import holds_request, why_never, why_not
from hostwise.economics.throughput.replica import Replica
from hostwise.economics.throughput.sizes import SIZES, valid_sizes
from hostwise.economics.throughput.step import Request

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
    costs = costs_of(
        dict.fromkeys(one.gpu for one in best), facts, catalogue, rates, paid_way(facts, catalogue, demand)
    )
    hardware = (
        Hardware(
            *one.cards, one.replica.gpus, throughput_of(one, demand, searched, catalogue, facts), one.fits,
            searched.assumed, catalogue.gpus[one.gpu].power, one.replica.model.parameters, one.load, one.at_once,
            _requests(one, demand, catalogue), costs[one.gpu], *_written(one, demand, catalogue),
        )
        for one in best
    )  # fmt: skip
    return Replicas(tuple(hardware), found.dropped)


class _LookedAt(Struct, frozen=True):
    """What is worth comparing, at least one, and what is not."""

    kept: tuple[CandidateReplica, ...]
    dropped: tuple[DroppedPlan, ...]


def _looked_at(catalogue: Catalogue, demand: Demand, searched: SearchWanted) -> _LookedAt:
    """All that may serve; remembered for requests and targets that were met, where these are plain numbers."""
    numbers = (demand.input_length, demand.output_length, demand.cached_share, demand.reasoning, searched.size,
               *astuple(searched.target))  # fmt: skip
    if any(isinstance(each, Traced) for each in numbers):
        return _look_at(catalogue, demand, searched)
    key = (searched.models, searched.gpus, searched.precision, searched.measured is None, *numbers)
    known = catalogue.remembered.get(key)
    if not isinstance(known, _LookedAt):
        known = catalogue.remembered[key] = _look_at(catalogue, demand, searched)
    return known


def _request(model: str, demand: Demand, catalogue: Catalogue) -> Request:
    """What a model reads and writes for one request."""
    return Request(demand.input_length, demand.output_length * planned_times(model, demand, catalogue),
                   demand.cached_share)  # fmt: skip


def _written(one: CandidateReplica, demand: Demand, catalogue: Catalogue) -> tuple[Band, Written]:
    """The tokens that it moves for a token of the demand, and what its model writes."""
    writes, request = written(one.model, "", demand, catalogue), one.load.request
    if writes.times is AS_MUCH.times:
        return writes.times, writes
    both = (request.input_length + request.output_length) / (demand.input_length + demand.output_length)
    planned = Band.exactly(planned_times(one.model, demand, catalogue))
    return _slower(one, writes.times / planned) * Band.exactly(both), writes


def _slower(one: CandidateReplica, times: Band) -> Band:
    """How much longer a replica is at a request that has so many times the output: all but its prefill grows."""
    request = one.load.request
    share = one.load.prefill * one.load.rates.engine * one.at_once.step.output_rate / request.output_length
    return Band.exactly(share) + Band.exactly(1 - share) * times


def _requests(one: CandidateReplica, demand: Demand, catalogue: Catalogue) -> tuple[Decimal, ...]:
    """Requests a second at either end of what reasoning adds: in between, what holds at both ends holds too."""
    rate, own = one.rate / one.load.request.output_length, added(one.model, "", demand, catalogue)
    if demand.reasoning is None or own == demand.reasoning:
        return (rate, rate)
    span, planned = catalogue.reasoning.span, planned_times(one.model, demand, catalogue)
    ends = (times(own, demand.reasoning, end) / planned for end in (span.low, span.high))
    return tuple(rate / _slower(one, Band.exactly(end)).likely for end in ends)


def _look_at(catalogue: Catalogue, demand: Demand, searched: SearchWanted) -> _LookedAt:
    every = [*_all(catalogue, demand, searched)]
    looked_at = {(one.model, one.gpu) for one in every}
    dropped = [
        DroppedPlan(model, gpu, _precision(model, gpu, catalogue, searched), Decimal(1), "beaten")
        for model in searched.models for gpu in searched.gpus if (model, gpu) not in looked_at
    ]  # fmt: skip
    # Where nothing may serve it, what comes nearest says so.
    kept = [one for one in every if _serves(one, searched, catalogue, dropped)] or [
        _nearest(every, searched, catalogue)
    ]
    best = kept if searched.measured else [*_undominated(kept, demand, catalogue, dropped)]
    return _LookedAt(tuple(best), tuple(dropped))


def paid_as(hardware: Sequence[Hardware], costs: Mapping[str, GPUCost]) -> list[Hardware]:
    """The same replicas, paid for in another way."""
    return [replace(one, cost=costs[one.gpu]) for one in hardware]


def _all(catalogue: Catalogue, demand: Demand, searched: SearchWanted) -> Iterator[CandidateReplica]:
    """In the order of the catalogue, small replicas first."""
    for model in searched.models:
        request = _request(model, demand, catalogue)
        for gpu in _cards(model, catalogue, searched):
            precision = _precision(model, gpu, catalogue, searched)
            for size in _sizes(model, gpu, precision, catalogue, searched):
                rows = nearby(catalogue.measured, model, gpu, precision)
                rates = _rates(model, gpu, precision, size, catalogue)
                yield candidate((model, gpu), rates, request, rows, searched, catalogue)


def _cards(model: str, catalogue: Catalogue, searched: SearchWanted) -> list[str]:
    """GPUs worth a look. What was measured may lie off the form, so such a card is beaten by none and beats none."""
    measured = [
        gpu for gpu in searched.gpus
        if nearby(catalogue.measured, model, gpu, _precision(model, gpu, catalogue, searched))
    ]  # fmt: skip
    others = unbeaten([gpu for gpu in searched.gpus if gpu not in measured], catalogue.gpus)
    return [gpu for gpu in searched.gpus if gpu in measured or gpu in others]


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
    sizes = valid_sizes(entry, card, precision, reserve)
    # One replica was measured, and nobody said on how many cards: on the fewest that hold it.
    return (sizes[:1] if searched.measured else sizes) or SIZES[-1:]


def _rates(model: str, gpu: str, precision: str, size: Decimal, catalogue: Catalogue) -> Rates:
    card, physics = catalogue.gpus[gpu], catalogue.physics
    if card.device_class not in physics.classes:
        # It was measured, or it would not be searched: only what it holds counts, which no class changes.
        card = replace(card, device_class=next(iter(physics.classes)))
    return rates_of(Replica(catalogue.models[model], card, size, precision), physics)


def _serves(one: CandidateReplica, searched: SearchWanted, catalogue: Catalogue, dropped: list[DroppedPlan]) -> bool:
    """Whether it may, in some case at least; a size that was given is not argued with, but for its memory."""
    if searched.size is not None:
        return True
    never = why_never(one.replica, catalogue.physics)
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
    kept: list[CandidateReplica], demand: Demand, catalogue: Catalogue, dropped: list[DroppedPlan]
) -> Iterator[CandidateReplica]:
    """Without those that serve less for each GPU than a smaller one of the same cards, as far as numbers are plain."""
    smaller: dict[tuple[str, str, str], list[tuple[Decimal, ...]]] = {}
    for one in kept:
        each = tuple(rate / one.replica.gpus for rate in _requests(one, demand, catalogue))
        if isinstance(each[0], Traced) or isinstance(one.fits, TapedTruth):
            yield one
        elif any(all(a <= b for a, b in zip(each, other, strict=True)) for other in smaller.get(one.cards, ())):
            dropped.append(one.dropped("dominated"))
        else:
            smaller.setdefault(one.cards, []).append(each)
            yield one
