"""Why a replica cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from hostwise.economics.catalogue.throughput_constants import ThroughputConstants
from hostwise.economics.numbers.numbers import Test, at_least, both
from hostwise.economics.throughput.replica import GIBI, GIGA, ONE, Replica
from hostwise.economics.throughput.sizes import divides
from hostwise.economics.throughput.step import Load, Request


class Obstacle(Struct, frozen=True):
    """Why not: a stable id, and the sentence."""

    id: str
    text: str


def why_never(replica: Replica, constants: ThroughputConstants) -> tuple[Obstacle, ...]:
    """What rules a replica out whatever is asked of it."""
    return tuple(_never(replica, constants))


def why_not(replica: Replica, request: Request, constants: ThroughputConstants) -> tuple[Obstacle, ...]:
    """What rules a replica out for requests of that shape; empty where nothing does. For the numbers of one case."""
    return (*why_never(replica, constants), *_for_request(replica, request, constants))


def holds_request(load: Load) -> Test:
    """Whether the model reads requests so long, and the replica has room for one: `why_not` in each case of a tape."""
    replica, request = load.rates.replica, load.request
    longest = request.input_length + request.output_length
    return both(at_least(Decimal(replica.model.context), longest), at_least(load.at_most, ONE))


def _never(replica: Replica, constants: ThroughputConstants) -> Iterator[Obstacle]:
    model, gpu, precision = replica.model, replica.gpu, replica.precision
    if gpu.device_class not in constants.classes:
        yield Obstacle("unknown-device", f"nothing was measured on devices of class {gpu.device_class}: measure first")
    if precision == "fp8" and "fp8" not in gpu.tflops:
        yield Obstacle("precision", "the GPU does not compute in fp8")
    if not divides(model, replica.gpus):
        yield Obstacle("heads", f"{model.heads} attention heads do not spread over {replica.gpus:f} GPUs")
    weights, memory = replica.held_bytes / GIGA, replica.gpu.memory * replica.gpus * GIBI / GIGA
    if replica.room(constants.memory_reserve) <= 0:
        yield Obstacle("weights", f"{weights:,.0f} GB of weights do not fit in {memory:,.0f} GB")


def _for_request(replica: Replica, request: Request, constants: ThroughputConstants) -> Iterator[Obstacle]:
    longest = request.input_length + request.output_length
    if longest > replica.model.context:
        yield Obstacle("context", f"requests of {longest:,.0f} tokens; the model reads {replica.model.context:,}")
    room = replica.room(constants.memory_reserve)
    if 0 < room < replica.cache_bytes(request.input_length + request.output_length / 2):
        yield Obstacle("cache", f"{room / GIGA:,.1f} GB beside the weights hold no cache of {longest:,.0f} tokens")
