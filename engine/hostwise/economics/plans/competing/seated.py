"""What sellers under one's own law list of the models that compete: an API in a sovereign cloud, at its own price.

A seat tells whose law reaches the data. Where no such seller is known, or none sells a model that would do, the price
of an API of this kind is assumed from another one's (`options.yaml`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.options import SEATED
from hostwise.economics.numbers.currency import stated_currency
from hostwise.economics.plans.competing.api_models import ApiPlans
from hostwise.economics.plans.competing.contenders import Contenders
from hostwise.economics.plans.competing.paired_interval import open_is_too_far
from hostwise.economics.plans.competing.sellers import SoldPlan, cheapest_of, named_seller, sold_plans
from hostwise.economics.prices.names import seller_written
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.economics.prices.sellers import model_called
from hostwise.economics.prices.stated import OPEN
from hostwise.reading.translatable import prose

NOBODY = prose("no seller whose seat is under the same law is known to sell a model that would do")


def seated_price(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    as_of: date,
    demand: Demand,
    found: Contenders,
    api: ApiPlans,
    opened: TokenPrice | NoPrice,
) -> TokenPrice | NoPrice:
    """The least that such a seller asks; what the answers say that one of them asks stands before any list."""
    if isinstance(opened, TokenPrice) and opened.origin == "given" and _is_seated(facts, catalogue):
        seller, model = (facts[name].value for name in (OPEN.provider, OPEN.model))
        written = seller_written(seller, catalogue.seller_names) if isinstance(seller, str) else None
        return replace(opened, seller=written, model=model_called(model, catalogue) if isinstance(model, str) else None)
    cheapest = cheapest_of(seated_plans(facts, catalogue, as_of, demand, found, api), catalogue)
    return NoPrice(NOBODY, ()) if cheapest is None else cheapest


def seated_plans(
    facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date, demand: Demand, found: Contenders, api: ApiPlans
) -> list[SoldPlan]:
    """Every such seller's price of each open model that a provider is searched over, and of closed ones of the class.

    What an open model was scored at and is too much worse by speaks against all of them, as it does elsewhere.
    """
    homes = countries(facts, catalogue)
    if not homes:
        return []
    opened = () if open_is_too_far(facts, catalogue) else found.sold
    models = tuple(dict.fromkeys((*opened, *api.models)))
    return sold_plans(models, catalogue, as_of, demand, None, efforts=api.efforts, homes=homes)


def from_seated(option: str, price: TokenPrice, catalogue: Catalogue) -> bool:
    """Whether the price of an option is that of such a seller, and not one assumed from another's."""
    rule = catalogue.options[option].price
    return rule is not None and SEATED in rule.of and price.origin != "assumed"


def countries(facts: Mapping[str, Fact], catalogue: Catalogue) -> tuple[str, ...]:
    """The countries under the law of whoever counts in the currency of the answers."""
    currency = stated_currency(facts)
    return tuple(
        country for each in catalogue.jurisdictions if currency in each.currencies for country in each.countries
    )


def _is_seated(facts: Mapping[str, Fact], catalogue: Catalogue) -> bool:
    seller = named_seller(facts, catalogue)
    facts_of = catalogue.sellers.get(seller) if seller is not None else None
    return facts_of is not None and facts_of.home in countries(facts, catalogue)
