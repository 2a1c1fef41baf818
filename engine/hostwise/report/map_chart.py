"""Which option wins where, drawn: regions with their letters and names, a line between two of them, today a ring.

Fills differ in lightness and every region carries a letter, so that nothing hangs on colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from hostwise.report.lettering import broken, measured
from hostwise.report.model_map import Map, MapAxis, MapRow, Stretch
from hostwise.report.regions import Block, outlines, parts, roomiest
from hostwise.report.svg import GRID, INK, MUTED, PAPER, line, opened, rect, text
from hostwise.report.ticks import linear_ticks, log_ticks
from hostwise.report.verdict_key import ROW, Entry, key, key_rows
from hostwise.report.verdict_style import Style, styles
from hostwise.report.view_map import tick
from hostwise.report.words import Words

SMALL = 11.0
HEAD = 26
"""Above the plot: the name of the upward axis."""
FOOT = 40
"""Below it: ticks, and the name of the axis across."""
GAP = 14
RING = 5.0
BOLD = 1.08
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
    looks = styles(verdict.id for verdict in drawn.verdicts)
    entries = [Entry(looks[verdict.id], verdict.label, "") for verdict in drawn.verdicts]
    top = area.bottom + FOOT + 14 * (len(_title(drawn.x, plot)) - 1) + GAP
    return "".join(
        [
            opened(
                plot.width,
                round(top + ROW * len(key_rows(entries, plot.width))),
                title=finding(drawn, words),
                described=_described(drawn, words),
            ),
            *_regions(drawn, area, looks),
            *_across(drawn.x, area, plot, words),
            *_up(drawn.y, area, plot, words),
            *_names(drawn, area, looks),
            *_today(drawn, area, words),
            *key(entries, 0, top, plot.width),
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


def _regions(drawn: Map, area: _Area, looks: dict[str, Style]) -> Iterator[str]:
    for place, verdict in enumerate(drawn.verdicts):
        moves = "".join(
            "M" + "L".join(f"{area.columns[x]:.1f} {area.rows[y]:.1f}" for x, y in corners) + "Z"
            for corners in outlines(drawn.cells, place)
        )
        fill = looks[verdict.id].fill
        yield f'<path d="{moves}" fill="{fill}" fill-rule="evenodd" stroke="{INK}" stroke-width="1"/>'


def _across(axis: MapAxis, area: _Area, plot: MapPlot, words: Words) -> Iterator[str]:
    floor = area.bottom
    for place, said in _marks(axis, plot.ticks, words):
        x = area.x(place)
        yield line(x, floor, x, floor + 4, INK, 1)
        half = measured(said, SMALL) / 2
        anchor = "end" if x + half > plot.width else "start" if x - half < 0 else "middle"
        yield text(x, floor + 16, said, MUTED, anchor, ' font-size="11"')
    for number, each in enumerate(_title(axis, plot)):
        yield text(area.right, floor + 33 + number * 14, each, INK, "end")


def _up(axis: MapAxis | None, area: _Area, plot: MapPlot, words: Words) -> Iterator[str]:
    if axis is None:
        return
    for number, each in enumerate(_title(axis, plot)):
        yield text(0, 13 + number * 14, each, INK, "start")
    if axis.scale == "words":
        for number, said in enumerate(axis.shown):
            middle = (area.rows[number] + area.rows[number + 1]) / 2
            lines = broken(said, plot.beside - 12, SMALL)[:3]
            for down, each in enumerate(lines):
                y = middle + 4 + (down - (len(lines) - 1) / 2) * 13
                yield text(area.left - 8, y, each, INK, "end", ' font-size="11"')
        return
    for place, said in _marks(axis, 7, words):
        y = area.y(place)
        yield line(area.left - 4, y, area.left, y, INK, 1)
        yield text(area.left - 7, y + 4, said, MUTED, "end", ' font-size="11"')


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


def _names(drawn: Map, area: _Area, looks: dict[str, Style]) -> Iterator[str]:
    """Each region's name where it has room for it, else its letter."""
    widths = [after - before for before, after in zip(area.columns, area.columns[1:], strict=False)]
    heights = [before - after for before, after in zip(area.rows, area.rows[1:], strict=False)]
    near = _near_today(drawn)
    for part in parts(drawn.cells):
        column, row = next(iter(part))
        verdict = drawn.verdicts[drawn.cells[row][column]]
        need = measured(verdict.label, 12) * BOLD + 10
        block = roomiest(part - near, widths, heights, need) or roomiest(part, widths, heights, need)
        if block is not None:
            yield from _name(verdict.label, looks[verdict.id], block, area)


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


def _name(label: str, style: Style, block: Block, area: _Area) -> Iterator[str]:
    left, right = area.columns[block.left], area.columns[block.right + 1]
    bottom, top = area.rows[block.bottom], area.rows[block.top + 1]
    wide, tall = right - left, bottom - top
    if wide < 11 or tall < 10:
        return
    size = 12 if tall >= 16 else 10
    room = (wide - 8) / BOLD
    lines: tuple[str, ...] = (style.letter,)
    if max(measured(word, size) for word in label.split()) <= room:
        whole = broken(label, room, size)
        lines = whole if len(whole) * (size + 3) <= max(tall - 4, size + 3) else lines
    extra = ' font-weight="600"' + (f' font-size="{size}"' if size != 12 else "")
    for number, each in enumerate(lines):
        y = (top + bottom) / 2 + size / 3 + (number - (len(lines) - 1) / 2) * (size + 3)
        yield text((left + right) / 2, y, each, style.text, "middle", extra)


def _today(drawn: Map, area: _Area, words: Words) -> Iterator[str]:
    """A ring at today's answers; a broken line where only one of them is known."""
    if not drawn.x.reached or drawn.x.now is None:
        return
    x = area.x(drawn.x.place(drawn.x.now))
    said = words.say("map.mark")
    if drawn.y is not None and (not drawn.y.reached or drawn.y.now is None):
        yield line(x, area.top, x, area.bottom, PAPER, 3)
        yield line(x, area.top, x, area.bottom, INK, 1.4, ' stroke-dasharray="3 3"')
        y = area.top
    else:
        share = 0.5 if drawn.y is None or drawn.y.now is None else drawn.y.place(drawn.y.now)
        y = area.y(share)
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RING}" fill="{PAPER}" stroke="{INK}" stroke-width="2"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.6" fill="{INK}"/>'
        )
    width = measured(said, SMALL)
    left = x + 9 if x + width + 14 < area.right else x - width - 9
    middle = min(max(y, area.top + 9), area.bottom - 9)
    yield rect(left - 2, middle - 7.5, width + 4, 15, PAPER, f' stroke="{GRID}" stroke-width="0.6"')
    yield text(left, middle + 4, said, INK, "start", ' font-size="11" font-weight="600"')
