"""Where the line is, drawn: cost a month over the volume, both on logarithmic scales.

Every line has its colour, its dashes and at its end its letter and name; the band lies pale behind it. Break-evens
are rings, the naive figure a diamond, today a broken upright: nothing hangs on colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from hostwise.reading.numbers.number_format import format_money, format_number
from hostwise.report.brand.colours import Colours, with_options
from hostwise.report.charts.axes import Scale, axis_across, axis_up, log_scale, spread
from hostwise.report.charts.lettering import fitting, measured
from hostwise.report.charts.svg import (
    BOLD,
    CHARACTER,
    dashed,
    diamond,
    line,
    moves,
    opened,
    outlined,
    rect,
    ring,
    swatch,
    text,
)
from hostwise.report.charts.ticks import log_ticks
from hostwise.report.model.report import CostLine, Curve
from hostwise.report.words.words import Words

NAME_GAP = 15
"""Least distance between the names at the ends of the lines."""
NOTE_GAP = 12
"""What a note below a name takes, and each further line of a name that is too long for one."""
NAME_LINES = 3
BEFORE_NAMES = 12
BADGE = 13
"""The side of the square at the end of a line, which has the option's letter."""
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


WIDE_PLOT = Plot(width=680, height=300, left=52, top=24, bottom=38, names=210, ticks=9)
NARROW_PLOT = Plot(width=320, height=300, left=44, top=24, bottom=38, names=118, ticks=4)


def line_chart(drawn: CostLine, words: Words, plot: Plot = WIDE_PLOT) -> str:
    """The curves that compete, today's volume and the break-evens between them, as SVG."""
    colours = with_options(words.colours, [(curve.id, curve.label) for curve in drawn.curves])
    volumes = [point.tokens for point in drawn.curves[0].points]
    amounts = [amount for curve in drawn.curves for point in curve.points for amount in (point.low, point.high)]
    plot = replace(plot, left=max(plot.left, _width_of_amounts(amounts, drawn)))
    chart = _Chart(
        drawn,
        plot,
        log_scale(volumes, plot.left, plot.right),
        log_scale(amounts, plot.floor, plot.top),
        words,
        colours,
    )
    marks = list(_marks(drawn))
    parts = [
        opened(plot.width, plot.height, title=finding(drawn, words), described=_described(drawn, words)),
        *_axes(chart, volumes, amounts),
        *(_band(curve, chart) for curve in drawn.curves),
        *(_path(curve, chart) for curve in drawn.curves),
        *_today(chart),
        *(_mark(mark, chart) for mark in marks),
        *_mark_labels(marks, chart),
        *_names(chart),
        "</svg>",
    ]
    return "".join(parts)


class _Chart(Struct, frozen=True):
    """What is drawn, and where: `x` places volumes across, `y` amounts up."""

    line: CostLine
    plot: Plot
    x: Scale
    y: Scale
    words: Words
    colours: Colours


def _width_of_amounts(amounts: Sequence[Decimal], drawn: CostLine) -> int:
    """The room that the longest amount beside the plot takes."""
    return ceil(max((measured(_money(amount, drawn), 12) for amount in _ticks(amounts, 6)), default=0.0)) + 8


def finding(drawn: CostLine, words: Words) -> str:
    """The chart in one sentence."""
    said = [
        words.say("line.crosses", option=c.option, against=c.against, volume=format_number(c.first_at, drawn.language))
        for c in drawn.crossings
        if c.first_at
    ] or [words.say("line.never")]
    return words.say("line.title", today=format_number(drawn.today, drawn.language), finding="; ".join(said))


def _described(drawn: CostLine, words: Words) -> str:
    today = (
        words.say("line.item", label=curve.label, amount=_money(curve.at(drawn.today).likely, drawn))
        for curve in drawn.curves
    )
    return words.say("line.described", today=format_number(drawn.today, drawn.language), items="; ".join(today))


def _axes(chart: _Chart, volumes: Sequence[Decimal], amounts: Sequence[Decimal]) -> Iterator[str]:
    plot, colours, language = chart.plot, chart.colours, chart.line.language
    across = ((chart.x(tokens), format_number(tokens, language)) for tokens in _ticks(volumes, plot.ticks))
    yield from axis_across(across, plot.top, plot.floor, plot.width, colours.grid, colours.muted)
    up = ((chart.y(amount), _money(amount, chart.line)) for amount in _ticks(amounts, 6))
    yield from axis_up(up, plot.left, plot.right, colours.grid, colours.muted)
    yield text(plot.right, plot.height - 6, chart.words.say("line.axis"), colours.muted, "end")


def _ticks(values: Sequence[Decimal], most: int) -> list[Decimal]:
    return log_ticks(min(v for v in values if v > 0), max(values), most)


def _band(curve: Curve, chart: _Chart) -> str:
    """The band as a pale area; none where it is a line."""
    upper = [(chart.x(p.tokens), chart.y(p.high)) for p in curve.points]
    lower = [(chart.x(p.tokens), chart.y(p.low)) for p in reversed(curve.points)]
    return f'<path d="{moves([*upper, *lower])}Z" fill="{chart.colours.looks[curve.id].colour}" fill-opacity="0.1"/>'


def _path(curve: Curve, chart: _Chart) -> str:
    """The line of an option: strong where it is chosen, thin where it is ruled out."""
    look = chart.colours.looks[curve.id]
    width = 2.8 if curve.chosen else 1.9 if curve.feasible else 1.2
    steps = moves((chart.x(p.tokens), chart.y(p.likely)) for p in curve.points)
    return f'<path d="{steps}" fill="none"{outlined(look.colour, width)}{dashed(look.dashes)}/>'


def _today(chart: _Chart) -> Iterator[str]:
    plot, ink = chart.plot, chart.colours.ink
    place = chart.x(chart.line.today)
    yield line(place, plot.top - 6, place, plot.floor, ink, 1.2, dashed("2 3"))
    label = chart.words.say("line.today", volume=format_number(chart.line.today, chart.line.language))
    anchor = "start" if place < plot.left + 40 else "end" if place > plot.right - 40 else "middle"
    yield text(place, plot.top - 10, label, ink, anchor, BOLD)


class _Mark(Struct, frozen=True):
    tokens: Decimal
    amount: Decimal
    naive: bool


def _marks(drawn: CostLine) -> Iterator[_Mark]:
    """The first crossing and the naive figure of each pair, on the line of the API, where they can be seen."""
    curves = {curve.id: curve for curve in drawn.curves}
    for crossing in drawn.crossings:
        curve = curves[crossing.against_id]
        for tokens, naive in ((crossing.naive_at, True), (crossing.first_at, False)):
            if tokens is not None and curve.points[0].tokens <= tokens <= curve.points[-1].tokens:
                yield _Mark(tokens, curve.at(tokens).likely, naive)


def _mark(mark: _Mark, chart: _Chart) -> str:
    draw = diamond if mark.naive else ring
    return draw(chart.x(mark.tokens), chart.y(mark.amount), 4.5, chart.colours)


def _mark_labels(marks: Sequence[_Mark], chart: _Chart) -> Iterator[str]:
    """The volume beside each mark, below it where that is free of the other labels."""
    taken: list[tuple[float, float, float]] = []
    for mark in marks:
        volume = format_number(mark.tokens, chart.words.language)
        label = chart.words.say("line.naive" if mark.naive else "line.from", volume=volume)
        width = len(label) * CHARACTER
        spots = list(_spots(chart.x(mark.tokens), chart.y(mark.amount), width, chart.plot))
        left, base = next((spot for spot in spots if _free(*spot, width, taken)), spots[0])
        taken.append((left, base, width))
        yield rect(left - 2, base - 11, width + 4, 14, chart.colours.paper, ' fill-opacity="0.8"')
        yield text(left, base, label, chart.colours.ink)


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


def _names(chart: _Chart) -> Iterator[str]:
    """Each option's letter and name at the end of its line, moved apart where they would touch."""
    plot, colours = chart.plot, chart.colours
    ends = sorted(chart.line.curves, key=lambda curve: chart.y(curve.points[-1].likely))
    names = [_lines(curve.label, (plot.names - BEFORE_NAMES - BADGE - 4) / PLEX) for curve in ends]
    below = [len(name) - curve.feasible for name, curve in zip(names, ends, strict=True)]
    heights = [NAME_GAP + NOTE_GAP * lines for lines in below]
    wanted = [chart.y(curve.points[-1].likely) for curve in ends]
    places = spread(wanted, heights, plot.top + 6, plot.floor + NAME_GAP)
    left = plot.right + BEFORE_NAMES
    for curve, end, place, name in zip(ends, wanted, places, names, strict=True):
        look = colours.looks[curve.id]
        yield line(plot.right, end, left, place, look.colour, 1)
        yield swatch(left, place - BADGE / 2, BADGE, look)
        colour = colours.accent if curve.chosen else colours.ink
        for number, part in enumerate(name):
            base = place + 4 + NOTE_GAP * number
            yield text(left + BADGE + 4, base, part, colour, "start", BOLD if curve.chosen else "")
        if not curve.feasible:
            note, base = chart.words.say("charts.excluded"), place + 4 + NOTE_GAP * len(name)
            yield text(left + BADGE + 4, base, note, colours.muted, "start", ' font-size="10"')


def _lines(label: str, width: float) -> tuple[str, ...]:
    """A name in as few lines as it fits into, parted between words; of more than three the last is cut."""
    lines: list[str] = []
    for word in label.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (len(lines) == NAME_LINES or measured(longer, 12) <= width):
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(fitting(line, width, 12) for line in lines)


def _money(amount: Decimal, drawn: CostLine) -> str:
    return format_money(amount, drawn.currency, drawn.language)
