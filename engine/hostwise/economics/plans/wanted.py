"""What own GPUs are searched over: what was given pins its dimension, what was left open is searched."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import PARTS, Demand
from hostwise.economics.catalogue.answered.desk import MOST, at_desk
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.catalogue.entries import Candidate
from hostwise.economics.catalogue.gpus import GPU
from hostwise.economics.catalogue.sourced import Sourced, given
from hostwise.economics.models.model import Model
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.numbers import whole
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.beside import adapters_on, models_beside
from hostwise.economics.plans.competing.contenders import candidate_for
from hostwise.economics.plans.refused import never_measured
from hostwise.economics.plans.rents import GPU_PRICE, GPU_RENT
from hostwise.economics.throughput.at_once import Target

STEERING: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(
        ("stated_input_share", "stated_input_tokens_per_request", "stated_output_tokens_per_request", "latency_p95",
         "gpus_per_replica", "adapters", *PARTS), 0.0
    )
    | {"cached_input_share": 0.5}
)  # fmt: skip
"""What replicas serve follows from these numbers: cases part by them, so that plans are compared as plain numbers.

By a number that so much of the cases has: shares that are cached may be looked over (`over_lengths`), which one look
for all futures does better than a look for each.
"""


def steers(name: str, facts: Mapping[str, Fact]) -> bool:
    """Whether what replicas serve follows from a number: from the parts of a volume only where no length was given."""
    return name in STEERING and (name not in PARTS or facts["stated_output_tokens_per_request"].value is None)


class SearchWanted(Struct, frozen=True):
    """Models and GPUs by their names, and what pins the rest. `assumed` names the answers that were not given."""

    models: tuple[str, ...]
    gpus: tuple[str, ...]
    precision: str | None
    size: Decimal | None
    measured: Sourced | None
    assumed: tuple[str, ...]
    target: Target
    at_once: Decimal | None = None
    """Requests at once that are planned for; None where the constants say it."""
    room: Decimal | None = None
    """GPUs that a replica has room for."""
    beside: tuple[str, ...] = ()
    """Other models that each replica holds, and `adapters` on its own."""
    adapters: Decimal = Decimal(0)
    unlicensed: tuple[str, ...] = ()
    """Consumer cards and machines of a desk, which nobody named: none of them is made for a service."""


def wanted(facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand, models: tuple[str, ...]) -> SearchWanted:
    """What the answers leave to search: some models. Models and GPUs that they name are known (`check_names`)."""
    candidate = candidate_for(facts, catalogue)
    model, gpu, precision = (_text(facts[name]) for name in ("own_model", "gpu", "own_precision"))
    size, measured = facts["gpus_per_replica"].value, given("stated_throughput", facts)
    # A price or a speed of some GPU that is not named is not that of another one.
    of_one = measured is not None or any(given(name, facts) is not None for name in (GPU_RENT, GPU_PRICE))
    known = _searched(facts, catalogue)
    gpus = (_known(gpu, catalogue.gpus),) if gpu else (candidate.gpu,) if of_one else known
    if measured is None and gpus[0] not in supported(catalogue):
        raise never_measured(gpus[0], facts)
    names = {"own_model": model, "gpu": gpu, "own_precision": precision}
    served = (_known(model, catalogue.models),) if model else models
    return SearchWanted(
        served,
        gpus,
        precision,
        whole(size) if isinstance(size, Decimal) else None,
        None if measured is None else as_total(measured, facts, demand),
        tuple(name for name, value in names.items() if value is None),
        latency_target(facts),
        *_of_desk(facts, catalogue),
        models_beside(facts, catalogue),
        adapters_on(facts),
        tuple(name for name in supported(catalogue) if name not in known)
        if gpus is known and not at_desk(facts)
        else (),
    )


def supported(catalogue: Catalogue) -> tuple[str, ...]:
    """GPUs whose throughput can be estimated."""
    classes = catalogue.physics.classes
    return tuple(n for n, gpu in catalogue.gpus.items() if gpu.port == "supported" and gpu.device_class in classes)


ONE = Decimal(1)


def only(candidate: Candidate, facts: Mapping[str, Fact], catalogue: Catalogue) -> SearchWanted:
    """A model of the catalogue on any GPU, whatever the answers say of another one."""
    known, at_once, room = _searched(facts, catalogue), *_of_desk(facts, catalogue)
    return SearchWanted((candidate.model,), known, None, None, None, ASSUMED, latency_target(facts), at_once, room)


def _searched(facts: Mapping[str, Fact], catalogue: Catalogue) -> tuple[str, ...]:
    """GPUs that plans are searched over: at one person's desk what stands there, else no consumer cards.

    Cards that are licensed for no data centre, and machines made for a desk, are a plan of a service only where the
    answers name them.
    """
    known, desk = supported(catalogue), at_desk(facts)
    cards = {name: catalogue.gpus[name] for name in known}
    serves = {name: not card.consumer and card.desk != "machine" for name, card in cards.items()}
    return tuple(name for name in known if (cards[name].desk if desk else serves[name]))


def _of_desk(facts: Mapping[str, Fact], catalogue: Catalogue) -> tuple[Decimal | None, Decimal | None]:
    """Requests at once, and GPUs that there is room for: one person waits for one answer."""
    return (ONE, catalogue.figures[MOST].likely) if at_desk(facts) else (None, None)


ASSUMED = ("own_model", "gpu", "own_precision")


def latency_target(facts: Mapping[str, Fact]) -> Target:
    """The latency asked for; work that all may wait has none."""
    asked = facts["latency_p95"].value
    if not isinstance(asked, Decimal) or says(facts, "traffic_mix", "batch"):
        return Target()
    seconds = asked / 1000
    return {
        "first-token": Target(first_token=seconds),
        "whole-answer": Target(whole_answer=seconds),
        "speed-per-user": Target(per_token=seconds),
    }.get(str(facts["latency_of"].value), Target(first_token=seconds))


def _text(fact: Fact) -> str | None:
    return fact.value if isinstance(fact.value, str) else None


def _known(name: str, entries: Mapping[str, GPU] | Mapping[str, Model]) -> str:
    found = find_named(name, entries)
    assert found is not None, f"{name} was checked before"
    return found


def as_total(stated: Sourced, facts: Mapping[str, Fact], demand: Demand) -> Sourced:
    """Tokens a second, input and output together, whatever the measurement counted."""
    if facts["throughput_basis"].value != "output":
        return Sourced(stated.band, "measured", stated.source, stated.inputs, "tok/s")
    share = 1 - demand.input_share.band.likely
    band = stated.band / Band.exactly(share) if share > 0 else stated.band
    return Sourced(band, "measured", f"{stated.source}: output tokens ÷ output share", stated.inputs, "tok/s")
