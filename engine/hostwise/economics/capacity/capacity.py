"""How many whole replicas a demand needs, and how full they are. Utilisation is a result, not an input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Decimal

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.answered.desk import MOST, at_desk
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.sourced import Sourced, figure
from hostwise.economics.models.reasoning import AS_MUCH, Written
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.numbers import Test, at_least, least, most, where, whole
from hostwise.economics.numbers.tape import Traced
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.throughput.at_once import AtOnce
from hostwise.economics.throughput.bound import output_bound
from hostwise.economics.throughput.step import Load
from hostwise.reading.numbers.months import DAYS

ONE = Decimal(1)
HOURS = DAYS * 24
SECONDS = DAYS * 24 * 3600
"""Seconds in a month."""


WAYS = ("on-demand", "reserved", "spot", "owned")
"""Ways of paying for GPUs. What is bought is paid for as `owned`, whatever the rent would be."""


class GPUCost(Struct, frozen=True):
    """What a GPU costs, as far as it is known: `rent` in USD an hour as it is paid (`paying`), `purchase` in USD.

    `seller` is who lets it, where that is one of several that are compared. `committed` where it is paid for at any
    hour, `allowed` where the work and the answers allow that way of paying; `place` is that of the way among `WAYS`.
    """

    rent: Sourced | None
    purchase: Sourced | None
    paying: str
    seller: str = ""
    committed: Test = False
    allowed: Test = True
    place: Decimal = Decimal(0)
    least: Decimal = ONE
    """The fewest GPUs that are let: a whole machine is paid for, whatever of it is used."""

    @property
    def by_the_card(self) -> bool:
        """Whether any number of them is let."""
        return not isinstance(self.least, Traced) and self.least == 1

    def paid_for(self, gpus: Decimal) -> Decimal:
        """How many are paid for where so many are used."""
        if self.by_the_card:
            return gpus
        return (gpus / self.least).to_integral_value(ROUND_CEILING) * self.least


class Hardware(Struct, frozen=True):
    """One replica: what it is, what it serves, what its GPUs cost. `throughput` is total tokens a second.

    `watts` is a GPU's board power where it is published, `parameters` the model's, in billions,
    `requests` are those a second as expected, before any of it is varied, at either end of what reasoning adds.
    `assumed` names the answers that were not given.
    """

    model: str
    gpu: str
    precision: str
    gpus_per_replica: Decimal
    throughput: Sourced
    fits: Test
    assumed: tuple[str, ...]
    watts: Decimal | None
    parameters: Decimal
    load: Load
    at_once: AtOnce
    requests: tuple[Decimal, ...]
    cost: GPUCost
    work: Band
    """Tokens that it moves for each token of the demand: a model that reasons writes more than was measured."""
    written: Written = AS_MUCH
    shared: str = ""
    """What its GPUs hold beside the model, in words."""

    @property
    def bound(self) -> Decimal:
        """Tokens a second that physics allows."""
        request = self.load.request
        both_ways = 1 + request.input_length / request.output_length
        return output_bound(self.load.rates.replica, request) * both_ways


class CapacityPlan(Struct, frozen=True):
    """Replicas for a demand. `utilisation` is of all GPUs, over the whole month."""

    hardware: Hardware
    replicas: Decimal
    replicas_band: Band
    spare: Decimal
    gpus: Band
    utilisation: Decimal
    paid_share: Decimal
    open_share: Decimal
    """The share of the month in which rented GPUs are on, work or not; they start beforehand."""
    peak_to_mean: Decimal
    planning_cap: Decimal
    load: Band
    """Replicas in fractions that the likely volume needs, spares apart: what is rounded up."""

    @property
    def idle_share(self) -> Decimal:
        """The share of the GPUs' time that is paid for and not used."""
        return self.paid_share - self.utilisation


class TrafficLoad(Struct, frozen=True):
    """What replicas must carry: `asked` and `mean` tokens a second at the likely volume, up to `cap` of their rate."""

    asked: Decimal
    mean: Decimal
    cap: Decimal
    spare: Decimal
    may_wait: Test
    """Whether all of it may wait: then rented GPUs are paid for only while they run."""
    open_share: Decimal
    """The share of the month outside of which rented GPUs are off, since nobody asks."""
    starting: Decimal
    """The share of the month that GPUs which are switched off are paid for while they start."""
    room: Decimal | None = None
    """The most GPUs that there is room for; None where they stand in a data centre."""

    @property
    def scheduled(self) -> Decimal:
        """The share of the month that rented GPUs are on for, whatever they do."""
        return where(at_least(self.open_share, ONE), ONE, least(self.open_share + self.starting, ONE))


class Sized(Struct, frozen=True):
    """Replicas and GPUs at the likely volume, and how full they are over the month."""

    replicas: Decimal
    gpus: Decimal
    utilisation: Decimal
    paid_share: Decimal
    """The share of the month that rented GPUs are paid for."""


def traffic_load(facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand, committed: Test) -> TrafficLoad:
    """What any replica would have to carry: the interactive peak, and all work on average.

    `committed` where the GPUs are paid for at any hour.
    """
    may_wait = _waits(demand, committed)
    open_share = where(committed, ONE, where(may_wait, ONE, demand.open_share))
    tokens, interactive = demand.tokens.band.likely, 1 - demand.batch_share
    cap = figure("planning_cap", catalogue, facts).band.likely
    starting = figure("batch_start_hours", catalogue, facts).band.likely / HOURS
    asked = _asked(tokens, interactive, demand.peak_to_mean.band.likely, open_share)
    room = catalogue.figures[MOST].likely if at_desk(facts) and committed is True else None
    return TrafficLoad(asked, tokens / SECONDS, cap, _spare(facts), may_wait, open_share, starting, room)


def has_room(load: TrafficLoad, gpus: Decimal) -> Test:
    """Whether there is room for so many GPUs."""
    return load.room is None or at_least(load.room, gpus)


def sized(load: TrafficLoad, one: Hardware) -> Sized:
    """How many replicas the likely volume takes: what a search compares."""
    rate = one.throughput.band.likely / one.work.likely
    replicas = _whole(load.asked / (rate * load.cap)) + load.spare
    used = least(load.mean / (replicas * rate), ONE)
    paid = where(load.may_wait, least(used + load.starting, ONE), load.scheduled)
    return Sized(replicas, one.cost.paid_for(replicas * one.gpus_per_replica), used, paid)


def plan(facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand, one: Hardware) -> CapacityPlan:
    """Whole replicas: enough for the interactive peak, for all work on average, and a spare where asked for."""
    carried = traffic_load(facts, catalogue, demand, one.cost.committed)
    tokens, peak, rate = demand.tokens.band, demand.peak_to_mean.band, one.throughput.band / one.work
    interactive = 1 - demand.batch_share

    def load(tokens: Decimal, peak: Decimal, rate: Decimal) -> Decimal:
        return _asked(tokens, interactive, peak, carried.open_share) / (rate * carried.cap)

    def replicas(tokens: Decimal, peak: Decimal, rate: Decimal) -> Decimal:
        return _whole(load(tokens, peak, rate)) + carried.spare

    band, size = _at_ends(replicas, tokens, peak, rate), sized(carried, one)
    return CapacityPlan(
        one,
        band.likely,
        band,
        carried.spare,
        _paid_for(band * Band.exactly(one.gpus_per_replica), one.cost),
        size.utilisation,
        size.paid_share,
        carried.scheduled,
        peak.likely,
        carried.cap,
        _at_ends(load, Band.exactly(tokens.likely), peak, rate),
    )


def _paid_for(gpus: Band, cost: GPUCost) -> Band:
    return Band(cost.paid_for(gpus.low), cost.paid_for(gpus.likely), cost.paid_for(gpus.high))


def _whole(load: Decimal) -> Decimal:
    return whole(most(load.to_integral_value(ROUND_CEILING), Decimal(1)))


def _asked(tokens: Decimal, interactive: Decimal, peak: Decimal, open_share: Decimal) -> Decimal:
    """Tokens a second: at the peak interactive work must fit, and over the hours that GPUs are on all work must."""
    return tokens / SECONDS * most(interactive * peak, ONE / open_share)


def _at_ends(work: Callable[[Decimal, Decimal, Decimal], Decimal], tokens: Band, peak: Band, rate: Band) -> Band:
    """What is needed for a volume with its peak at a rate: most for the largest of both at the lowest rate."""
    likely = work(tokens.likely, peak.likely, rate.likely)
    if tokens.exact and peak.exact and rate.exact:
        return Band.exactly(likely)
    return Band(work(tokens.low, peak.low, rate.high), likely, work(tokens.high, peak.high, rate.low))


def _waits(demand: Demand, committed: Test) -> Test:
    """Whether GPUs may be let go between two runs: all work may wait, and no term was committed to."""
    waits = where(at_least(demand.batch_share, ONE), ONE, Decimal(0))
    return at_least(where(committed, Decimal(0), waits), ONE)


def _spare(facts: Mapping[str, Fact]) -> Decimal:
    stated = facts["spare_replicas"].value
    if isinstance(stated, Decimal):
        return whole(stated)
    if at_desk(facts):
        return Decimal(0)  # nobody but its owner waits for it
    return where(says(facts, "uptime_critical", True), Decimal(1), Decimal(0))
