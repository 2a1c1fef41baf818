"""A published configuration file (`config.json` of a model's repository) as the shape of a model.

Only what decides size and cache is read; whatever else stands in the file is left alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import DecodeError, Meta, Struct, ValidationError, json

from hostwise.economics.models.arithmetic import Shape
from hostwise.reading.files.regular import read_regular
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place

LIMIT = 4 * 1024 * 1024
"""Bytes; published configurations have a few thousand."""
Count = Annotated[int, Meta(ge=0, le=100_000_000)]
ATTENTION, WINDOWS, LINEAR = "full_attention", ("sliding_attention", "chunked_attention"), "linear_attention"


class Quantization(Struct, frozen=True):
    """How the weights are stored, where not in 16 bits."""

    quant_method: str | None = None
    bits: Count | None = None
    quant_algo: str | None = None


class Text(Struct, frozen=True):
    """The part about text. A field has the name that the file has; most makers use one of two or three."""

    num_hidden_layers: Count | None = None
    hidden_size: Count | None = None
    num_attention_heads: Count | None = None
    num_key_value_heads: Count | None = None
    head_dim: Count | None = None
    vocab_size: Count | None = None
    intermediate_size: Count | None = None
    tie_word_embeddings: bool | None = None
    num_experts: Count | None = None
    n_routed_experts: Count | None = None
    num_local_experts: Count | None = None
    num_experts_per_tok: Count | None = None
    n_shared_experts: Count | None = None
    shared_expert_intermediate_size: Count | None = None
    moe_intermediate_size: Count | None = None
    first_k_dense_replace: Count | None = None
    interleave_moe_layer_step: Count | None = None
    decoder_sparse_step: Count | None = None
    hybrid_override_pattern: str | None = None
    q_lora_rank: Count | None = None
    kv_lora_rank: Count | None = None
    qk_rope_head_dim: Count | None = None
    qk_nope_head_dim: Count | None = None
    v_head_dim: Count | None = None
    sliding_window: Count | None = None
    sliding_window_pattern: Count | None = None
    use_sliding_window: bool | None = None
    layer_types: tuple[str, ...] | None = None
    full_attention_interval: Count | None = None
    linear_num_key_heads: Count | None = None
    linear_key_head_dim: Count | None = None
    linear_num_value_heads: Count | None = None
    linear_value_head_dim: Count | None = None
    attn_output_gate: bool | None = None
    max_position_embeddings: Count | None = None
    model_type: str | None = None


class Whole(Text, frozen=True):
    """The file: the part about text may stand in a section of its own."""

    text_config: Text | None = None
    vision_config: dict[str, object] | None = None
    quantization_config: Quantization | None = None


class Published(Struct, frozen=True):
    """What a configuration says of a model."""

    shape: Shape
    bits: int
    context: int
    vision: bool
    window: int | None
    window_layers: int


def read_published(path: Path) -> Published:
    """Read a configuration. Raises `InputError` where it is none, or has a shape that is not counted here."""
    whole = _read(path)
    text = whole.text_config or whole
    _refuse(path, [*_missing(text), *_not_counted(text)])
    window_layers, linear_layers = _kinds(text)
    return Published(
        _shape(text, whole, linear_layers), _bits(whole.quantization_config), text.max_position_embeddings or 0,
        whole.vision_config is not None, text.sliding_window if window_layers else None, window_layers,
    )  # fmt: skip


def _read(path: Path) -> Whole:
    try:
        return json.decode(read_regular(path, LIMIT), type=Whole)
    except (ValidationError, DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise InputError([Diagnostic(Place(str(path)), "not-a-configuration", str(problem))]) from None


def _refuse(path: Path, messages: list[str]) -> None:
    if messages:
        raise InputError([Diagnostic(Place(str(path)), "not-a-configuration", message) for message in messages])


def _missing(text: Text) -> list[str]:
    needed = ("num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size", "max_position_embeddings")
    missing = [f"{name} is missing" for name in needed if not getattr(text, name)]
    if _experts(text) and not text.num_experts_per_tok:
        missing.append("num_experts_per_tok is missing")
    if not _experts(text) and not text.intermediate_size:
        missing.append("intermediate_size is missing")
    return missing


def _not_counted(text: Text) -> list[str]:
    found = []
    if text.hybrid_override_pattern:
        found.append("hybrid_override_pattern: layers of several kinds in a row are not counted here")
    if (text.interleave_moe_layer_step or 1) > 1 or (text.decoder_sparse_step or 1) > 1:
        found.append(
            "experts in only some layers (interleave_moe_layer_step, decoder_sparse_step) are not counted here"
        )
    return found


def _experts(text: Text) -> int:
    return text.num_experts or text.n_routed_experts or text.num_local_experts or 0


def _kinds(text: Text) -> tuple[int, int]:
    """Layers with a window, and layers with linear attention."""
    layers = text.num_hidden_layers or 0
    if text.layer_types:
        return sum(kind in WINDOWS for kind in text.layer_types), text.layer_types.count(LINEAR)
    if text.full_attention_interval:
        return 0, layers - layers // text.full_attention_interval
    if text.sliding_window and text.use_sliding_window is not False and text.sliding_window_pattern:
        return layers - layers // text.sliding_window_pattern, 0
    return 0, 0


def _shape(text: Text, whole: Whole, linear_layers: int) -> Shape:
    hidden, heads, experts = text.hidden_size or 0, text.num_attention_heads or 1, _experts(text)
    tied = text.tie_word_embeddings if text.tie_word_embeddings is not None else whole.tie_word_embeddings
    shared = text.shared_expert_intermediate_size or 0
    return Shape(
        layers=text.num_hidden_layers or 0,
        hidden=hidden,
        heads=heads,
        kv_heads=text.num_key_value_heads or heads,
        head_size=text.head_dim or hidden // heads,
        vocabulary=text.vocab_size or 0,
        intermediate=text.intermediate_size or 0,
        tied=bool(tied),
        experts=experts,
        experts_per_token=text.num_experts_per_tok or 0,
        shared_experts=text.n_shared_experts or (1 if shared else 0),
        expert_intermediate=(text.moe_intermediate_size or text.intermediate_size or 0) if experts else 0,
        shared_intermediate=shared,
        dense_layers=text.first_k_dense_replace or 0,
        gate=2 if text.attn_output_gate or text.full_attention_interval else 1,
        query_rank=text.q_lora_rank or 0,
        latent_rank=text.kv_lora_rank or 0,
        rope_size=text.qk_rope_head_dim or 0,
        nope_size=text.qk_nope_head_dim or 128,
        value_size=text.v_head_dim or 128,
        linear_layers=linear_layers,
        linear_keys=(text.linear_num_key_heads or 0) * (text.linear_key_head_dim or 0),
        linear_values=(text.linear_num_value_heads or 0) * (text.linear_value_head_dim or 0),
    )


def _bits(stored: Quantization | None) -> int:
    if stored is None:
        return 16
    words = f"{stored.quant_method or ''} {stored.quant_algo or ''}".lower()
    if "fp4" in words or stored.bits == 4 or "compressed-tensors" in words:
        return 4
    return 8 if "fp8" in words or stored.bits == 8 else 16
