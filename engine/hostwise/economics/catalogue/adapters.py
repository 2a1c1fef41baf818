"""Who serves an adapter (LoRA) by the token, on which base model (`rules/catalogue/adapters.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from hostwise.economics.catalogue.ranges import NumberRange
from hostwise.economics.models.model import Model
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest


class AdapterOffer(Strict, frozen=True):
    """An adapter of `base` at a seller: its price there times `premium`. After `expires` it counts no more."""

    seller: str
    base: str
    premium: NumberRange
    source: str
    because: str
    as_of: date
    grade: Literal["A", "B", "C", "D"]
    expires: date

    def __post_init__(self) -> None:
        if self.expires <= self.as_of:
            raise ValueError("as_of < expires must hold")


class _Adapters(Strict, frozen=True):
    adapters: tuple[AdapterOffer, ...]


def read_adapters(
    document: Document, models: Mapping[str, Model], sellers: Mapping[str, object]
) -> tuple[AdapterOffer, ...]:
    """Read `adapters.yaml`. Raises `InputError` for a base or a seller that no other file of the catalogue knows."""
    offers = validated(_Adapters, document).adapters
    findings = [
        finding for index, offer in enumerate(offers)
        for finding in (*_unknown(document, index, "base", offer.base, models),
                        *_unknown(document, index, "seller", offer.seller, sellers))
    ]  # fmt: skip
    if findings:
        raise InputError(findings)
    return offers


def _unknown(document: Document, index: int, key: str, name: str, known: Mapping[str, object]) -> Iterator[Diagnostic]:
    if name not in known:
        file = {"base": "models.yaml", "seller": "sellers.yaml"}[key]
        yield document.finding(("adapters", index, key), "unknown-name", f"no such {key} in {file}", found=name,
                               accepted=", ".join(known), suggestion=nearest(name, known))  # fmt: skip
