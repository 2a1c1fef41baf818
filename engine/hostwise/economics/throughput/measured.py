"""Measured rows: what somebody's machine served, and what the form says of the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from hostwise.economics.catalogue.gpus import GPU
from hostwise.economics.catalogue.throughput_constants import ThroughputConstants
from hostwise.economics.models.model import Model
from hostwise.economics.numbers.numbers import least, most
from hostwise.economics.throughput.rates import MOST_AT_ONCE, rates_of
from hostwise.economics.throughput.replica import ONE, Replica
from hostwise.economics.throughput.step import Load, Request, load_of, step


class Measured(Struct, frozen=True, kw_only=True):
    """One row of `measured-throughput.csv`: output tokens a second of all requests together.

    `kind` is serving (so many requests at once, each followed by the next), burst (all sent at once, of varied
    length), decode (without the prefill) or saturated (as many at once as the engine takes).
    """

    model: str
    gpu: str
    precision: str
    gpus: Decimal
    engine: str
    input: Decimal
    output: Decimal
    cache_bits: int
    cached: Decimal
    concurrency: Decimal | None
    rate: Decimal
    kind: str
    ratio: Decimal
    """Measured over expected: `scripts/calibrate --write` computes it, so that a decision need not."""
    source: str
    aside: bool
    """Never used to fit the constants."""


def read_rows(lines: Iterable[str]) -> tuple[Measured, ...]:
    """The rows of a table; lines that begin with # are remarks."""
    import csv  # decisions find the rows read

    return tuple(map(_row, csv.DictReader(line for line in lines if not line.startswith("#"))))


def load_of_row(
    row: Measured, models: Mapping[str, Model], gpus: Mapping[str, GPU], constants: ThroughputConstants
) -> Load:
    """The replica that was measured, under the requests that it was measured with."""
    replica = Replica(models[row.model], gpus[row.gpu], row.gpus, row.precision, row.cache_bits, row.engine)
    cached = ONE if row.kind == "decode" else row.cached
    return load_of(rates_of(replica, constants), Request(most(row.input, ONE), row.output, cached), constants)


def expected_rate(load: Load, row: Measured, constants: ThroughputConstants) -> Decimal:
    """What the form says that the row should have: with the engine's own flags, or tuned where its source does."""
    at_most = least(load.fitting, MOST_AT_ONCE) if row.kind == "saturated" else load.at_most
    running = most(least(row.concurrency or MOST_AT_ONCE, at_most), ONE)
    rate = step(load, running, constants).output_rate
    if row.kind == "burst":
        rate /= constants.burst
    return rate * constants.tuned if constants.sources[row.source].tuned else rate


def _row(cells: Mapping[str, str]) -> Measured:
    return Measured(
        model=cells["model"],
        gpu=cells["gpu"],
        precision=cells["precision"],
        gpus=Decimal(cells["gpus"]),
        engine=cells["engine"],
        input=Decimal(cells["input"]),
        output=Decimal(cells["output"]),
        cache_bits=int(cells["cache_bits"] or 16),
        cached=Decimal(cells["cached"] or 0),
        concurrency=Decimal(cells["concurrency"]) if cells["concurrency"] else None,
        rate=Decimal(cells["rate"]),
        kind=cells["kind"],
        ratio=Decimal(cells.get("ratio") or 1),
        source=cells["source"],
        aside=cells["aside"] == "yes",
    )
