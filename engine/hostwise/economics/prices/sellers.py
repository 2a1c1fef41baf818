"""Who sells a model: every offer of the price list for exactly that model, never for one whose name is like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from msgspec import Struct

from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.models import names
from hostwise.economics.models.classes import AnyModel
from hostwise.economics.models.names import folded, listed_name, listed_names
from hostwise.economics.prices.names import seller_apart, seller_id
from hostwise.economics.prices.price_list import ListedModel, Offer, kept_of_package, price_list
from hostwise.reading.names import side_by_side, turned
from hostwise.reading.translatable import fill, prose

RESIDENCY = "residency"
"""The fact of a rule on where data may be processed."""
SELLING = ("maker", "cloud", "host")
"""Kinds of sellers (`sellers.yaml`) that run a model themselves and let one build on it."""


class SellerOffer(Struct, frozen=True):
    """A model at a seller: its name there, and what it costs from when."""

    seller: str
    listed: ListedModel

    def offer_on(self, day: date) -> Offer | None:
        """What holds on a day; None where nothing is charged for, or the list is at odds with itself."""
        offer = self.listed.offer_on(day)
        free = offer is None or offer.ordinary is None or offer.ordinary.cost(1_000, 1_000) <= 0
        return None if free else offer


class Resolved(Struct, frozen=True):
    """A name looked up: the one model that it means, or those that it may mean; neither where nobody has it."""

    model: str | None
    candidates: tuple[str, ...] = ()


def processes_elsewhere(name: str, region: str, catalogue: Catalogue) -> str | None:
    """That a seller takes the data out of the region of a currency; None where it need not, or is not known to."""
    found = seller_id(name, catalogue.seller_names) if region else None
    seller = catalogue.sellers.get(found) if found is not None else None
    if seller is None or seller.only_in is None or not seller.leaves(region):
        return None
    message = prose("{seller} processes what it is sent in {country} alone, and the data must stay in a region")
    return fill(message, seller=name, country=seller.only_in.country)


def made_by(model: AnyModel, seller: str) -> bool:
    """Whether a seller, by its id, is the maker of a model: `x-ai` of one of xAI, `zai` of one of Z.ai."""
    maker, sold_by = (folded(name).replace(".", "") for name in (model.maker, seller))
    return maker.startswith(sold_by)


def sellers_of(key: str, model: AnyModel) -> tuple[SellerOffer, ...]:
    """Every offer for a model, by seller. A model that its seller marks as ending is left out."""
    return _offers(listed_names(key, model))


def run_by(key: str, model: AnyModel, catalogue: Catalogue, as_of: date) -> Iterator[tuple[SellerOffer, Offer]]:
    """Who runs a model and sells its tokens on a day, with what is offered then."""
    for found in sellers_of(key, model):
        listed = catalogue.sellers.get(found.seller)
        sells = listed is not None and listed.kind in SELLING and key not in listed.not_sold
        offer = found.offer_on(as_of) if sells else None
        if offer is not None:
            yield found, offer


def resolve(name: str, models: Mapping[str, AnyModel]) -> Resolved:
    """The model that a name means: by its name or an alias, else by its name in the price list, else refused.

    >>> from hostwise.economics.models.model import Model
    >>> resolve("kimi-k2", {}).model is None
    True
    """
    if several := side_by_side(name, lambda each: resolve(each, models).model):
        return Resolved(None, several)
    by_name = [key for key, model in models.items() if folded(name) in {folded(n) for n in (key, *model.aliases)}]
    listed = listed_name(name)
    found = by_name or [key for key, model in models.items() if listed in listed_names(key, model)]
    found = found or [key for key, model in models.items() if turned(name) in map(turned, (key, *model.aliases))]
    if len(found) == 1:
        return Resolved(found[0])
    return Resolved(None, tuple(found) or tuple(key for key in models if listed and listed in listed_name(key)))


def model_called(name: str, catalogue: Catalogue) -> str | None:
    """The model of a catalogue that a name means, by key; None where it means none, or may mean several."""
    key = "model called", name
    known = catalogue.remembered.get(key)
    if not isinstance(known, Resolved):
        alone = seller_apart(name, catalogue.seller_names)[1]
        known = catalogue.remembered[key] = resolve(alone, every_model(catalogue))
    return known.model


@lru_cache(maxsize=1024)  # every plan of every case asks, and the list is the package's
def _offers(wanted_names: frozenset[str]) -> tuple[SellerOffer, ...]:
    found: list[SellerOffer] = []
    for seller, ids in _ids_by_name().items():
        wanted = {id_ for name in wanted_names for id_ in ids.get(name, ())}
        if wanted:
            models = next(each for each in price_list().sellers if each.id == seller).models
            found += (SellerOffer(seller, each) for each in models if each.id in wanted and not each.deprecated)
    return tuple(found)


@lru_cache(maxsize=1)
def _ids_by_name() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """By seller and reduced name, how the price list names a model."""
    return kept_of_package("ids by name", dict[str, dict[str, tuple[str, ...]]], _found_by_name, names.__file__)


def _found_by_name() -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for seller in price_list().sellers:
        ids = found[seller.id] = {}
        for id_ in seller.model_ids:
            ids[listed_name(id_)] = (*ids.get(listed_name(id_), ()), id_)
    return found
