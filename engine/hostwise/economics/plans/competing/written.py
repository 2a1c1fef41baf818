"""How much a model writes against the model in use, whose output the answers measured: reasoning is paid for too."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.catalogue import OVERHEAD, Catalogue
from hostwise.economics.models.reasoning import AS_MUCH, Written, times, times_over
from hostwise.economics.numbers.numbers import most
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.competing.class_wanted import OWN_WEIGHTS, model_in_use, named_open_model, nothing_in_use
from hostwise.reading.translatable import fill, prose


def reasoning_in_use(facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal | None:
    """What the model in use adds to its answers, nothing where it is not known; None where every model writes as much.

    That is so of weights of one's own, whose training says what they write, and of an open model in use that is not
    named. Where no API is in use the volume is that of the open model which is named, else that of plain answers.
    """
    if says(facts, "fine_tuning", *OWN_WEIGHTS):
        return None
    key = named_open_model(facts, catalogue) if nothing_in_use(facts) else model_in_use(facts, catalogue)
    if key is not None:
        return catalogue.reasoning.of(every_model(catalogue)[key])
    return None if says(facts, "current_tier", "open-model") else Decimal(0)


def reasoning_counted_with(facts: Mapping[str, Fact], in_use: Decimal | None) -> Decimal | None:
    """The same of a volume that is counted by what people count: plain answers, where nothing runs yet to measure."""
    return in_use if in_use is None or not nothing_in_use(facts) else Decimal(0)


def added(model: str, effort: str, demand: Demand, catalogue: Catalogue) -> Decimal:
    """What a model adds to its answers at an effort; nothing where all write as much.

    No less than the model in use: nobody said at which effort that runs, so writing less is no saving to count on.
    """
    return Decimal(0) if demand.reasoning is None else _beside(demand.reasoning, model, effort, catalogue)


def _beside(in_use: Decimal, model: str, effort: str, catalogue: Catalogue) -> Decimal:
    return most(catalogue.reasoning.of(every_model(catalogue)[model], effort), in_use)


def written(model: str, effort: str, demand: Demand, catalogue: Catalogue) -> Written:
    """What a model writes at an effort, as the figure of the catalogue has it."""
    entry, in_use = catalogue.figures[OVERHEAD], demand.reasoning
    if in_use is None:
        return AS_MUCH
    own = added(model, effort, demand, catalogue)
    if own == in_use:
        return Written(AS_MUCH.times, effort)
    of_index = every_model(catalogue)[model].reasoning or next(iter(catalogue.reasoning.levels))
    message = _CHOSEN if effort and effort != of_index else _OF_INDEX
    source = fill(
        message, model=model, level=effort or of_index, source=catalogue.reasoning.source, spread=entry.source
    )
    return Written(times_over(own, in_use, entry.band), effort, source)


_OF_INDEX = prose("{model} at the effort of its index, {level}: {source}; {spread}")
_CHOSEN = prose("{model} at the effort {level}, the least whose index is enough: {source}; {spread}")


def planned_times(model: str, demand: Demand, catalogue: Catalogue) -> Decimal:
    """The same as it is planned for: what shapes the requests of a replica, in any future."""
    in_use = demand.reasoning
    return times(added(model, "", demand, catalogue), in_use or Decimal(0), catalogue.reasoning.span.likely)
