"""The best plan of own GPUs for each option that stands on them, and for a slice of the traffic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.capacity import CapacityPlan, Hardware, plan, traffic_load
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.desk import at_desk
from hostwise.economics.numbers.currency import Exchange
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.rents import buys, costs_of, paid_way
from hostwise.economics.plans.replicas import Replicas, paid_as, replicas
from hostwise.economics.plans.search import MovingCost, Ranked, cheapest, moving_cost, ranked, undominated
from hostwise.economics.plans.wanted import only, wanted


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
    kept: dict[tuple[str, str, bool], list[Hardware]]
    moving: dict[str, MovingCost]

    def ranked(self, option: str, demand: Demand, hardware: Sequence[Hardware]) -> Iterator[Ranked]:
        """Plans of an option for a demand with what moves with them."""
        return ranked(hardware, traffic_load(self.facts, self.catalogue, demand), self._moving(option))

    def best(self, option: str, demand: Demand, *, triage: bool = False) -> CapacityPlan:
        """The cheapest for a demand, or for a slice of one."""
        first, *others = self._worth_a_look(option, demand, triage)
        one = cheapest(self.ranked(option, demand, [first, *others])) if others else first
        return plan(self.facts, self.catalogue, demand, one)

    def every(self, demand: Demand) -> list[Hardware]:
        """Every replica that may serve, as a demand may be paid for."""
        return self._paid(demand, self.replicas)

    def _worth_a_look(self, option: str, demand: Demand, triage: bool) -> list[Hardware]:
        """What can be cheapest at some volume. A slice that may wait may be paid for as the whole may not."""
        paid = paid_way(self.facts, self.catalogue, demand)
        key = option, paid.way, triage
        if key not in self.kept:
            found = self.triage if triage else self.replicas
            assert found is not None
            cost = self._moving(option)
            bought = self.catalogue.options[option].gpus == "bought"
            paid_for = self._paid(demand, found)
            known = [one for one in paid_for if buys(bought, one)]
            # Where no price is known the ledger says so, of the first. Copies do not replace what a desk has room for.
            kept = known if at_desk(self.facts) else undominated(known, cost)
            self.kept[key] = kept if known else paid_for[:1]
        return self.kept[key]

    def _moving(self, option: str) -> MovingCost:
        """What a plan moves in the ledger of an option."""
        if option not in self.moving:
            self.moving[option] = moving_cost(option, self.catalogue, self.facts, self.likely)
        return self.moving[option]

    def _paid(self, demand: Demand, found: Replicas) -> list[Hardware]:
        gpus = dict.fromkeys(one.gpu for one in found.hardware)
        paid = paid_way(self.facts, self.catalogue, demand)
        return paid_as(found.hardware, costs_of(gpus, self.facts, self.catalogue, self.rates, paid))


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
