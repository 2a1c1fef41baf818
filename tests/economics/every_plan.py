"""Every way to serve a workload, each costed by itself: what the search of plans is held against.

Written from the formulas as they are published, in binary numbers and without any of the search's code: the step of a
replica (`rules/catalogue/throughput.yaml` has its constants), how many replicas a volume takes, the hours that are paid
for, and the lines of `rules/catalogue/ledger.yaml` that a plan moves. Nothing is pruned.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from tests.economics.cases import catalogue

from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.gpus import GPU
from hostwise.economics.catalogue.throughput_constants import ThroughputConstants
from hostwise.economics.models.model import Model
from hostwise.economics.throughput.nearest import nearby

Numbers = NDArray[np.float64]
Computed = Callable[[Mapping[str, float]], float]
BITS = {"bf16": 16, "fp8": 8, "fp4": 4}
STORED = {16: 16.0, 8: 8.0, 4: 4.5}
SIZES = (1, 2, 4, 8, 16, 32)
HOURS, SECONDS, WEEK = 720, 30 * 24 * 3600, 168
GIBI, GIGA, TERA = 2.0**30, 1e9, 1e12
PLAN = {"gpus", "rent", "purchase", "utilisation", "card_kw", "operations_fte", "several_cards", "paid_share"}
"""What a plan gives to the formulas of the ledger."""


@dataclass(frozen=True)
class Case:
    """A workload in numbers, as its questionnaire says it. Shares from 0 to 1, tokens a month."""

    model: str
    tokens: float
    into: float
    out: float
    peak: float = 1.0
    batch: float = 0.0
    triage: float = 0.0
    constrained: float = 0.0
    cached: float = 0.0
    cap: float = 0.8
    latency: tuple[str, float] | None = None
    hours: float = WEEK
    shape: str = "bursty"
    stable: bool = False
    once: bool = False
    spare: int = 0
    gpu: str | None = None
    size: int | None = None
    purchase: str | None = None
    rent: float | None = None
    term: float = 12
    horizon: float = 12
    staff: float | None = None
    rota: bool = False
    infrastructure: float | None = None
    own_weights: bool = False
    prices: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """USD per million tokens in and out of the APIs that may take the rest of a mix."""
    discount: float = 0.0
    """Off what may wait, at any of them."""

    @property
    def share_in(self) -> float:
        """Input over all tokens."""
        return self.into / (self.into + self.out)


def questionnaire(case: Case) -> str:
    """The workload as somebody would write it down."""
    mix = "batch" if case.batch == 1 else "mixed" if case.batch else "interactive"
    demand = {
        "tokens_per_month": f"{case.tokens:.0f}", "input_tokens_per_request": case.into,
        "output_tokens_per_request": case.out, "input_share": f"{case.share_in:.10%}", "peak_to_mean": case.peak,
        "traffic_mix": mix, "batch_share": f"{case.batch:%}", "triage_share": f"{case.triage:%}",
        "cached_input_share": f"{case.cached:%}", "uptime_critical": "no", "traffic_shape": case.shape,
    }  # fmt: skip
    demand |= {"stable": "yes"} if case.stable else {}
    demand |= {"runs_once": "yes"} if case.once else {}
    demand |= {"hours_per_week": case.hours} if case.hours < WEEK else {}
    if case.latency:
        demand |= {"latency_of": case.latency[0], "latency_p95": f"{case.latency[1] * 1000:g}ms"}
    host = {"model": case.model, "spare_replicas": case.spare, "target_utilisation": f"{case.cap:%}"}
    host |= {"reserved_term": case.term, "gpu": case.gpu, "gpus_per_replica": case.size, "purchase": case.purchase}
    host |= {"gpu_hourly_price": case.rent and f"${case.rent}/h", "infrastructure_per_month": case.infrastructure}
    apis = [
        {"input_price": f"${into}", "output_price": f"${out}", "batch_discount": f"{case.discount:%}"}
        for into, out in (case.prices or {"": (3, 15)}).values()
    ]
    constraints = {"constrained_share": f"{case.constrained:%}"}
    constraints |= {"fine_tuning": "own-weights", "tuned_weights": "full"} if case.own_weights else {}
    sections = {
        "workload": {"name": "x"}, "constraints": constraints, "demand": demand,
        "current_api": {"tier": "frontier", **apis[0]}, "open_provider": apis[1] if len(apis) > 1 else {},
        "self_host": host, "team": {"operations_fte": case.staff, "on_call": "yes" if case.rota else None},
        "economics": {"horizon_months": case.horizon},
    }  # fmt: skip
    found = ((name, [f"{k}: {v}" for k, v in keys.items() if v is not None]) for name, keys in sections.items())
    return "".join(f"{name}: {{{', '.join(keys)}}}\n" for name, keys in found if keys)


@dataclass(frozen=True)
class Served:
    """A replica, and tokens a second that it serves of the demand."""

    model: str
    gpu: str
    precision: str
    size: int
    rate: float


@dataclass(frozen=True)
class Plan:
    """One way to do it; `moving` is USD a month of the lines that a plan moves."""

    served: Served
    way: str
    replicas: int
    paid: float
    load: float
    moving: float


def served(case: Case, model: str, listed: Catalogue) -> Iterator[Served]:
    """Every replica of a model that may serve the requests."""
    for name, gpu in listed.gpus.items():
        if case.gpu is None and (gpu.consumer or gpu.desk == "machine"):
            continue  # made for no service: a plan only where it is named
        if case.gpu not in (None, name) or gpu.port != "supported" or gpu.device_class not in listed.physics.classes:
            continue
        for precision in _precisions(listed.models[model], gpu):
            for size in SIZES if case.size is None else (case.size,):
                rate = _rate(case, model, name, precision, size, listed)
                if rate:
                    yield Served(model, name, precision, size, rate)


def _precisions(model: Model, gpu: GPU) -> tuple[str, ...]:
    """As published, but in eight bits where a card multiplies them; and in sixteen."""
    if model.bits == 4:
        return ("fp4",)
    return ("fp8", "bf16") if "fp8" in gpu.tflops else ("bf16",)


def _rate(case: Case, name: str, card: str, precision: str, size: int, listed: Catalogue) -> float:
    """Tokens a second of the demand, the most of any number of requests at once; 0 where none may be served."""
    model, gpu, constants = listed.models[name], listed.gpus[card], listed.physics
    if (model.heads and model.heads % size) or (size > gpu.most_per_node and size % gpu.most_per_node):
        return 0
    # The model in use is not known to reason: what was measured are answers, and more is written.
    times = (
        1
        if case.own_weights
        else 1 + float(listed.reasoning.of(model)) * float(listed.figures["reasoning_overhead"].likely)
    )
    out = case.out * times
    if case.into + out > model.context:
        return 0
    weights = float(model.parameters) * GIGA * STORED[BITS[precision]] / 8
    experts = float(model.expert_parameters or 0) * GIGA * STORED[BITS[precision]] / 8
    room = float(gpu.memory) * GIBI * size * (1 - float(constants.memory_reserve)) - weights
    if room <= 0:
        return 0
    copies = 1 if model.latent_cache else max(size / model.kv_heads, 1)
    held = case.into + out / 2
    values = model.full_layers * held * model.cache_values
    values += model.window_layers * min(held, model.window or 0) * model.window_cache_values
    cache = values * copies * 2
    caps = constants.at_once
    engine_cap = caps.large if gpu.memory >= caps.large_memory and "fp8" in gpu.tflops else caps.small
    at_most = min(floor(room / cache), int(engine_cap), int(caps.planned))
    shares = constants.classes[gpu.device_class]
    byte = 1 / (float(gpu.bandwidth) * GIGA * size * float(shares.bandwidth))
    unit = "bits16" if precision == "bf16" else precision if precision in gpu.tflops else "bits16"
    reached = float(shares.compute) * (float(constants.expert_compute) if model.experts else 1)
    reached *= float(constants.unpacked_compute) if unit == "bits16" and precision != "bf16" else 1
    reached *= float(constants.fp4_compute) if unit == "fp4" else 1
    flop = 1 / (float(gpu.tflops[unit]) * TERA * size * reached)
    heads = model.heads or model.kv_heads
    wide = 160 if model.latent_cache else model.head_size
    link = min(float(gpu.link), float(constants.between_nodes)) if size > gpu.most_per_node else float(gpu.link)
    hidden = model.hidden or heads * model.head_size
    exchanged = model.layers * 8 * hidden * (size - 1) / size / (link * GIGA * float(constants.link_share))
    layer = float(constants.layer_us) + (float(constants.parallel_layer_us) if size > 1 else 0)
    layer += float(constants.expert_layer_us) if model.experts else 0
    fixed = float(constants.step_ms) / 1000 + model.layers * layer / 1e6
    fresh = case.into * (1 - case.cached)
    attended = model.full_layers * case.into + model.window_layers * min(case.into, model.window or 0)
    token = 2 * float(model.active) * GIGA * flop
    prefill = fresh * token + fresh * (1 + case.cached) * attended * 2 * heads * wide * flop
    work = prefill / out + exchanged * (1 + fresh / out) + float(constants.request_us) / 1e6
    unread = 1 - (model.experts_per_token or 1) / model.experts if model.experts else 0.0
    counts = np.arange(1, at_most + 1)
    touched = 1 - unread**counts if model.experts else 0
    read = (weights - experts + experts * touched + counts * cache) * byte
    seconds = np.maximum(read, counts * token) + counts * work + fixed
    rates = np.where(_meets(case, counts, seconds, prefill, out, constants), counts / seconds, 0)
    if not rates.any():
        return 0
    place = int(rates.argmax())
    ratio = _ratio(name, card, precision, size, (case.into, out, float(counts[place])), listed)
    return float(rates[place]) * ratio * (case.into + case.out) / out


def _meets(
    case: Case, counts: Numbers, seconds: Numbers, prefill: float, out: float, constants: ThroughputConstants
) -> Numbers:
    """Whether so many requests at once are as quick as asked for."""
    first = constants.first_token
    queue = prefill * (float(first.own_prefill) + float(first.others_prefill) * (counts - 1))
    between = seconds - prefill / out
    wait = float(first.steps) * between + queue
    kind, limit = case.latency or ("first-token", np.inf)
    took = {"first-token": wait, "whole-answer": wait + out * between, "speed-per-user": between}[kind]
    return took <= (np.inf if case.batch >= 1 else limit)


def _ratio(
    model: str, gpu: str, precision: str, size: int, asked: tuple[float, float, float], listed: Catalogue
) -> float:
    """What was measured nearby over what the form says."""
    rows = nearby(listed.measured, model, gpu, precision)
    if rows is None:
        return 1
    same = [row for row in rows.rows if row.gpus == size]
    if not same:
        return float(rows.otherwise)
    weighed = total = 0.0
    for row in same:
        apart = 1.0
        for one, other in zip((row.input, row.output, row.concurrency or 1), asked, strict=True):
            apart *= max(float(one), other) / min(float(one), other)
        weighed += float(row.ratio) / (apart - 0.7) ** 2
        total += 1 / (apart - 0.7) ** 2
    return weighed / total


def plans(case: Case, option: str, every: Sequence[Served], listed: Catalogue, share: float = 1.0) -> Iterator[Plan]:
    """Every plan of an option of own GPUs, or of a deployment at a provider, for a share of the tokens."""
    figure = _figures()
    start = figure["batch_start_hours"] / HOURS
    mean = case.tokens * share / SECONDS
    # With hours of a week a peak is no less than what all of the work in them comes to.
    peak = max(case.peak, WEEK / case.hours) if case.hours < WEEK else case.peak
    for one in every:
        for offer in _offers(option, one, case, listed):
            waits = case.batch >= 1 and not offer.committed
            open_share = 1.0 if offer.committed or waits else case.hours / WEEK
            load = mean * max((1 - case.batch) * peak, 1 / open_share) / (one.rate * case.cap)
            replicas = max(ceil(load - 1e-12), 1) + case.spare
            used = min(mean / (replicas * one.rate), 1)
            paid = min(used + start, 1) if waits else min(open_share + start, 1) if open_share < 1 else 1.0
            gpus = ceil(replicas * one.size / offer.node) * offer.node
            few = figure["operations_fte.small"] if gpus == 1 else figure["operations_fte"]
            values = {
                **figure, **offer.prices, "paid_share": paid, "utilisation": used, "gpus": gpus, "platform_share": 1.0,
                "horizon_months": 1 if case.once else case.horizon, "several_cards": float(gpus > 1),
                "hardware_months": 1 if case.once else figure["hardware_months"],
                "operations_fte": few if case.staff is None else case.staff,
            }  # fmt: skip
            yield Plan(one, offer.way, replicas, paid, load, _moving(option, case, values, listed))


@dataclass(frozen=True)
class Offer:
    """What a GPU costs in one way of having it; `committed` where it is paid for at any hour, let by so many."""

    way: str
    prices: Mapping[str, float]
    committed: bool = False
    node: int = 1


def _offers(option: str, one: Served, case: Case, listed: Catalogue) -> Iterator[Offer]:
    gpu, how = listed.gpus[one.gpu], listed.options[option]
    if how.family == "api":
        for each in gpu.rents:
            if (each.seller_class, each.way) == ("dedicated", "on-demand") and one.size >= each.least:
                yield Offer(f"dedicated at {each.seller}", {"rent": float(each.likely)})
    elif how.gpus == "bought":
        if gpu.purchase is not None and gpu.power is not None:
            yield Offer("owned", {"purchase": float(gpu.purchase.likely), "card_kw": float(gpu.power) / 1000}, True)
    else:
        term = _term(one.gpu, case)
        for rent, node in _lets(one.gpu, case):
            for way, factor in _ways(case, _figures()):
                hourly = rent * factor
                if way == "reserved" and term is not None:
                    hourly = term * _longer(case)
                elif way == "spot" and (spot := _spot(one.gpu, case)) is not None:
                    taken = _figures()["spot_fallback"]
                    hourly = spot * (1 - taken) + rent * taken
                yield Offer(way, {"rent": hourly}, way == "reserved", node)


def _spot(gpu: str, case: Case) -> float | None:
    """What an hour costs that may be taken away, at whoever lets fewest for least."""
    sold = [] if case.rent is not None else catalogue().gpus[gpu].rents
    rents = [r for r in sold if r.way == "spot" and r.seller and r.seller_class in ("hyperscaler", "gpu-cloud")]
    return min(((r.least, float(r.likely)) for r in rents), default=(0, None))[1]


def _term(gpu: str, case: Case) -> float | None:
    """What an hour costs in the longest listed term that is no longer than the one asked for, at whoever asks least."""
    rents = [] if case.rent is not None else catalogue().gpus[gpu].rents
    terms = [r for r in rents if r.way == "reserved" and (r.term_months or 0) <= case.term]
    longest = max((r.term_months or 0 for r in terms), default=0)
    return min((float(r.likely) for r in terms if r.term_months == longest), default=None)


def _longer(case: Case) -> float:
    return max(case.term / (1 if case.once else case.horizon), 1)


def _lets(gpu: str, case: Case) -> Iterator[tuple[float, int]]:
    """What an hour on demand costs and how many are let at once: as given, at every seller, or by the spread."""
    listed = catalogue().gpus[gpu]
    sellers = [r for r in listed.rents if r.way == "on-demand" and r.seller_class in ("hyperscaler", "gpu-cloud")]
    if case.rent is not None:
        yield case.rent, 1
    elif sellers:
        yield from ((float(each.likely), each.least) for each in sellers)
    elif listed.rent is not None:
        yield float(listed.rent.likely), 1


@cache
def _figures() -> Mapping[str, float]:
    return {name: float(entry.likely) for name, entry in catalogue().figures.items()}


def _ways(case: Case, figure: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Ways of paying with what an hour costs against one on demand, of those that the answers and the work allow."""
    longer = _longer(case)
    spot = figure["spot_factor"] * (1 - figure["spot_fallback"]) + figure["spot_fallback"]
    priced = case.rent is not None
    if case.purchase in (None, "on-demand", "owned") or (case.purchase == "spot" and case.batch < 1):
        yield "on-demand", 1
    if case.batch >= 1 and case.purchase in (None, "spot"):
        yield "spot", 1 if priced else spot
    if case.purchase == "reserved":
        yield "reserved", longer if priced else figure["reserved_factor"] * longer
    if case.purchase is None and case.stable and longer == 1 and not priced:
        yield "reserved", figure["reserved_factor"]


def _moving(option: str, case: Case, values: Mapping[str, float], listed: Catalogue) -> float:
    """USD a month of all lines of an option that a plan moves."""
    flags = {"once": case.once, "operations_given": case.staff is not None, "rota_exists": case.rota}
    flags |= {"infrastructure_given": case.infrastructure is not None, "fine_tuned": case.own_weights}
    flags["deployed"] = listed.options[option].family == "api"
    there = frozenset(flag for flag, holds in flags.items() if holds)
    known = dict(values)
    for name, formula in listed.names.items():
        if known.keys() >= _names(formula):
            known[name] = _computed(formula)(known)
    return sum(line(known) for line in _lines(option, there, frozenset(known)))


@cache
def _lines(option: str, there: frozenset[str], known: frozenset[str]) -> tuple[Computed, ...]:
    """The lines of an option that a plan moves, under the flags that hold."""
    listed = catalogue()
    return tuple(
        _computed(item.formula) for item in listed.items
        if option in item.options and there.isdisjoint(item.unless) and (item.only_if is None or item.only_if in there)
        and _reaches(item.formula, listed) & PLAN and known >= _names(item.formula)
    )  # fmt: skip


def moving_ids(listed: Catalogue) -> set[str]:
    """The lines that a plan moves, of any option."""
    return {item.id for item in listed.items if _reaches(item.formula, listed) & PLAN}


def _reaches(formula: str, listed: Catalogue) -> set[str]:
    """The names in a formula, and in those that it names."""
    found = set(_names(formula))
    for name in list(found):
        if name in listed.names:
            found |= _reaches(listed.names[name], listed)
    return found


FUNCTIONS: Mapping[str, Callable[..., float]] = {"max": max, "min": min, "ceil": ceil}


@cache
def _names(formula: str) -> frozenset[str]:
    named = (node.id for node in ast.walk(ast.parse(formula, mode="eval")) if isinstance(node, ast.Name))
    return frozenset(named) - FUNCTIONS.keys()


ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


@cache
def _computed(formula: str) -> Computed:
    """A formula as a function of its names."""

    def of(node: ast.expr) -> Computed:
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name)
            takes, each = FUNCTIONS[node.func.id], [of(argument) for argument in node.args]
            return lambda values: takes(*(one(values) for one in each))
        if isinstance(node, ast.BinOp):
            does, left, right = ARITHMETIC[type(node.op)], of(node.left), of(node.right)
            return lambda values: does(left(values), right(values))
        if isinstance(node, ast.Name):
            name = node.id
            return lambda values: values[name]
        assert isinstance(node, ast.Constant)
        number = float(str(node.value))
        return lambda _: number

    return of(ast.parse(formula.strip(), mode="eval").body)


@dataclass(frozen=True)
class Mix:
    """One way to split the traffic: a share of the tokens on own GPUs, the rest at an API."""

    pattern: str
    share: float
    plan: Plan
    rest: str
    moving: float


def mixes(case: Case, own: str, listed: Catalogue) -> Iterator[Mix]:
    """Every way to split that fills at least one replica or takes the whole slice: by each number of replicas."""
    slices = [("batch", case.batch), ("triage", case.triage)]
    for pattern, most in [("constrained", case.constrained)] if case.constrained else slices:
        if not most:
            continue
        part = case
        if pattern == "batch":
            part = replace(case, batch=1.0)
        if pattern == "triage":
            part = replace(case, model=listed.candidates["triage"].model, gpu=None, size=None)
        for one in served(part, part.model, listed):
            for share in {most} if pattern == "constrained" else _shares(part, one, most, listed, own):
                if share >= 1:
                    continue
                bytes_a_token = float(listed.figures["egress_bytes"].likely) / 1e9
                egress = case.tokens * share * bytes_a_token * float(listed.figures["egress_price"].likely)
                waits = max(case.batch - share, 0) / (1 - share) if pattern == "batch" else case.batch
                for plan in plans(part, own, [one], listed, share):
                    for rest in case.prices:
                        api = _api(replace(case, batch=waits, tokens=case.tokens * (1 - share)), rest, listed)
                        yield Mix(pattern, share, plan, rest, plan.moving + egress + api)


def _shares(part: Case, one: Served, most: float, listed: Catalogue, own: str) -> set[float]:
    """The whole slice, and what full replicas carry of it: the first ones, and all but the last one."""
    load = max((plan.load for plan in plans(part, own, [one], listed, most)), default=0)
    counts = {*range(1, min(ceil(load), 6)), ceil(load) - 1} - {0} if load > 1 else ()
    return {most, *(most * count / load * (1 - 1e-9) for count in counts)}


def _api(case: Case, option: str, listed: Catalogue) -> float:
    """USD a month for the tokens at an API whose price was given, and once for moving there."""
    per_input, per_output = case.prices[option]
    cached = case.cached * float(listed.unlisted.cached.likely)
    discount = 1 - case.batch * case.discount
    bill = per_input * case.share_in * (1 - case.cached + cached) + per_output * (1 - case.share_in)
    moving = 0.0
    if option != listed.in_use.closed:
        figure = {name: float(entry.likely) for name, entry in listed.figures.items()}
        days = figure["evaluation_work"] + figure["migration_days"]
        moving = days * figure["engineer_cost"] * 12 / 260 / (1 if case.once else case.horizon)
    return case.tokens / 1e6 * bill * discount + moving
