"""How many GPUs a replica may have."""

from __future__ import annotations

from decimal import Decimal

from hostwise.economics.catalogue.gpus import GPU
from hostwise.economics.models.model import Model
from hostwise.economics.throughput.replica import BITS, GIBI, GIGA, STORED

SIZES = tuple(Decimal(size) for size in (1, 2, 4, 8, 16, 32))
"""GPUs a replica: powers of two, as tensor parallelism needs."""


def valid_sizes(
    model: Model, gpu: GPU, precision: str, reserve: Decimal, beside: Decimal = Decimal(0)
) -> tuple[Decimal, ...]:
    """GPUs a replica may have: it holds the weights and what stands beside them, divides the heads, and fills whole
    machines beyond one."""
    weights = model.parameters * GIGA * STORED[BITS[precision]] / 8 + beside
    return tuple(
        size for size in SIZES
        if divides(model, size) and gpu.memory * GIBI * size * (1 - reserve) > weights and _whole_machines(gpu, size)
    )  # fmt: skip


def divides(model: Model, gpus: Decimal) -> bool:
    """Whether the heads spread evenly over so many GPUs; KV heads are copied where there are fewer than GPUs."""
    return not model.heads or model.heads % gpus == 0


def _whole_machines(gpu: GPU, size: Decimal) -> bool:
    return size <= gpu.most_per_node or size % gpu.most_per_node == 0
