"""Scales and axes: where a number lies in a chart, and the marks that say which number lies where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from math import log10

from hostwise.report.charts.lettering import measured
from hostwise.report.charts.svg import SMALL, line, text

Scale = Callable[[Decimal], float]
Marks = Iterable[tuple[float, str]]
"""Places along an axis, and what is written there."""


def linear_scale(low: Decimal, high: Decimal, start: float, end: float) -> Scale:
    """From `low` at `start` to `high` at `end`; the middle where they are one number."""
    span = high - low
    return lambda value: start + (float((value - low) / span) if span else 0.5) * (end - start)


def log_scale(values: Sequence[Decimal], start: float, end: float) -> Scale:
    """A logarithmic scale over the values that are above nothing; what is not lies at its start."""
    positive = [float(v) for v in values if v > 0] or [1.0]
    least, low, high = min(positive), log10(min(positive)), log10(max(positive))
    span = high - low or 1.0
    return lambda value: start + (log10(max(float(value), least)) - low) / span * (end - start)


def axis_across(marks: Marks, top: float, floor: float, width: float, line_colour: str, colour: str) -> Iterator[str]:
    """Upright lines from `top` to a little below `floor`, and below them the labels, none outside the frame."""
    for x, label in marks:
        half = measured(label, 11) / 2
        anchor = "end" if x + half > width else "start" if x - half < 0 else "middle"
        yield line(x, top, x, floor + 4, line_colour, 1)
        yield text(x, floor + 16, label, colour, anchor, SMALL)


def axis_up(marks: Marks, left: float, right: float, line_colour: str, colour: str) -> Iterator[str]:
    """Level lines from a little before `left` to `right`, and before them the labels."""
    for y, label in marks:
        yield line(left - 4, y, right, y, line_colour, 1)
        yield text(left - 7, y + 4, label, colour, "end", SMALL)


def spread(places: Sequence[float], heights: Sequence[float], top: float, floor: float) -> list[float]:
    """Places in rising order, moved so that each keeps its height free below it and all stay inside."""
    down: list[float] = []
    for place, above in zip(places, [0, *heights], strict=False):
        down.append(max(place, down[-1] + above) if down else max(place, top))
    up: list[float] = []
    for place, height in zip(reversed(down), reversed(heights), strict=True):
        up.append(min(place, (up[-1] if up else floor) - height))
    return list(reversed(up))
