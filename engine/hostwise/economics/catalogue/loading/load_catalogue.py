"""The catalogue from its files, with a finding for every figure, formula and name that is not sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from hostwise.answers.questions.load_questions import load_questions
from hostwise.economics.catalogue.adapters import read_adapters
from hostwise.economics.catalogue.catalogue import OVERHEAD, Catalogue
from hostwise.economics.catalogue.computed_facts import read_computed_facts
from hostwise.economics.catalogue.entries import (
    Candidate,
    DefaultOpenModel,
    Figure,
    ItemSpec,
    Jurisdiction,
    ListedPrice,
    PricePackage,
    SellerFacts,
    Unlisted,
    moving_lines,
)
from hostwise.economics.catalogue.gap_priors import GapPriors
from hostwise.economics.catalogue.gpus import GPU, Rent, with_rents
from hostwise.economics.catalogue.graded import GradedBand
from hostwise.economics.catalogue.loading.model_findings import model_findings
from hostwise.economics.catalogue.measured_table import read_table
from hostwise.economics.catalogue.options import KINDS, Option, named_options, option_kinds, read_options
from hostwise.economics.catalogue.throughput_constants import ThroughputConstants
from hostwise.economics.catalogue.work import read_work
from hostwise.economics.models.api_model import ApiModel
from hostwise.economics.models.classes import Classes, class_of
from hostwise.economics.models.licences import Licences
from hostwise.economics.models.model import Model
from hostwise.economics.models.reasoning import Reasoning
from hostwise.economics.models.seller_names import Registry
from hostwise.economics.numbers.formula import BadFormula, names
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest

Rated = TypeVar("Rated", Model, ApiModel)


class _Bands(Strict, frozen=True):
    bands: dict[str, GradedBand]


class _Sellers(Strict, frozen=True):
    source: str
    as_of: date
    jurisdictions: tuple[Jurisdiction, ...]
    sellers: dict[str, SellerFacts]


class _Figures(Strict, frozen=True):
    figures: dict[str, Figure]


class _Reasoning(Reasoning, frozen=True):
    figures: Mapping[str, Figure] = {}


class _GPUs(Strict, frozen=True):
    gpus: dict[str, GPU]


class _Rents(Strict, frozen=True):
    rents: tuple[Rent, ...]


class _ApiModels(Strict, frozen=True):
    api_models: dict[str, ApiModel]


class _Models(Strict, frozen=True):
    models: dict[str, Model]
    candidates: dict[str, Candidate]


class _Physics(Strict, frozen=True):
    throughput: ThroughputConstants


class _Prices(Strict, frozen=True):
    prices: tuple[ListedPrice, ...]
    default_open_model: DefaultOpenModel
    stale_after_days: int
    price_package: PricePackage
    unlisted: Unlisted


class _Ledger(Strict, frozen=True):
    names: dict[str, str]
    labels: dict[str, str]
    groups: dict[str, str]
    items: tuple[ItemSpec, ...]
    units: Mapping[str, str] = {}


FIGURE_FILES = ("staffing.yaml", "infrastructure.yaml", "demand.yaml", "money.yaml", "quality-priors.yaml")


@lru_cache(maxsize=8)
def load_catalogue(rules: Path) -> Catalogue:
    """Load the catalogue. Raises `InputError` with file and line for every figure that is not sound."""
    folder = rules / "catalogue"
    figures: dict[str, Figure] = {}
    for file in FIGURE_FILES:
        figures.update(validated(_Figures, read_kept_document(folder / file)).figures)
    units = {name: entry.unit for name, entry in figures.items()}
    options = read_options(read_kept_document(folder / "options.yaml"), units)
    reasoning = validated(_Reasoning, read_kept_document(folder / "reasoning.yaml"))
    figures |= reasoning.figures
    gpus = _with_rents(read_kept_document(folder / "gpus.yaml"), read_kept_document(folder / "rents.yaml"))
    models = validated(_Models, read_kept_document(folder / "models.yaml"))
    api_models = validated(_ApiModels, read_kept_document(folder / "api-models.yaml")).api_models
    classes = validated(Classes, read_kept_document(folder / "classes.yaml"))
    licences = validated(Licences, read_kept_document(folder / "licences.yaml"))
    physics = validated(_Physics, read_kept_document(folder / "throughput.yaml")).throughput
    prices = validated(_Prices, read_kept_document(folder / "prices.yaml"))
    facts = read_computed_facts(read_kept_document(rules / "facts.yaml"), options.options)
    document = read_kept_document(folder / "ledger.yaml")
    ledger = validated(_Ledger, document)
    findings = [
        *model_findings(folder, models.models, api_models, licences, reasoning),
        *_formulas(ledger, options.options, document),
        *_names(ledger, figures, document),
    ]  # fmt: skip
    if findings:
        raise InputError(findings)
    kinds = option_kinds(options.options)
    items = tuple(replace(item, options=named_options(item.options, kinds)) for item in ledger.items)
    seats = validated(_Sellers, read_kept_document(folder / "sellers.yaml"))
    sellers = seats.sellers
    return Catalogue(
        options.options, options.in_use, options.stay, kinds, figures,
        validated(_Bands, read_kept_document(folder / "bands.yaml")).bands,
        sellers, gpus,
        _classed(models.models, classes), _classed(api_models, classes), classes, licences,
        models.candidates, physics, read_table(folder / "measured-throughput.csv"),
        prices.prices, prices.default_open_model, prices.stale_after_days, prices.price_package, prices.unlisted,
        ledger.names, ledger.units,
        {**{name: entry.label for name, entry in figures.items()}, **ledger.labels}, ledger.groups, items,
        facts, validated(Registry, read_kept_document(folder / "names.yaml")), moving_lines(ledger.names, items),
        validated(GapPriors, read_kept_document(folder / "gap-priors.yaml")),
        read_adapters(read_kept_document(folder / "adapters.yaml"), models.models, sellers),
        Reasoning(reasoning.levels, reasoning.source, reasoning.as_of, figures[OVERHEAD].band),
        read_work(read_kept_document(folder / "work.yaml"), figures, load_questions(rules).by_fact),
        seats.jurisdictions,
    )  # fmt: skip


def _with_rents(gpus: Document, rents: Document) -> Mapping[str, GPU]:
    listed, paid = validated(_GPUs, gpus).gpus, validated(_Rents, rents).rents
    unknown = [
        rents.finding(("rents", index, "gpu"), "unknown-name", "no such GPU in gpus.yaml", found=rent.gpu,
                      accepted=", ".join(listed), suggestion=nearest(rent.gpu, listed))
        for index, rent in enumerate(paid) if rent.gpu not in listed
    ]  # fmt: skip
    let = {name: with_rents(gpu, tuple(r for r in paid if r.gpu == name)) for name, gpu in listed.items()}
    message = "its sellers are listed in rents.yaml, and its rent follows from theirs"
    twice = [
        gpus.finding(("gpus", name, "rent"), "stated-twice", message, found="rent", accepted="no `rent`")
        for name, gpu in let.items() if gpu.let_by and listed[name].rent
    ]  # fmt: skip
    if unknown or twice:
        raise InputError([*unknown, *twice])
    return let


def _names(ledger: _Ledger, figures: Mapping[str, Figure], document: Document) -> Iterator[Diagnostic]:
    """Every name in a formula is a figure, another formula, or a value that the labels list."""
    known = {*figures, *ledger.names, *ledger.labels}
    formulas: list[tuple[tuple[str | int, ...], str]] = [
        (("items", index, "formula"), item.formula) for index, item in enumerate(ledger.items)
    ]
    formulas += [(("names", name), formula) for name, formula in ledger.names.items()]
    for path, formula in formulas:
        try:
            unknown = [name for name in names(formula) if name not in known]
        except BadFormula:
            continue
        for name in unknown:
            yield document.finding(
                path,
                "unknown-name",
                f"the formula names {name!r}, which is no figure",
                found=name,
                accepted="a figure of rules/catalogue, or a name under names or labels",
                suggestion=nearest(name, known),
            )


def _formulas(ledger: _Ledger, options: Mapping[str, Option], document: Document) -> Iterator[Diagnostic]:
    known = (*options, *KINDS)
    for index, item in enumerate(ledger.items):
        try:
            names(item.formula)
        except BadFormula as problem:
            yield document.finding(("items", index, "formula"), "formula", str(problem))
        for place, option in enumerate(item.options):
            if option not in known:
                yield document.finding(
                    ("items", index, "options", place), "unknown-option", "no such option or kind of options",
                    found=option, accepted=", ".join(known), suggestion=nearest(option, known),
                )  # fmt: skip
        if item.group not in ledger.groups:
            yield document.finding(("items", index, "group"), "group", "no such group", found=item.group,
                                   accepted=", ".join(ledger.groups))  # fmt: skip


def _classed(models: Mapping[str, Rated], classes: Classes) -> Mapping[str, Rated]:
    return {name: replace(model, size_class=class_of(model, classes)) for name, model in models.items()}
