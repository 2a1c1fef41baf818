"""The plans of every priced option as a record has them, from the ledgers that chose between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hostwise.economics.capacity.capacity import CapacityPlan
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.ledgers.api import (
    elsewhere_ledger,
    kept_ledger,
    move_ledger,
    moves_api,
    serves_open_in_use,
    stay_ledger,
)
from hostwise.economics.ledgers.context import LedgerCase
from hostwise.economics.ledgers.ledger import Ledger
from hostwise.economics.plans.competing.class_wanted import model_in_use
from hostwise.economics.plans.competing.contenders import Contenders
from hostwise.economics.plans.competing.seated import from_seated, seated_plans
from hostwise.economics.plans.competing.sellers import named_seller, sold_plans
from hostwise.economics.plans.own import OwnSearch, own_option
from hostwise.economics.plans.told.of_gpus import device_plan_told, own_plans_told, tuned_plans_told
from hostwise.economics.plans.told.of_sellers import (
    Line,
    api_plan_told,
    closed_plans_told,
    open_in_use_told,
    sold_plan_told,
)
from hostwise.economics.plans.told.option_plans import OptionPlans, PlanLine
from hostwise.economics.plans.told.price_words import api_words, billed_words, names_given
from hostwise.economics.prices.price import TokenPrice


def plans_told(
    case: LedgerCase, demand: Demand, ledgers: Mapping[str, Ledger], found: Contenders, search: OwnSearch | None,
    planned: Mapping[str, CapacityPlan],
) -> Iterator[OptionPlans]:  # fmt: skip
    """The plans of every priced option that has a choice of them; `planned` are those of own GPUs."""
    factor = case.factor.likely
    own_model = planned[own_option(case.facts, case.catalogue, tuple(planned))].hardware.model if planned else None
    for option, ledger in ledgers.items():
        total, price = ledger.total, case.prices.get(option)
        if total is None:
            continue
        move = move_ledger(option, case, demand)
        if serves_open_in_use(option, case) and (case.rivals.same or case.rivals.another):
            yield _open_in_use_told(option, case, demand, found, own_model)
        elif case.api is not None and move is not None and move.total is not None:
            stay = stay_ledger(option, case, demand)
            yield closed_plans_told(
                option, case.api, case.facts, case.catalogue, case.as_of, demand,
                stay.total.likely if stay.total else None,
                move.total.likely, bool(moves_api(option, stay, move, case)), factor,
            )  # fmt: skip
        elif isinstance(price, TokenPrice) and case.api is not None and from_seated(option, price, case.catalogue):
            plans = seated_plans(case.facts, case.catalogue, case.as_of, demand, found, case.api)
            best = PlanLine(api_words(price, demand.batch_share), total.likely)
            yield sold_plan_told(option, price, plans, best, case.catalogue, demand, factor)
        elif isinstance(price, TokenPrice):
            yield api_plan_told(
                option, price, case.facts, case.catalogue, case.as_of, demand, total.likely, factor, found, own_model,
                _unnamed(option, case),
            )  # fmt: skip
        elif case.tuned is not None and price is not None:
            yield tuned_plans_told(
                option, case.tuned, demand, total.likely, factor, deployed=ledger.capacity is not None
            )
        elif option in planned and search is not None:
            yield own_plans_told(option, search, demand, planned[option], total.likely, factor, found)
        elif case.catalogue.options[option].family == "device":
            yield device_plan_told(option, case.facts, case.catalogue, total.likely)


def _open_in_use_told(
    option: str, case: LedgerCase, demand: Demand, found: Contenders, own_model: str | None
) -> OptionPlans:
    """The open model in use where it is and at whoever else sells it, and the other open models of its class."""
    stay, same = stay_ledger(option, case, demand), elsewhere_ledger(option, case, demand)
    move = move_ledger(option, case, demand)
    price, rivals = case.prices[option], case.rivals
    here: list[Line] = []
    if stay.total is not None:
        names = names_given(option, case.facts, case.catalogue)
        priced = api_words(price, demand.batch_share, names) if isinstance(price, TokenPrice) else None
        words = priced or billed_words(names)
        here = [(PlanLine(words, stay.total.likely), None)]
    key = (rivals.same.model,) if rivals.same and rivals.same.model else ()
    there = _lines(case, demand, same, rivals.same, key)
    others = _lines(case, demand, move, rivals.another, rivals.models)
    kept = kept_ledger(option, case, demand, stay, same)
    moves = move is not None and move.priced and moves_api(option, kept, move, case)
    best = (others if moves else there if kept is same else here)[0]
    rest = sorted((each for each in (*here, *there, *others) if each is not best), key=lambda each: each[0].monthly)
    return open_in_use_told(option, best, rest, case.catalogue, found.not_sold, own_model)


def _lines(
    case: LedgerCase, demand: Demand, ledger: Ledger | None, price: TokenPrice | None, models: tuple[str, ...]
) -> list[Line]:
    """What a price's own ledger comes to, and what every other seller of these models would."""
    if ledger is None or ledger.total is None or price is None:
        return []
    monthly = ledger.total.likely
    plans = sold_plans(models, case.catalogue, case.as_of, demand, named_seller(case.facts, case.catalogue))
    won = next((each for each in plans if each.price.source == price.source), None)
    first: list[Line] = [(PlanLine(api_words(price, demand.batch_share), monthly), won)]
    if won is None:
        return first
    factor = case.factor.likely
    return first + [
        (PlanLine(api_words(each.price, demand.batch_share), monthly + (each.cost - won.cost) * factor), each)
        for each in plans if each is not won
    ]  # fmt: skip


def _unnamed(option: str, case: LedgerCase) -> int:
    """How many models might compete with the one in use, if it were known by its name."""
    if case.api is None or option != case.catalogue.in_use.closed or model_in_use(case.facts, case.catalogue):
        return 0
    return len(case.api.models)
