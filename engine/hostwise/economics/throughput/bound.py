"""What physics allows: a measurement above it was not made on such hardware, or not at such lengths."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from hostwise.economics.numbers.numbers import most
from hostwise.economics.throughput.rates import TERA
from hostwise.economics.throughput.replica import GIBI, GIGA, ONE, ZERO, Replica
from hostwise.economics.throughput.step import Request

ACCEPTED = Decimal(4)
"""Tokens that a step may give a request at most: with speculative decoding, no more than that was published."""


def output_bound(replica: Replica, request: Request) -> Decimal:
    """Output tokens a second that a replica cannot exceed, all memory used and nothing lost.

    Reading and arithmetic go on at once, the cache takes 8 bits a value, and the fastest units multiply.
    """
    narrow, gpu = replace(replica, cache_bits=8), replica.gpu
    cache = narrow.cache_bytes(request.input_length + request.output_length / 2)
    requests = most((gpu.memory * GIBI * replica.gpus - replica.weight_bytes) / cache, ONE)
    # A step reads at least what no token can do without: of the experts, those of one token.
    read = replica.weight_bytes - replica.expert_bytes * (1 - _touched(replica)) + requests * cache
    per_token = read / (gpu.bandwidth * GIGA * replica.gpus) / (requests * ACCEPTED)
    fresh = request.input_length * (1 - request.cached_share) / request.output_length
    speed = max(gpu.tflops[unit] for unit in gpu.tflops) if replica.bits < 16 else gpu.tflops["bits16"]
    multiply = 2 * replica.model.active * GIGA * (1 + fresh) / (speed * TERA * replica.gpus)
    return 1 / most(per_token, multiply)


def _touched(replica: Replica) -> Decimal:
    """The share of the experts that a single token is sent to."""
    model = replica.model
    return Decimal(model.experts_per_token or model.experts) / model.experts if model.experts else ZERO
