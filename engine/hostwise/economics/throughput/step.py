"""How long a replica's steps take, and what it serves.

A step gives each of `c` requests its next token. It reads the weights, of the experts those that its tokens are sent
to, and the cache of every request, or multiplies, whichever takes longer; in between, arriving requests are prefilled:

    step = max(W + X·(1 − (1 − k/E)^c) + c·cache, c·token) + c·(prefill / O + link·(1 + I/O) + request) + fixed

seconds; c / step output tokens a second. Constants: `rules/catalogue/throughput.yaml`, fitted by `scripts/calibrate`.
A share `h` of the input that is found in the prefix cache is not prefilled: I counts as I·(1 − h).
Only + − × ÷ on decimals, so that the digits are the same on every machine, and can be recorded (`numbers/tape`).
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache

from msgspec import Struct

from hostwise.economics.catalogue.throughput_constants import ThroughputConstants
from hostwise.economics.numbers.numbers import at_least, least, most, number, where, whole
from hostwise.economics.numbers.tape import Traced
from hostwise.economics.throughput.rates import COUNT_BITS, Rates, unread_shares
from hostwise.economics.throughput.replica import ONE, ZERO


class Request(Struct, frozen=True):
    """One shape of request, in tokens, and the share of its input that the prefix cache holds."""

    input_length: Decimal
    output_length: Decimal
    cached_share: Decimal = ZERO


class Load(Struct, frozen=True):
    """A replica under one shape of request: seconds that each request at once adds to a step."""

    rates: Rates
    request: Request
    cache: Decimal
    work: Decimal
    prefill: Decimal
    fitting: Decimal
    """Requests at once that the cache has room for, 0 where not one fits."""
    at_most: Decimal
    """The same, up to what the engine runs."""


class EngineStep(Struct, frozen=True):
    """What `concurrency` requests at once see on average, in seconds, and output tokens a second of them all."""

    concurrency: Decimal
    first_token_seconds: Decimal
    seconds_per_token: Decimal
    output_rate: Decimal
    answer_seconds: Decimal


def load_of(rates: Rates, request: Request, constants: ThroughputConstants, at_most: Decimal | None = None) -> Load:
    """The replica under requests of that shape, so many `at_most` at once."""
    replica, inputs, outputs = rates.replica, request.input_length, request.output_length
    held = replica.cache_bytes(inputs + outputs / 2)
    fresh = inputs * (1 - request.cached_share)
    pairs = fresh * (1 + request.cached_share) * replica.attended(inputs)
    prefill = fresh * rates.token + pairs * rates.token_pair
    exchanged = rates.link_token * (1 + fresh / outputs)
    fitting = whole(most((rates.room / held).to_integral_value(ROUND_FLOOR), ZERO))
    return Load(
        rates,
        request,
        held * rates.cache_byte,
        prefill / outputs + exchanged + rates.request,
        prefill,
        fitting,
        least(fitting, rates.engine_cap) if at_most is None else least(fitting, rates.engine_cap, at_most),
    )


def step(load: Load, concurrency: Decimal, constants: ThroughputConstants) -> EngineStep:
    """The step of so many requests at once (at least 1, at most 2,047)."""
    return step_with(load, concurrency, unread(load.rates, concurrency), constants)


def step_with(load: Load, concurrency: Decimal, left: Decimal, constants: ThroughputConstants) -> EngineStep:
    """The same, where the share of experts that such a step leaves unread is known."""
    seconds, first = pace(load, concurrency, left), constants.first_token
    queue = load.prefill * (first.own_prefill + first.others_prefill * (concurrency - 1))
    # One's own prefill is over before the second token: the others' goes on between them.
    between = seconds - load.prefill * load.rates.engine / load.request.output_length
    wait = first.steps * between + queue
    return EngineStep(concurrency, wait, between, concurrency / seconds, wait + load.request.output_length * between)


def pace(load: Load, concurrency: Decimal, left: Decimal) -> Decimal:
    """Seconds of a step in which so many requests move on by one token each."""
    rates = load.rates
    weights = rates.weights + rates.experts * (1 - left) if rates.replica.model.experts else rates.weights
    read = weights + concurrency * load.cache
    return (most(read, concurrency * rates.token) + concurrency * load.work + rates.step) * rates.engine


def unread(rates: Rates, concurrency: Decimal) -> Decimal:
    """(1 − k/E) to the power of a whole number of requests: the product of those squares that make it up."""
    model = rates.replica.model
    if not model.experts:
        return ZERO
    if not isinstance(concurrency, Traced):
        return _unread_by(model.experts, model.experts_per_token or model.experts, int(concurrency))
    share, rest = ONE, number(concurrency)
    for place in reversed(range(COUNT_BITS)):
        bit = Decimal(1 << place)
        taken = at_least(rest, bit)
        share = where(taken, share * rates.unread[place], share)
        rest = where(taken, rest - bit, rest)
    return share


@lru_cache(maxsize=4096)
def _unread_by(experts: int, experts_per_token: int, concurrency: int) -> Decimal:
    """The same for the number of one case: most replicas of a model run as many at once."""
    share = ONE
    for place, left in reversed([*enumerate(unread_shares(experts, experts_per_token))]):
        if concurrency >= 1 << place:
            share, concurrency = share * left, concurrency - (1 << place)
    return share
