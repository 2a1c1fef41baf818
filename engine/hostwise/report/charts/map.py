"""Which option wins where, drawn: regions with their letters and names, a line between two of them, today a ring.

Fills differ in lightness and every region carries a letter, so that nothing hangs on colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from hostwise.report.brand.colours import Colours, Look, with_options
from hostwise.report.charts.axes import axis_across, axis_up
from hostwise.report.charts.key import KeyEntry, key, key_height
from hostwise.report.charts.lettering import broken, measured
from hostwise.report.charts.regions import Rectangle, connected_parts, outlines, rectangle_for_text
from hostwise.report.charts.svg import BOLD, SMALL, dashed, line, moves, opened, outlined, over, rect, ring, text
from hostwise.report.charts.ticks import linear_ticks, log_ticks, tick
from hostwise.report.model.map import Map, MapAxis, MapRow, Stretch
from hostwise.report.words.words import Words

HEAD = 26
"""Above the plot: the name of the upward axis."""
FOOT = 40
"""Below it: ticks, and the name of the axis across."""
GAP = 14
RING = 5.0
WIDER = 1.08
"""How much wider bold letters are than those that are measured."""


class MapPlot(Struct, frozen=True):
    """Measures in SVG units. `left` is the room for numbers beside the plot, `beside` that for words."""

    width: int
    height: int
    left: int
    beside: int
    word: int
    """How high the row of a word is."""
    ticks: int


WIDE_MAP = MapPlot(width=680, height=290, left=62, beside=150, word=64, ticks=9)
NARROW_MAP = MapPlot(width=320, height=260, left=54, beside=92, word=58, ticks=4)


def map_chart(drawn: Map, words: Words, plot: MapPlot = WIDE_MAP) -> str:
    """The map as SVG."""
    area = _area(drawn, plot)
    colours = with_options(words.colours, [(verdict.id, verdict.label) for verdict in drawn.verdicts])
    entries = [KeyEntry(colours.looks[verdict.id], verdict.label) for verdict in drawn.verdicts]
    top = area.bottom + FOOT + 14 * (len(_title(drawn.x, plot)) - 1) + GAP
    return "".join(
        [
            opened(
                plot.width,
                round(top + key_height(entries, plot.width)),
                title=finding(drawn, words),
                described=_described(drawn, words),
            ),
            *_regions(drawn, area, colours),
            *_across(drawn.x, area, plot, words, colours),
            *_up(drawn.y, area, plot, words, colours),
            *_names(drawn, area, colours),
            *_today(drawn, area, words, colours),
            *key(entries, top, plot.width, colours),
            "</svg>",
        ]
    )


def finding(drawn: Map, words: Words) -> str:
    """The map in one sentence."""
    others = ", ".join(verdict.label for verdict in drawn.others)
    if drawn.now is None:
        said = words.say("map.open", others=others)
    else:
        said = words.say("map.today" if others else "map.only", label=drawn.now.label, others=others)
    if drawn.y is None:
        return words.say("map.title_one", x=drawn.x.label, finding=said)
    return words.say("map.title", x=drawn.x.label, y=drawn.y.label, finding=said)


def row_text(row: MapRow, drawn: Map, words: Words) -> str:
    """What one row of the map says, from left to right."""
    return "; ".join(stretch_text(stretch, drawn, words) for stretch in row.stretches)


def stretch_text(stretch: Stretch, drawn: Map, words: Words) -> str:
    """Which verdict holds from where to where."""
    low, high = (drawn.x.short[place] for place in (stretch.first, stretch.last))
    name = "map.all" if stretch.first == 0 and stretch.last == len(drawn.x.values) - 1 else "map.stretch"
    return words.say("map.at" if low == high else name, label=stretch.verdict.label, low=low, high=high)


def _described(drawn: Map, words: Words) -> str:
    rows = [row_text(row, drawn, words) for row in drawn.rows]
    if drawn.y is None:
        return rows[0]
    return ". ".join(
        words.say("map.row", y=row.name, stretches=said) for row, said in zip(drawn.rows, rows, strict=True)
    )


class _Area(Struct, frozen=True):
    """The plotting area, and where each column and row of cells begins and ends."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    """From the bottom up, so that they fall."""

    @property
    def left(self) -> float:
        return self.columns[0]

    @property
    def right(self) -> float:
        return self.columns[-1]

    @property
    def top(self) -> float:
        return self.rows[-1]

    @property
    def bottom(self) -> float:
        return self.rows[0]

    def x(self, share: float) -> float:
        return self.left + share * (self.right - self.left)

    def y(self, share: float) -> float:
        return self.bottom - share * (self.bottom - self.top)


def _area(drawn: Map, plot: MapPlot) -> _Area:
    if drawn.y is None:
        left, height, up = 8, plot.word, [0.0, 1.0]
    else:
        worded = drawn.y.scale == "words"
        left = plot.beside if worded else plot.left
        height = plot.word * len(drawn.y.values) if worded else plot.height
        up = list(drawn.y.edges)
    top = 8 if drawn.y is None else HEAD + 14 * (len(_title(drawn.y, plot)) - 1)
    right = plot.width - 14
    columns = tuple(left + share * (right - left) for share in drawn.x.edges)
    return _Area(columns, tuple(top + height - share * height for share in up))


def _regions(drawn: Map, area: _Area, colours: Colours) -> Iterator[str]:
    for place, verdict in enumerate(drawn.verdicts):
        edges = "".join(
            moves((area.columns[x], area.rows[y]) for x, y in corners) + "Z" for corners in outlines(drawn.cells, place)
        )
        fill = colours.looks[verdict.id].colour
        yield f'<path d="{edges}" fill="{fill}" fill-rule="evenodd"{outlined(colours.ink, 1)}/>'


def _across(axis: MapAxis, area: _Area, plot: MapPlot, words: Words, colours: Colours) -> Iterator[str]:
    marks = ((area.x(place), label) for place, label in _marks(axis, plot.ticks, words))
    yield from axis_across(marks, area.bottom, area.bottom, plot.width, colours.ink, colours.muted)
    for number, each in enumerate(_title(axis, plot)):
        yield text(area.right, area.bottom + 33 + number * 14, each, colours.ink, "end")


def _up(axis: MapAxis | None, area: _Area, plot: MapPlot, words: Words, colours: Colours) -> Iterator[str]:
    if axis is None:
        return
    for number, each in enumerate(_title(axis, plot)):
        yield text(0, 13 + number * 14, each, colours.ink)
    if axis.scale == "words":
        yield from _words_up(axis, area, plot, colours)
        return
    marks = ((area.y(place), label) for place, label in _marks(axis, 7, words))
    yield from axis_up(marks, area.left, area.left, colours.ink, colours.muted)


def _words_up(axis: MapAxis, area: _Area, plot: MapPlot, colours: Colours) -> Iterator[str]:
    """Each word beside its row, in up to three lines."""
    for number, word in enumerate(axis.shown):
        middle = (area.rows[number] + area.rows[number + 1]) / 2
        lines = broken(word, plot.beside - 12, 11)[:3]
        for down, each in enumerate(lines):
            y = middle + 4 + (down - (len(lines) - 1) / 2) * 13
            yield text(area.left - 8, y, each, colours.ink, "end", SMALL)


def _title(axis: MapAxis, plot: MapPlot) -> tuple[str, ...]:
    return broken(axis.title, plot.width - 20, 12)


def _marks(axis: MapAxis, most: int, words: Words) -> Iterator[tuple[float, str]]:
    """Where an axis is marked, and with what."""
    if axis.scale == "words":
        yield from ((axis.place(value), said) for value, said in zip(axis.values, axis.shown, strict=True))
        return
    low, high = axis.values[0], axis.values[-1]
    assert isinstance(low, Decimal)
    assert isinstance(high, Decimal)
    numbers = log_ticks(low, high, most) if axis.scale == "log" else linear_ticks(low, high, most)
    yield from ((axis.place(number), tick(number, axis.kind, axis.unit, words)) for number in numbers)


def _names(drawn: Map, area: _Area, colours: Colours) -> Iterator[str]:
    """Each region's name where it has room for it, else its letter."""
    widths = [after - before for before, after in zip(area.columns, area.columns[1:], strict=False)]
    heights = [before - after for before, after in zip(area.rows, area.rows[1:], strict=False)]
    near = _near_today(drawn)
    for part in connected_parts(drawn.cells):
        column, row = next(iter(part))
        verdict = drawn.verdicts[drawn.cells[row][column]]
        need = measured(verdict.label, 12) * WIDER + 10
        block = rectangle_for_text(part - near, widths, heights, need) or rectangle_for_text(
            part, widths, heights, need
        )
        if block is not None:
            yield from _name(verdict.label, colours.looks[verdict.id], block, area)


def _near_today(drawn: Map) -> set[tuple[int, int]]:
    """The cells that the ring and its word take, or the broken line."""
    if drawn.today is not None:
        column, row = drawn.today
        return {(column + right, row + up) for right in range(-1, 4) for up in (-1, 0, 1)}
    column_of_line = drawn.x.today
    if column_of_line is None:
        return set()
    along = {(column_of_line + right, row) for row in range(len(drawn.cells)) for right in (-1, 0)}
    return along | {(column_of_line + right, len(drawn.cells) - 1) for right in range(1, 4)}


def _name(label: str, look: Look, block: Rectangle, area: _Area) -> Iterator[str]:
    left, right = area.columns[block.left], area.columns[block.right + 1]
    bottom, top = area.rows[block.bottom], area.rows[block.top + 1]
    wide, tall = right - left, bottom - top
    if wide < 11 or tall < 10:
        return
    size = 12 if tall >= 16 else 10
    room = (wide - 8) / WIDER
    lines: tuple[str, ...] = (look.letter,)
    if max(measured(word, size) for word in label.split()) <= room:
        whole = broken(label, room, size)
        lines = whole if len(whole) * (size + 3) <= max(tall - 4, size + 3) else lines
    extra = BOLD + (f' font-size="{size}"' if size != 12 else "")
    for number, each in enumerate(lines):
        y = (top + bottom) / 2 + size / 3 + (number - (len(lines) - 1) / 2) * (size + 3)
        yield text((left + right) / 2, y, each, look.text, "middle", extra + over(look))


def _today(drawn: Map, area: _Area, words: Words, colours: Colours) -> Iterator[str]:
    """A ring at today's answers; a broken line where only one of them is known."""
    if not drawn.x.reached or drawn.x.now is None:
        return
    x = area.x(drawn.x.place(drawn.x.now))
    if drawn.y is not None and (not drawn.y.reached or drawn.y.now is None):
        yield line(x, area.top, x, area.bottom, colours.paper, 3)
        yield line(x, area.top, x, area.bottom, colours.ink, 1.4, dashed("3 3"))
        y = area.top
    else:
        y = area.y(0.5 if drawn.y is None or drawn.y.now is None else drawn.y.place(drawn.y.now))
        yield ring(x, y, RING, colours)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.6" fill="{colours.ink}"/>'
    label = words.say("map.mark")
    width = measured(label, 11)
    left = x + 9 if x + width + 14 < area.right else x - width - 9
    middle = min(max(y, area.top + 9), area.bottom - 9)
    yield rect(left - 2, middle - 7.5, width + 4, 15, colours.paper, outlined(colours.grid, 0.6))
    yield text(left, middle + 4, label, colours.ink, "start", SMALL + BOLD)
