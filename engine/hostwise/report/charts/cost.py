"""What each option costs, drawn: bars that carry their own labels, in flat colours that also read in greyscale.

A chart has a `<title>` that states its finding (it becomes the alternative text) and a `<desc>` with the figures.
Options that a constraint rules out are pale, with an outline in their colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from msgspec import Struct

from hostwise.economics.numbers.bands import Band
from hostwise.reading.numbers.number_format import format_money
from hostwise.report.brand.clean import shortened
from hostwise.report.brand.colours import Colours, with_elements, with_options
from hostwise.report.brand.contrast import mixed
from hostwise.report.charts.axes import Scale, axis_across, linear_scale
from hostwise.report.charts.lettering import measured
from hostwise.report.charts.svg import BOLD, CHARACTER, line, moves, opened, outlined, rect, text
from hostwise.report.model.report import OptionLine
from hostwise.report.words.amounts import money_range
from hostwise.report.words.words import Words

PALE = 0.35
"""How much of its colour the bar of an option has that is ruled out."""
AXIS = 24
BESIDE = Decimal("1.25")
"""The longest likely cost of an open option takes so much less than the whole axis, where ends are cut."""
CUT = 4
"""Ends are cut where the furthest would make the bars of the open options so many times shorter."""
ARROW, GAP = 7, 8
"""How long an arrow is, and how far words are from what they belong to."""


class ChartMeasures(Struct, frozen=True):
    """Measures of a chart in SVG units. `label` is the width left of the bars; 0 puts labels above them."""

    width: int
    label: int
    value: int
    row: int
    bar: int
    steps: int
    """How many steps the axis has."""


WIDE = ChartMeasures(width=680, label=206, value=140, row=28, bar=16, steps=4)
NARROW = ChartMeasures(width=320, label=0, value=8, row=54, bar=18, steps=2)
_Colour: TypeAlias = tuple[Decimal, str]
_Bar: TypeAlias = Callable[[OptionLine, Band, Colours], list[_Colour]]
"""The parts of an option's bar: how much each is, and its colour."""


def cost_chart(options: Sequence[OptionLine], words: Words, layout: ChartMeasures = WIDE) -> str:
    """One bar an option: the likely cost a month, with a whisker from low to high."""
    return _chart(options, words, layout, bar=_whole_bar, title="charts.cost_title")


def stack_chart(options: Sequence[OptionLine], words: Words, layout: ChartMeasures = WIDE) -> str:
    """One bar an option, stacked by cost element, idle capacity apart; whisker from low to high."""
    return _chart(options, words, layout, bar=_stacked_bar, title="charts.stack_title")


def legend(options: Sequence[OptionLine], words: Words) -> list[tuple[str, str]]:
    """Label and colour of every cost element that occurs, in stacking order."""
    labels = {share.group: share.label for option in options for share in option.shares}
    elements = _colours(options, words).elements
    return [(labels[group], colour) for group, colour in elements.items() if group in labels]


def _colours(options: Sequence[OptionLine], words: Words) -> Colours:
    colours = with_options(words.colours, [(option.id, option.label) for option in options])
    return with_elements(colours, [share.group for option in options for share in option.shares])


def _chart(options: Sequence[OptionLine], words: Words, layout: ChartMeasures, bar: _Bar, title: str) -> str:
    priced = [(option, option.monthly) for option in options if option.monthly]
    if not priced:
        return ""
    colours = _colours(options, words)
    top = _end_of_axis(priced)
    behind = [_beside(option, amount, words) for option, amount in priced if amount.high > top and layout.label]
    whole = linear_scale(Decimal(0), top, layout.label, layout.width - max([layout.value, *behind]))
    scale = partial(_within, whole, top)
    floor = layout.row * len(priced)
    ticks = [top * step / layout.steps for step in range(layout.steps + 1)]
    marks = [(scale(tick), format_money(tick, priced[0][0].currency, words.language)) for tick in ticks]
    parts = [
        opened(
            layout.width,
            floor + AXIS,
            title=words.say(title, finding=_finding(priced, words)),
            described="; ".join(_item(option, amount, words) for option, amount in priced),
        ),
        *axis_across(marks, 0, floor, layout.width, colours.grid, colours.muted),
    ]
    for number, (option, amount) in enumerate(priced):
        row = _Row(option, amount, number * layout.row, bar(option, amount, colours), colours, amount.high > top)
        parts += _drawn_row(row, scale, layout, words)
    return "".join([*parts, "</svg>"])


def cut(options: Sequence[OptionLine]) -> bool:
    """Whether the charts of these options cut what goes on beyond them."""
    priced = [(option, option.monthly) for option in options if option.monthly]
    return bool(priced) and max(amount.high for _, amount in priced) > _end_of_axis(priced)


def _end_of_axis(priced: Sequence[tuple[OptionLine, Band]]) -> Decimal:
    """At the furthest end; nearer where that would leave the open options, which are compared, bars of no length."""
    compared = [amount.likely for option, amount in priced if option.feasible]
    furthest = _nice(max(amount.high for _, amount in priced))
    near = _nice(max(compared or [amount.likely for _, amount in priced]) * BESIDE)
    return near if near * CUT <= furthest else furthest


def _within(scale: Scale, top: Decimal, value: Decimal) -> float:
    return scale(min(value, top))


class _Row(Struct, frozen=True):
    option: OptionLine
    amount: Band
    top: float
    parts: Sequence[_Colour]
    colours: Colours
    cut: bool
    """Whether it goes on beyond the axis."""


def _drawn_row(row: _Row, scale: Scale, layout: ChartMeasures, words: Words) -> Iterator[str]:
    above = 0 if layout.label else 22
    centre = row.top + above + (layout.row - above) / 2
    yield from _segments(row, centre, scale, layout)
    yield from _whisker(row, centre, scale)
    yield from _labels(row, centre, scale, layout, words)


def _beside(option: OptionLine, amount: Band, words: Words) -> float:
    """How wide what is written behind the end of the axis is, in SVG units."""
    return GAP + ARROW + _amount_width(_money(option, amount, words)) + measured(_note(option, words), 12)


def _amount_width(amount: str) -> float:
    return len(amount) * CHARACTER * 1.12 + 5


def _note(option: OptionLine, words: Words) -> str:
    return "" if option.feasible else f"({words.say('charts.excluded')})"


def _labels(row: _Row, centre: float, scale: Scale, layout: ChartMeasures, words: Words) -> Iterator[str]:
    """The name before the bar and the amount after it; both above it where there is no room beside."""
    option, colours = row.option, row.colours
    weight = BOLD if option.chosen else ""
    colour = colours.accent if option.chosen else colours.ink if option.feasible else colours.muted
    note = _note(option, words)
    amount = _money(option, row.amount, words)
    if not layout.label:
        yield text(0, row.top + 17, f"{shortened(option.label, 30)} {note}".strip(), colour, "start", weight)
        yield text(layout.width, row.top + 17, amount, colours.ink, "end", weight)
        return
    yield text(0, centre + 4, shortened(option.label, int((layout.label - 10) / CHARACTER)), colour, "start", weight)
    end = scale(max(row.amount.high, row.amount.likely)) + GAP + (ARROW if row.cut else 0)
    after = end + _amount_width(amount)
    # The lines of the axis end before the words and begin after them.
    until = after + measured(note, 12) if note else after - 5
    yield line(end - 3, centre, until + 2, centre, colours.paper, 16)
    yield text(end, centre + 4, amount, colours.ink, "start", weight)
    if note:
        yield text(after, centre + 4, note, colours.muted)


def _whisker(row: _Row, centre: float, scale: Scale) -> Iterator[str]:
    low, high = scale(row.amount.low), scale(row.amount.high)
    if high - low > 2:
        yield line(low, centre, high, centre, row.colours.paper, 4)
        yield line(low, centre, high, centre, row.colours.ink, 1.5)
        ends = (low,) if row.cut else (low, high)
        yield from (line(x, centre - 5, x, centre + 5, row.colours.ink, 1.5) for x in ends)
    if row.cut:
        corners = moves([(high, centre - 5), (high + ARROW, centre), (high, centre + 5)])
        yield f'<path d="{corners}Z" fill="{row.colours.ink}"/>'


def _segments(row: _Row, centre: float, scale: Scale, layout: ChartMeasures) -> Iterator[str]:
    reached = Decimal(0)
    for amount, colour in row.parts:
        x, reached = scale(reached), reached + amount
        width = scale(reached) - x
        if width > 0.2:
            # A hairline of paper between neighbours keeps thin elements apart.
            gap = 0.8 if width > 3 and len(row.parts) > 1 else 0
            pale = not row.option.feasible
            fill = mixed(colour, row.colours.paper, PALE) if pale else colour
            outline = outlined(colour, 0.8) if pale else ""
            yield rect(x, centre - layout.bar / 2, width - gap, layout.bar, fill, outline)


def _whole_bar(option: OptionLine, amount: Band, colours: Colours) -> list[_Colour]:
    return [(amount.likely, colours.looks[option.id].colour)]


def _stacked_bar(option: OptionLine, _amount: Band, colours: Colours) -> list[_Colour]:
    return [(share.amount.likely, colours.elements[share.group]) for share in option.shares]


def _finding(priced: Sequence[tuple[OptionLine, Band]], words: Words) -> str:
    chosen = next((pair for pair in priced if pair[0].chosen), None)
    others = [pair for pair in priced if pair[0].feasible and not pair[0].chosen]
    if chosen is None or not others:
        return words.say("charts.list", items="; ".join(_item(option, amount, words) for option, amount in priced))
    other, other_amount = min(others, key=lambda pair: pair[1].likely)
    return words.say(
        "charts.cheapest",
        label=chosen[0].label,
        amount=_money(chosen[0], chosen[1], words),
        other=other.label,
        other_amount=_money(other, other_amount, words),
    )


def _item(option: OptionLine, amount: Band, words: Words) -> str:
    written = money_range(amount, option.currency, words.language)
    return words.say("charts.item", label=option.label, amount=_money(option, amount, words), range=written)


def _money(option: OptionLine, amount: Band, words: Words) -> str:
    return format_money(amount.likely, option.currency, words.language)


def _nice(value: Decimal) -> Decimal:
    """The next round number above a value: 1, 2, 4, 6 or 8 times a power of ten.

    >>> _nice(Decimal("59523")), _nice(Decimal("7"))
    (Decimal('6E+4'), Decimal('8'))
    """
    power = Decimal(1).scaleb(value.adjusted()) if value > 0 else Decimal(1)
    return next(power * factor for factor in (1, 2, 4, 6, 8, 10) if power * factor >= value)
