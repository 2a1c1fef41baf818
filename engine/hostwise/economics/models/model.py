"""Open models: their shape, from the published configuration, and what is known about them beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import field

from hostwise.reading.files.strict import Strict

ModelKind = Literal["chat", "vision", "embedding"]
SMALLEST, MOST = Decimal("0.01"), Decimal(5000)
"""Billions of parameters: from the smallest models that are served to beyond the largest; millions are a slip."""


class ModelIndex(Strict, frozen=True):
    """A public quality index of a model at one effort. Values of two versions are never compared as they are."""

    name: str
    version: str
    value: Decimal
    as_of: date
    effort: str = ""


class Model(Strict, frozen=True):
    """An open model.

    `parameters`, `active` and `expert_parameters` (those in routed experts) are in billions. A layer is one of three
    kinds: `window_layers` see the last `window` tokens, `linear_layers` keep no cache that grows, the rest see all.
    `latent_cache` is the values that a token keeps in a layer with latent attention, `full_cache` those in a layer
    that sees all, where they are not 2 · kv_heads · head_size. `price_names` are its names in the price list.
    `reasoning` is the level of `reasoning.yaml` at which its index was measured; empty where it does not reason.
    """

    parameters: Decimal
    active: Decimal
    layers: int
    kv_heads: int
    head_size: int
    bits: int
    context: int
    licence: str
    source: str
    as_of: date
    size_class: str = field(name="class", default="")
    kind: ModelKind = "chat"
    maker: str = ""
    heads: int | None = None
    hidden: int | None = None
    experts: int | None = None
    experts_per_token: int | None = None
    expert_parameters: Decimal | None = None
    window: int | None = None
    window_layers: int = 0
    linear_layers: int = 0
    latent_cache: int | None = None
    full_cache: int | None = None
    index: ModelIndex | None = None
    reasoning: str = ""
    released: date | None = None
    retired_on: date | None = None
    price_names: tuple[str, ...] = ()
    review_by: date | None = None
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.window_layers + self.linear_layers > self.layers:
            raise ValueError("window_layers and linear_layers are layers: together at most layers")
        if self.window_layers and self.window is None:
            raise ValueError("window_layers need a window")
        if (self.experts is None) != (self.expert_parameters is None):
            raise ValueError("experts and expert_parameters belong together")
        if max(self.active, self.expert_parameters or 0) > self.parameters:
            raise ValueError("active and expert_parameters are parameters: at most as many")
        if not SMALLEST <= self.parameters <= MOST:
            raise ValueError(f"parameters are in billions: {SMALLEST} to {MOST}")

    @property
    def full_layers(self) -> int:
        """Layers whose cache grows with every token."""
        return self.layers - self.window_layers - self.linear_layers

    @property
    def cache_values(self) -> int:
        """Values that one token keeps in one layer that sees all; keys and values together."""
        return self.latent_cache or self.full_cache or self.window_cache_values

    @property
    def window_cache_values(self) -> int:
        """The same in a layer with a window, for each token inside it."""
        return 2 * self.kv_heads * self.head_size
