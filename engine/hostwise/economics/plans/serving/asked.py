"""What a demand asks of a model, the same on any GPU, and what a replica does of it."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.models.reasoning import AS_MUCH, Written, times
from hostwise.economics.numbers.bands import Band
from hostwise.economics.plans.competing.written import added, planned_times
from hostwise.economics.plans.serving.candidate import CandidateReplica
from hostwise.economics.throughput.step import Request


class AskedRequests(Struct, frozen=True):
    """Its requests, as one model reads and writes them."""

    request: Request
    planned: Decimal
    ends: tuple[Decimal, Decimal] | None
    """What it writes at either end of what reasoning adds, for one token of those planned; None where it adds nothing
    to what the model in use writes."""


def asked_of(model: str, demand: Demand, catalogue: Catalogue) -> AskedRequests:
    """What a model reads and writes for one request, and how far that may differ from what is planned for."""
    planned, own = planned_times(model, demand, catalogue), added(model, "", demand, catalogue)
    request = Request(demand.input_length, demand.output_length * planned, demand.cached_share)
    if demand.reasoning is None or own == demand.reasoning:
        return AskedRequests(request, planned, None)
    span = catalogue.reasoning.span
    low, high = (times(own, demand.reasoning, end) / planned for end in (span.low, span.high))
    return AskedRequests(request, planned, (low, high))


def work_of(one: CandidateReplica, writes: Written, asked: AskedRequests, demand: Demand) -> Band:
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


def requests_of(one: CandidateReplica, asked: AskedRequests) -> tuple[Decimal, ...]:
    """Requests a second at either end of what reasoning adds: in between, what holds at both ends holds too."""
    rate = one.rate / one.load.request.output_length
    if asked.ends is None:
        return (rate, rate)
    prefill = _prefill_share(one)
    low, high = asked.ends
    return rate / (prefill + (1 - prefill) * low), rate / (prefill + (1 - prefill) * high)
