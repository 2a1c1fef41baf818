"""Every replica that is looked at, before anything is asked of it: model × GPU × precision × GPUs a replica."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.numbers.tape import Traced
from hostwise.economics.plans.serving.candidate import NATIVE
from hostwise.economics.plans.serving.cards import unbeaten
from hostwise.economics.plans.wanted import SearchWanted
from hostwise.economics.throughput.nearest import Nearby, nearby
from hostwise.economics.throughput.rates import Rates, rates_of
from hostwise.economics.throughput.reasons import Obstacle, why_never
from hostwise.economics.throughput.replica import BITS, GIGA, STORED, Replica
from hostwise.economics.throughput.sizes import SIZES, valid_sizes

EIGHT = 8
"""Bits that weights published in more are served in: half the memory, and no loss that evaluations find."""


class ReplicaShape(Struct, frozen=True):
    """A replica before anything is asked of it."""

    model: str
    gpu: str
    rates: Rates
    rows: Nearby | None
    never: tuple[Obstacle, ...]
    """What rules it out whatever is asked of it; not looked at where its size was given."""


def every_shape(catalogue: Catalogue, searched: SearchWanted) -> tuple[ReplicaShape, ...]:
    """Every replica that is looked at, in the order of the catalogue, small ones first.

    Remembered by the prices that cards are left out by.
    """
    if isinstance(searched.size, Traced) or isinstance(searched.adapters, Traced):
        return tuple(_shapes(catalogue, searched))
    prices = (
        None if price is None else VARIED if isinstance(price.likely, Traced) else price.likely
        for gpu in searched.gpus for price in (catalogue.gpus[gpu].rent, catalogue.gpus[gpu].purchase)
    )  # fmt: skip
    key = ("shapes", searched.models, searched.gpus, searched.precision, searched.size, searched.measured is None,
           searched.room, searched.beside, searched.adapters, *prices)  # fmt: skip
    known = catalogue.remembered.get(key)
    if not isinstance(known, tuple):
        known = catalogue.remembered[key] = tuple(_shapes(catalogue, searched))
    return known


VARIED = "varied"
"""In place of a price that differs from case to case on a tape: by such a one no card is left out."""


def _shapes(catalogue: Catalogue, searched: SearchWanted) -> Iterator[ReplicaShape]:
    for model in searched.models:
        for gpu in _cards(model, catalogue, searched):
            for precision in _precisions(model, gpu, catalogue, searched):
                rows = nearby(catalogue.measured, model, gpu, precision)
                for size in _sizes(model, gpu, precision, catalogue, searched):
                    rates = _rates(model, gpu, precision, size, catalogue, searched)
                    never = why_never(rates.replica, catalogue.physics) if searched.size is None else ()
                    yield ReplicaShape(model, gpu, rates, rows, never)


def _cards(model: str, catalogue: Catalogue, searched: SearchWanted) -> list[str]:
    """GPUs worth a look. What was measured may lie off the form, so such a card is beaten by none and beats none."""
    measured = [
        gpu for gpu in searched.gpus
        if any(nearby(catalogue.measured, model, gpu, each) for each in _precisions(model, gpu, catalogue, searched))
    ]  # fmt: skip
    others = unbeaten([gpu for gpu in searched.gpus if gpu not in measured], catalogue.gpus)
    return [gpu for gpu in searched.gpus if gpu in measured or gpu in others]


def _precisions(model: str, gpu: str, catalogue: Catalogue, searched: SearchWanted) -> tuple[str, ...]:
    """The one that the form says is quickest; in sixteen bits too, where that was measured: it may lie off the form."""
    found, wide = precision_of(model, gpu, catalogue, searched), NATIVE[2 * EIGHT]
    apart = searched.precision is None and searched.measured is None and found == NATIVE[EIGHT]
    return (found, wide) if apart and nearby(catalogue.measured, model, gpu, wide) else (found,)


def precision_of(model: str, gpu: str, catalogue: Catalogue, searched: SearchWanted) -> str:
    """As given; else in eight bits where a card multiplies them, in fewer where they were published in fewer."""
    bits, card = min(catalogue.models[model].bits, EIGHT), catalogue.gpus[gpu]
    if searched.precision is None and bits == EIGHT and NATIVE[EIGHT] not in card.tflops:
        return NATIVE[2 * EIGHT] if card.bfloat else "fp16"
    return searched.precision or NATIVE[bits]


def _sizes(model: str, gpu: str, precision: str, catalogue: Catalogue, searched: SearchWanted) -> tuple[Decimal, ...]:
    if searched.size is not None:
        return (searched.size,)
    entry, card, reserve = catalogue.models[model], catalogue.gpus[gpu], catalogue.physics.memory_reserve
    sizes = valid_sizes(entry, card, precision, reserve, _beside(model, gpu, catalogue, searched))
    if searched.room is not None:
        sizes = tuple(size for size in sizes if size <= searched.room) or SIZES[:1]
    # One replica was measured, and nobody said on how many cards: on the fewest that hold it.
    return (sizes[:1] if searched.measured else sizes) or SIZES[-1:]


def _beside(model: str, gpu: str, catalogue: Catalogue, searched: SearchWanted) -> Decimal:
    """Bytes of the other models, each in the precision that it would have on such a card, and of the adapters."""
    others = (
        catalogue.models[name].parameters * GIGA * STORED[BITS[precision_of(name, gpu, catalogue, searched)]] / 8
        for name in searched.beside
    )
    adapter = catalogue.models[model].active * GIGA * 2 * catalogue.physics.adapters.memory
    return sum(others, Decimal(0)) + searched.adapters * adapter


def _rates(model: str, gpu: str, precision: str, size: Decimal, catalogue: Catalogue, searched: SearchWanted) -> Rates:
    # What it can do follows from no price, which may be one of a tape.
    card, physics = replace(catalogue.gpus[gpu], rent=None, purchase=None, rents=()), catalogue.physics
    if card.device_class not in physics.classes:
        # It was measured, or it would not be searched: only what it holds counts, which no class changes.
        card = replace(card, device_class=next(iter(physics.classes)))
    beside = _beside(model, gpu, catalogue, searched)
    replica = Replica(catalogue.models[model], card, size, precision, beside=beside, adapters=searched.adapters)
    return rates_of(replica, physics)
