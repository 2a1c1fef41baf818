"""What was known before a fetch: the prices of the installed list, or those of an earlier snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from hostwise.economics.models.classes import AnyModel
from hostwise.economics.prices.sellers import sellers_of
from hostwise.economics.prices.snapshot import Range, Snapshot
from hostwise.workbench.prices.compare import Key
from hostwise.workbench.prices.sources import Limits


class Moved(Struct, frozen=True):
    """A price of a snapshot beside the one that is installed; None where the list has none."""

    seller: str
    model: str
    installed: Range | None
    fetched: tuple[Range, Range]


def installed_prices(models: Mapping[str, AnyModel], day: date) -> Mapping[Key, Range]:
    """Input and output of every offer of the installed list, by seller and model; the cheapest where it has several."""
    found: dict[Key, Range] = {}
    for key, model in models.items():
        for offer in sellers_of(key, model):
            holds = offer.offer_on(day)
            tariff = holds.ordinary if holds else None
            if tariff and tariff.input and tariff.output:
                price = (tariff.input.price, tariff.output.price)
                found[offer.seller, key] = min(price, found.get((offer.seller, key), price))
    return found


def prices_of(snapshot: Snapshot) -> Mapping[Key, Range]:
    """The low ends of a snapshot's input and output, by seller and model."""
    return {(row.seller, row.model): (row.input[0], row.output[0]) for row in snapshot.tokens}


def moved(snapshot: Snapshot, installed: Mapping[Key, Range], limits: Limits) -> Iterator[Moved]:
    """Rows of a snapshot that the installed list does not have, or has at a price outside the row's interval."""
    for row in snapshot.tokens:
        known = installed.get((row.seller, row.model))
        ends = (row.input, row.output)
        near = limits.same_within
        if known is None or any(
            not low - near <= was <= high + near for was, (low, high) in zip(known, ends, strict=True)
        ):
            yield Moved(row.seller, row.model, known, ends)
