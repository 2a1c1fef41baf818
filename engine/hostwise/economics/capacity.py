"""How many whole replicas a demand needs, and how full they are. Utilisation is a result, not an input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.bands import Band
from hostwise.economics.catalogue import GPU, Candidate, Catalogue, Model, find_named
from hostwise.economics.demand import Demand
from hostwise.economics.numbers import least, most, number, whole
from hostwise.economics.throughput import BITS, Replica, output_bound, output_rate, smallest_fit
from hostwise.economics.values import Sourced, figure, given
from hostwise.reading.diagnostics import Diagnostic, InputError
from hostwise.reading.suggest import nearest

NATIVE = {4: "fp4", 8: "fp8", 16: "bf16"}
SECONDS = 720 * 3600
"""Seconds in a month of 30 days."""


class Hardware(Struct, frozen=True):
    """One replica: what it is, what it serves, what its GPUs cost. `throughput` is total tokens a second."""

    model: str
    gpu: str
    precision: str
    gpus_per_replica: int
    throughput: Sourced
    bound: Decimal | None
    fits: bool
    assumed: tuple[str, ...]


class CapacityPlan(Struct, frozen=True):
    """Replicas for a demand. `utilisation` is of all GPUs, over the whole month."""

    hardware: Hardware
    replicas: int
    replicas_band: Band
    spare: int
    gpus: Band
    utilisation: Decimal
    peak_to_mean: Decimal
    planning_cap: Decimal
    load: Band
    """Replicas in fractions that the likely volume needs, spares apart: what is rounded up."""

    @property
    def idle_share(self) -> Decimal:
        """The share of the GPUs' time that is paid for and not used."""
        return 1 - self.utilisation


def hardware(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    demand: Demand,
    candidate: Candidate,
    *,
    use_answers: bool,
) -> Hardware:
    """One replica, from the answers where they say and from the candidate where not.

    GPU and model are known (`check_names`). Raises `InputError` for a model that the GPUs cannot hold, and
    for a measured throughput beyond what physics allows.
    """
    fit = catalogue.throughput
    assumed: list[str] = []

    def chosen(fact: str, fallback: str) -> str:
        value = facts[fact].value if use_answers else None
        if isinstance(value, str):
            return value
        assumed.append(fact)
        return fallback

    model_name = _known(chosen("own_model", candidate.model), catalogue.models)
    gpu_name = _known(chosen("gpu", candidate.gpu), catalogue.gpus)
    precision = chosen("own_precision", candidate.precision)
    model, gpu, bits = catalogue.models[model_name], catalogue.gpus[gpu_name], BITS[precision]
    if model.bits < bits and "own_precision" in assumed:
        # Published in fewer bits than the candidate's: nobody would serve it in more.
        bits, precision = model.bits, NATIVE[model.bits]
    lengths = demand.input_length, demand.output_length
    stated_gpus = facts["gpus_per_replica"].value if use_answers else None
    gpus = (
        whole(stated_gpus)
        if isinstance(stated_gpus, Decimal)
        else smallest_fit(model, gpu, bits, *lengths, fit.memory_reserve)
    )
    replica = Replica(model, gpu, gpus, bits, *lengths)
    held = replica.concurrency(fit.memory_reserve) > 0
    if isinstance(stated_gpus, Decimal) and not held and "own_model" not in assumed:
        raise _too_large(replica, model_name, gpu_name, facts)
    concurrency = whole(most(number(replica.concurrency(fit.memory_reserve)), Decimal(1)))
    total_per_output = 1 + demand.input_length / demand.output_length
    bound = output_bound(replica) * total_per_output
    stated = given("stated_throughput", facts) if use_answers else None
    if stated is not None:
        rate = _as_total(stated, facts, demand)
        if {"own_model", "gpu"}.isdisjoint(assumed):
            # A precision that was not given might be the fastest there is.
            limit = bound if "own_precision" not in assumed else _fastest(replica) * total_per_output
            if rate.band.low > limit:
                raise _impossible(rate.band.low, limit, facts)
            bound = limit
    else:
        expected = output_rate(replica, concurrency, fit) * total_per_output * fit.scale
        dense = model.active == model.parameters
        share, source = (fit.error, fit.source) if dense else (fit.expert_error, fit.expert_source)
        error = Band(1 - share, Decimal(1), 1 + share)
        shape = f"{demand.input_length:.0f} in and {demand.output_length:.0f} out a request, {concurrency} at once"
        rate = Sourced(
            Band.exactly(expected) * error,
            "estimated",
            f"{source}; at {shape}",
            ("own_model", "gpu"),
            "tok/s",
        )
    return Hardware(
        model_name,
        gpu_name,
        precision,
        gpus,
        rate,
        bound,
        replica.room(fit.memory_reserve) > 0,
        tuple(assumed),
    )


def _fastest(replica: Replica) -> Decimal:
    return output_bound(replace(replica, bits=min(NATIVE)))


def plan(facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand, one: Hardware) -> CapacityPlan:
    """Whole replicas: enough for the interactive peak, for all work on average, and a spare where asked for."""
    cap = figure("planning_cap", catalogue, facts).band.likely
    spare = _spare(facts)
    tokens, peak, rate = demand.tokens.band, demand.peak_to_mean.band, one.throughput.band
    interactive = 1 - demand.batch_share
    likely = _replicas(tokens.likely, interactive, peak.likely, rate.likely, cap) + spare
    band = Band(
        number(_replicas(tokens.low, interactive, peak.low, rate.high, cap) + spare),
        number(likely),
        number(_replicas(tokens.high, interactive, peak.high, rate.low, cap) + spare),
    )
    busy = tokens.likely / SECONDS / (likely * rate.likely)
    return CapacityPlan(
        one,
        likely,
        band,
        spare,
        band * Band.exactly(one.gpus_per_replica),
        least(busy, Decimal(1)),
        peak.likely,
        cap,
        Band(
            _load(tokens.likely, interactive, peak.low, rate.high, cap),
            _load(tokens.likely, interactive, peak.likely, rate.likely, cap),
            _load(tokens.likely, interactive, peak.high, rate.low, cap),
        ),
    )


def _load(tokens: Decimal, interactive: Decimal, peak: Decimal, rate: Decimal, cap: Decimal) -> Decimal:
    """Replicas in fractions: at the peak interactive work must fit under the cap; over the month all work must."""
    return tokens / SECONDS * most(interactive * peak, Decimal(1)) / (rate * cap)


def _replicas(tokens: Decimal, interactive: Decimal, peak: Decimal, rate: Decimal, cap: Decimal) -> int:
    return whole(most(_load(tokens, interactive, peak, rate, cap).to_integral_value(ROUND_CEILING), Decimal(1)))


def _spare(facts: Mapping[str, Fact]) -> int:
    stated = facts["spare_replicas"].value
    if isinstance(stated, Decimal):
        return whole(stated)
    return 1 if facts["uptime_critical"].value is True else 0


def _as_total(stated: Sourced, facts: Mapping[str, Fact], demand: Demand) -> Sourced:
    """Tokens a second, input and output together, whatever the measurement counted."""
    if facts["throughput_basis"].value != "output":
        return Sourced(stated.band, "measured", stated.source, stated.inputs, "tok/s")
    share = 1 - demand.input_share.band.likely
    band = stated.band / Band.exactly(share) if share > 0 else stated.band
    return Sourced(band, "measured", f"{stated.source}: output tokens ÷ output share", stated.inputs, "tok/s")


def check_names(facts: Mapping[str, Fact], catalogue: Catalogue) -> None:
    """Raise `InputError` for every GPU and model that is not in the catalogue, with the nearest name."""
    findings = [
        *_unknown("own_model", facts, catalogue.models),
        *_unknown("gpu", facts, catalogue.gpus),
    ]
    if findings:
        raise InputError(findings)


def _unknown(
    fact: str, facts: Mapping[str, Fact], entries: Mapping[str, GPU] | Mapping[str, Model]
) -> Iterator[Diagnostic]:
    name, place = facts[fact].value, facts[fact].provenance.place
    if not isinstance(name, str) or place is None or find_named(name, entries) is not None:
        return
    yield Diagnostic(
        place,
        f"unknown-{fact.replace('_', '-')}",
        f"{facts[fact].provenance.key}: not in the catalogue",
        found=name,
        accepted=f"{', '.join(entries)}; or add it under rules/catalogue",
        suggestion=nearest(name, entries),
    )


def _known(name: str, entries: Mapping[str, GPU] | Mapping[str, Model]) -> str:
    found = find_named(name, entries)
    assert found is not None, f"{name} was checked before"
    return found


def _line(fact: str, facts: Mapping[str, Fact]) -> str:
    """Where the other side of a contradiction stands."""
    place = facts[fact].provenance.place
    return f" (line {place.line})" if place else ""


def _too_large(replica: Replica, model: str, gpu: str, facts: Mapping[str, Fact]) -> InputError:
    weights, memory = replica.weight_bytes / 10**9, replica.gpu.memory * replica.gpus
    fact = facts["gpus_per_replica"]
    assert fact.provenance.place is not None
    message = f"{fact.provenance.key}: {replica.gpus} × {gpu} cannot hold {model} at {replica.bits} bits"
    model_line, gpu_line = _line("own_model", facts), _line("gpu", facts)
    found = f"{weights:.0f} GB of weights{model_line} in {memory:.0f} GB{gpu_line}"
    return InputError([Diagnostic(fact.provenance.place, "does-not-fit", message, found, "more GPUs, or fewer bits")])


def _impossible(rate: Decimal, bound: Decimal, facts: Mapping[str, Fact]) -> InputError:
    fact = facts["stated_throughput"]
    assert fact.provenance.place is not None
    message = f"{fact.provenance.key}: more than the hardware can do at these lengths"
    found = f"{rate:,.0f} tokens a second in all"
    accepted = f"at most {bound:,.0f}, the roofline bound; or check throughput_basis"
    return InputError([Diagnostic(fact.provenance.place, "impossible", message, found, accepted)])
