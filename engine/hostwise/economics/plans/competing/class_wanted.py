"""Of which class a model must be to compete: that of the model in use, or of what else the answers say of it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.candidates import every_model, replacement_of
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.models.licences import PROPRIETARY
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.prices.names import is_listed
from hostwise.economics.prices.sellers import model_called
from hostwise.reading.translatable import fill, prose

NEEDED = "class_needed"
"""The class that the answers say the work needs."""
OWN_WEIGHTS = ("own-weights", "data-cannot-leave")
"""Words of `fine_tuning` with which the model is one's own: no other takes its place."""
TUNED = ("provider-service", *OWN_WEIGHTS)
"""Words of `fine_tuning` with which the model in use is none that others sell."""
NAMED = ("open_model", "own_model")
"""Where an open model is named."""
API_IN_USE = (
    "current_tier", "current_model", "current_provider", "current_input_price", "current_output_price",
    "stated_api_spend",
)  # fmt: skip
"""What is answered of an API in use, as far as it has one."""


class ClassWanted(Struct, frozen=True):
    """The model in use, or the class that others must be of; what that goes by; and whether nothing tells it.

    `asked` is empty for embeddings, which no index ranks.
    """

    asked: str
    note: str | None = None
    assumed: bool = False


def class_wanted(facts: Mapping[str, Fact], catalogue: Catalogue) -> ClassWanted:
    """What others must match: the class that the work is said to need, else the model in use, by its index; else a
    class, and of nothing that tells, one assumed.

    Of a model in no index it is the class of what its maker names instead: no lower one, as a rule. A tier may be that
    of another year. Where no API is in use it is the open model that is named.
    """
    if catalogue.work.embedding(facts):
        return ClassWanted("")
    for found in catalogue.classes.classes:
        if says(facts, NEEDED, found):
            return ClassWanted(
                found, fill(prose("compared by the class {found}, which the work is said to need"), found=found)
            )
    models, in_use = every_model(catalogue), facts["current_model"].value
    key = model_in_use(facts, catalogue)
    if key is not None and models[key].size_class:
        return ClassWanted(key)
    successor = replacement_of(key, catalogue) if key else None
    if successor and models[successor].size_class:
        found = models[successor].size_class
        message = prose("compared, though {model} is in no index that is known: by the class of {other}, its successor")
        return ClassWanted(found, fill(message, model=str(key), other=successor))
    for tier, found in catalogue.gap_priors.class_of_tier.items():
        if says(facts, "current_tier", tier):
            message = prose("compared, though {model} is in no index that is known: by its tier, the class {found}")
            if in_use is None:
                message = prose("compared, though the model in use is not named: by its tier, the class {found}")
            return ClassWanted(found, fill(message, model=str(in_use), found=found))
    named = named_open_model(facts, catalogue)
    if named is not None and models[named].size_class and nothing_in_use(facts):
        message = prose("compared, though no API is in use: with {model}, the model that is named")
        return ClassWanted(named, fill(message, model=named))
    found = catalogue.classes.assumed
    message = prose("compared, though nothing tells which class is wanted: by the class {found}, which is assumed")
    return ClassWanted(found, fill(message, found=found), assumed=True)


def class_assumed(facts: Mapping[str, Fact], catalogue: Catalogue) -> bool:
    """Whether what competes is of a class that nothing tells: another one may lead elsewhere, so it is drawn."""
    if says(facts, "fine_tuning", *OWN_WEIGHTS) or not class_wanted(facts, catalogue).assumed:
        return False
    # An open model that is named competes as it is, with closed ones of a class where it is in no index; a model in use
    # that no index has, with closed ones of a class.
    named = named_open_model(facts, catalogue)
    return named is None or nothing_in_use(facts) or unindexed_in_use(facts, catalogue)


def unindexed_in_use(facts: Mapping[str, Fact], catalogue: Catalogue) -> bool:
    """Whether the model of the API in use is a closed one that a price list has, and no index: older ones, above all.

    What no list has is of no class that could be supposed: a name of one's own, or of a class of models.
    """
    name, key = facts["current_model"].value, model_in_use(facts, catalogue)
    if not isinstance(name, str):
        return False
    if key is not None:
        model = every_model(catalogue)[key]
        return model.licence == PROPRIETARY and not model.size_class
    return is_listed(name, catalogue.seller_names)


def nothing_in_use(facts: Mapping[str, Fact]) -> bool:
    """Whether nothing is answered of an API in use: there is no staying on it then."""
    return all(facts[name].value is None for name in API_IN_USE)


def model_in_use(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The model of the API in use, by key; None where it is not named or the catalogue does not have it."""
    name = facts["current_model"].value
    return model_called(name, catalogue) if isinstance(name, str) else None


def same_model(facts: Mapping[str, Fact], catalogue: Catalogue) -> bool | None:
    """Whether the open model that is named is the one in use already; None where either is not named."""
    named, used = named_open_model(facts, catalogue), model_in_use(facts, catalogue)
    return None if named is None or used is None else named == used


def named_open_model(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The open model that the answers name, at a provider or for own GPUs."""
    return named_with_shape(facts, catalogue) or named_without_shape(facts, catalogue)


def named_with_shape(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The model that is named and that GPUs can be sized for: a provider and own GPUs both compete with it."""
    names = (facts[name].value for name in NAMED)
    found = (find_named(name, catalogue.models) for name in names if isinstance(name, str))
    return next((model for model in found if model), None)


def named_without_shape(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The open model named for a provider of which nobody knows what it takes of a GPU: own GPUs run another one."""
    name = facts["open_model"].value
    key = model_called(name, catalogue) if isinstance(name, str) else None
    known = key is not None and key in catalogue.api_models and catalogue.api_models[key].licence != PROPRIETARY
    return key if known else None
