"""Of which class a model must be to compete: that of the model in use, or of what else the answers say of it."""

from __future__ import annotations

from collections.abc import Mapping

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.candidates import every_model, replacement_of
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.prices.sellers import model_called
from hostwise.reading.translatable import fill, prose

API_IN_USE = (
    "current_tier", "current_model", "current_provider", "current_input_price", "current_output_price",
    "stated_api_spend",
)  # fmt: skip
"""What is answered of an API in use, as far as it has one."""


def class_wanted(facts: Mapping[str, Fact], catalogue: Catalogue) -> tuple[str, str | None]:
    """The model in use, else the class that others must be of, and what that goes by; empty where nothing tells.

    Of a model in no index that is the class of what its maker names instead: no lower one, as a rule. A tier may be
    that of another year. Where nothing is in use it is that of the open model that is named, else one is assumed. Of an
    API in use whose price alone is known nobody can say.
    """
    models, in_use = every_model(catalogue), facts["current_model"].value
    key = model_in_use(facts, catalogue)
    if key is not None and models[key].size_class:
        return key, None
    successor = replacement_of(key, catalogue) if key else None
    if successor and models[successor].size_class:
        found = models[successor].size_class
        message = prose("compared, though {model} is in no index that is known: by the class of {other}, its successor")
        return found, fill(message, model=str(key), other=successor)
    for tier, found in catalogue.gap_priors.class_of_tier.items():
        if says(facts, "current_tier", tier):
            message = prose("compared, though {model} is in no index that is known: by its tier, the class {found}")
            if in_use is None:
                message = prose("compared, though the model in use is not named: by its tier, the class {found}")
            return found, fill(message, model=str(in_use), found=found)
    if not nothing_in_use(facts):
        return "", None
    named = named_open_model(facts, catalogue)
    if named is None:
        message = prose("compared, though no model is in use or named: by the class {found}, which is assumed")
        return catalogue.classes.assumed, fill(message, found=catalogue.classes.assumed)
    if not models[named].size_class:
        return "", None
    return named, fill(prose("compared, though no API is in use: with {model}, the model that is named"), model=named)


def class_assumed(facts: Mapping[str, Fact], catalogue: Catalogue) -> bool:
    """Whether nothing is said of an API in use nor of an open model: what competes is of a class that is assumed."""
    return nothing_in_use(facts) and named_open_model(facts, catalogue) is None


def nothing_in_use(facts: Mapping[str, Fact]) -> bool:
    """Whether nothing is answered of an API in use: there is no staying on it then."""
    return all(facts[name].value is None for name in API_IN_USE)


def model_in_use(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The model of the API in use, by key; None where it is not named or the catalogue does not have it."""
    name = facts["current_model"].value
    return model_called(name, catalogue) if isinstance(name, str) else None


def named_open_model(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The open model that the answers name, at a provider or for own GPUs: both compete with it."""
    names = (facts[name].value for name in ("open_model", "own_model"))
    found = (find_named(name, catalogue.models) for name in names if isinstance(name, str))
    return next((model for model in found if model), None)
