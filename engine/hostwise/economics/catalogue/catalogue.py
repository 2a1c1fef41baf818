"""The catalogue: dated figures under `rules/catalogue/`, each with its source and the reason for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from hostwise.answers.questions.load_questions import load_questions
from hostwise.economics.catalogue.adapters import AdapterOffer, read_adapters
from hostwise.economics.catalogue.computed_facts import ComputedFacts, read_computed_facts
from hostwise.economics.catalogue.gap_priors import GapPriors
from hostwise.economics.catalogue.gpus import GPU, Rent, with_rents
from hostwise.economics.catalogue.graded import BandGrade, GradedBand, cited
from hostwise.economics.catalogue.measured_table import MeasuredTable, read_table
from hostwise.economics.catalogue.model_findings import model_findings
from hostwise.economics.catalogue.options import KINDS, InUse, Option, named_options, option_kinds, read_options
from hostwise.economics.catalogue.ranges import NumberRange
from hostwise.economics.catalogue.remembered import Remembered
from hostwise.economics.catalogue.throughput_constants import ErrorBand, ThroughputConstants
from hostwise.economics.catalogue.work import WorkUnits, read_work
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
from hostwise.reading.identity_key import Same
from hostwise.reading.names import name_words, names_like, stems

Rated = TypeVar("Rated", Model, ApiModel)
Entries = Mapping[str, GPU] | Mapping[str, Model] | Mapping[str, ApiModel]


class Figure(NumberRange, frozen=True):
    """A dated figure. `fact` names the answer that replaces it; `documents` what each document says.

    `grade` is how good its source is, where that is said (`graded`).
    """

    label: str
    unit: str
    source: str
    as_of: date
    because: str
    review_by: date | None = None
    fact: str | None = None
    documents: Mapping[str, Mapping[str, Decimal]] = {}
    grade: BandGrade | None = None

    @property
    def cited(self) -> str:
        """The source as it may be printed."""
        return cited(self.source, self.grade)


class Candidate(Strict, frozen=True):
    """What is costed when the answers do not say, and why."""

    model: str
    precision: str
    because: str
    gpu: str = ""
    memory: Decimal | None = None


class ListedPrice(Strict, frozen=True):
    """A token price of ours, USD per million; `batch` is a share of it, `cached` a price."""

    provider: str
    model: str
    input: Decimal
    output: Decimal
    source: str
    as_of: date
    review_by: date | None = None
    cached: Decimal | None = None
    batch: Decimal | None = None
    retired_on: date | None = None
    input_high: Decimal | None = None
    """The other end of an interval, where two sources differ; so is `output_high`."""
    output_high: Decimal | None = None


class DefaultOpenModel(Strict, frozen=True):
    """The open-model provider that is priced when none is named."""

    provider: str
    model: str
    because: str


class OneCountry(Strict, frozen=True):
    """The only country where a seller processes what it is sent, and the currency of whoever's rule that meets."""

    country: str
    currency: str
    source: str


class SellerFacts(Strict, frozen=True):
    """What a seller is, and the country of its group's seat (two letters); empty where it is not known.

    `not_sold` are models that the price list has under its name and that it does not sell; `anywhere` is how names
    begin of what it processes in any of its regions. It processes all in one country (`only_in`), or can keep data in
    no other one (`keeps_in`).
    """

    kind: Literal["maker", "cloud", "host", "router", "tool"]
    home: str = ""
    not_sold: tuple[str, ...] = ()
    only_in: OneCountry | None = None
    keeps_in: OneCountry | None = None
    anywhere: str = ""

    def leaves(self, region: str, listed: str = "") -> bool:
        """Whether data leaves the region of a currency here; an empty one is that of data that may go anywhere.

        Of whoever's seat is not known nobody can say that it keeps to one.
        """
        kept = (each for each in (self.only_in, self.keeps_in) if each is not None)
        elsewhere = any(each.currency != region for each in kept)
        anywhere = not self.home or bool(self.anywhere and listed.startswith(self.anywhere))
        return bool(region) and (elsewhere or anywhere)


class PricePackage(Strict, frozen=True):
    """The version of the genai-prices package whose age is known, and the day of its prices."""

    version: str
    as_of: date


class ItemSpec(Strict, frozen=True):
    """One line of a ledger, as data. `options` are ids; in the file they may be kinds too."""

    id: str
    label: str
    group: str
    options: tuple[str, ...]
    formula: str
    source: str
    only_if: str | None = None
    unless: tuple[str, ...] = ()
    note: str | None = None


class _Bands(Strict, frozen=True):
    bands: dict[str, GradedBand]


class Jurisdiction(Strict, frozen=True):
    """Countries under one law, and the currencies that are counted in there."""

    name: str
    countries: tuple[str, ...]
    currencies: tuple[str, ...]


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


class UnlistedShare(NumberRange, frozen=True):
    """A share of the price of input, or of all, where no list says it."""

    source: str
    as_of: date
    because: str


class Unlisted(Strict, frozen=True):
    """What a cached token and one that may wait cost, as shares, where a price is given of a model that no list has."""

    cached: UnlistedShare
    batch: UnlistedShare


class _Ledger(Strict, frozen=True):
    names: dict[str, str]
    labels: dict[str, str]
    groups: dict[str, str]
    items: tuple[ItemSpec, ...]
    units: Mapping[str, str] = {}


PLAN_VALUES = frozenset(
    {"gpus", "rent", "purchase", "utilisation", "card_kw", "operations_fte", "several_cards", "paid_share"}
)
"""What a plan of GPUs gives to formulas; every other name has the same value whatever the plan."""
GPUS = frozenset({"gpus"})
TOKENS = frozenset({"input_tokens", "output_tokens", "bill"})


class MovingLines(Struct, frozen=True):
    """What of the ledgers moves, found from the formulas: with the plan of GPUs `names` first, then the lines.

    `with_gpus` and `with_tokens` are the ids of the lines that grow with their number.
    """

    names: tuple[str, ...]
    items: tuple[ItemSpec, ...]
    with_gpus: frozenset[str]
    with_tokens: frozenset[str]


def moving_lines(ledger_names: Mapping[str, str], items: tuple[ItemSpec, ...]) -> MovingLines:
    """The lines whose formula names what a plan gives, GPUs or tokens, through other names too."""
    through, lines = _naming(PLAN_VALUES, ledger_names, items)
    with_gpus, with_tokens = (
        frozenset(item.id for item in _naming(values, ledger_names, items)[1]) for values in (GPUS, TOKENS)
    )
    return MovingLines(through, lines, with_gpus, with_tokens)


def _naming(
    values: frozenset[str], ledger_names: Mapping[str, str], items: tuple[ItemSpec, ...]
) -> tuple[tuple[str, ...], tuple[ItemSpec, ...]]:
    """The names and the lines whose formula names some values."""
    moving = set(values)
    for name, formula in ledger_names.items():
        if not moving.isdisjoint(names(formula)):
            moving.add(name)
    through = tuple(name for name in ledger_names if name in moving)
    return through, tuple(item for item in items if not moving.isdisjoint(names(item.formula)))


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


def find_named(name: str, entries: Entries) -> str | None:
    """The catalogue's name of a GPU or model: whole, else by the alias of just one.

    Case and hyphens do not count, nor does the publisher's folder before it, nor what only says how it is packed.
    """
    return _found_named(name, Same(entries))


@lru_cache(maxsize=256)  # every case of many asks for the same few
def _found_named(name: str, of: Same[Entries]) -> str | None:
    entries = of.it
    for wanted in stems(name):
        whole = [key for key in entries if name_words(key) == wanted]
        found = whole or [key for key, entry in entries.items() if wanted in map(name_words, entry.aliases)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def fitting_names(name: str, entries: Entries) -> tuple[str, ...]:
    """The GPUs or models that a name may mean: all that have it as an alias, else those that it is a part of."""
    wanted = name_words(name)
    called = tuple(key for key, entry in entries.items() if wanted in map(name_words, entry.aliases))
    return called or tuple(key for key, entry in entries.items() if names_like(name, (key, *entry.aliases)))
