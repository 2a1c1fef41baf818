"""Where the line is, drawn: cost a month over the volume, both on logarithmic scales.

Every line has its colour, its dashes and its name at its end; the band lies pale behind it. Break-evens are
rings, the naive figure a diamond, today a broken upright: nothing hangs on colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from math import log10

from msgspec import Struct

from hostwise.report.figures import axis_money, compact
from hostwise.report.lettering import fitting
from hostwise.report.model import Curve, Line
from hostwise.report.svg import CHARACTER, GRID, INK, MUTED, PAPER, line, opened, rect, text
from hostwise.report.words import Words

# Colour and dashes of each option. Every colour keeps 4.5 to 1 on paper, since names are set in it;
# `tests/report/test_line_chart.py` measures it.
STYLES = {
    "self-host-cloud": ("#0b5d57", ""),
    "self-host-owned": ("#7a4f00", "1 4"),
    "hybrid": ("#56606b", "10 3 2 3 2 3"),
    "managed-api": ("#1f4e8c", "7 4"),
    "open-model-provider": ("#9c3d1f", "3 3"),
    "sovereign-api": ("#5c3a86", "10 3 2 3"),
}
OTHER = (INK, "")
NAME_GAP = 15
"""Least distance between the names at the ends of the lines."""
NOTE_GAP = 12
"""What a note below a name takes."""
BEFORE_NAMES = 12
LABEL_HEIGHT = 15
PLEX = 0.86
"""How wide a name in IBM Plex Sans Semi-Bold is at most, as a share of what `lettering.measured` allows for."""


class Plot(Struct, frozen=True):
    """Measures in SVG units: the whole, and the plotting area within it. `names` is the room right of the lines."""

    width: int
    height: int
    left: int
    top: int
    bottom: int
    names: int
    ticks: int
    """How many labels fit along the volume axis."""

    @property
    def right(self) -> int:
        """The right edge of the plotting area."""
        return self.width - self.names

    @property
    def floor(self) -> int:
        """The lower edge of the plotting area."""
        return self.height - self.bottom


WIDE_PLOT = Plot(width=680, height=300, left=52, top=24, bottom=38, names=192, ticks=9)
NARROW_PLOT = Plot(width=320, height=300, left=44, top=24, bottom=38, names=104, ticks=4)
Scale = Callable[[Decimal], float]


def line_chart(drawn: Line, words: Words, plot: Plot = WIDE_PLOT) -> str:
    """The curves that compete, today's volume and the break-evens between them, as SVG."""
    x = _scale([point.tokens for point in drawn.curves[0].points], plot.left, plot.right)
    amounts = [amount for curve in drawn.curves for point in curve.points for amount in (point.low, point.high)]
    y = _scale(amounts, plot.floor, plot.top)
    marks = list(_marks(drawn))
    parts = [
        opened(plot.width, plot.height, title=finding(drawn, words), described=_described(drawn, words)),
        *_axes(drawn, x, y, plot, words),
        *(_band(curve, x, y) for curve in drawn.curves),
        *(_path(curve, x, y) for curve in drawn.curves),
        *_today(drawn, x, plot, words),
        *(_mark(x(mark.tokens), y(mark.amount), naive=mark.naive) for mark in marks),
        *_mark_labels(marks, x, y, plot, words),
        *_names(drawn.curves, y, plot, words),
        "</svg>",
    ]
    return "".join(parts)


def finding(drawn: Line, words: Words) -> str:
    """The chart in one sentence."""
    said = [
        words.say("line.crosses", option=c.option, against=c.against, volume=c.volume)
        for c in drawn.crossings
        if c.volume
    ] or [words.say("line.never")]
    return words.say("line.title", today=compact(drawn.today, drawn.language), finding="; ".join(said))


def _described(drawn: Line, words: Words) -> str:
    today = (
        words.say("line.item", label=curve.label, amount=_money(curve.at(drawn.today).likely, drawn))
        for curve in drawn.curves
    )
    return words.say("line.described", today=compact(drawn.today, drawn.language), items="; ".join(today))


def _scale(values: Sequence[Decimal], start: float, end: float) -> Scale:
    """A logarithmic scale over the values that are above nothing."""
    positive = [float(v) for v in values if v > 0] or [1.0]
    low, high = log10(min(positive)), log10(max(positive))
    span = high - low or 1.0

    def place(value: Decimal) -> float:
        return start + (log10(max(float(value), min(positive))) - low) / span * (end - start)

    return place


def _axes(drawn: Line, x: Scale, y: Scale, plot: Plot, words: Words) -> Iterator[str]:
    volumes = _ticks([p.tokens for p in drawn.curves[0].points], plot.ticks)
    for tokens in volumes:
        yield line(x(tokens), plot.top, x(tokens), plot.floor, GRID, 1)
        yield text(x(tokens), plot.floor + 15, compact(tokens, drawn.language), MUTED, "middle")
    for amount in _ticks([a for curve in drawn.curves for p in curve.points for a in (p.low, p.high)], 6):
        yield line(plot.left, y(amount), plot.right, y(amount), GRID, 1)
        yield text(plot.left - 6, y(amount) + 4, axis_money(amount, drawn.currency, drawn.language), MUTED, "end")
    yield text(plot.right, plot.height - 6, words.say("line.axis"), MUTED, "end")


def _ticks(values: Sequence[Decimal], most: int) -> list[Decimal]:
    """Round numbers within the values, as many as fit: tens, then 1 and 3, then 1, 2 and 5."""
    low, high = min(v for v in values if v > 0), max(values)
    found: list[Decimal] = []
    for factors in ((1,), (1, 3), (1, 2, 5)):
        ladder = [Decimal(f).scaleb(p) for p in range(low.adjusted(), high.adjusted() + 1) for f in factors]
        within = [v for v in ladder if low <= v <= high]
        if found and len(within) > most:
            break
        found = within
    return found


def _band(curve: Curve, x: Scale, y: Scale) -> str:
    """The band as a pale area; none where it is a line."""
    upper = [(x(p.tokens), y(p.high)) for p in curve.points]
    lower = [(x(p.tokens), y(p.low)) for p in reversed(curve.points)]
    colour, _ = STYLES.get(curve.id, OTHER)
    return f'<path d="{_moves([*upper, *lower])}Z" fill="{colour}" fill-opacity="0.1"/>'


def _path(curve: Curve, x: Scale, y: Scale) -> str:
    colour, dashes = STYLES.get(curve.id, OTHER)
    width = 2.6 if curve.chosen else 1.7
    pale = "" if curve.feasible else ' stroke-opacity="0.5"'
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    steps = _moves((x(p.tokens), y(p.likely)) for p in curve.points)
    return f'<path d="{steps}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}{pale}/>'


def _moves(places: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _today(drawn: Line, x: Scale, plot: Plot, words: Words) -> Iterator[str]:
    place = x(drawn.today)
    yield line(place, plot.top - 6, place, plot.floor, INK, 1.2, ' stroke-dasharray="2 3"')
    label = words.say("line.today", volume=compact(drawn.today, drawn.language))
    anchor = "start" if place < plot.left + 40 else "end" if place > plot.right - 40 else "middle"
    yield text(place, plot.top - 10, label, INK, anchor, ' font-weight="600"')


class _Mark(Struct, frozen=True):
    tokens: Decimal
    amount: Decimal
    naive: bool


def _marks(drawn: Line) -> Iterator[_Mark]:
    """The first crossing and the naive figure of each pair, on the line of the API, where they can be seen."""
    curves = {curve.id: curve for curve in drawn.curves}
    for crossing in drawn.crossings:
        curve = curves[crossing.against_id]
        for tokens, naive in ((crossing.naive_at, True), (crossing.first_at, False)):
            if tokens is not None and curve.points[0].tokens <= tokens <= curve.points[-1].tokens:
                yield _Mark(tokens, curve.at(tokens).likely, naive)


def _mark(across: float, down: float, *, naive: bool) -> str:
    if not naive:
        return f'<circle cx="{across:.1f}" cy="{down:.1f}" r="4.5" fill="{PAPER}" stroke="{INK}" stroke-width="1.8"/>'
    corners = _moves([(across - 5, down), (across, down - 5), (across + 5, down), (across, down + 5)])
    return f'<path d="{corners}Z" fill="{PAPER}" stroke="{INK}" stroke-width="1.3"/>'


def _mark_labels(marks: Sequence[_Mark], x: Scale, y: Scale, plot: Plot, words: Words) -> Iterator[str]:
    """The volume beside each mark, below it where that is free of the other labels."""
    taken: list[tuple[float, float, float]] = []
    for mark in marks:
        label = words.say("line.naive" if mark.naive else "line.from", volume=compact(mark.tokens, words.language))
        width = len(label) * CHARACTER
        spots = list(_spots(x(mark.tokens), y(mark.amount), width, plot))
        left, base = next((spot for spot in spots if _free(*spot, width, taken)), spots[0])
        taken.append((left, base, width))
        yield rect(left - 2, base - 11, width + 4, 14, PAPER, ' fill-opacity="0.8"')
        yield text(left, base, label, INK, "start")


def _spots(across: float, down: float, width: float, plot: Plot) -> Iterator[tuple[float, float]]:
    """Where the label of a mark may stand within the plotting area, the best place first."""
    lefts = [min(max(left, plot.left + 2), plot.right - width - 2) for left in (across + 8, across - 8 - width)]
    for away in (0, LABEL_HEIGHT, 2 * LABEL_HEIGHT):
        for base in (down + 17 + away, down - 9 - away):
            if plot.top + 11 <= base <= plot.floor - 3:
                yield from ((left, base) for left in lefts)
    yield lefts[0], down - 9


def _free(left: float, base: float, width: float, taken: Sequence[tuple[float, float, float]]) -> bool:
    return all(
        abs(base - other_base) >= LABEL_HEIGHT or left >= other + other_width + 4 or other >= left + width + 4
        for other, other_base, other_width in taken
    )


def _names(curves: Sequence[Curve], y: Scale, plot: Plot, words: Words) -> Iterator[str]:
    """Each option's name at the end of its line, moved apart where they would touch."""
    ends = sorted(curves, key=lambda curve: y(curve.points[-1].likely))
    heights = [NAME_GAP if curve.feasible else NAME_GAP + NOTE_GAP for curve in ends]
    places = _apart([y(curve.points[-1].likely) for curve in ends], heights, plot.top + 6, plot.floor)
    for curve, place in zip(ends, places, strict=True):
        end, (colour, _) = y(curve.points[-1].likely), STYLES.get(curve.id, OTHER)
        left = plot.right + BEFORE_NAMES
        label = fitting(curve.label, (plot.names - BEFORE_NAMES) / PLEX, 12)
        yield line(plot.right, end, left - 3, place, colour, 1)
        yield text(left, place + 4, label, colour, "start", ' font-weight="600"' if curve.chosen else "")
        if not curve.feasible:
            yield text(left, place + 4 + NOTE_GAP, words.say("charts.excluded"), MUTED, "start", ' font-size="10"')


def _apart(places: Sequence[float], heights: Sequence[int], top: float, floor: float) -> list[float]:
    """Places in rising order, moved so that each keeps its height free below it and all stay inside."""
    down: list[float] = []
    for place, above in zip(places, [0, *heights], strict=False):
        down.append(max(place, down[-1] + above) if down else max(place, top))
    up: list[float] = []
    for place, height in zip(reversed(down), reversed(heights), strict=True):
        up.append(min(place, (up[-1] if up else floor + NAME_GAP) - height))
    return list(reversed(up))


def _money(amount: Decimal, drawn: Line) -> str:
    return axis_money(amount, drawn.currency, drawn.language)
