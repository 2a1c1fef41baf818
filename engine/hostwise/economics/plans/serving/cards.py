"""GPUs that another one beats in everything: no plan on them is ever the cheapest, so none is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from hostwise.economics.catalogue.gpus import GPU
from hostwise.economics.catalogue.ranges import NumberRange
from hostwise.economics.numbers.tape import Traced


def unbeaten(names: Sequence[str], gpus: Mapping[str, GPU]) -> list[str]:
    """Those of some GPUs that none of them beats: in what it can do, in its rent and in its price and power.

    A price that differs from case to case on a tape beats nothing, and is not beaten.
    """
    kept: list[str] = []
    for name in sorted(names, key=lambda each: -gpus[each].bandwidth):
        if not any(_beats(gpus[other], gpus[name]) for other in kept):
            kept.append(name)
    return [name for name in names if name in kept]


def _beats(one: GPU, other: GPU) -> bool:
    return _does_more(one, other) and _costs_less(one, other)


def _does_more(one: GPU, other: GPU) -> bool:
    return (
        one.device_class == other.device_class
        and one.memory >= other.memory
        and one.bandwidth >= other.bandwidth
        and one.link >= other.link
        and one.most_per_node >= other.most_per_node
        and all(one.tflops.get(unit, Decimal(0)) >= speed for unit, speed in other.tflops.items())
    )


def _costs_less(one: GPU, other: GPU) -> bool:
    bought = other.purchase is not None and other.power is not None
    return _no_more(one.rent, other.rent) and (
        not bought or (_no_more(one.purchase, other.purchase) and _no_more_power(one.power, other.power))
    )


def _no_more(one: NumberRange | None, other: NumberRange | None) -> bool:
    """Whether a price is known and no higher, or the other is not for sale at all."""
    if other is None:
        return True
    if one is None or isinstance(one.likely, Traced) or isinstance(other.likely, Traced):
        return False
    return one.likely <= other.likely


def _no_more_power(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and one <= other
