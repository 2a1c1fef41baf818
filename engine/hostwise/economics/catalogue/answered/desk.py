"""One person's desk: the catalogue as it is for a tool that one person runs on a machine of their own.

A figure `NAME.desk` takes the place of `NAME`; lines of the ledger that are left out `unless: [desk]` are gone; and a
card is bought with the computer around it, where a machine needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.entries import Figure, moving_lines
from hostwise.economics.catalogue.gpus import GPU
from hostwise.reading.translatable import fill, prose

SINGLE_USER = "single_user"
DESK = "desk"
COMPUTER = "desk_computer"
"""The figure for a computer without its card, USD."""
MOST = "desk_gpus"
"""The figure for the cards or machines that stand at one desk."""
_OF_DESK = f".{DESK}"


def at_desk(facts: Mapping[str, Fact]) -> bool:
    """Whether one person runs it for themselves. The cases of a tape part by it."""
    fact = facts.get(SINGLE_USER)
    return fact is not None and fact.value is True


def as_at_desk(facts: Mapping[str, Fact], catalogue: Catalogue) -> Catalogue:
    """The catalogue as these answers take it."""
    return _of_desk(catalogue) if at_desk(facts) else catalogue


def desk_machines(catalogue: Catalogue) -> tuple[str, ...]:
    """GPUs that stand at a desk: machines, and cards of a computer."""
    return tuple(name for name, gpu in catalogue.gpus.items() if gpu.desk is not None)


def counts(name: str, figures: Mapping[str, Figure], facts: Mapping[str, Fact]) -> bool:
    """Whether a figure is read under these answers: that of a desk there, elsewhere the one in whose place it is."""
    if name.endswith(_OF_DESK) or name.startswith(f"{DESK}_"):
        return at_desk(facts)
    return not at_desk(facts) or not any(name in _replaced_by(each, figures) for each in figures)


def _replaced_by(name: str, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """The figures in whose place one of a desk is: whole, and for one GPU."""
    if not name.endswith(_OF_DESK):
        return ()
    base = name.removesuffix(_OF_DESK)
    return tuple(other for other in figures if other == base or (other.startswith(f"{base}.") and other != name))


@lru_cache(maxsize=8)
def _of_desk(catalogue: Catalogue) -> Catalogue:
    figures = dict(catalogue.figures)
    for name, figure in catalogue.figures.items():
        figures |= dict.fromkeys(_replaced_by(name, catalogue.figures), figure)
    items = tuple(item for item in catalogue.items if DESK not in item.unless)
    return replace(
        catalogue,
        figures=figures,
        gpus={name: _bought_whole(gpu, figures[COMPUTER]) for name, gpu in catalogue.gpus.items()},
        items=items,
        moving=moving_lines(catalogue.names, items),
        remembered=catalogue.remembered.within(DESK),
    )


def _bought_whole(gpu: GPU, computer: Figure) -> GPU:
    """A card with the computer that it sits in."""
    price = gpu.purchase
    if price is None or gpu.desk != "card":
        return gpu
    source = fill(
        prose("{source}; with {computer}: {because}"), source=price.source or gpu.source, computer=computer.label,
        because=computer.because,
    )  # fmt: skip
    whole = replace(
        price,
        low=price.low + computer.low,
        likely=price.likely + computer.likely,
        high=price.high + computer.high,
        source=source,
    )
    return replace(gpu, purchase=whole)
