"""The open model in use at another seller: the same weights at another price, and nothing to evaluate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.models.licences import PROPRIETARY
from hostwise.economics.models.reasoning import AS_MUCH
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.competing.class_wanted import model_in_use
from hostwise.economics.plans.competing.sellers import cheapest_sold, named_seller
from hostwise.economics.prices.names import seller_id
from hostwise.economics.prices.prices import TokenPrice

TUNED = ("provider-service", "own-weights", "data-cannot-leave")
"""Words of `fine_tuning` with which the model in use is none that others sell."""


def sold_elsewhere(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date, demand: Demand) -> TokenPrice | None:
    """What whoever else sells the open model in use for least asks, at one seller where one is named as a provider.

    None where it is in use at that seller, where it was tuned there, or where the model in use is no open one.
    """
    key = model_in_use(facts, catalogue)
    if key is None or every_model(catalogue)[key].licence == PROPRIETARY or says(facts, "fine_tuning", *TUNED):
        return None
    if not says(facts, "current_tier", "open-model"):
        return None
    found = cheapest_sold((key,), catalogue, as_of, demand, named_seller(facts, catalogue))
    here = seller_id(facts["current_provider"].value, catalogue.seller_names)
    if found is None or seller_id(found.seller, catalogue.seller_names) == here:
        return None
    return replace(found, written=AS_MUCH)  # of the model in use what it writes was measured
