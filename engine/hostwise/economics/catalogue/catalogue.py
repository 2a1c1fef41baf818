"""The catalogue: dated figures under `rules/catalogue/`, each with its source and the reason for it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from hostwise.economics.catalogue.adapters import AdapterOffer
from hostwise.economics.catalogue.computed_facts import ComputedFacts
from hostwise.economics.catalogue.entries import (
    Candidate,
    DefaultOpenModel,
    Figure,
    ItemSpec,
    Jurisdiction,
    ListedPrice,
    MovingLines,
    PricePackage,
    SellerFacts,
    Unlisted,
)
from hostwise.economics.catalogue.gap_priors import GapPriors
from hostwise.economics.catalogue.gpus import GPU
from hostwise.economics.catalogue.graded import GradedBand
from hostwise.economics.catalogue.measured_table import MeasuredTable
from hostwise.economics.catalogue.options import InUse, Option
from hostwise.economics.catalogue.remembered import Remembered
from hostwise.economics.catalogue.throughput_constants import ErrorBand, ThroughputConstants
from hostwise.economics.catalogue.work import WorkUnits
from hostwise.economics.models.api_model import ApiModel
from hostwise.economics.models.classes import Classes
from hostwise.economics.models.licences import Licences
from hostwise.economics.models.model import Model
from hostwise.economics.models.reasoning import Reasoning
from hostwise.economics.models.seller_names import Registry
from hostwise.reading.identity_key import Same
from hostwise.reading.names import name_words, names_like, side_by_side, stems, turned, without_form, without_memory

Entries = Mapping[str, GPU] | Mapping[str, Model] | Mapping[str, ApiModel]


class Catalogue(Struct, frozen=True, eq=False):
    """Everything under `rules/catalogue/`, and `rules/facts.yaml`, checked. Another object is another catalogue."""

    options: Mapping[str, Option]
    in_use: InUse
    stay: tuple[str, ...]
    kinds: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, Figure]
    bands: Mapping[str, GradedBand]
    sellers: Mapping[str, SellerFacts]
    gpus: Mapping[str, GPU]
    models: Mapping[str, Model]
    api_models: Mapping[str, ApiModel]
    classes: Classes
    licences: Licences
    candidates: Mapping[str, Candidate]
    physics: ThroughputConstants
    measured: MeasuredTable
    prices: tuple[ListedPrice, ...]
    default_open_model: DefaultOpenModel
    stale_after_days: int
    price_package: PricePackage
    unlisted: Unlisted
    names: Mapping[str, str]
    units: Mapping[str, str]
    labels: Mapping[str, str]
    groups: Mapping[str, str]
    items: tuple[ItemSpec, ...]
    facts: ComputedFacts
    seller_names: Registry
    moving: MovingLines
    gap_priors: GapPriors
    adapters: tuple[AdapterOffer, ...]
    reasoning: Reasoning
    work: WorkUnits
    jurisdictions: tuple[Jurisdiction, ...] = ()
    added_prices: int = 0
    """How many of the prices were added to the shipped ones, and stand before them."""
    remembered: Remembered = field(default_factory=Remembered)
    """What follows from models, cards, constants and sellers alone, such as what replicas can do (`plans/replicas`).

    Copies in which but figures and prices vary share it: numbers of a tape are never kept, nor what they lead to.
    """

    @property
    def option_labels(self) -> dict[str, str]:
        """What each option is called, by its id."""
        return {name: option.label for name, option in self.options.items()}


@lru_cache(maxsize=8)
def at_likely(catalogue: Catalogue) -> Catalogue:
    """The catalogue without ranges: enough for a verdict, which rests on likely values, at a third of the work."""
    figures = {name: entry.at(entry.likely) for name, entry in catalogue.figures.items()}
    gpus = {
        name: replace(
            entry,
            purchase=entry.purchase and entry.purchase.at(entry.purchase.likely),
            rent=entry.rent and entry.rent.at(entry.rent.likely),
            rents=tuple(rent.at(rent.likely) for rent in entry.rents),
        )
        for name, entry in catalogue.gpus.items()
    }
    exact = ErrorBand(low=Decimal(1), high=Decimal(1))
    fit = replace(catalogue.physics, errors=dict.fromkeys(catalogue.physics.errors, exact))
    return replace(catalogue, figures=figures, gpus=gpus, physics=fit)


def varied(catalogue: Catalogue, values: Mapping[str, Decimal]) -> Catalogue:
    """The catalogue with other values: `figure.NAME`, `rent.GPU`, `purchase.GPU`, or `throughput` as a factor."""
    figures, gpus, fit = dict(catalogue.figures), dict(catalogue.gpus), catalogue.physics
    for name, value in values.items():
        kind, _, entry = name.partition(".")
        if kind == "figure":
            figures[entry] = figures[entry].at(value)
        elif kind == "throughput":
            fit = replace(fit, scale=value)
        else:
            gpus[entry] = replace(gpus[entry], **{kind: getattr(gpus[entry], kind).at(value)})
    return replace(catalogue, figures=figures, gpus=gpus, physics=fit)


OVERHEAD = "reasoning_overhead"
"""The figure that all levels of reasoning move with."""
ONE_CARD = "operations_fte.small"
"""The figure that stands for `operations_fte` where one card serves alone."""


def find_named(name: str, entries: Entries) -> str | None:
    """The catalogue's name of a GPU or model: whole, else by the alias of just one.

    Case and hyphens do not count, nor does the publisher's folder before it, nor what only says how it is packed; of a
    card neither how it is mounted nor its memory, where that is what the card has.
    """
    found = _found_named(name, Same(entries)) or _found_named(without_form(name), Same(entries))
    if found is None:
        plain, memory = without_memory(without_form(name))
        found = _found_named(plain, Same(entries)) if memory is not None else None
        found = found if found is not None and getattr(entries[found], "memory", None) == memory else None
    return found


@lru_cache(maxsize=256)  # every case of many asks for the same few
def _found_named(name: str, of: Same[Entries]) -> str | None:
    entries = of.it
    if _side_by_side(name, entries):
        return None
    for wanted in stems(name):
        whole = [key for key in entries if name_words(key) == wanted]
        found = whole or [key for key, entry in entries.items() if wanted in map(name_words, entry.aliases)]
        if found:
            return found[0] if len(found) == 1 else None
    same = [key for key, entry in entries.items() if turned(name) in map(turned, (key, *entry.aliases))]
    return same[0] if len(same) == 1 else None


def _side_by_side(name: str, entries: Entries) -> tuple[str, ...]:
    """The GPUs or models that a name with slashes names, where what stands before one is no publisher's folder."""
    return side_by_side(name, lambda each: find_named(each, entries))


def fitting_names(name: str, entries: Entries) -> tuple[str, ...]:
    """The GPUs or models that a name may mean: all that have it as an alias, else those that it is a part of."""
    if several := _side_by_side(name, entries):
        return several
    wanted = name_words(name)
    called = tuple(key for key, entry in entries.items() if wanted in map(name_words, entry.aliases))
    return called or tuple(key for key, entry in entries.items() if names_like(name, (key, *entry.aliases)))
