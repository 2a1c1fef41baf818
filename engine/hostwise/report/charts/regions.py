"""The regions of a grid of cells: their outlines, and where there is room in them for a name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

Cells = Sequence[Sequence[int]]
Corner = tuple[int, int]


class Rectangle(Struct, frozen=True):
    """A rectangle of cells, ends included."""

    left: int
    bottom: int
    right: int
    top: int


def outlines(cells: Cells, value: int) -> list[list[Corner]]:
    """The closed lines around all cells of a value, as corners of the grid; holes are lines of their own."""
    following: dict[Corner, list[Corner]] = {}
    for row, across in enumerate(cells):
        for column, cell in enumerate(across):
            if cell == value:
                for start, end in _sides(cells, column, row):
                    following.setdefault(start, []).append(end)
    lines = []
    while following:
        start = at = next(iter(following))
        line = [start]
        while True:
            ends = following[at]
            before, at = at, ends.pop()
            if not ends:
                del following[before]
            if at == start:
                break
            line.append(at)
        lines.append(_straight(line))
    return lines


def _sides(cells: Cells, column: int, row: int) -> Iterator[tuple[Corner, Corner]]:
    """The sides of a cell beyond which lies another value, round it one way."""
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    beyond = [(column, row - 1), (column + 1, row), (column, row + 1), (column - 1, row)]
    for number, (x, y) in enumerate(beyond):
        inside = 0 <= y < len(cells) and 0 <= x < len(cells[y]) and cells[y][x] == cells[row][column]
        if not inside:
            yield corners[number], corners[(number + 1) % 4]


def _straight(line: Sequence[Corner]) -> list[Corner]:
    """Without the corners at which it goes straight on."""
    kept = []
    for number, (x, y) in enumerate(line):
        (px, py), (nx, ny) = line[number - 1], line[(number + 1) % len(line)]
        if not (px == x == nx or py == y == ny):
            kept.append((x, y))
    return kept


def connected_parts(cells: Cells) -> list[set[Corner]]:
    """The cells of each region that hangs together, by column and row."""
    left = {(column, row) for row, across in enumerate(cells) for column in range(len(across))}
    found = []
    while left:
        start = min(left)
        part, waiting = {start}, [start]
        while waiting:
            column, row = waiting.pop()
            for x, y in ((column + 1, row), (column - 1, row), (column, row + 1), (column, row - 1)):
                if (x, y) in left and (x, y) not in part and cells[y][x] == cells[row][column]:
                    part.add((x, y))
                    waiting.append((x, y))
        left -= part
        found.append(part)
    return found


def rectangle_for_text(
    part: Collection[Corner], widths: Sequence[float], heights: Sequence[float], need: float
) -> Rectangle | None:
    """The rectangle of cells in which a text of the width `need` has most room: as wide as that, then as large."""
    # Every rectangle is tried: rows by rows, and in each band the runs of full columns.
    best: tuple[float, Rectangle] | None = None
    for bottom in range(len(heights)):
        tall = 0.0
        for top in range(bottom, len(heights)):
            tall += heights[top]
            for left, right in _runs(part, len(widths), bottom, top):
                wide = sum(widths[left : right + 1])
                # What the text can use counts; the area, a thousandth of it, only tells equals apart.
                score = min(wide, need) * min(tall, need) + wide * tall / 1000
                if best is None or score > best[0] + 1e-9:
                    best = score, Rectangle(left, bottom, right, top)
    return best[1] if best else None


def _runs(part: Collection[Corner], width: int, bottom: int, top: int) -> Iterator[tuple[int, int]]:
    start = None
    for column in range(width + 1):
        full = column < width and all((column, row) in part for row in range(bottom, top + 1))
        if full and start is None:
            start = column
        elif not full and start is not None:
            yield start, column - 1
            start = None
