"""Weights of one's own at a provider: a deployment by the GPU-hour at each seller of them, or an adapter by the token.

The base model's price by the token is no plan: it buys the base model. An adapter can be merged into its base, so it
may run on a deployment too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.capacity import CapacityPlan, GPUCost, Hardware, TrafficLoad, plan, traffic_load
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.adapters import AdapterOffer
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.gpus import GPU, Rent
from hostwise.economics.catalogue.sourced import Sourced
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.currency import Exchange
from hostwise.economics.numbers.taped_facts import says, tape_of
from hostwise.economics.plans.beside import adapters_on
from hostwise.economics.plans.competing.sellers import SoldPlan, cheapest_of, sold_plans, tokens_cost
from hostwise.economics.plans.search import MovingCost, Ranked, cheapest, moving_cost, ranked
from hostwise.economics.plans.serving.replicas import Replicas, replicas
from hostwise.economics.plans.wanted import SearchWanted, supported, wanted
from hostwise.economics.prices.price import TokenPrice
from hostwise.reading.translatable import fill, prose

DEDICATED = "dedicated"
"""The class of sellers of deployments (`rents.yaml`), and how such GPUs are paid for."""


def own_weights(facts: Mapping[str, Fact]) -> bool:
    """Whether weights of one's own are to be served. The cases of a tape part by it."""
    return bool(says(facts, "fine_tuning", "own-weights"))


class TunedSearch(Struct, frozen=True):
    """What own weights are searched over at providers for one set of answers: every replica at every seller of it."""

    facts: Mapping[str, Fact]
    catalogue: Catalogue
    as_of: date
    likely: Mapping[str, Decimal]
    found: Replicas
    hardware: tuple[Hardware, ...]
    adapters: tuple[AdapterOffer, ...]

    def ranked(self, option: str, demand: Demand) -> list[Ranked]:
        """Every deployment with what moves with it."""
        return list(ranked(self.hardware, self._load_of(demand), self._moving(option)))

    def dedicated(self, option: str, demand: Demand) -> CapacityPlan | None:
        """The cheapest deployment for a demand; None where nobody lets a GPU that serves it."""
        if not self.hardware:
            return None
        one = cheapest(self.hardware, self._load_of(demand), self._moving(option), tape_of(self.facts))
        return plan(self.facts, self.catalogue, demand, one)

    def _load_of(self, demand: Demand) -> Callable[[Hardware], TrafficLoad]:
        load = traffic_load(self.facts, self.catalogue, demand, False)
        return lambda _: load

    def _moving(self, option: str) -> MovingCost:
        return moving_cost(option, self.catalogue, self.facts, self.likely, deployed=True)

    def adapter(self, demand: Demand) -> TokenPrice | None:
        """The cheapest price of an adapter for a demand; None where the weights are whole, or nobody serves one."""
        plans: list[SoldPlan] = []
        near = (each for each in self.adapters if not self.catalogue.sellers[each.seller].leaves(demand.region))
        for offer in near:
            for each in sold_plans((offer.base,), self.catalogue, self.as_of, demand, offer.seller):
                price = _of_adapter(each.price, offer)
                plans.append(replace(each, price=price, cost=tokens_cost(price, demand)))
        return cheapest_of(plans, self.catalogue)


def tuned_search(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    rates: Exchange,
    as_of: date,
    demand: Demand,
    likely: Mapping[str, Decimal],
    models: tuple[str, ...],
) -> TunedSearch:
    """Everything that providers offer for own weights of some models. Raises `NoRate` as `replicas` does."""
    let = {name: rents for name in supported(catalogue) if (rents := _dedicated(catalogue.gpus[name]))}
    asked = wanted(facts, catalogue, demand, models)
    searched = SearchWanted(
        asked.models,
        tuple(let),
        asked.precision,
        None,
        None,
        tuple(dict.fromkeys((*asked.assumed, "gpu"))),
        asked.target,
        beside=asked.beside,
        adapters=asked.adapters,
    )
    found = replicas(facts, _at_providers(catalogue, let), rates, demand, searched)
    hardware = tuple(
        replace(one, cost=GPUCost(_rent(rent), None, DEDICATED, rent.seller))
        for one in map(found.recorded, found.hardware)
        for rent in let[one.gpu]
        if one.gpus_per_replica >= rent.least
    )
    adapter = adapters_on(facts) > 0 or bool(says(facts, "tuned_weights", "adapter"))
    offers = tuple(
        each for each in catalogue.adapters if adapter and each.base in asked.models and as_of <= each.expires
    )
    return TunedSearch(facts, catalogue, as_of, likely, found, hardware, offers)


def _dedicated(gpu: GPU) -> tuple[Rent, ...]:
    return tuple(rent for rent in gpu.rents if rent.seller_class == DEDICATED and rent.way == "on-demand")


def _at_providers(catalogue: Catalogue, let: Mapping[str, tuple[Rent, ...]]) -> Catalogue:
    """The catalogue with what providers ask for a GPU: by that one GPU beats another."""
    gpus = {
        name: replace(gpu, rent=min(let[name], key=lambda rent: rent.likely) if name in let else None, purchase=None)
        for name, gpu in catalogue.gpus.items()
    }
    return replace(catalogue, gpus=gpus, remembered=catalogue.remembered.within(DEDICATED))


def _rent(rent: Rent) -> Sourced:
    source = fill(
        prose("dedicated at {seller}, {day}: {source}"), seller=rent.seller, day=rent.as_of.isoformat(),
        source=rent.source,
    )  # fmt: skip
    return Sourced(rent.band, "listed", source, (), "USD/GPU-hour")


def _of_adapter(price: TokenPrice, offer: AdapterOffer) -> TokenPrice:
    premium = Band(offer.premium.low, offer.premium.likely, offer.premium.high)
    message = prose("{source}; an adapter at {low} to {high} times the base model's price: {why} ({adapter})")
    source = fill(
        message, source=price.source, low=f"{premium.low:f}", high=f"{premium.high:f}", why=offer.because,
        adapter=offer.source,
    )  # fmt: skip
    return replace(
        price, input=price.input * premium, output=price.output * premium, cached=price.cached * premium,
        source=source, adapter=True,
    )  # fmt: skip
