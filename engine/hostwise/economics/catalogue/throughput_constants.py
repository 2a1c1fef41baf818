"""The constants of the throughput estimate, as `rules/catalogue/throughput.yaml` holds them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hostwise.reading.files.strict import Strict


class DeviceShares(Strict, frozen=True):
    """What a class of devices reaches: the share of its memory bandwidth, and of its arithmetic."""

    bandwidth: Decimal
    compute: Decimal


class FirstToken(Strict, frozen=True):
    """The wait for a first token: steps, and shares of one's own prefill and of that of each other request."""

    steps: Decimal
    own_prefill: Decimal
    others_prefill: Decimal


class RequestsAtOnce(Strict, frozen=True):
    """Requests that an engine runs at once by default: on small cards, and on cards of `large_memory` GB with fp8."""

    small: Decimal
    large: Decimal
    large_memory: Decimal
    planned: Decimal
    """The most that a plan counts on: beyond it few rows were measured, and each user waits long for a token."""


class AdapterServing(Strict, frozen=True):
    """What several adapters on one base take: memory of each as a share of the base's parameters at work, in 16 bits.

    `speed` is what is served with them over what the base alone serves; errors.adapters says how far off it may be.
    """

    memory: Decimal
    speed: Decimal
    source: str
    as_of: date


class MeasuredSource(Strict, frozen=True):
    """Where measured rows come from; `tuned` where its flags were chosen by measuring."""

    address: str
    licence: str
    tuned: bool = False


class ErrorBand(Strict, frozen=True):
    """Factors on a figure between which nine of ten measurements lie."""

    low: Decimal
    high: Decimal


class ThroughputConstants(Strict, frozen=True, kw_only=True):
    """The constants of the form in `economics/throughput/step.py`; shares are of the data sheet's figures."""

    classes: dict[str, DeviceShares]
    expert_compute: Decimal
    unpacked_compute: Decimal
    fp4_compute: Decimal
    link_share: Decimal
    between_nodes: Decimal
    step_ms: Decimal
    layer_us: Decimal
    parallel_layer_us: Decimal
    expert_layer_us: Decimal
    request_us: Decimal
    engines: dict[str, Decimal]
    """Time that an engine takes, where vLLM takes 1."""
    tuned: Decimal
    """What is served with flags tuned by somebody who measures, over what is served with the engine's own."""
    burst: Decimal
    """What a steady load serves, over a burst of requests of varied length that are all sent at once."""
    first_token: FirstToken
    at_once: RequestsAtOnce
    adapters: AdapterServing
    memory_reserve: Decimal
    errors: dict[str, ErrorBand]
    sources: dict[str, MeasuredSource]
    source: str
    as_of: date
    scale: Decimal = Decimal(1)
    """What is served for each token that the estimate expects. It is 1, but where its error is sampled."""
