"""Where the boxes and lines of a layered graph go (Sugiyama's method): columns, order within them, heights.

An edge that skips columns runs through each of them in a lane of its own, so that no line crosses a box; the edges
of one node share their lanes. The order within a column comes from barycentres, swept to and fro, and the best
order seen is kept.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

LANE = 7.0
"""Height of the lane of an edge that passes through a column."""
GAP = 10.0
BAND = 28.0
"""No band without any box is higher than this."""
SWEEPS = 24


class Box(Struct, frozen=True):
    """A node to place: its column and its height."""

    id: str
    column: int
    height: float


class GraphLayout(Struct, frozen=True):
    """The middle of each box and lane by id, the height of the whole, and the segments between neighbouring columns.

    `lanes` maps a lane to its column; `segments` are (tail, head, origin): from what to what, and whose edge it is.
    """

    middle: Mapping[str, float]
    height: float
    lanes: Mapping[str, int]
    segments: tuple[tuple[str, str, str], ...]
    crossings: int


def laid_out(boxes: Sequence[Box], edges: Iterable[tuple[str, str]]) -> GraphLayout:
    """Place boxes and lanes. Edges go from a lower to a higher column."""
    column = {box.id: box.column for box in boxes}
    lanes, segments = _with_lanes(column, tuple(dict.fromkeys(edges)))
    height = {**{box.id: box.height for box in boxes}, **dict.fromkeys(lanes, LANE)}
    count = max(column.values(), default=-1) + 1
    columns: list[list[str]] = [[] for _ in range(count)]
    for identity, place in (*column.items(), *lanes.items()):
        columns[place].append(identity)
    before, after = _neighbours(segments, second=True), _neighbours(segments, second=False)
    columns, crossings = _ordered(columns, before, after)
    middle = _placed(columns, height, before, after)
    whole = max((middle[i] + height[i] / 2 for i in middle), default=0.0)
    return GraphLayout(middle, whole, lanes, segments, crossings)


def _with_lanes(
    column: Mapping[str, int], edges: Sequence[tuple[str, str]]
) -> tuple[dict[str, int], tuple[tuple[str, str, str], ...]]:
    lanes: dict[str, int] = {}
    segments: dict[tuple[str, str, str], None] = {}
    for tail, head in edges:
        last = tail
        for place in range(column[tail] + 1, column[head]):
            lane = f"lane:{place}:{tail}"
            lanes[lane] = place
            segments[last, lane, tail] = None
            last = lane
        segments[last, head, tail] = None
    return lanes, tuple(segments)


def _neighbours(segments: Sequence[tuple[str, str, str]], *, second: bool) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tail, head, _ in segments:
        one, other = (head, tail) if second else (tail, head)
        found.setdefault(one, []).append(other)
    return found


def _ordered(
    columns: list[list[str]], before: Mapping[str, list[str]], after: Mapping[str, list[str]]
) -> tuple[list[list[str]], int]:
    best, fewest = [list(column) for column in columns], _crossings(columns, after)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        places = range(1, len(columns)) if forward else range(len(columns) - 2, -1, -1)
        for place in places:
            neighbour = columns[place - 1 if forward else place + 1]
            rank = {identity: n for n, identity in enumerate(neighbour)}
            columns[place] = _by_barycentre(columns[place], rank, before if forward else after)
        crossings = _crossings(columns, after)
        if crossings < fewest:
            best, fewest = [list(column) for column in columns], crossings
    return best, fewest


def _by_barycentre(column: list[str], rank: Mapping[str, int], neighbours: Mapping[str, list[str]]) -> list[str]:
    """Sort by the mean place of the neighbours; what has none keeps its place in proportion."""
    last = max(len(rank) - 1, 1)
    key = {}
    for n, identity in enumerate(column):
        near = [rank[other] for other in neighbours.get(identity, ()) if other in rank]
        key[identity] = sum(near) / len(near) if near else n / max(len(column) - 1, 1) * last
    return sorted(column, key=lambda identity: key[identity])


def _crossings(columns: Sequence[Sequence[str]], after: Mapping[str, list[str]]) -> int:
    """How many pairs of segments between neighbouring columns cross: inversions, counted as they are inserted."""
    total = 0
    for left, right in pairwise(columns):
        rank = {identity: n for n, identity in enumerate(right)}
        seen: list[int] = []
        for identity in left:
            ends = [rank[head] for head in after.get(identity, ()) if head in rank]
            total += sum(len(seen) - bisect_left(seen, end + 1) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def _placed(
    columns: Sequence[Sequence[str]],
    height: Mapping[str, float],
    before: Mapping[str, list[str]],
    after: Mapping[str, list[str]],
) -> dict[str, float]:
    """Heights: each thing as near as its order and its neighbours in the column allow to those it is joined to."""
    middle: dict[str, float] = {}
    for column in columns:
        top = 0.0
        for identity in column:
            middle[identity] = top + height[identity] / 2
            top += height[identity] + _gap(identity)
    for sweep in range(SWEEPS):
        near = before if sweep % 2 == 0 else after
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wish = {i: _mean([middle[other] for other in near.get(i, ())], middle[i]) for i in column}
            middle |= _apart(column, wish, height)
    return _without_empty_bands(middle, height)


def _without_empty_bands(middle: Mapping[str, float], height: Mapping[str, float]) -> dict[str, float]:
    """Start at the top, and close bands in which no column has anything."""
    found: dict[str, float] = {}
    reached = shift = 0.0
    for n, identity in enumerate(sorted(middle, key=lambda i: (middle[i] - height[i] / 2, middle[i]))):
        top = middle[identity] - height[identity] / 2
        if n == 0:
            shift = top
        elif top - reached > BAND:
            shift += top - reached - BAND
        reached = max(reached, top + height[identity]) if n else top + height[identity]
        found[identity] = middle[identity] - shift
    return found


def _apart(column: Sequence[str], wish: Mapping[str, float], height: Mapping[str, float]) -> dict[str, float]:
    """Least squares under the order: neighbours that would overlap are pooled into a block, placed as one."""
    offset, reached = {}, 0.0
    for one, other in zip(column, [*column[1:], None], strict=True):
        offset[one] = reached
        if other is not None:
            reached += (height[one] + height[other]) / 2 + max(_gap(one), _gap(other))
    blocks: list[tuple[float, list[str]]] = []
    for identity in column:
        mean, members = wish[identity] - offset[identity], [identity]
        while blocks and blocks[-1][0] >= mean:
            above, earlier = blocks.pop()
            mean = (mean * len(members) + above * len(earlier)) / (len(members) + len(earlier))
            members = earlier + members
        blocks.append((mean, members))
    return {identity: mean + offset[identity] for mean, members in blocks for identity in members}


def _gap(identity: str) -> float:
    return 0.0 if identity.startswith("lane:") else GAP


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default
