"""How many parameters a published configuration has: all, at work on one token, and in routed experts.

Counted are embeddings, attention, and feed-forward layers of the text model; norms and biases are left out (under
0.1%), and so are vision towers and the layers that only guess the next tokens (under 2%, where there are any).
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

BILLION = Decimal(10) ** 9


class Shape(Struct, frozen=True, kw_only=True):
    """A transformer as its configuration gives it. `layers` are all; the kinds of them are counted below.

    `gate` is 2 where the query has an output gate beside it; `expert_matrices` 3 for gated experts, 2 for plain ones.
    """

    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_size: int
    vocabulary: int
    intermediate: int = 0
    tied: bool = False
    experts: int = 0
    experts_per_token: int = 0
    shared_experts: int = 0
    expert_intermediate: int = 0
    shared_intermediate: int = 0
    dense_layers: int = 0
    dense_beside_experts: bool = False
    expert_matrices: int = 3
    expert_hidden: int = 0
    gate: int = 1
    query_rank: int = 0
    latent_rank: int = 0
    rope_size: int = 0
    nope_size: int = 128
    value_size: int = 128
    linear_layers: int = 0
    linear_keys: int = 0
    linear_values: int = 0
    full_layers: int = 0
    full_kv_heads: int = 0
    full_head_size: int = 0


def routed_parameters(shape: Shape) -> int:
    """Parameters of the experts among which a router chooses."""
    width = shape.expert_hidden or shape.hidden
    return _expert_layers(shape) * shape.experts * shape.expert_matrices * width * shape.expert_intermediate


def all_parameters(shape: Shape) -> int:
    """Every parameter of the text model."""
    embedding = shape.vocabulary * shape.hidden * (1 if shape.tied else 2)
    return embedding + _attention(shape) + _dense(shape) + routed_parameters(shape)


def active_parameters(shape: Shape) -> int:
    """Parameters at work on one token: all but the experts that its router leaves out."""
    if not shape.experts:
        return all_parameters(shape)
    idle = shape.experts - shape.experts_per_token
    return all_parameters(shape) - routed_parameters(shape) * idle // shape.experts


def in_billions(count: int, places: int = 2) -> Decimal:
    """A count as billions, rounded."""
    return round(count / BILLION, places).normalize() + 0


def _expert_layers(shape: Shape) -> int:
    return shape.layers - shape.dense_layers if shape.experts else 0


def _attention(shape: Shape) -> int:
    special = shape.full_layers if shape.full_head_size else 0
    ordinary = shape.layers - shape.linear_layers - special
    return (
        ordinary * (_latent(shape) if shape.latent_rank else _grouped(shape, shape.kv_heads, shape.head_size))
        + special * _grouped(shape, shape.full_kv_heads, shape.full_head_size)
        + shape.linear_layers * _linear(shape)
    )


def _grouped(shape: Shape, kv_heads: int, head_size: int) -> int:
    queries = shape.heads * head_size
    return shape.hidden * (queries * (1 + shape.gate) + 2 * kv_heads * head_size)


def _latent(shape: Shape) -> int:
    query = shape.nope_size + shape.rope_size
    asked = shape.heads * query
    queries = shape.query_rank * (shape.hidden + asked) if shape.query_rank else shape.hidden * asked
    keys = shape.hidden * (shape.latent_rank + shape.rope_size)
    spread = shape.latent_rank * shape.heads * (shape.nope_size + shape.value_size)
    return queries + keys + spread + shape.heads * shape.value_size * shape.hidden


def _linear(shape: Shape) -> int:
    """Gated linear attention: queries, keys, values and a gate in, values out."""
    return shape.hidden * (2 * shape.linear_keys + 3 * shape.linear_values)


def _dense(shape: Shape) -> int:
    one = 3 * shape.hidden * shape.intermediate
    if not shape.experts:
        return shape.layers * one
    width = shape.shared_intermediate or shape.expert_intermediate
    shared = shape.shared_experts * shape.expert_matrices * shape.hidden * width
    router = shape.hidden * shape.experts
    beside = one if shape.dense_beside_experts else 0
    return shape.dense_layers * one + _expert_layers(shape) * (shared + router + beside)
