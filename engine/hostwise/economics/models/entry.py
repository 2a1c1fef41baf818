"""A model as an entry of `models.yaml`: from a published configuration, written one attribute a line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from hostwise.economics.models.arithmetic import active_parameters, all_parameters, in_billions, routed_parameters
from hostwise.economics.models.model import Model
from hostwise.economics.models.published import Published


def model_of(published: Published, licence: str, source: str, as_of: date) -> Model:
    """The model of a configuration, its parameters by arithmetic. Whose licence was not read has `unread`."""
    shape = published.shape
    latent = shape.latent_rank + shape.rope_size if shape.latent_rank else None
    return Model(
        parameters=in_billions(all_parameters(shape)),
        active=in_billions(active_parameters(shape)),
        layers=shape.layers,
        heads=shape.heads,
        kv_heads=1 if latent else shape.kv_heads,
        head_size=latent // 2 if latent else shape.head_size,
        hidden=shape.hidden,
        experts=shape.experts or None,
        experts_per_token=shape.experts_per_token or None,
        expert_parameters=in_billions(routed_parameters(shape)) if shape.experts else None,
        window=published.window,
        window_layers=published.window_layers,
        linear_layers=shape.linear_layers,
        latent_cache=latent,
        bits=published.bits,
        context=published.context,
        kind="vision" if published.vision else "chat",
        licence=licence,
        source=source,
        as_of=as_of,
    )


WRITTEN = (
    "kind", "maker", "parameters", "active", "layers", "heads", "kv_heads", "head_size", "hidden", "experts",
    "experts_per_token", "expert_parameters", "window", "window_layers", "linear_layers", "latent_cache", "bits",
    "context", "licence", "source", "as_of",
)  # fmt: skip
"""The attributes of an entry in the order in which they are written."""


def entry_lines(name: str, model: Model) -> Iterator[str]:
    """The entry of a model, indented as under `models:`."""
    yield f"  {_text(name)}:"
    for attribute in WRITTEN:
        value = getattr(model, attribute)
        if value not in (None, "", 0) and (attribute, value) != ("kind", "chat"):
            yield f"    {attribute}: {_text(value) if isinstance(value, str) else _number(value)}"


def _text(words: str) -> str:
    import json

    return json.dumps(words, ensure_ascii=False)


def _number(value: int | Decimal | date) -> str:
    return value.isoformat() if isinstance(value, date) else f"{value:f}" if isinstance(value, Decimal) else str(value)
