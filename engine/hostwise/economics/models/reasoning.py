"""What reasoning adds to a model's output, by the effort at which it runs.

A model's class is that of its index, and an index holds at the effort at which it was measured: so what the model is
counted to write is what it writes at that effort.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from hostwise.economics.models.api_model import ApiModel
from hostwise.economics.models.classes import AnyModel
from hostwise.economics.numbers.bands import ONE, Band
from hostwise.reading.files.strict import Strict


class Written(Struct, frozen=True):
    """Output tokens of a model for one of the model in use; `effort` where it is another than that of its entry."""

    times: Band
    effort: str = ""
    source: str = ""


AS_MUCH = Written(Band.exactly(1))
"""As many as the model in use."""


class Reasoning(Strict, frozen=True):
    """Reasoning tokens for each token of an answer, by level of effort, least first.

    All of them together lie within `span`: the range of the catalogue's figure, which a future varies.
    """

    levels: Mapping[str, Decimal]
    source: str
    as_of: date
    span: Band = Band(ONE, ONE, ONE)

    def of(self, model: AnyModel, effort: str = "") -> Decimal:
        """Reasoning tokens for each token of the answer; at no effort that is named, that of the model's index."""
        return self.levels[effort or model.reasoning or next(iter(self.levels))]

    def efforts(self, model: AnyModel) -> tuple[str, ...]:
        """The efforts at which a model's index was measured, least first; empty words for that of its entry."""
        apart = model.efforts if isinstance(model, ApiModel) else {}
        return (*(each for each in self.levels if each in apart), "")


def times(own: Decimal, in_use: Decimal, overhead: Decimal) -> Decimal:
    """Output tokens for one of the model in use, by what each of the two adds to its answers."""
    return (1 + own * overhead) / (1 + in_use * overhead)


def times_over(own: Decimal, in_use: Decimal, overhead: Band) -> Band:
    """The same over a range: between its ends it only grows, or only falls."""
    if own == in_use:
        return Band.exactly(1)
    if overhead.exact:
        return Band.exactly(times(own, in_use, overhead.likely))
    ends = [times(own, in_use, end) for end in (overhead.low, overhead.high)]
    low, high = ends if own > in_use else reversed(ends)
    return Band(low, times(own, in_use, overhead.likely), high)
