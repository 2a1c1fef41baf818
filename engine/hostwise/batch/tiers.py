"""The tier of the API in use of many cases, where the model that they name tells it (`competing/tier.py`)."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from hostwise.batch.cases import FactColumn, Population
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.plans.competing.tier import MODEL, PROVIDER, TIER, of_open_model, serves_open_model


def with_tiers(population: Population, catalogue: Catalogue) -> Population:
    """The cases, in each the tier that the model in use tells where nobody stated one."""
    tier, model, provider = (population.spreads.get(name) for name in (TIER, MODEL, PROVIDER))
    if tier is None or model is None or provider is None:
        return population
    opened = np.array(
        [[serves_open_model(fact, seller, catalogue) for seller in provider.prototypes] for fact in model.prototypes]
    )
    unsaid = np.array([fact is not None and not fact.known for fact in tier.prototypes])
    told = unsaid[tier.which] & opened[model.which, provider.which]
    if not told.any():
        return population
    made = tuple(None if fact is None else of_open_model(fact) for fact in tier.prototypes)
    which = np.where(told, tier.which + len(made), tier.which)
    column = FactColumn((*tier.prototypes, *made), which, tier.numbers)
    return replace(population, spreads={**population.spreads, TIER: column}, _kinds={}, _different={}, _parts={})
