"""The models that options compete with: the one that is named, else every candidate of the class in use or above.

A provider and own GPUs take theirs from one list. Whoever sells a model answers for its licence; whoever runs it needs
its shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.candidates import WRITING, Dropped, candidates, every_model
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.entries import Candidate
from hostwise.economics.catalogue.sourced import given
from hostwise.economics.models.licences import PROPRIETARY, why_not_licensed
from hostwise.economics.models.model import Model, ModelKind
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.competing.class_wanted import (
    OWN_WEIGHTS,
    class_wanted,
    model_in_use,
    named_with_shape,
    named_without_shape,
)
from hostwise.economics.prices.sellers import run_by
from hostwise.economics.throughput.replica import BITS
from hostwise.reading.translatable import fill, prose


class Contenders(Struct, frozen=True):
    """Models by key: those that a provider may sell, those that own GPUs may run, and of all others the reason.

    `sold` is empty where no model is named, and nothing tells which class is wanted: then a default is priced.
    """

    sold: tuple[str, ...]
    own: tuple[str, ...]
    not_sold: tuple[Dropped, ...] = ()
    not_own: tuple[Dropped, ...] = ()


def contenders(facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand, as_of: date) -> Contenders:
    """What the answers leave to compete. Raises nothing: names that are not known were refused (`check_names`)."""
    named, tuned = named_with_shape(facts, catalogue), says(facts, "fine_tuning", *OWN_WEIGHTS)
    shapeless = None if tuned else named_without_shape(facts, catalogue)
    pinned = (shapeless,) if shapeless else ()
    if named and (pinned or at_a_provider(named, facts, catalogue, as_of)):
        return Contenders(pinned or (named,), (named,))
    if catalogue.work.embedding(facts):
        return _embedders(named, facts, catalogue, demand, as_of)
    asked = "" if tuned else class_wanted(facts, catalogue).asked
    if not asked:
        return Contenders(pinned, (named or candidate_for(facts, catalogue).model,))
    context = demand.input_length + demand.output_length
    kinds = kinds_wanted(facts, catalogue)
    sold, run = (
        candidates(asked, catalogue, facts, as_of, context=context, kinds=kinds, hosted_by=host)
        for host in ("seller", "you")
    )
    models = every_model(catalogue)
    shaped = [key for key in run.kept if key in catalogue.models]
    lean, beaten = _lean(shaped, catalogue, _bits(facts))
    if given("stated_throughput", facts) is not None:
        # Measured on one model, which nobody named: on that in use, if it is an open one.
        used = model_in_use(facts, catalogue)
        lean = [used if used and used in catalogue.models else candidate_for(facts, catalogue).model]
    if named:
        lean = [named]  # for own GPUs; nobody sells it, so a provider competes with what is sold
    open_ones = tuple(key for key in sold.kept if models[key].licence != PROPRIETARY)
    unsized = (Dropped(key, prose("its shape was not published")) for key in run.kept if key not in catalogue.models)
    not_own = _open_only((*run.dropped, *unsized, *beaten), catalogue)
    if pinned:
        return Contenders(pinned, tuple(lean), (), not_own)
    return Contenders(open_ones, tuple(lean), _open_only(sold.dropped, catalogue), not_own)


def _embedders(
    named: str | None, facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand, as_of: date
) -> Contenders:
    """Models that make embeddings: no index that is known ranks them, so all compete, and an evaluation must decide.

    Of one that is named and that nobody sells, own GPUs are held against what is sold.
    """
    models, context = every_model(catalogue), demand.input_length
    sold: list[str] = []
    own: list[str] = []
    dropped: list[Dropped] = []
    for key, model in models.items():
        if model.kind != "embedding" or model.licence == PROPRIETARY:
            continue
        if model.context is not None and model.context < context:
            dropped.append(Dropped(key, prose("reads less than one request has")))
            continue
        if next(run_by(key, model, catalogue, as_of), None) is not None:
            sold.append(key)
        unlicensed = why_not_licensed(model.licence, catalogue.licences, facts)
        shapeless = None if key in catalogue.models else prose("its shape was not published")
        why = unlicensed or shapeless
        own += [] if why else [key]
        dropped += [Dropped(key, why)] if why else []
    return Contenders(tuple(sold), (named,) if named else tuple(own), (), tuple(dropped))


def kinds_wanted(facts: Mapping[str, Fact], catalogue: Catalogue) -> tuple[ModelKind, ...]:
    """The kinds of models that may do the work: where images are read, those that are known to read them."""
    return ("vision",) if catalogue.work.reads_images(facts) else WRITING


def at_a_provider(named: str, facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> bool:
    """Whether the named model is a provider's too: named for one, or sold by somebody on the day."""
    sold = run_by(named, every_model(catalogue)[named], catalogue, as_of)
    return facts["open_model"].value is not None or next(sold, None) is not None


def candidate_for(facts: Mapping[str, Fact], catalogue: Catalogue) -> Candidate:
    """What own GPUs would serve where nothing says: a small model in the place of a small one."""
    small = bool(says(facts, "current_tier", "small", "open-model"))
    return catalogue.candidates["small" if small else "default"]


def _open_only(dropped: Iterable[Dropped], catalogue: Catalogue) -> tuple[Dropped, ...]:
    models = every_model(catalogue)
    return tuple(each for each in dropped if models[each.model].licence != PROPRIETARY)


def _bits(facts: Mapping[str, Fact]) -> int | None:
    precision = facts["own_precision"].value
    return BITS[precision] if isinstance(precision, str) else None


def _lean(keys: list[str], catalogue: Catalogue, bits: int | None) -> tuple[list[str], list[Dropped]]:
    """Those of some models that none of them beats in all that a GPU has to do, and those beaten."""
    work = {key: _work(catalogue.models[key], bits) for key in keys}
    kept: list[str] = []
    beaten: list[Dropped] = []
    for key in sorted(keys, key=lambda each: work[each]):
        other = next((o for o in kept if all(a <= b for a, b in zip(work[o], work[key], strict=True))), None)
        if other is None:
            kept.append(key)
        else:
            message = prose("{other} asks less of a GPU in everything, and is a candidate too")
            beaten.append(Dropped(key, fill(message, other=other)))
    return kept, beaten


def _work(model: Model, bits: int | None) -> tuple[Decimal, ...]:
    """What serving takes: weights that are held, weights that a token reads, and the cache of a request."""
    served = bits or min(model.bits, EIGHT)
    full, seen = model.full_layers * model.cache_values, min(model.window or 0, USUAL)
    cache = full * USUAL + model.window_layers * seen * model.window_cache_values
    return model.parameters * served, model.active * served, Decimal(cache)


USUAL = 8192
"""Tokens of a request at which caches are compared: a layer with a window keeps no more than its window."""
EIGHT = 8
"""Bits that weights published in more are served in (`replicas`)."""
