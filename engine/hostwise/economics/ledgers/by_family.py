"""An option's ledger, made by its family."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from hostwise.economics.capacity.capacity import CapacityPlan
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.ledgers.api import api_ledger
from hostwise.economics.ledgers.context import LedgerCase
from hostwise.economics.ledgers.device import device_ledger
from hostwise.economics.ledgers.gpu import own_ledger
from hostwise.economics.ledgers.ledger import Ledger, unpriced
from hostwise.economics.ledgers.mix import mix_ledger
from hostwise.economics.plans.own import OwnSearch


class NoPlan(Struct, frozen=True):
    """Why nothing can be said of own GPUs, and the facts that would let it."""

    why: str
    needs: tuple[str, ...]


class OwnPlans(Struct, frozen=True):
    """What own GPUs were searched over, and the best plan of each option that stands on them alone."""

    search: OwnSearch
    best: Mapping[str, CapacityPlan]


def own_plans(case: LedgerCase, demand: Demand, search: OwnSearch) -> OwnPlans:
    """The cheapest plan of each option that stands on own GPUs alone."""
    return OwnPlans(search, {option: search.best(option, demand) for option in case.catalogue.kinds["own"]})


def option_ledgers(case: LedgerCase, demand: Demand, own: OwnPlans | NoPlan) -> dict[str, Ledger]:
    """Every option's ledger, in catalogue order."""
    return {option: _ledger(option, case, demand, own) for option in case.catalogue.options}


def _ledger(option: str, case: LedgerCase, demand: Demand, own: OwnPlans | NoPlan) -> Ledger:
    family = case.catalogue.options[option].family
    if family == "api":
        return api_ledger(option, case, demand)
    if family == "device":
        return device_ledger(option, case, demand)
    if isinstance(own, NoPlan):
        return unpriced(option, case.catalogue, case.currency, own.why, own.needs)
    return (
        mix_ledger(option, case, demand, own.search)
        if family == "mix"
        else own_ledger(option, case, demand, own.best[option])
    )
