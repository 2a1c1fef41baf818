"""What else may serve work that an open model in use does: the same weights at another seller, or another open model.

The same weights at another price need no evaluation; another model is a change, with an evaluation and a migration.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.models.classes import class_of, index_at
from hostwise.economics.models.licences import PROPRIETARY
from hostwise.economics.models.reasoning import AS_MUCH
from hostwise.economics.numbers.currency import Exchange
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.competing.class_wanted import TUNED, model_in_use
from hostwise.economics.plans.competing.contenders import Contenders
from hostwise.economics.plans.competing.sellers import (
    as_its_model_writes,
    cheapest_sold,
    named_seller,
    open_model_priced,
    sold_anywhere,
)
from hostwise.economics.prices.answered_price import token_price
from hostwise.economics.prices.names import seller_id
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.economics.prices.stated import OPEN


class Rivals(Struct, frozen=True):
    """The open model in use at whoever else sells it for least, and another open model; None where nobody sells it.

    `models` are those that the other one was chosen from; none where a provider is named with its model or price.
    """

    same: TokenPrice | None = None
    another: TokenPrice | None = None
    models: tuple[str, ...] = ()


def rivals(
    facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, as_of: date, demand: Demand, found: Contenders
) -> Rivals:
    """What the open model in use is held against; nothing where it is no open one, or was tuned where it is.

    A provider that the answers name with its model or its price is held against it alone. Raises `NoRate`.
    """
    key = open_model_in_use(facts, catalogue)
    if key is None or says(facts, "fine_tuning", *TUNED):
        return Rivals()
    listed = _elsewhere(key, facts, catalogue, as_of, demand)
    sold = sold_anywhere(facts, found, catalogue)
    if not sold:
        quoted = token_price(OPEN, facts, catalogue, rates, as_of, demand)
        if isinstance(quoted, NoPrice):
            return Rivals(listed)
        if open_model_priced(quoted, facts, catalogue) == key:
            return Rivals(replace(quoted, written=AS_MUCH))
        return Rivals(listed, as_its_model_writes(quoted, facts, catalogue, demand))
    models = tuple(each for each in sold if each != key and as_good(each, key, catalogue))
    another = cheapest_sold(models, catalogue, as_of, demand, named_seller(facts, catalogue)) if models else None
    return Rivals(listed, another, models)


def as_good(other: str, key: str, catalogue: Catalogue) -> bool:
    """Of a model that no index has, and whose class has no lower edge, nothing tells that another of it is as good."""
    models, lowest = every_model(catalogue), catalogue.classes.classes[0]
    if index_at(models[key]) is not None or models[key].size_class != lowest:
        return True
    return class_of(models[other], catalogue.classes) != lowest


def open_model_in_use(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The model of the API in use, by key, where it is an open one that a host serves."""
    key = model_in_use(facts, catalogue)
    if key is None or every_model(catalogue)[key].licence == PROPRIETARY:
        return None
    return key if says(facts, "current_tier", "open-model") else None


def _elsewhere(
    key: str, facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date, demand: Demand
) -> TokenPrice | None:
    """At one seller where one is named as a provider; None where it is in use there."""
    found = cheapest_sold((key,), catalogue, as_of, demand, named_seller(facts, catalogue))
    here = seller_id(facts["current_provider"].value, catalogue.seller_names)
    if found is None or seller_id(found.seller, catalogue.seller_names) == here:
        return None
    return replace(found, written=AS_MUCH)  # of the model in use what it writes was measured
