"""The measured rows nearest to what is asked, and by how much they differ from the form.

A row stands for its model, GPU, precision and number of GPUs at other lengths and numbers at once too: what is asked
gets the form's figure times the rows' ratio of measurement to form, near rows counting most.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from hostwise.economics.catalogue.measured_table import MeasuredTable
from hostwise.economics.numbers.numbers import least, most
from hostwise.economics.throughput.measured import Measured, read_rows
from hostwise.economics.throughput.replica import ONE, ZERO
from hostwise.economics.throughput.step import Request

NEAR = Decimal("0.7")
"""A row at the very lengths asked for counts (1 / 0.3)², one at twice one of them (1 / 1.3)²."""


class Nearby(Struct, frozen=True):
    """Rows of one model, GPU and precision. `otherwise` is their middle ratio: for another number of GPUs."""

    rows: tuple[Measured, ...]
    otherwise: Decimal

    @property
    def most_at_once(self) -> Decimal:
        """Requests at once of the row with the most."""
        return max(row.concurrency or ONE for row in self.rows)

    def of(self, gpus: Decimal) -> tuple[Measured, ...]:
        """The rows with that number of GPUs."""
        return tuple(row for row in self.rows if row.gpus == gpus)


@lru_cache(maxsize=256)
def nearby(table: MeasuredTable, model: str, gpu: str, precision: str) -> Nearby | None:
    """The steadily served rows of a model on a GPU; `None` where nobody measured one."""
    lines = table.lines.get((model, gpu, precision), [])
    rows = [row for row in read_rows([table.header, *lines]) if row.kind == "serving"]
    ratios = sorted(row.ratio for row in rows)
    return Nearby(tuple(rows), ratios[len(ratios) // 2]) if rows else None


def ratio_at(rows: Sequence[Measured], request: Request, concurrency: Decimal) -> Decimal:
    """Measurement over form at what is asked: the mean of the rows' own, weighed by the square of their nearness."""
    total, weighed = ZERO, ZERO
    for row in rows:
        apart = (
            _apart(row.input, request.input_length)
            * _apart(row.output, request.output_length)
            * _apart(row.concurrency or ONE, concurrency)
        )
        weight = 1 / ((apart - NEAR) * (apart - NEAR))
        total, weighed = total + weight, weighed + weight * row.ratio
    return weighed / total


def _apart(one: Decimal, other: Decimal) -> Decimal:
    """How many times the larger is the smaller; 1 where they are the same."""
    return most(one, other) / least(one, other)
