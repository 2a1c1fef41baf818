"""What measured rows say of a replica beside the form, and how far off either may be.

In order of trust: a load test of one's own (`plans/replicas` takes it as it is), measured rows of the same model, GPU
and precision, the form. All are with the flags that an engine starts with.
"""

from __future__ import annotations

from decimal import Decimal

from hostwise.economics.catalogue.throughput_constants import ErrorBand, ThroughputConstants
from hostwise.economics.numbers.numbers import above, least, most, where
from hostwise.economics.throughput.nearest import Nearby, ratio_at
from hostwise.economics.throughput.replica import ONE, Replica
from hostwise.economics.throughput.step import EngineStep, Load


def ratio_of(load: Load, step: EngineStep, rows: Nearby | None) -> Decimal:
    """What was measured over what the form says, 1 where nothing was measured."""
    if rows is None:
        return ONE
    same = rows.of(load.rates.replica.gpus)
    return ratio_at(same, load.request, step.concurrency) if same else rows.otherwise


def error_of_rows(
    replica: Replica, rows: Nearby, step: EngineStep, estimate: ErrorBand, constants: ThroughputConstants
) -> ErrorBand:
    """How far off measured rows are; far more at once than in any of them, the form carries them, with its error."""
    measured = constants.errors["measured-mixture" if replica.model.experts else "measured-dense"]
    beyond = above(step.concurrency, 2 * rows.most_at_once)
    low = where(beyond, least(estimate.low, measured.low), measured.low)
    return ErrorBand(low=low, high=where(beyond, most(estimate.high, measured.high), measured.high))


def error_of_estimate(replica: Replica, constants: ThroughputConstants) -> ErrorBand:
    """How far off the form alone is for such a model, precision and device."""
    if replica.gpu.port == "unsupported":
        return constants.errors["measure-first"]
    kind = "mixture" if replica.model.experts else "dense"
    return constants.errors[f"estimated-{kind}" if replica.bits > 4 else f"estimated-{kind}-4bit"]


def with_adapters(error: ErrorBand, replica: Replica, constants: ThroughputConstants) -> ErrorBand:
    """The same where adapters are served: how much they slow it down is not known well."""
    if not replica.adapters:
        return error
    more = constants.errors["adapters"]
    return ErrorBand(low=error.low * more.low, high=error.high * more.high)
