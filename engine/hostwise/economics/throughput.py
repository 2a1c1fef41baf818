"""What one replica can serve: whether the model fits, the roofline bound, and the expected throughput.

Decode reads the weights and the KV cache once a step (memory bandwidth) and multiplies them (compute);
prefill is compute. With `c` requests at once, one output token each takes

    step(c) = max((W + c·ctx·KV) / (BW·g·b),  2·N·c / (F·g·m)) + c·(I/O)·2·N / (F·g·m) + layers·o + s

seconds, so a replica gives `c / step(c)` output tokens a second: W weight bytes, KV cache bytes a token,
ctx = I + O/2 tokens held, N active parameters, BW and F of one GPU, g GPUs, I and O tokens a request.
b, m, o and s are fitted on measurements by `scripts/calibrate` (`catalogue/models.yaml`); b = m = 1 and
o = s = 0 is the bound.
Only + − × ÷ on decimals: the same digits on every machine.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.economics.catalogue import GPU, Model, Throughput
from hostwise.economics.numbers import least, most, number, whole

BITS = {"fp16": 16, "bf16": 16, "fp8": 8, "int8": 8, "fp4": 4, "int4": 4}
GIGA = Decimal(10) ** 9
TERA = Decimal(10) ** 12
MAX_CONCURRENCY = 256
"""Requests at once in one replica; serving stacks cap there by default."""
SIZES = (1, 2, 4, 8, 16, 32)
"""GPUs a replica: powers of two, as tensor parallelism needs."""


class Replica(Struct, frozen=True):
    """One copy of a model on its GPUs, at one shape of request."""

    model: Model
    gpu: GPU
    gpus: int
    bits: int
    input_length: Decimal
    output_length: Decimal
    cache_bits: int = 16

    @property
    def weight_bytes(self) -> Decimal:
        """Bytes of the weights."""
        return self.model.parameters * GIGA * self.bits / 8

    @property
    def cache_bytes(self) -> Decimal:
        """Bytes of KV cache a token."""
        values = 2 * self.model.layers * self.model.kv_heads * self.model.head_size
        return Decimal(values * self.cache_bits) / 8

    @property
    def held(self) -> Decimal:
        """Tokens that a request holds in the cache, on average."""
        return self.input_length + self.output_length / 2

    def room(self, reserve: Decimal) -> Decimal:
        """Bytes left for the cache once the weights and a reserve are taken; negative if they do not fit."""
        return self.gpu.memory * GIGA * self.gpus * (1 - reserve) - self.weight_bytes

    def most_at_once(self, reserve: Decimal) -> int:
        """Requests at once that the cache has room for, whatever the serving stack allows."""
        fitting = (self.room(reserve) / (self.held * self.cache_bytes)).to_integral_value(ROUND_FLOOR)
        return whole(most(fitting, Decimal(0)))

    def concurrency(self, reserve: Decimal) -> int:
        """Requests at once: what the cache has room for, up to what a serving stack allows."""
        return whole(least(number(self.most_at_once(reserve)), number(MAX_CONCURRENCY)))


def smallest_fit(
    model: Model, gpu: GPU, bits: int, input_length: Decimal, output_length: Decimal, reserve: Decimal
) -> int:
    """GPUs that one replica needs to hold the weights and at least eight requests."""
    for gpus in SIZES:
        if Replica(model, gpu, gpus, bits, input_length, output_length).concurrency(reserve) >= 8:
            return gpus
    needed = model.parameters * GIGA * bits / 8 / (gpu.memory * GIGA * (1 - reserve))
    return int(needed.to_integral_value(ROUND_CEILING))


def output_rate(replica: Replica, concurrency: int, fit: Throughput) -> Decimal:
    """Expected output tokens a second with `concurrency` requests at once."""
    return _rate(
        replica, concurrency, fit.bandwidth_share, fit.compute_share,
        fit.layer_overhead_us / 1_000_000, fit.step_overhead_ms / 1000,
    )  # fmt: skip


def output_bound(replica: Replica) -> Decimal:
    """Output tokens a second that physics allows: all memory used, nothing lost, nothing waited for.

    The cache counts at 8 bits, as serving stacks can hold it: with 16, published measurements lie above.
    """
    replica = replace(replica, cache_bits=8)
    concurrency = whole(most(number(replica.most_at_once(Decimal(0))), Decimal(1)))
    return _rate(replica, concurrency, Decimal(1), Decimal(1), Decimal(0), Decimal(0))


def _rate(
    replica: Replica, concurrency: int, bandwidth: Decimal, compute: Decimal, layer: Decimal, step: Decimal
) -> Decimal:
    if concurrency <= 0:
        return Decimal(0)
    requests = number(concurrency)
    speed = replica.gpu.tflops[f"bits{max(4, replica.bits)}"] * TERA * replica.gpus * compute
    memory = replica.gpu.bandwidth * GIGA * replica.gpus * bandwidth
    flops = 2 * replica.model.active * GIGA
    read = (replica.weight_bytes + requests * replica.held * replica.cache_bytes) / memory
    decode = most(read, flops * requests / speed)
    prefill = requests * (replica.input_length / replica.output_length) * flops / speed
    talk = replica.model.layers * layer if replica.gpus > 1 else Decimal(0)
    return requests / (decode + prefill + talk + step)
