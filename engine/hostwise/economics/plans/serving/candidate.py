"""What a replica serves: as its owner measured, else as estimated, at every length that requests may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.sourced import Sourced
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.numbers import Test, at_least, both, least, most
from hostwise.economics.plans.competing.written import planned_times
from hostwise.economics.plans.refused import impossible
from hostwise.economics.plans.wanted import SearchWanted
from hostwise.economics.throughput.at_once import AtOnce, concurrency_for
from hostwise.economics.throughput.bound import output_bound
from hostwise.economics.throughput.nearest import Nearby
from hostwise.economics.throughput.rates import Rates
from hostwise.economics.throughput.reasons import holds_request
from hostwise.economics.throughput.replica import ONE, Replica
from hostwise.economics.throughput.served import error_of_estimate, error_of_rows, ratio_of, with_adapters
from hostwise.economics.throughput.step import Load, Request, load_of
from hostwise.reading.translatable import fill, prose

NATIVE = {4: "fp4", 8: "fp8", 16: "bf16"}
KNOWN = {
    "measured": prose(
        "rows that others measured with the same model, GPU and precision, taken by the estimate to {input} tokens in "
        "and {output} out a request, {concurrency} at once, with an engine's own flags; tuned flags gave about {tuned} "
        "times that"
    ),
    "estimated": prose(
        "{source}; at {input} tokens in and {output} out a request, {concurrency} at once, with an engine's own flags; "
        "tuned flags gave about {tuned} times that"
    ),
}


class DroppedPlan(Struct, frozen=True):
    """What was looked at and left, with the id of the reason."""

    model: str
    gpu: str
    precision: str
    gpus_per_replica: Decimal
    reason: str


class CandidateReplica(Struct, frozen=True):
    """A replica by its names, under the requests that it would serve. `fits` holds where it may serve them."""

    model: str
    gpu: str
    load: Load
    at_once: AtOnce
    fits: Test
    rate: Decimal
    """Output tokens a second with an engine's own flags: what was measured nearby sets the form's figure right."""
    rows: Nearby | None

    @property
    def replica(self) -> Replica:
        """The replica itself."""
        return self.load.rates.replica

    @property
    def cards(self) -> tuple[str, str, str]:
        """What it is made of, however many of it."""
        return self.model, self.gpu, self.replica.precision

    def dropped(self, reason: str) -> DroppedPlan:
        """The same, left for a reason."""
        return DroppedPlan(*self.cards, self.replica.gpus, reason)


def candidate(
    names: tuple[str, str],
    rates: Rates,
    request: Request,
    rows: Nearby | None,
    searched: SearchWanted,
    catalogue: Catalogue,
) -> CandidateReplica:
    """A replica of a model on a GPU under requests of that shape."""
    planned = catalogue.physics.at_once.planned if searched.at_once is None else searched.at_once
    load = load_of(rates, request, catalogue.physics, planned)
    at_once = concurrency_for(load, searched.target, catalogue.physics)
    fits = both(holds_request(load), at_least(at_once.concurrency, ONE))
    rate = at_once.step.output_rate * ratio_of(load, at_once.step, rows)
    return CandidateReplica(*names, load, at_once, fits, rate, rows)


def throughput_of(
    one: CandidateReplica, demand: Demand, searched: SearchWanted, catalogue: Catalogue, facts: Mapping[str, Fact]
) -> Sourced:
    """Tokens a second, input and output together: as measured, else as estimated."""
    request = one.load.request
    if searched.measured is not None:
        return _measured(one, searched.measured, _both_ways(request), searched, facts)
    source = fill(
        KNOWN["measured" if one.rows else "estimated"],
        source=catalogue.physics.source,
        input=f"{request.input_length:.0f}",
        output=f"{request.output_length:.0f}",
        concurrency=f"{one.at_once.concurrency:f}",
        tuned=f"{catalogue.physics.tuned:.1f}",
    )
    band = _in_all(one, catalogue)
    ends = [_in_all(each, catalogue) for each in _at_ends_of_requests(one, demand, searched, catalogue)]
    if ends:
        low, high = least(band.low, *(end.low for end in ends)), most(band.high, *(end.high for end in ends))
        band = Band(low, band.likely, high)
    return Sourced(band, "estimated", source, ("own_model", "gpu"), "tok/s")


def _both_ways(request: Request) -> Decimal:
    """Input and output tokens for each one of output."""
    return 1 + request.input_length / request.output_length


def _in_all(one: CandidateReplica, catalogue: Catalogue) -> Band:
    """Tokens a second that are estimated, as far off as the estimate may be."""
    error = error_of_estimate(one.replica, catalogue.physics)
    if one.rows is not None:
        error = error_of_rows(one.replica, one.rows, one.at_once.step, error, catalogue.physics)
    error = with_adapters(error, one.replica, catalogue.physics)
    rate = Band.exactly(one.rate * _both_ways(one.load.request) * catalogue.physics.scale)
    return rate * Band(error.low, ONE, error.high) if error.low != error.high else rate


def _at_ends_of_requests(
    one: CandidateReplica, demand: Demand, searched: SearchWanted, catalogue: Catalogue
) -> Iterator[CandidateReplica]:
    """The replica under requests as long, and as much of them cached, as the ends of the ranges that were given say."""
    lengths = demand.lengths_at_ends
    if not lengths and demand.cached.band.exact:
        return
    planned = planned_times(one.model, demand, catalogue)
    for inputs, outputs in lengths or ((demand.input_length, demand.output_length),):
        for cached in (
            (demand.cached.band.low,) if demand.cached.band.exact else (demand.cached.band.low, demand.cached.band.high)
        ):
            request = Request(inputs, outputs * planned, cached)
            found = candidate((one.model, one.gpu), one.load.rates, request, one.rows, searched, catalogue)
            # Tokens that are moved for one of the demand are counted at the likely lengths.
            likely = _moved(demand.input_length, demand.output_length, planned)
            yield replace(found, rate=found.rate * likely / _moved(inputs, outputs, planned))


def _moved(inputs: Decimal, outputs: Decimal, times: Decimal) -> Decimal:
    """Tokens that a model reads and writes for one of the demand, where it writes so many times the output."""
    return (inputs + outputs * times) / (inputs + outputs)


def _measured(
    one: CandidateReplica, measured: Sourced, both_ways: Decimal, searched: SearchWanted, facts: Mapping[str, Fact]
) -> Sourced:
    """The user's own, held against what physics allows where model and GPU are known."""
    if {"own_model", "gpu"}.isdisjoint(searched.assumed):
        # A precision that was not given might be the fastest there is.
        fastest = NATIVE[min(NATIVE)] if "own_precision" in searched.assumed else one.replica.precision
        limit = output_bound(replace(one.replica, precision=fastest), one.load.request) * both_ways
        if measured.band.low > limit:
            raise impossible(measured.band.low, limit, facts)
    return measured
