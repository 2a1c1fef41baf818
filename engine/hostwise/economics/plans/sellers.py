"""The cheapest seller of an open model for a demand: every seller of the price list that the work may be sent to.

What another seller undercuts in every part of its price is dropped as dominated; the rest are compared by what the
tokens of the demand would cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.models.model import Model
from hostwise.economics.numbers.bands import Band, either
from hostwise.economics.numbers.numbers import Test, above, where
from hostwise.economics.numbers.tape import TapedTruth, Traced
from hostwise.economics.prices.price_list import price_list
from hostwise.economics.prices.prices import TokenPrice, packaged_price
from hostwise.economics.prices.sellers import sellers_of
from hostwise.economics.prices.stated import OPEN

SELLING = ("maker", "cloud", "host")
"""Kinds of sellers (`sellers.yaml`) that run a model themselves and let one build on it."""
CHEAPER = 1 - Decimal("1e-9")
MILLION = Decimal(1_000_000)


class SoldPlan(Struct, frozen=True):
    """An open model at a seller. `cost` is what the tokens come to, USD a month at the likely volume."""

    model: str
    price: TokenPrice
    cost: Decimal


def named_open_model(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The open model that the answers name, at a provider or for own GPUs: both compete with it."""
    names = (facts[name].value for name in ("open_model", "own_model"))
    found = (find_named(name, catalogue.models) for name in names if isinstance(name, str))
    return next((model for model in found if model), None)


def sold_anywhere(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The named open model where neither its seller nor what it charges is given: all who sell it are compared."""
    pinned = any(facts[name].value is not None for name in (OPEN.provider, OPEN.input, OPEN.output))
    return None if pinned else named_open_model(facts, catalogue)


def cheapest_seller(model: str, catalogue: Catalogue, as_of: date, demand: Demand) -> TokenPrice | None:
    """The price at the cheapest seller of a model of the catalogue; None where nobody sells it."""
    plans = _undominated(sold_plans(model, catalogue, as_of, demand))
    if not plans:
        return None
    best, *others = plans
    price, cost = best.price, best.cost
    for other in others:
        better = above(cost * CHEAPER, other.cost)
        price, cost = _either(better, other.price, price), where(better, other.cost, cost)
    return price


def sold_plans(model: str, catalogue: Catalogue, as_of: date, demand: Demand) -> list[SoldPlan]:
    """Every seller's price of a model, the order being that of their names."""
    return [
        SoldPlan(model, price, tokens_cost(price, demand))
        for price in _prices(model, catalogue.models[model], catalogue, as_of, demand)
    ]


def tokens_cost(price: TokenPrice, demand: Demand) -> Decimal:
    """USD a month for the tokens of a demand at its likely volume."""
    cached, batch = demand.cached_share, demand.batch_share
    fresh = demand.input_tokens.band.likely * ((1 - cached) * price.input.likely + cached * price.cached.likely)
    whole = fresh + demand.output_tokens.band.likely * price.output.likely
    return whole / MILLION * (1 - batch * (1 - price.batch_ratio.likely))


def _prices(key: str, model: Model, catalogue: Catalogue, as_of: date, demand: Demand) -> Iterator[TokenPrice]:
    sellers = {seller.id: seller for seller in price_list().sellers}
    for offer in sellers_of(key, model):
        listed = catalogue.sellers.get(offer.seller)
        sells = listed is not None and listed.kind in SELLING and key not in listed.not_sold
        if sells and offer.offer_on(as_of) is not None:
            price = packaged_price(sellers[offer.seller], offer.listed, catalogue, as_of, demand)
            if price is not None:
                yield replace(price, model=key)


def _undominated(plans: Sequence[SoldPlan]) -> list[SoldPlan]:
    return [
        plan for place, plan in enumerate(plans)
        if not any(_undercuts(other.price, plan.price, before=at < place)
                   for at, other in enumerate(plans) if at != place)
    ]  # fmt: skip


def _undercuts(one: TokenPrice, other: TokenPrice, *, before: bool) -> bool:
    """Whether one costs no more in any part, and less in some; of equals the first stays."""
    pairs = [(a.likely, b.likely) for a, b in zip(_parts(one), _parts(other), strict=True)]
    if any(isinstance(each, Traced) for pair in pairs for each in pair):
        return False
    return all(a <= b for a, b in pairs) and (before or any(a < b for a, b in pairs))


def _parts(price: TokenPrice) -> tuple[Band, ...]:
    return price.input, price.output, price.cached, price.batch_ratio


def _either(better: Test, yes: TokenPrice, no: TokenPrice) -> TokenPrice:
    if not isinstance(better, TapedTruth):
        return yes if better else no
    bands = (either(better, a, b) for a, b in zip(_parts(yes), _parts(no), strict=True))
    names = ("input", "output", "cached", "batch_ratio")
    return replace(yes if better.holds else no, **dict(zip(names, bands, strict=True)))
