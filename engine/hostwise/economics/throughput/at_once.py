"""How many requests a replica may run at once: what the cache, the engine and the latency asked for allow."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from hostwise.economics.catalogue.throughput_constants import ThroughputConstants
from hostwise.economics.numbers.numbers import Test, at_least, both, most, where
from hostwise.economics.throughput.rates import COUNT_BITS
from hostwise.economics.throughput.replica import ONE, ZERO
from hostwise.economics.throughput.step import EngineStep, Load, step, step_with


class Target(Struct, frozen=True):
    """The latency asked for, in seconds; what is not asked for is `None`."""

    first_token: Decimal | None = None
    whole_answer: Decimal | None = None
    per_token: Decimal | None = None

    @property
    def open(self) -> bool:
        """Whether nothing is asked for."""
        return self.first_token is None and self.whole_answer is None and self.per_token is None


class AtOnce(Struct, frozen=True):
    """The most requests at once that are allowed, 0 where not one is; `alone` is the step of a single one.

    Where none is allowed though one fits, `alone` is the nearest miss: no step is quicker. Where no latency is asked
    for it is the step of them all.
    """

    concurrency: Decimal
    step: EngineStep
    alone: EngineStep


def concurrency_for(load: Load, target: Target, constants: ThroughputConstants) -> AtOnce:
    """The largest number of requests at once that fits and meets the target: by halving, as latency only grows."""
    if target.open:
        found = step(load, most(load.at_most, ONE), constants)
        return AtOnce(load.at_most, found, found)
    count = _largest(load, target, constants)
    return AtOnce(count, step(load, most(count, ONE), constants), step(load, ONE, constants))


def meets(found: EngineStep, target: Target) -> Test:
    """Whether a step is within the target."""
    asked = (
        (target.first_token, found.first_token_seconds),
        (target.whole_answer, found.answer_seconds),
        (target.per_token, found.seconds_per_token),
    )
    within: Test = True
    for limit, seconds in asked:
        if limit is not None:
            within = both(within, at_least(limit, seconds))
    return within


def seconds_asked(found: EngineStep, target: Target) -> Decimal | None:
    """What a step takes of what is asked for; None where nothing is."""
    if target.first_token is not None:
        return found.first_token_seconds
    if target.whole_answer is not None:
        return found.answer_seconds
    return None if target.per_token is None else found.seconds_per_token


def _largest(load: Load, target: Target, constants: ThroughputConstants) -> Decimal:
    """Bit by bit from the highest, with the share of unread experts beside it."""
    count, left, mixture = ZERO, ONE, bool(load.rates.replica.model.experts)
    for place in reversed(range(COUNT_BITS)):
        tried = count + (1 << place)
        tried_left = left * load.rates.unread[place] if mixture else left
        found = step_with(load, tried, tried_left, constants)
        taken = both(at_least(load.at_most, tried), meets(found, target))
        count = where(taken, tried, count)
        left = where(taken, tried_left, left) if mixture else left
    return count
