"""Which models may take a workload over: those of the class in use or above, and of every other one the reason why not.

found = candidates("GPT-4.1 mini", catalogue, facts, as_of=date(2026, 11, 28))
found.kept          # keys of catalogue.models and catalogue.api_models, the best class first
found.dropped       # (key, reason)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.models.api_model import ApiModel
from hostwise.economics.models.classes import AnyModel, class_of, index_at
from hostwise.economics.models.licences import PROPRIETARY, why_not_licensed
from hostwise.economics.models.model import ModelIndex, ModelKind
from hostwise.reading.translatable import fill, prose


class Dropped(Struct, frozen=True):
    """A model that is no candidate, and why: the first reason that was found."""

    model: str
    reason: str


class Candidates(Struct, frozen=True):
    """Models that may do the work, the highest class first, and those that may not.

    `efforts` holds, of kept models whose index is known at several, the least at which it is high enough.
    """

    model_class: str
    kept: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    efforts: Mapping[str, str] = {}


def every_model(catalogue: Catalogue) -> Mapping[str, AnyModel]:
    """Open models with their shape and those that are only sold, by key."""
    known = catalogue.remembered.get("every model")
    if not isinstance(known, dict):
        every: dict[str, AnyModel] = {**catalogue.models, **catalogue.api_models}
        known = catalogue.remembered["every model"] = every
    return known


DEVICE = "device"
"""The candidate that runs on the users' devices."""


def model_on_device(facts: Mapping[str, Fact], catalogue: Catalogue) -> str:
    """The open model that is named, shaped or not, else the candidate for devices, by key.

    Of a model without a shape nobody can size a GPU; on a device its weights have to fit, and their size is known.
    """
    named = facts["own_model"].value
    if isinstance(named, str):
        if (found := find_named(named, catalogue.models)) is not None:
            return found
        sold = find_named(named, catalogue.api_models)
        entry = catalogue.api_models[sold] if sold else None
        if sold and entry and entry.licence != PROPRIETARY and entry.parameters is not None:
            return sold
    return catalogue.candidates[DEVICE].model


def weights_on_device(facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal:
    """The parameters of that model, in billions."""
    parameters = every_model(catalogue)[model_on_device(facts, catalogue)].parameters
    assert parameters is not None
    return parameters


WRITING: tuple[ModelKind, ...] = ("chat", "vision")
"""Kinds of models that write."""


def candidates(
    in_use: str,
    catalogue: Catalogue,
    facts: Mapping[str, Fact],
    as_of: date,
    *,
    effort: str = "",
    context: Decimal = Decimal(0),
    kinds: tuple[ModelKind, ...] = WRITING,
    hosted_by: Literal["you", "seller"] = "you",
) -> Candidates:
    """The models of the class of `in_use` or above; it is a key of a model, at an effort, or a class.

    `context` tokens must fit into one request, and only models of `kinds` can do it. A model of no known class is none.
    The licence binds who hosts it: at a seller, its right to serve the model is the seller's matter.
    Raises `KeyError` for a word that is neither.
    """
    rated = _rated(in_use, effort, kinds, as_of, catalogue)
    efforts, dropped = dict[str, str](), list[Dropped]()
    for key, each in rated.models.items():
        why = each.why
        if each.enough is not None:
            unfit = _of_context(each.model, context)
            if unfit is None and hosted_by == "you":
                unfit = why_not_licensed(each.model.licence, catalogue.licences, facts)
            if unfit is None:
                efforts[key] = each.enough
                continue
            why = why or unfit
        dropped.append(Dropped(key, why or ""))
    kept = sorted(efforts, key=lambda key: rated.models[key].worth)
    return Candidates(
        rated.model_class, tuple(kept), tuple(dropped), {key: each for key, each in efforts.items() if each}
    )


def leaves_on(key: str, catalogue: Catalogue) -> date | None:
    """The day on which a model leaves its maker's API; None where none is announced."""
    return every_model(catalogue)[key].retired_on


def replacement_of(key: str, catalogue: Catalogue) -> str | None:
    """The model that its maker names as its successor, by key."""
    model = every_model(catalogue)[key]
    return (model.replacement or None) if isinstance(model, ApiModel) else None


class _Need(Struct, frozen=True):
    in_use: str
    model_class: str
    floor: Decimal | None
    """What the index must be at least in the lowest class, which has no lower edge: that of the model in use."""
    kinds: tuple[ModelKind, ...]
    as_of: date


class _RatedModel(Struct, frozen=True):
    """A model against the one in use. `enough` is the least effort at which it may do the work, None where none is.

    `why` is the reason against it at the effort of its entry, if any.
    """

    model: AnyModel
    enough: str | None
    why: str | None
    worth: tuple[int, Decimal]


class _Rated(Struct, frozen=True):
    model_class: str
    models: Mapping[str, _RatedModel]


def _rated(in_use: str, effort: str, kinds: tuple[ModelKind, ...], as_of: date, catalogue: Catalogue) -> _Rated:
    """Every model by what follows from the catalogue and the day alone."""
    key = "rated", in_use, effort, kinds, as_of
    known = catalogue.remembered.get(key)
    if not isinstance(known, _Rated):
        models = every_model(catalogue)
        asked = in_use if in_use in catalogue.classes.classes else class_of(models[in_use], catalogue.classes, effort)
        index = index_at(models[in_use], effort) if in_use in models else None
        floor = catalogue.classes.on_newest(index) if index else None
        need = _Need(in_use, asked, floor, kinds, as_of)
        known = _Rated(asked, {each: _rate(each, model, need, catalogue) for each, model in models.items()})
        catalogue.remembered[key] = known
    return known


def _rate(key: str, model: AnyModel, need: _Need, catalogue: Catalogue) -> _RatedModel:
    tried = ("",) if key == need.in_use else catalogue.reasoning.efforts(model)
    why = {each: _of_itself(model, need) or _of_class(key, model, each, need, catalogue) for each in tried}
    enough = next((each for each, reason in why.items() if reason is None), None)
    return _RatedModel(model, enough, why[""], _worth(model, catalogue))


def _of_itself(model: AnyModel, need: _Need) -> str | None:
    if model.retired_on is not None and model.retired_on <= need.as_of:
        return fill("left its API on {day}", day=model.retired_on.isoformat())
    if model.kind not in need.kinds:
        return fill("is for another kind of work: {kind}", kind=model.kind)
    return None


def _of_context(model: AnyModel, context: Decimal) -> str | None:
    """Last: where the length differs from case to case it is asked about."""
    if model.context is not None and model.context < context:
        return fill(
            "takes {most} tokens at once, {needed} are needed", most=str(model.context), needed=f"{context:.0f}"
        )
    return None


def _of_class(key: str, model: AnyModel, effort: str, need: _Need, catalogue: Catalogue) -> str | None:
    if key == need.in_use:
        return None
    index, own = index_at(model, effort), class_of(model, catalogue.classes, effort)
    if not own or index is None:
        return prose("is in no index that is known, so its class is not")
    if need.model_class and _below(own, need.model_class, catalogue):
        return _class_below(own, index, need.model_class, catalogue)
    value = catalogue.classes.on_newest(index) or Decimal(0)
    if need.floor is not None and own == catalogue.classes.classes[0] and value < need.floor:
        return prose("is below the model in use on the index, in the class that has no lower edge")
    return None


def _value(model: AnyModel, catalogue: Catalogue) -> Decimal:
    """Its place on the newest version of the index."""
    index = index_at(model)
    value = catalogue.classes.on_newest(index) if index else None
    return value if value is not None else Decimal(0)


def _class_below(own: str, index: ModelIndex, asked: str, catalogue: Catalogue) -> str:
    if asked in catalogue.classes.near(index):
        points = f"{catalogue.classes.deviation:f}"
        return fill(
            "is {own}, a class below {asked}, though within {points} points of its edge: an evaluation may show more",
            own=own, asked=asked, points=points,
        )  # fmt: skip
    return fill("is {own}, a class below {asked}", own=own, asked=asked)


def _below(own: str, asked: str, catalogue: Catalogue) -> bool:
    return catalogue.classes.rank(own) < catalogue.classes.rank(asked)


def _worth(model: AnyModel, catalogue: Catalogue) -> tuple[int, Decimal]:
    rank = catalogue.classes.rank(model.size_class) if model.size_class else -1
    return -rank, -_value(model, catalogue)


def dominated(
    kept: tuple[str, ...], prices: Mapping[str, tuple[Decimal, Decimal]], catalogue: Catalogue
) -> Iterator[Dropped]:
    """Of models with a price (input, output): those that another of the same class or above undercuts in both."""
    priced = [key for key in kept if key in prices]
    for key in priced:
        better = next((other for other in priced if _undercuts(other, key, prices, catalogue)), None)
        if better is not None:
            yield Dropped(key, fill("{other} costs less and is at least of its class", other=better))


def _undercuts(other: str, key: str, prices: Mapping[str, tuple[Decimal, Decimal]], catalogue: Catalogue) -> bool:
    models = every_model(catalogue)
    own, its = models[key].size_class, models[other].size_class
    if prices[other] == prices[key] or not own or not its or _below(its, own, catalogue):
        return False
    return all(cheap <= dear for cheap, dear in zip(prices[other], prices[key], strict=True))
