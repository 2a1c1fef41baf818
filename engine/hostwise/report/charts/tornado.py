"""Which answer matters most, drawn: one bar an answer, from what its low end costs to what its high end costs.

Bars are sorted by their length. The lower answer is pale, the higher one dark; an end at which another option would
be recommended carries a diamond and that option's name, so that nothing hangs on colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from hostwise.reading.numbers.number_format import format_money
from hostwise.report.brand.clean import shortened
from hostwise.report.brand.colours import Colours, Look
from hostwise.report.charts.axes import Scale, linear_scale
from hostwise.report.charts.key import KeyEntry, key, key_height
from hostwise.report.charts.lettering import broken, fitting, measured
from hostwise.report.charts.svg import BOLD, SMALL, diamond, line, opened, outlined, rect, text
from hostwise.report.model.robustness import Tornado, TornadoEnd, TornadoRow
from hostwise.report.words.words import Words

MOST = 12
STEP = 13
"""From one line of small text to the next."""
BAR = 16
HEAD, FOOT = 24, 8


class TornadoPlot(Struct, frozen=True):
    """Measures in SVG units. `label` is the width left of the bars, 0 puts labels above them; `side` is the room
    for the figures at either end of a bar, 0 puts them below it."""

    width: int
    label: int
    side: int

    @property
    def left(self) -> int:
        """Where bars may begin."""
        return self.label + (self.side or 8)

    @property
    def right(self) -> int:
        """Where bars must end."""
        return self.width - (self.side or 8)


WIDE_TORNADO = TornadoPlot(width=680, label=156, side=132)
NARROW_TORNADO = TornadoPlot(width=320, label=0, side=0)


class _Chart(Struct, frozen=True):
    """What is drawn: the rows that are, and where amounts lie."""

    tornado: Tornado
    rows: Sequence[TornadoRow]
    plot: TornadoPlot
    scale: Scale
    words: Words
    colours: Colours

    @property
    def base(self) -> float:
        """Where what was answered lies."""
        return self.scale(self.tornado.base)


def tornado_chart(tornado: Tornado, words: Words, plot: TornadoPlot = WIDE_TORNADO) -> str:
    """The answers that move an amount most, as SVG; nothing where no answer moves it or the verdict.

    At most twelve are drawn; those that flip the verdict come first when some must be left out.
    """
    moving = [row for row in tornado.rows if row.flips or row.swing(tornado.base)]
    if not moving:
        return ""
    kept = sorted(moving, key=lambda row: (not row.flips, -row.swing(tornado.base)))[:MOST]
    rows = sorted(kept, key=lambda row: -row.swing(tornado.base))
    known = [tornado.base, *(amount for row in rows for amount in row.amounts)]
    scale = linear_scale(min(known), max(known), plot.left, plot.right)
    chart = _Chart(tornado, rows, plot, scale, words, words.colours)
    parts: list[str] = []
    y = float(HEAD)
    for row in rows:
        drawn, taken = _row(row, y, chart)
        parts += drawn
        y += taken
    left_out = [("tornado.more", len(moving) - len(rows)), ("tornado.still", len(tornado.rows) - len(moving))]
    foot, bottom = _foot([words.say(name, count=n) for name, n in left_out if n], y + 6, chart)
    described = "; ".join(_item(row, chart) for row in rows)
    start = opened(plot.width, round(bottom + FOOT), title=_title(chart), described=described)
    return "".join([start, *_head(chart), *parts, *foot, "</svg>"])


def _head(chart: _Chart) -> Iterator[str]:
    """What was answered, above the line that all bars start from."""
    ink = chart.colours.ink
    label = chart.words.say("tornado.base", amount=_money(chart.tornado.base, chart))
    half = measured(label, 12) / 2
    yield text(min(max(chart.base, half), chart.plot.width - half), 12, label, ink, "middle", BOLD)
    yield line(chart.base, HEAD - 6, chart.base, HEAD, ink, 1)


def _title(chart: _Chart) -> str:
    words, most = chart.words, chart.rows[0]
    flips = [row.label for row in chart.rows if row.flips]
    low, high = most.ends(chart.tornado.base)
    finding = words.say(
        "tornado.most" if most.swing(chart.tornado.base) else "tornado.none",
        label=most.label,
        low=_money(low.cost_or(chart.tornado.base), chart),
        high=_money(high.cost_or(chart.tornado.base), chart),
    )
    turned = words.say("tornado.flips" if flips else "tornado.no_flips", labels=", ".join(flips))
    what = words.say(f"tornado.measures.{chart.tornado.measure}", option=chart.tornado.option)
    return words.say("tornado.title", what=what, finding=finding, flips=turned)


def _item(row: TornadoRow, chart: _Chart) -> str:
    words = chart.words
    ends = [
        words.say("tornado.end", answer=end.answer, amount=_amount(end, chart))
        + (f" ({words.say('tornado.flip', label=end.flips_to)})" if end.flips_to else "")
        for end in (row.low, row.high)
    ]
    return words.say("tornado.item", label=row.label, low=ends[0], high=ends[1])


def _money(amount: Decimal, chart: _Chart) -> str:
    return format_money(amount, chart.tornado.currency, chart.words.language)


def _amount(end: TornadoEnd, chart: _Chart) -> str:
    if end.cost is None:
        return chart.words.say("tornado.unpriced")
    return format_money(end.cost, chart.tornado.currency, chart.words.language)


def _row(row: TornadoRow, y: float, chart: _Chart) -> tuple[list[str], float]:
    """One answer's marks, and the height they take."""
    draw = _row_beside if chart.plot.label else _row_above
    ends = row.ends(chart.tornado.base)
    room = chart.plot.side - 10 if chart.plot.label else chart.plot.width / 2 - 6
    notes = [_notes(end, room, chart) for end in ends]
    return draw(row, ends, notes, y, chart)


Notes = Sequence[Sequence[tuple[str, bool]]]
"""What stands at the left end and at the right end of a bar: each line, and whether it is bold."""
Ends = tuple[TornadoEnd, TornadoEnd]


def _row_beside(row: TornadoRow, ends: Ends, notes: Notes, y: float, chart: _Chart) -> tuple[list[str], float]:
    """The name left of the bar, the figures at its ends."""
    names = _lines(row.label, chart.plot.label - 8)[:2]
    height = max(max(map(len, notes)) * STEP, BAR, len(names) * 14) + 12
    centre = y + (height - 12) / 2
    first = centre - (len(names) - 1) * 7 + 4
    places = [chart.scale(end.cost_or(chart.tornado.base)) for end in ends]
    spots = min(places[0], chart.base) - 10, max(places[1], chart.base) + 10
    parts = [line(chart.base, y, chart.base, y + height, chart.colours.ink, 1)]
    parts += [text(0, first + number * 14, name, chart.colours.ink) for number, name in enumerate(names)]
    parts += _bar(row, ends, places, centre, chart)
    for lines, spot, anchor in zip(notes, spots, ("end", "start"), strict=True):
        parts += _note(lines, spot, centre + 4 - (len(lines) - 1) * STEP / 2, anchor, chart)
    return parts, height


def _row_above(row: TornadoRow, ends: Ends, notes: Notes, y: float, chart: _Chart) -> tuple[list[str], float]:
    """The name above the bar, the figures below it."""
    height = 18 + BAR + 4 + max(map(len, notes)) * STEP + 10
    centre = y + 18 + BAR / 2
    places = [chart.scale(end.cost_or(chart.tornado.base)) for end in ends]
    parts = [line(chart.base, centre - BAR / 2 - 3, chart.base, centre + BAR / 2 + 3, chart.colours.ink, 1)]
    parts += [text(0, y + 12, name, chart.colours.ink) for name in _lines(row.label, chart.plot.width)[:1]]
    parts += _bar(row, ends, places, centre, chart)
    for lines, spot, anchor in zip(notes, (0, chart.plot.width), ("start", "end"), strict=True):
        parts += _note(lines, spot, y + 18 + BAR + 14, anchor, chart)
    return parts, height


def _note(lines: Sequence[tuple[str, bool]], x: float, y: float, anchor: str, chart: _Chart) -> Iterator[str]:
    for number, (written, bold) in enumerate(lines):
        colour = chart.colours.ink if bold else chart.colours.muted
        yield text(x, y + number * STEP, written, colour, anchor, SMALL + (BOLD if bold else ""))


def _bar(row: TornadoRow, ends: Ends, places: Sequence[float], centre: float, chart: _Chart) -> Iterator[str]:
    """Both halves of a bar from the base; side by side, and one above the other where both go the same way."""
    away = [place - chart.base for place in places]
    same = away[0] * away[1] > 0 and min(map(abs, away)) > 0.5
    colours = chart.colours
    for number, (end, place) in enumerate(zip(ends, places, strict=True)):
        top = centre - BAR / 2 + (BAR / 2 * number if same else 0)
        size = BAR / 2 if same else BAR
        fill = colours.low if end is row.low else colours.high
        if abs(place - chart.base) > 0.3:
            yield rect(min(place, chart.base), top, abs(place - chart.base), size, fill, outlined(colours.high, 0.7))
    yield from (diamond(x, centre, 6.5, colours) for end, x in zip(ends, places, strict=True) if end.flips_to)


def _notes(end: TornadoEnd, room: float, chart: _Chart) -> list[tuple[str, bool]]:
    """What stands at an end: the answer and its amount, in one line where they fit, and the flip in bold."""
    amount = _amount(end, chart)
    together = chart.words.say("tornado.end", answer=end.answer, amount=amount)
    lines = [together] if measured(together, 11) <= room else [fitting(end.answer, room, 11), amount]
    flip = chart.words.say("tornado.flip", label=end.flips_to) if end.flips_to else None
    return [(each, False) for each in lines] + ([(fitting(flip, room, 11), True)] if flip else [])


def _lines(label: str, room: float) -> list[str]:
    lines = broken(label, room, 12)
    return [*lines[:1], *([shortened(" ".join(lines[1:]), len(lines[1]) + 1)] if len(lines) > 1 else [])]


def _foot(notes: Sequence[str], top: float, chart: _Chart) -> tuple[list[str], float]:
    """What the shades and the diamond mean, and how many answers are not drawn; and where it ends."""
    colours, width, say = chart.colours, chart.plot.width, chart.words.say
    shades = {"low": colours.low, "high": colours.high}
    entries = [
        KeyEntry(Look(shade, colours.high, colours.ink, ""), say(f"tornado.key.{name}"))
        for name, shade in shades.items()
    ]
    if any(row.flips for row in chart.rows):
        entries.append(KeyEntry(None, say("tornado.key.turns")))
    parts = list(key(entries, top, width, colours))
    bottom = top + key_height(entries, width)
    for each in (part for note in notes for part in broken(note, width, 11)):
        parts.append(text(0, bottom + 11, each, colours.muted, "start", SMALL))
        bottom += 16
    return parts, bottom
