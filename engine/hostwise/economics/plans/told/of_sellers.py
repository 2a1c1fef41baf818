"""The plans of what is bought by the token: models at sellers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.candidates import Dropped, every_model
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.models.classes import class_of
from hostwise.economics.plans.competing.api_models import ApiPlans
from hostwise.economics.plans.competing.contenders import Contenders
from hostwise.economics.plans.competing.sellers import SoldPlan, named_seller, sold_anywhere, sold_plans
from hostwise.economics.plans.told.option_plans import NEXT, LeftOut, OptionPlans, PlanLine, left_out
from hostwise.economics.plans.told.price_words import api_words, names_given
from hostwise.economics.prices.price import TokenPrice


def api_plan_told(
    option: str,
    price: TokenPrice,
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    as_of: date,
    demand: Demand,
    monthly: Decimal,
    factor: Decimal,
    found: Contenders,
    own_model: str | None,
    unnamed: int = 0,
) -> OptionPlans:
    """The price that an API option competes with, and what the other models and sellers would come to.

    `own_model` is the one that own GPUs would run, `unnamed` counts the models that might compete with the one in use.
    """
    best = PlanLine(api_words(price, demand.batch_share, names_given(option, facts, catalogue)), monthly)
    models = sold_anywhere(facts, found, catalogue) if catalogue.options[option].weights == "open" else ()
    plans = sold_plans(models, catalogue, as_of, demand, named_seller(facts, catalogue))
    return sold_plan_told(option, price, plans, best, catalogue, demand, factor, found.not_sold, own_model, unnamed)


def sold_plan_told(
    option: str, price: TokenPrice, sold: Sequence[SoldPlan], best: PlanLine, catalogue: Catalogue, demand: Demand,
    factor: Decimal, dropped: Sequence[Dropped] = (), own_model: str | None = None, unnamed: int = 0,
) -> OptionPlans:  # fmt: skip
    """A price of which `best` is said, and what the others of those that were searched would come to."""
    monthly, plans = best.monthly, sorted(sold, key=lambda each: each.cost)
    won = next((each for each in plans if each.price.source == price.source), None)
    if won is None:
        return OptionPlans(option, best, (), (best,), left_out({"unnamed": unnamed}, ()), 1 + unnamed)

    def line(each: SoldPlan) -> PlanLine:
        return PlanLine(api_words(each.price, demand.batch_share), monthly + (each.cost - won.cost) * factor)

    others = tuple(line(each) for each in plans if each is not won)[:NEXT]
    front = list(_best_of_class(plans, catalogue))
    same = next((line(each) for each in plans if each.model == own_model != won.model), None)
    left = left_out({"undercut": len(plans) - len(front)}, dropped)
    return OptionPlans(option, best, others, tuple(map(line, front)), left, len(plans), same)


def closed_plans_told(
    option: str, api: ApiPlans, facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date, demand: Demand,
    stay: Decimal | None, move: Decimal, moves: bool, factor: Decimal,
) -> OptionPlans:  # fmt: skip
    """The plans of a closed API in use: `stay` and `move` are what staying and the cheapest move come to a month."""
    sold = sold_plans(api.models, catalogue, as_of, demand, None, efforts=api.efforts)
    plans = sorted(sold, key=lambda each: each.cost)
    lines = [
        PlanLine(api_words(each.price, demand.batch_share), move + (each.cost - plans[0].cost) * factor)
        for each in plans
    ]
    front = [lines[plans.index(each)] for each in _best_of_class(plans, catalogue)]
    if stay is not None and isinstance(api.stay, TokenPrice):
        in_use = PlanLine(api_words(api.stay, demand.batch_share, names_given(option, facts, catalogue)), stay)
        front = sorted((*front, in_use), key=lambda each: each.monthly) if not moves else front
        lines.insert(0 if not moves else 1, in_use)
    left = left_out({"undercut": len(lines) - len(front)}, api.dropped)
    left = (LeftOut(api.note, len(api.models)), *left) if api.note else left
    return OptionPlans(option, lines[0], tuple(lines[1 : 1 + NEXT]), tuple(front), left, len(lines))


Line = tuple[PlanLine, SoldPlan | None]
"""A plan as it is said, and what of the price list it is; None of a price that the list does not have."""


def open_in_use_told(
    option: str, best: Line, rest: Sequence[Line], catalogue: Catalogue, dropped: Sequence[Dropped],
    own_model: str | None,
) -> OptionPlans:  # fmt: skip
    """The plans of an open model in use, `rest` in the order of their cost."""
    listed = {id(plan): line for line, plan in (best, *rest) if plan is not None}
    plans = sorted((plan for _, plan in (best, *rest) if plan is not None), key=lambda each: listed[id(each)].monthly)
    dearer = (line for plan in _best_of_class(plans, catalogue) if (line := listed[id(plan)]) is not best[0])
    front = (best[0], *(line for line in dearer if line.monthly > best[0].monthly))
    won = best[1].model if best[1] is not None else None
    same = next((listed[id(plan)] for plan in plans if plan.model == own_model != won), None)
    left = left_out({"undercut": 1 + len(rest) - len(front)}, dropped)
    others = tuple(line for line, _ in rest[:NEXT])
    return OptionPlans(option, best[0], others, front, left, 1 + len(rest), same)


def _best_of_class(plans: Sequence[SoldPlan], catalogue: Catalogue) -> Iterator[SoldPlan]:
    """Of plans in the order of their cost: each whose model is of a higher class than all cheaper ones."""
    models, highest = every_model(catalogue), -2
    for each in plans:
        own = class_of(models[each.model], catalogue.classes, each.price.written.effort)
        rank = catalogue.classes.rank(own) if own else -1
        if rank > highest:
            highest = rank
            yield each
