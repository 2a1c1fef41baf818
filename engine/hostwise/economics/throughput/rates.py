"""What one replica needs, in seconds and bytes, whatever is asked of it: computed once a replica."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from hostwise.economics.catalogue.throughput_constants import ThroughputConstants
from hostwise.economics.numbers.numbers import above, least, where
from hostwise.economics.throughput.replica import GIGA, ONE, ZERO, Replica, arithmetic

TERA = Decimal(10) ** 12
MICRO, MILLI = Decimal("0.000001"), Decimal("0.001")
COUNT_BITS = 11
MOST_AT_ONCE = Decimal((1 << COUNT_BITS) - 1)
"""Requests at once are counted to 2,047: no engine runs more."""


class Rates(Struct, frozen=True):
    """Seconds of one step, by what causes them.

    `unread` holds the share of the experts that 1, 2, 4, … tokens leave unread: (1 − k/E) to that power.
    """

    replica: Replica
    weights: Decimal
    experts: Decimal
    unread: tuple[Decimal, ...]
    cache_byte: Decimal
    token: Decimal
    token_pair: Decimal
    link_token: Decimal
    step: Decimal
    request: Decimal
    engine: Decimal
    """Time that the engine takes for what another does in one second."""
    room: Decimal
    engine_cap: Decimal


def rates_of(replica: Replica, constants: ThroughputConstants) -> Rates:
    """The seconds of a replica. Raises `KeyError` for a class of devices without constants (`why_never` says so)."""
    model, gpu, gpus = replica.model, replica.gpu, replica.gpus
    shares = constants.classes[gpu.device_class]
    byte = 1 / (gpu.bandwidth * GIGA * gpus * shares.bandwidth)
    flop = 1 / _flops(replica, constants)
    heads = model.heads or model.kv_heads
    between = where(above(gpus, ONE), constants.parallel_layer_us, ZERO)
    layer_us = constants.layer_us + between + (constants.expert_layer_us if model.experts else ZERO)
    return Rates(
        replica,
        (replica.held_bytes - replica.expert_bytes) * byte,
        replica.expert_bytes * byte,
        unread_shares(model.experts or 1, model.experts_per_token or model.experts or 1),
        byte,
        2 * model.active * GIGA * flop,
        2 * heads * replica.attention_size * flop,
        _link(replica, constants),
        constants.step_ms * MILLI + model.layers * layer_us * MICRO,
        constants.request_us * MICRO,
        constants.engines[replica.engine] / (constants.adapters.speed if replica.adapters else ONE),
        replica.room(constants.memory_reserve),
        engine_cap(replica, constants),
    )


def engine_cap(replica: Replica, constants: ThroughputConstants) -> Decimal:
    """Requests that an engine runs at once on such a card, unless it is told otherwise."""
    caps, gpu = constants.at_once, replica.gpu
    return caps.large if gpu.memory >= caps.large_memory and "fp8" in gpu.tflops else caps.small


def _flops(replica: Replica, constants: ThroughputConstants) -> Decimal:
    """Operations a second that are reached."""
    unit, as_stored = arithmetic(replica.gpu, replica.precision)
    share = constants.classes[replica.gpu.device_class].compute
    if replica.model.experts:
        share *= constants.expert_compute
    if not as_stored:
        share *= constants.unpacked_compute
    if unit == "fp4":
        share *= constants.fp4_compute
    return replica.gpu.tflops[unit] * TERA * replica.gpus * share


def _link(replica: Replica, constants: ThroughputConstants) -> Decimal:
    """Seconds a token that GPUs exchange what they computed: twice a layer, 16 bits, there and back."""
    model, gpus = replica.model, replica.gpus
    hidden = model.hidden or (model.heads or model.kv_heads) * model.head_size
    slowest = least(replica.gpu.link, constants.between_nodes)
    link = where(above(gpus, Decimal(replica.gpu.most_per_node)), slowest, replica.gpu.link)
    return model.layers * 8 * hidden * (gpus - 1) / gpus / (link * GIGA * constants.link_share)


@lru_cache(maxsize=256)
def unread_shares(experts: int, experts_per_token: int) -> tuple[Decimal, ...]:
    """By squaring: the share of experts that 1, 2, 4, … tokens leave unread."""
    share = 1 - Decimal(experts_per_token) / experts
    shares = [share]
    while len(shares) < COUNT_BITS:
        shares.append(shares[-1] * shares[-1])
    return tuple(shares)
