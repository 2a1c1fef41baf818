"""The catalogue: dated figures under `rules/catalogue/`, each with its source and the reason for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Self

from msgspec import Struct
from msgspec.structs import replace
from pydantic import Field, model_validator

from hostwise.economics.bands import Band
from hostwise.economics.formula import BadFormula, names
from hostwise.reading.diagnostics import Diagnostic, InputError
from hostwise.reading.document import Document, read_document
from hostwise.reading.strict import Strict
from hostwise.reading.suggest import nearest
from hostwise.reading.validate import validated


class Option(Strict):
    """One way to host."""

    label: str
    short: str
    family: str = Field(pattern="^(api|own|mix|device)$")
    sentence: str


class Span(Strict):
    """A number with its likely range."""

    low: Decimal
    likely: Decimal
    high: Decimal

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if not self.low <= self.likely <= self.high:
            raise ValueError("low ≤ likely ≤ high must hold")
        return self

    @property
    def band(self) -> Band:
        """The range as a band."""
        return Band(self.low, self.likely, self.high)

    def at(self, value: Decimal) -> Self:
        """The same as a point."""
        return self.model_copy(update={"low": value, "likely": value, "high": value})


class Figure(Span):
    """A dated figure. `fact` names the answer that replaces it; `documents` what each document says."""

    label: str
    unit: str
    source: str
    as_of: date
    because: str
    review_by: date | None = None
    fact: str | None = None
    documents: dict[str, dict[str, Decimal]] = Field(default_factory=dict)


class GPU(Strict):
    """A GPU: memory GB, bandwidth GB/s, dense TFLOP/s by bits, board power W, USD to buy and to rent an hour."""

    memory: Decimal
    bandwidth: Decimal
    tflops: dict[str, Decimal]
    power: Decimal
    purchase: Span
    rent: Span
    source: str
    as_of: date
    review_by: date | None = None
    aliases: tuple[str, ...] = ()


class Model(Strict):
    """An open model: parameters in billions, shape of its KV cache, native bits, context, licence."""

    parameters: Decimal
    active: Decimal
    layers: int
    kv_heads: int
    head_size: int
    bits: int
    context: int
    licence: str
    size_class: str = Field(alias="class")
    source: str
    as_of: date
    review_by: date | None = None
    aliases: tuple[str, ...] = ()


class Candidate(Strict):
    """What is costed when the answers do not say, and why."""

    model: str
    precision: str
    because: str
    gpu: str = ""
    memory: Decimal | None = None


class Throughput(Strict):
    """The constants of the throughput estimate, and its relative error; mixtures of experts have their own."""

    bandwidth_share: Decimal
    compute_share: Decimal
    layer_overhead_us: Decimal
    step_overhead_ms: Decimal
    memory_reserve: Decimal
    error: Decimal
    source: str
    scale: Decimal = Decimal(1)
    """What is served for each token that the estimate expects. It is 1, but where its error is sampled."""
    expert_error: Decimal
    expert_source: str


class ListedPrice(Strict):
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


class DefaultOpenModel(Strict):
    """The open-model provider that is priced when none is named."""

    provider: str
    model: str
    because: str


class ItemSpec(Strict):
    """One line of a ledger, as data."""

    id: str
    label: str
    group: str
    options: tuple[str, ...]
    formula: str
    source: str
    only_if: str | None = None
    unless: str | None = None
    note: str | None = None


class _Options(Strict):
    options: dict[str, Option]


class _Figures(Strict):
    figures: dict[str, Figure]


class _GPUs(Strict):
    gpus: dict[str, GPU]


class _Models(Strict):
    models: dict[str, Model]
    candidates: dict[str, Candidate]
    throughput: Throughput


class _Prices(Strict):
    prices: tuple[ListedPrice, ...]
    default_open_model: DefaultOpenModel
    stale_after_days: int


class _Ledger(Strict):
    names: dict[str, str]
    labels: dict[str, str]
    groups: dict[str, str]
    items: tuple[ItemSpec, ...]


class Catalogue(Struct, frozen=True):
    """Everything under `rules/catalogue/`, checked."""

    options: Mapping[str, Option]
    figures: Mapping[str, Figure]
    gpus: Mapping[str, GPU]
    models: Mapping[str, Model]
    candidates: Mapping[str, Candidate]
    throughput: Throughput
    prices: tuple[ListedPrice, ...]
    default_open_model: DefaultOpenModel
    stale_after_days: int
    names: Mapping[str, str]
    labels: Mapping[str, str]
    groups: Mapping[str, str]
    items: tuple[ItemSpec, ...]


def at_likely(catalogue: Catalogue) -> Catalogue:
    """The catalogue without ranges: enough for a verdict, which rests on likely values, at a third of the work."""
    figures = {name: entry.at(entry.likely) for name, entry in catalogue.figures.items()}
    gpus = {
        name: entry.model_copy(
            update={"purchase": entry.purchase.at(entry.purchase.likely), "rent": entry.rent.at(entry.rent.likely)}
        )
        for name, entry in catalogue.gpus.items()
    }
    return replace(catalogue, figures=figures, gpus=gpus)


def varied(catalogue: Catalogue, values: Mapping[str, Decimal]) -> Catalogue:
    """The catalogue with other values: `figure.NAME`, `rent.GPU`, `purchase.GPU`, or `throughput` as a factor."""
    figures, gpus, fit = dict(catalogue.figures), dict(catalogue.gpus), catalogue.throughput
    for name, value in values.items():
        kind, _, entry = name.partition(".")
        if kind == "figure":
            figures[entry] = figures[entry].at(value)
        elif kind == "throughput":
            fit = fit.model_copy(update={"scale": value})
        else:
            gpus[entry] = gpus[entry].model_copy(update={kind: getattr(gpus[entry], kind).at(value)})
    return replace(catalogue, figures=figures, gpus=gpus, throughput=fit)


FIGURE_FILES = ("staffing.yaml", "infrastructure.yaml", "demand.yaml", "money.yaml")


@lru_cache(maxsize=8)
def load_catalogue(rules: Path) -> Catalogue:
    """Load the catalogue. Raises `InputError` with file and line for every figure that is not sound."""
    folder = rules / "catalogue"
    options = validated(_Options, read_document(folder / "options.yaml"))
    figures: dict[str, Figure] = {}
    for file in FIGURE_FILES:
        figures.update(validated(_Figures, read_document(folder / file)).figures)
    gpus = validated(_GPUs, read_document(folder / "gpus.yaml"))
    models = validated(_Models, read_document(folder / "models.yaml"))
    prices = validated(_Prices, read_document(folder / "prices.yaml"))
    document = read_document(folder / "ledger.yaml")
    ledger = validated(_Ledger, document)
    findings = [*_formulas(ledger, options.options, document), *_names(ledger, figures, document)]
    if findings:
        raise InputError(findings)
    return Catalogue(
        options.options, figures, gpus.gpus, models.models, models.candidates, models.throughput,
        prices.prices, prices.default_open_model, prices.stale_after_days, ledger.names,
        {**{name: entry.label for name, entry in figures.items()}, **ledger.labels}, ledger.groups, ledger.items,
    )  # fmt: skip


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
    for index, item in enumerate(ledger.items):
        try:
            names(item.formula)
        except BadFormula as problem:
            yield document.finding(("items", index, "formula"), "formula", str(problem))
        for option in item.options:
            if option not in options:
                yield document.finding(
                    ("items", index, "options"), "unknown-option", "no such option", found=option,
                    accepted=", ".join(options), suggestion=nearest(option, options),
                )  # fmt: skip
        if item.group not in ledger.groups:
            yield document.finding(("items", index, "group"), "group", "no such group", found=item.group,
                                   accepted=", ".join(ledger.groups))  # fmt: skip


def find_named(name: str, entries: Mapping[str, GPU] | Mapping[str, Model]) -> str | None:
    """The catalogue's spelling of a GPU or model, by name or alias; case, spaces and hyphens do not count."""
    wanted = _fold(name)
    for key, entry in entries.items():
        if wanted in (_fold(key), *(_fold(alias) for alias in entry.aliases)):
            return key
    return None


@lru_cache(maxsize=4096)
def _fold(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum() or c == ".")
