"""That the API in use serves an open model, where the answers name the model and leave its tier out.

Whoever calls a Llama at a host need not say twice that it is an open one. At its maker's own API it is a model like any
other that a maker sells there, whoever else may run it.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from hostwise.answers.facts import Fact, Origin, Provenance
from hostwise.answers.files.answer import Answers
from hostwise.answers.questions.questions import Questionnaire
from hostwise.answers.to_facts import answer_facts
from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.models.licences import PROPRIETARY
from hostwise.economics.prices.names import seller_id
from hostwise.economics.prices.sellers import made_by, model_called
from hostwise.reading.translatable import prose

TIER, MODEL, PROVIDER = "current_tier", "current_model", "current_provider"
OPEN_MODEL = "open-model"
FOLLOWS = prose("the model in use is an open one, by its licence")


def known_facts(answers: Answers, questionnaire: Questionnaire, catalogue: Catalogue) -> dict[str, Fact]:
    """Answers as facts, with what the catalogue knows of the model that they name."""
    return with_tier_in_use(answer_facts(answers, questionnaire), catalogue)


def with_tier_in_use(facts: Mapping[str, Fact], catalogue: Catalogue) -> dict[str, Fact]:
    """The facts of the answers, with the tier of the API in use where the model that is named tells it."""
    tier = facts.get(TIER)
    if tier is None or tier.known or not serves_open_model(facts.get(MODEL), facts.get(PROVIDER), catalogue):
        return dict(facts)
    return {**facts, TIER: of_open_model(tier)}


def serves_open_model(named: Fact | None, provider: Fact | None, catalogue: Catalogue) -> bool:
    """Whether the model that a fact names is known to be an open one, and the provider is not its maker."""
    name, called = (fact.value if fact is not None else None for fact in (named, provider))
    key = model_called(name, catalogue) if isinstance(name, str) else None
    model = every_model(catalogue)[key] if key is not None else None
    if model is None or model.licence == PROPRIETARY:
        return False
    seller = seller_id(called, catalogue.seller_names)
    return seller is None or not made_by(model, seller)


def of_open_model(tier: Fact) -> Fact:
    """A tier that nobody stated, as that of an open model."""
    return replace(tier, value=OPEN_MODEL, provenance=Provenance(Origin.DERIVED, inputs=(MODEL,), formula=FOLLOWS))
