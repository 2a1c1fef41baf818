"""The best plan of own GPUs for each option that stands on them, and for a slice of the traffic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.capacity import (
    CapacityPlan,
    Hardware,
    TrafficLoad,
    has_room,
    plan,
    sized,
    traffic_load,
)
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.answered.desk import at_desk
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.numbers.abreast import NEAR
from hostwise.economics.numbers.currency import Exchange
from hostwise.economics.numbers.numbers import Test, above, both, least, most, where
from hostwise.economics.numbers.tape import Tape, Traced
from hostwise.economics.numbers.taped_facts import says, tape_of
from hostwise.economics.plans.abreast import abreast, picked
from hostwise.economics.plans.rents import BOUGHT, Paid, buys, costs_of, paid_ways
from hostwise.economics.plans.search import (
    IMPOSSIBLE,
    MovingCost,
    Ranked,
    cheapest,
    moving_cost,
    ranked,
    undominated,
)
from hostwise.economics.plans.serving.replicas import Replicas, paid_as, replicas
from hostwise.economics.plans.wanted import only, wanted

ONE = Decimal(1)
NOT_QUITE = 1 - Decimal("1e-9")
"""A slice that fills its replicas leaves this much room, or the last digit of a division would ask for one more."""


class OwnSearch(Struct, frozen=True):
    """What own GPUs are searched over for one set of answers. `likely` are the values that any formula may name.

    `triage` are replicas of the small model that sorts the easy requests out, whatever the answers say of another.
    """

    facts: Mapping[str, Fact]
    catalogue: Catalogue
    rates: Exchange
    likely: Mapping[str, Decimal]
    replicas: Replicas
    triage: Replicas | None
    kept: dict[tuple[str, str, bool, bool], list[Hardware]]
    moving: dict[str, MovingCost]

    def ranked(self, option: str, demand: Demand, hardware: Sequence[Hardware]) -> Iterator[Ranked]:
        """Plans of an option for a demand with what moves with them."""
        return ranked(hardware, self._loads(demand), self._moving(option))

    def _loads(self, demand: Demand) -> Callable[[Hardware], TrafficLoad]:
        """The load on GPUs by whether they are paid for at any hour."""
        loads: list[tuple[Test, TrafficLoad]] = []

        def load_of(one: Hardware) -> TrafficLoad:
            found = next((load for committed, load in loads if committed is one.cost.committed), None)
            if found is None:
                found = traffic_load(self.facts, self.catalogue, demand, one.cost.committed)
                loads.append((one.cost.committed, found))
            return found

        return load_of

    def best(self, option: str, demand: Demand, *, triage: bool = False) -> CapacityPlan:
        """The cheapest for a demand, or for a slice of one."""
        found = self._worth_a_look(option, demand, triage)
        one = cheapest(found, self._loads(demand), self._moving(option), tape_of(self.facts))
        return plan(self.facts, self.catalogue, demand, one)

    def filled(self, option: str, demand: Demand, *, but_one: bool, triage: bool = False) -> Fillings:
        """All GPUs with the part of a slice that whole replicas of them serve when they are full.

        One replica, or all `but_one` of those that the slice takes.
        """
        moving, load_of, tape = self._moving(option), self._loads(demand), tape_of(self.facts)

        def fill(one: Hardware) -> Filled:
            load = load_of(one)
            replicas = load.asked * one.work.likely / (one.throughput.band.likely * load.cap)
            full = sized(load, one).replicas - load.spare - 1 if but_one else ONE
            part = most(full, ONE) / replicas * NOT_QUITE
            possible = both(above(full, ONE) if but_one else True, above(ONE, part))
            part = least(part, ONE)
            size = sized(replace(load, asked=load.asked * part, mean=load.mean * part), one)
            serves = both(both(one.fits, one.cost.allowed), both(possible, has_room(load, size.gpus)))
            return Filled(one, part, possible, serves, moving.of(one, size))

        found = self._worth_a_look(option, demand, triage)
        if tape is not None and len(found) > 1:
            return Fillings(found, (fill(abreast(found, tape)),), fill, tape)
        return Fillings(found, tuple(fill(one) for one in found), fill, None)

    def planned(self, demand: Demand, one: Hardware) -> CapacityPlan:
        """Some GPUs for a demand."""
        return plan(self.facts, self.catalogue, demand, one)

    def every(self, option: str, demand: Demand) -> list[Hardware]:
        """Every replica that may serve, in every way that an option's GPUs may be paid for."""
        ways = self._ways(option, demand)
        return [one for way in ways for one in self._paid(way, self.replicas) if one.cost.allowed is not False]

    def _worth_a_look(self, option: str, demand: Demand, triage: bool) -> list[Hardware]:
        """What can be cheapest at some volume. A slice that may wait may be paid for as the whole may not."""
        share = demand.batch_share
        waits = not isinstance(share, Traced) and share >= 1  # in every case of a tape
        ways = self._ways(option, demand)
        found = [one for way in ways for one in self._kept(option, way, triage, waits)]
        known = [one for one in found if buys(ways[0] is BOUGHT, one)]
        # Where no price is known the ledger says so, of the first.
        return known or found[:1]

    def _kept(self, option: str, way: Paid, triage: bool, waits: bool) -> list[Hardware]:
        key = option, way.way, triage, waits
        if key not in self.kept:
            found = self.triage if triage else self.replicas
            assert found is not None
            paid_for = self._paid(way, found)
            known = [one for one in paid_for if buys(way is BOUGHT, one)]
            # Copies do not replace what a desk has room for.
            kept = known if at_desk(self.facts) else undominated(known, self._moving(option))
            self.kept[key] = [found.recorded(one) for one in (kept if known else paid_for[:1])]
        return self.kept[key]

    def _ways(self, option: str, demand: Demand) -> tuple[Paid, ...]:
        """The ways of paying that compete."""
        bought = self.catalogue.options[option].gpus == "bought"
        return (BOUGHT,) if bought else paid_ways(self.facts, self.catalogue, demand)

    def _moving(self, option: str) -> MovingCost:
        """What a plan moves in the ledger of an option."""
        if option not in self.moving:
            self.moving[option] = moving_cost(option, self.catalogue, self.facts, self.likely)
        return self.moving[option]

    def _paid(self, way: Paid, found: Replicas) -> list[Hardware]:
        gpus = dict.fromkeys(one.gpu for one in found.hardware)
        return paid_as(found.hardware, costs_of(gpus, self.facts, self.catalogue, self.rates, way))


class Filled(Struct, frozen=True):
    """GPUs that a part of a slice fills, whether that leaves any of it, whether they serve it, and for how much."""

    hardware: Hardware
    part: Decimal
    possible: Test
    serves: Test
    cost: Decimal


class Fillings(Struct, frozen=True):
    """GPUs with what each fills; side by side as one on a tape. `fill` says it of any."""

    hardware: Sequence[Hardware]
    found: tuple[Filled, ...]
    fill: Callable[[Hardware], Filled]
    tape: Tape | None

    def cheapest(self, worth: Decimal) -> Filled:
        """Those that serve their part for least, where the slice costs `worth` elsewhere, USD a month."""
        costs = [where(each.serves, each.cost - worth * each.part, IMPOSSIBLE) for each in self.found]
        if self.tape is None:
            best = 0
            for place, cost in enumerate(costs):
                best = place if costs[best] - NEAR > cost else best
            return self.found[best]
        row = self.tape.cheapest(costs[0], by_far=True) if self.tape.differ(costs[0]) else None
        return self.fill(self.hardware[0] if row is None else picked(row, self.hardware, self.tape))


def own_search(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    rates: Exchange,
    demand: Demand,
    likely: Mapping[str, Decimal],
    models: tuple[str, ...],
) -> OwnSearch:
    """Every replica of some models that answers and catalogue allow. Raises as `replicas` does."""
    found = replicas(facts, catalogue, rates, demand, wanted(facts, catalogue, demand, models))
    triage = None
    if demand.triage_share > 0:
        triage = replicas(facts, catalogue, rates, demand, only(catalogue.candidates["triage"], facts, catalogue))
    return OwnSearch(facts, catalogue, rates, likely, found, triage, {}, {})


def own_option(facts: Mapping[str, Fact], catalogue: Catalogue, among: tuple[str, ...]) -> str:
    """The option whose GPUs are as the answers say they would be bought; the first where none is."""
    gpus = "bought" if at_desk(facts) or says(facts, "purchase", "owned") else "rented"
    return next((option for option in among if catalogue.options[option].gpus == gpus), among[0])
