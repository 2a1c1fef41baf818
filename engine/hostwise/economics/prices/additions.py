"""Entries added to the catalogue for one decision: models, GPUs, rents and prices of a file of one's own.

An entry with the name of a shipped one takes its place. A snapshot of prices is taken as well. A figure outside what is
usual is refused, as nothing else would ask whether it is a price per token or in cents. A file has the sections of the
shipped files:

    models:
      Our-7B:
        parameters: 7.2
        …
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from hostwise.answers.doubtful import unusual
from hostwise.answers.plausible import load_plausible
from hostwise.answers.questions.load_questions import load_questions
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.entries import ListedPrice
from hostwise.economics.catalogue.gpus import GPU, Rent, with_rents
from hostwise.economics.catalogue.remembered import Remembered
from hostwise.economics.models.classes import class_of
from hostwise.economics.models.model import Model
from hostwise.economics.prices.snapshot import Snapshot, read_snapshot
from hostwise.reading.files.first_bytes import is_json_object
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document, read_document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest


class Additions(Strict, frozen=True):
    """What one file adds."""

    models: Mapping[str, Model] = {}
    gpus: Mapping[str, GPU] = {}
    rents: tuple[Rent, ...] = ()
    prices: tuple[ListedPrice, ...] = ()


def with_additions(catalogue: Catalogue, files: Sequence[Path], rules: Path | None = None) -> Catalogue:
    """The catalogue with the entries of files, the last one's where two have one. Raises `InputError`.

    `rules` is the folder of what is usual.
    """
    for file in files:
        if is_json_object(file):
            catalogue = _with_prices(catalogue, tuple(_fetched(read_snapshot(file))))
            continue
        document = read_document(file)
        added = validated(Additions, document)
        findings = [*_findings(added, catalogue, document), *_unusual(added, document, rules_dir(rules))]
        if findings:
            raise InputError(findings)
        catalogue = _merged(catalogue, added)
    return catalogue


def _fetched(snapshot: Snapshot) -> Iterator[ListedPrice]:
    """The rows of a snapshot as prices of its day, under the catalogue's name of the model and the seller's."""
    read = ", ".join(f"{source.name} {source.sha256[:12]}" for source in snapshot.sources if source.status == "ok")
    for row in snapshot.tokens:
        for name in dict.fromkeys((row.model, row.listed)):
            yield ListedPrice(
                provider=row.seller, model=name, input=row.input[0], output=row.output[0],
                input_high=row.input[1], output_high=row.output[1], cached=row.cached[0] if row.cached else None,
                source=f"fetched on {snapshot.day}: {read}", as_of=snapshot.day,
            )  # fmt: skip


def _merged(catalogue: Catalogue, added: Additions) -> Catalogue:
    models = {
        name: replace(model, size_class=class_of(model, catalogue.classes)) for name, model in added.models.items()
    }
    gpus = {**catalogue.gpus, **added.gpus}
    for rent in added.rents:
        gpus[rent.gpu] = with_rents(gpus[rent.gpu], (*gpus[rent.gpu].rents, rent))
    return _with_prices(replace(catalogue, models={**catalogue.models, **models}, gpus=gpus), added.prices)


def _with_prices(catalogue: Catalogue, added: tuple[ListedPrice, ...]) -> Catalogue:
    """With these before its own; what was remembered of it holds no longer."""
    return replace(
        catalogue, prices=(*added, *catalogue.prices), added_prices=catalogue.added_prices + len(added),
        remembered=Remembered(),
    )  # fmt: skip


def _findings(added: Additions, catalogue: Catalogue, document: Document) -> list[Diagnostic]:
    licences, gpus = tuple(catalogue.licences.licences), (*catalogue.gpus, *added.gpus)
    wrong: list[tuple[tuple[str | int, ...], str, tuple[str, ...]]] = [
        (("models", name, "licence"), model.licence, licences)
        for name, model in added.models.items()
        if model.licence not in licences
    ]
    wrong += [(("rents", i, "gpu"), r.gpu, gpus) for i, r in enumerate(added.rents) if r.gpu not in gpus]
    return [
        document.finding(path, "unknown-name", "no such entry in the catalogue", found=found,
                         accepted=", ".join(known), suggestion=nearest(found, known))
        for path, found, known in wrong
    ]  # fmt: skip


def _unusual(added: Additions, document: Document, rules: Path) -> Iterator[Diagnostic]:
    """Figures that are rarely so, with what they may have been meant to be."""
    questions = load_questions(rules).by_key
    for path, value, key in _figures(added):
        # What costs nothing is said to, and is no slip of a unit.
        found = unusual(value, questions[key], load_plausible(rules)) if value else None
        if found is not None:
            message, because, likely = found
            text = f"{questions[key].unit}: {because} An answer of a questionnaire may be any, with a warning"
            yield document.finding(
                path, "implausible", message, found=document.written(path) or f"{value}", accepted=text,
                suggestion=likely,
            )  # fmt: skip


Path_ = tuple[str | int, ...]


def _figures(added: Additions) -> Iterator[tuple[Path_, Decimal, str]]:
    """Every price that is added, with its place and the question of which it could be the answer."""
    for index, price in enumerate(added.prices):
        for name, key in PRICES.items():
            value = getattr(price, name)
            if value is not None:
                yield ("prices", index, name), value, key
    for index, rent in enumerate(added.rents):
        yield from ((("rents", index, end), getattr(rent, end), HOURLY) for end in ENDS)
    for name, gpu in added.gpus.items():
        if gpu.rent is not None and not gpu.rents:
            yield from ((("gpus", name, "rent", end), getattr(gpu.rent, end), HOURLY) for end in ENDS)
        if gpu.purchase is not None:
            yield from ((("gpus", name, "purchase", end), getattr(gpu.purchase, end), BOUGHT) for end in ENDS)


ENDS = ("low", "likely", "high")
HOURLY, BOUGHT = "self_host.gpu_hourly_price", "self_host.gpu_purchase_price"
PRICES = {
    "input": "current_api.input_price",
    "input_high": "current_api.input_price",
    "output": "current_api.output_price",
    "output_high": "current_api.output_price",
    "cached": "current_api.cached_price",
}
