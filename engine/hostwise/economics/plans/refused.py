"""Answers that cannot be: a name that is not in the catalogue, a model that does not fit a GPU, a speed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.answered.desk import SINGLE_USER, at_desk, desk_machines
from hostwise.economics.catalogue.candidates import every_model, model_on_device
from hostwise.economics.catalogue.catalogue import Catalogue, find_named, fitting_names
from hostwise.economics.catalogue.gpus import GPU
from hostwise.economics.catalogue.work import MODELS
from hostwise.economics.models.api_model import ApiModel
from hostwise.economics.models.licences import PROPRIETARY, why_not_licensed
from hostwise.economics.models.model import Model
from hostwise.economics.plans.beside import beside_findings
from hostwise.economics.plans.competing.class_wanted import model_in_use
from hostwise.economics.prices.answered_price import may_mean
from hostwise.economics.prices.names import Fitting, seller_called
from hostwise.economics.prices.sellers import model_called
from hostwise.economics.prices.stated import OPEN
from hostwise.economics.throughput.replica import GIBI, GIGA, Replica
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.names import listed


def check_names(facts: Mapping[str, Fact], catalogue: Catalogue) -> None:
    """Raise `InputError` for every GPU and model that is not in the catalogue, with the nearest name."""
    findings = [
        *_unknown("own_model", facts, catalogue, catalogue.models),
        *_unknown("gpu", facts, catalogue, catalogue.gpus),
        *_other_work(facts, catalogue),
        *_not_scored(facts, catalogue),
        *_one_of_several_sellers(facts, catalogue),
        *_at_desk(facts, catalogue),
        *beside_findings(facts, catalogue),
    ]
    if findings:
        raise InputError(findings)


def named_alone(facts: Mapping[str, Fact]) -> str | None:
    """The seller of open models that is named without a model or a price: what it sells is searched."""
    seller, rest = facts[OPEN.provider].value, (OPEN.model, OPEN.input, OPEN.output)
    return seller if isinstance(seller, str) and not any(facts[name].known for name in rest) else None


def _one_of_several_sellers(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Diagnostic]:
    name = named_alone(facts)
    found = seller_called(name, catalogue.seller_names) if name else None
    asked = may_mean(facts[OPEN.provider], found.names) if isinstance(found, Fitting) else None
    yield from () if asked is None else (asked,)


def _unknown(
    fact: str, facts: Mapping[str, Fact], catalogue: Catalogue, entries: Mapping[str, GPU] | Mapping[str, Model]
) -> Iterator[Diagnostic]:
    name = facts[fact].value
    if not isinstance(name, str) or find_named(name, entries) is not None:
        return
    if fact == "gpu" and (asked := _not_one_card(facts[fact], name, catalogue)) is not None:
        yield asked
        return
    sold = find_named(name, catalogue.api_models) if fact == "own_model" else None
    if sold is not None and facts["edge_or_offline"].value is True and model_on_device(facts, catalogue) == sold:
        return  # on a device only its weights have to fit
    if sold is not None and facts[fact].provenance.place is not None:
        yield _shapeless(facts[fact], sold, facts, catalogue)
        return
    own = "self_host.model_parameters, or `hostwise catalogue add-model`"
    accepted = f"{', '.join(entries)}; or add it under rules/catalogue"
    if fact == "own_model":
        accepted = (
            f"{len(entries)} names, listed by `hostwise catalogue models`; or add it under rules/catalogue, or by {own}"
        )
    yield from _not_known(facts[fact], fact.replace("_", "-"), name, entries, accepted)


def _not_one_card(fact: Fact, name: str, catalogue: Catalogue) -> Diagnostic | None:
    """How many cards, or a cloud's machine, where the kind of GPU is asked for."""
    counted = _COUNTED.fullmatch(name)
    kind = find_named(counted["before"] or counted["after"], catalogue.gpus) if counted else None
    machine = catalogue.seller_names.gpu_of_machine(name)
    if fact.provenance.place is None or not (kind or machine):
        return None
    said = (
        "how many of them is another answer"
        if kind
        else f"a machine with {machine} in it, and a kind of GPU is asked for"
    )
    accepted = "the kind of GPU; how many: gpus_per_replica, gpus_owned or gpus_reserved"
    message = f"{fact.provenance.key}: {said}"
    return Diagnostic(fact.provenance.place, "not-one-gpu", message, name, accepted, kind or machine)


_COUNTED = re.compile(r"(?:\d+ *[x×*] *(?P<after>.+)|(?P<before>.+?) *[x×*] *\d+)", re.IGNORECASE)


def _shapeless(fact: Fact, model: str, facts: Mapping[str, Fact], catalogue: Catalogue) -> Diagnostic:
    """A model that is known and sold by the token, and of which nobody knows what it takes of a GPU."""
    assert fact.provenance.place is not None
    licence = catalogue.api_models[model].licence
    barred = why_not_licensed(licence, catalogue.licences, facts)
    if licence == PROPRIETARY:
        message, accepted = "its maker hands on no weights: it cannot be hosted", "an open model"
    else:
        message = "its shape is not in the catalogue, so no GPU can be sized for it"
        accepted = "self_host.model_parameters with its shape, or `hostwise catalogue add-model`; or another model"
    if barred:
        message = f"{message}, and {barred}"
    key = fact.provenance.key
    return Diagnostic(fact.provenance.place, "unknown-shape", f"{key}: {message}", str(fact.value), accepted)


def _not_known(
    fact: Fact, what: str, name: str, entries: Mapping[str, GPU] | Mapping[str, Model] | Mapping[str, ApiModel],
    accepted: str,
) -> Iterator[Diagnostic]:  # fmt: skip
    """That a name stands for none of some entries, or may stand for several."""
    key, place, fitting = fact.provenance.key, fact.provenance.place, fitting_names(name, entries)
    if place is None:
        return
    if len(fitting) > 1:
        message = f"{key}: {name!r} may mean one of several; write it whole"
        yield Diagnostic(place, f"ambiguous-{what}", message, name, listed(fitting))
        return
    suggestion = fitting[0] if fitting else nearest(name, entries)
    yield Diagnostic(place, f"unknown-{what}", f"{key}: not in the catalogue", name, accepted, suggestion)


def _other_work(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A model that answers where embeddings are made, and one that makes embeddings where something is written."""
    embeds, models = catalogue.work.embedding(facts), every_model(catalogue)
    for fact in MODELS:
        name, place = facts[fact].value, facts[fact].provenance.place
        if not isinstance(name, str) or place is None:
            continue
        key = model_called(name, catalogue)
        makes = models[key].kind == "embedding" if key else catalogue.work.makes_embeddings(name)
        if makes and not embeds:
            message = f"{facts[fact].provenance.key}: it makes embeddings, and writes nothing{_line('task', facts)}"
            yield Diagnostic(place, "other-work", message, name, "workload.task: embeddings; or a model that writes")
        elif key and embeds and not makes:
            message = f"{facts[fact].provenance.key}: it makes no embeddings{_line('task', facts)}"
            yield Diagnostic(place, "other-work", message, name, "a model that makes them; or another workload.task")


def _not_scored(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Diagnostic]:
    """What cannot be the other API model that was scored: one that is not known, an open one, the one in use."""
    fact = facts["scored_api_model"]
    name, place = fact.value, fact.provenance.place
    if not isinstance(name, str) or place is None:
        return
    key = model_called(name, catalogue)
    accepted = "a proprietary model that `hostwise catalogue models` lists, other than the one in use"
    if key is None:
        yield from _not_known(fact, "model", name, catalogue.api_models, accepted)
    elif key == model_in_use(facts, catalogue):
        message = f"{fact.provenance.key}: it is the model in use{_line('current_model', facts)}"
        yield Diagnostic(place, "model-in-use", message, name, accepted)
    elif every_model(catalogue)[key].licence != PROPRIETARY:
        message = f"{fact.provenance.key}: an open model; the gap of one stands under quality.gap"
        yield Diagnostic(place, "open-model", message, name, accepted)
    elif (day := every_model(catalogue)[key].retired_on) is not None:
        message = f"{fact.provenance.key}: it leaves its API on {day.isoformat()}: score what stays"
        yield Diagnostic(place, "leaves", message, name, accepted)


def _at_desk(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A GPU that stands in a server, where one person runs it at a desk, and a speed of nobody knows which."""
    name, place = facts["gpu"].value, facts["gpu"].provenance.place
    speed = facts["stated_throughput"]
    if not at_desk(facts):
        return
    if isinstance(name, str) and place is not None and find_named(name, catalogue.gpus) not in (
        None, *desk_machines(catalogue)
    ):  # fmt: skip
        message = f"self_host.gpu: it does not stand at one person's desk{_line(SINGLE_USER, facts)}"
        accepted = f"{', '.join(desk_machines(catalogue))}; or team.single_user: no"
        yield Diagnostic(place, "no-desk-machine", message, name, accepted)
    if name is None and speed.provenance.place is not None and speed.value is not None:
        message = f"{speed.provenance.key}: of which machine at the desk?{_line(SINGLE_USER, facts)}"
        yield Diagnostic(speed.provenance.place, "which-machine", message, accepted="self_host.gpu beside it")


def _line(fact: str, facts: Mapping[str, Fact]) -> str:
    """Where the other side of a contradiction stands."""
    place = facts[fact].provenance.place
    return f" (line {place.line})" if place else ""


def too_large(replica: Replica, model: str, gpu: str, facts: Mapping[str, Fact]) -> InputError:
    """GPUs a replica were given, and do not hold the model that was given."""
    weights, memory = replica.held_bytes / GIGA, replica.gpu.memory * GIBI * replica.gpus / GIGA
    fact = facts["gpus_per_replica"]
    assert fact.provenance.place is not None
    message = f"{fact.provenance.key}: {replica.gpus:f} × {gpu} cannot hold {model} at {replica.bits} bits"
    if replica.beside:
        message += ", and what stands beside it"
    model_line, gpu_line = _line("own_model", facts), _line("gpu", facts)
    found = f"{weights:.0f} GB of weights{model_line} in {memory:.0f} GB{gpu_line}"
    return InputError([Diagnostic(fact.provenance.place, "does-not-fit", message, found, "more GPUs, or fewer bits")])


def impossible(rate: Decimal, bound: Decimal, facts: Mapping[str, Fact]) -> InputError:
    """A throughput was given that the hardware cannot reach."""
    fact = facts["stated_throughput"]
    assert fact.provenance.place is not None
    message = f"{fact.provenance.key}: more than the hardware can do at these lengths"
    found = f"{rate:,.0f} tokens a second in all"
    accepted = f"at most {bound:,.0f}, the roofline bound; or check throughput_basis"
    return InputError([Diagnostic(fact.provenance.place, "impossible", message, found, accepted)])


def never_measured(gpu: str, facts: Mapping[str, Fact]) -> InputError:
    """A GPU was given on which no estimate was ever checked, and no throughput."""
    fact = facts["gpu"]
    assert fact.provenance.place is not None
    message = f"{fact.provenance.key}: what a model does on a {gpu} cannot be estimated: measure first"
    accepted = "self_host.throughput, from a load test; or another GPU"
    return InputError([Diagnostic(fact.provenance.place, "measure-first", message, gpu, accepted)])
