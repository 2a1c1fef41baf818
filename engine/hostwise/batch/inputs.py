"""The numbers of an input of a tape, in some of the cases."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hostwise.answers.facts import Fact
from hostwise.batch.cases import Places, Population
from hostwise.economics.numbers.taped_facts import LeftOpen, Number, Says, was_left
from hostwise.inference.columns import Floats, Mask

InputKey = Number | Says | LeftOpen | str
"""A number of a fact, what a fact says, whether it was left open, or the name of a figure of the catalogue."""


def input_of(key: InputKey, population: Population, where: Places | slice, size: int) -> Floats | Mask:
    """The numbers of an input in the cases that stand `where`, as many as `size`."""
    if isinstance(key, Number):
        numbers: Floats = population.spreads[key.name].numbers[key.end][where]
        return numbers / key.unit
    if isinstance(key, Says):
        return _each(key.name, lambda fact: fact is not None and fact.value in key.words, population, where, size)
    if isinstance(key, LeftOpen):
        return _each(key.name, was_left, population, where, size)
    figure: Floats = population.figures[key][where]
    return figure


def _each(
    name: str, holds: Callable[[Fact | None], bool], population: Population, where: Places | slice, size: int
) -> Mask:
    spread = population.spreads.get(name)
    if spread is None:
        return np.full(size, holds(None))
    held = np.array([holds(fact) for fact in spread.prototypes])
    found: Mask = held[spread.which[where]]
    return found
