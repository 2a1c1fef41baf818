"""Where pages end, so that none is a third empty.

Pages that are filled one after another leave to the last what is over, which may be a few lines. Here what was laid out
is read as blocks with their heights and parted anew, all pages alike; the places are written into the document, which
is laid out once more, and once again with more room where a page took more than was planned. Where no page is a third
empty nothing is done; where no plan fills them all, as where a large figure is followed by another, that is taken which
leaves the fewest so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

EMPTY = 1 / 3
"""No page may have more of its height empty."""
ROOM = 0.015
"""So much of a page a plan leaves free: margins fall together otherwise where another page ends. Three times as much
where the page before it ends by being full, which may be a line sooner or later."""
FEWER = 1.0
"""What a page that is a third empty costs a plan: more than any plan loses otherwise on a page."""
OPENING = 0.01
"""A page may be a tenth emptier, the root of this, where the next one then begins with a section or a table."""
BETWEEN = {"section": 26.0, "h3": 15.0}
"""What stands above a block that the first layout put at the head of a page, where nothing does; in pixels."""
_WHOLE = frozenset(("tr", "li", "figure", "p", "h1", "h2", "h3", "dt", "dd", "caption", "thead", "svg"))
_AVOID = frozenset(("avoid", "avoid-page"))


class _Aim(Struct, frozen=True):
    """What a plan aims at: pixels `more` above a section, pages `beyond` those that there were, the most of a page that
    is empty, and what it leaves free, in `ROOM`."""

    more: float = 0.0
    beyond: int = 0
    most_empty: float = EMPTY
    rooms: int = 1


AIMS = (
    # Too little for so many pages is filled by more air.
    (_Aim(), _Aim(16.0), _Aim(32.0), _Aim(beyond=1)),
    (_Aim(beyond=1, rooms=2), _Aim(beyond=2, rooms=2), _Aim(0.0, 1, 0.5, 2), _Aim(0.0, 1, 0.7, 2)),
)
"""Tried one after another until there is a plan; the second ones where what the first planned is not what comes out."""


class PageBlock(Struct):
    """What no page ends within, in pixels; `head` is what its table repeats above it at the head of a page.

    `element` is where a break before it is written: the outermost element that begins with it; None for a line of a
    list, before which a page ends only by being full. `held`: it stays with the block before it; `holds`: it keeps the
    next one.
    """

    part: Any
    element: Any
    height: float
    above: float
    head: float
    held: bool
    holds: bool

    @property
    def opens(self) -> bool:
        """Whether something begins with it that readers look for."""
        return self.element is not None and (self.element.tag == "section" or self.part.tag in ("caption", "h3"))


def filled(page: Any) -> float:
    """The share of a page's height down to the lowest text or picture on it."""
    box = page._page_box
    top = float(box.content_box_y())
    inks = [_bottom(inner) for child in _of_page(box) for inner in _all(child) if _is_ink(inner)]
    return (max(inks, default=top) - top) / float(box.height)


def laid_out(render: Callable[[], Any]) -> Any:
    """The document as `render` lays it out, with the best ends of pages that were found."""
    best = render()
    blocks, first = ([], 0) if _none_empty(best) else _blocks(best.pages)
    pages, height = len(best.pages), float(best.pages[-1]._page_box.height)
    for aims in AIMS:
        if _none_empty(best):
            break
        plans = ((aim, _parted([_looser(b, aim.more) for b in blocks], first, height, pages, aim)) for aim in aims)
        aim, starts = next(((aim, starts) for aim, starts in plans if starts), (None, []))
        if aim is not None:
            with _written(blocks, first, starts, aim):
                best = max(best, render(), key=_fullness)
    return best


def _none_empty(document: Any) -> bool:
    return all(filled(page) > 1 - EMPTY for page in document.pages)


def _fullness(document: Any) -> tuple[float, float]:
    """Of two layouts that with less empty beyond a third of a page is better, then that whose emptiest is fuller."""
    shares = [filled(page) for page in document.pages]
    return -sum(max(0.0, 1 - EMPTY - share) ** 2 for share in shares), min(shares)


@contextmanager
def _written(blocks: Sequence[PageBlock], first: int, starts: Sequence[int], aim: _Aim) -> Iterator[None]:
    """A plan in the styles of the elements that were laid out, for as long as they are laid out so."""
    before: list[tuple[Any, str | None]] = []
    for number, block in enumerate(blocks):
        rule = ""
        if block.element is not None and number in starts:
            rule = "break-before: page"
        elif aim.more and number >= first and _is_section(block):
            rule = f"margin-top: {block.above + aim.more:.0f}px"
        if rule:
            style = block.element.get("style")
            before.append((block.element, style))
            block.element.set("style", f"{rule}; {style or ''}")
    yield
    for element, style in reversed(before):
        element.attrib.pop("style") if style is None else element.set("style", style)


def _is_section(block: PageBlock) -> bool:
    return block.element is not None and block.element.tag == "section"


def _looser(block: PageBlock, more: float) -> PageBlock:
    return replace(block, above=block.above + more) if _is_section(block) else block


def _parted(blocks: Sequence[PageBlock], first: int, height: float, pages: int, aim: _Aim) -> list[int]:
    """The blocks that pages after the first begin with where all are filled alike; none where a page stays too empty.

    The first page keeps its blocks, so many. Of all ways to end the fewest pages, that with the least squares of
    what is empty.
    """
    below = [0.0]
    for block in blocks:
        below.append(below[-1] + block.above + block.height)
    # For each number of pages: by the block that comes next, the least cost so far and where the last page begins.
    ways: list[dict[int, tuple[float, int]]] = [{}, {first: (0.0, 0)}]
    while len(ways) <= pages + aim.beyond:
        found: dict[int, tuple[float, int]] = {}
        for start, (cost, _) in ways[-1].items():
            if start == len(blocks):
                continue
            full = 1 - ROOM * (aim.rooms if blocks[start].element is not None else aim.rooms + 2)
            before = below[start] + blocks[start].above - blocks[start].head
            fewest = max(start + 1, bisect_right(below, before + (1 - aim.most_empty) * height))
            for end in range(fewest, len(blocks) + 1):
                share = (below[end] - before) / height
                if share > full:
                    break
                last = end == len(blocks)
                if not (last or _may_end(blocks[end - 1], blocks[end], (full - share) * height)):
                    continue
                total = cost + (1 - share) ** 2 + (0.0 if last or blocks[end].opens else OPENING)
                total += FEWER if share <= 1 - EMPTY else 0.0
                if end not in found or total < found[end][0]:
                    found[end] = (total, start)
        ways.append(found)
    count = next((count for count, found in enumerate(ways) if len(blocks) in found), 0)
    starts, end = [], len(blocks)
    while count > 1:
        end = ways[count][end][1]
        starts.append(end)
        count -= 1
    return starts


def _may_end(last: PageBlock, following: PageBlock, room: float) -> bool:
    """Whether a page may end between two blocks that has so much room left."""
    if following.element is None:
        return following.above + following.height > room
    return not last.holds and not following.held


def _blocks(pages: Sequence[Any]) -> tuple[list[PageBlock], int]:
    """The blocks of all pages in their order, and how many the first one has.

    A block that a page ended within is one again.
    """
    found: list[PageBlock] = []
    first = 0
    begun: set[int] = set()
    for page in pages:
        before: float | None = None
        for child in _of_page(page._page_box):
            for box, element, held, holds, head in _leaves(child, None, begun):
                top, bottom = _top(box), _bottom(box)
                part = box if _is_line(box) else box.element
                if found and found[-1].part is part:
                    found[-1].height += bottom - top
                    found[-1].holds = holds
                else:
                    usual = 0.0 if element is None else BETWEEN.get(element.tag, 8.0)
                    above = usual if before is None else max(0.0, top - before)
                    found.append(PageBlock(part, element, bottom - top, above, head, held, holds))
                before = bottom
        first = first or len(found)
    return found, first


def _leaves(box: Any, outer: Any, begun: set[int]) -> Iterator[tuple[Any, Any, bool, bool, float]]:
    """The boxes within one that no page ends within: with the element they begin, whether held, holding, and the head.

    `begun` are the elements of which an earlier page has a part: nothing begins with what is left of them.
    """
    fresh = id(box.element) not in begun
    outer = box.element if outer is None and fresh and box.element_tag not in ("html", "body", "main") else outer
    inner = [child for child in getattr(box, "children", ()) if child.is_in_normal_flow()]
    begun.add(id(box.element))
    lines = [child for child in inner if _is_line(child)]
    if box.element_tag in _WHOLE or box.style["break_inside"] in _AVOID or not inner or len(lines) == 1:
        yield box, outer if outer is not None else box.element, _held(box), _holds(box), 0.0
        return
    if lines:
        for number, line in enumerate(lines):
            yield line, outer if number == 0 else None, number == 0 and _held(box), False, 0.0
        return
    head = sum(float(child.height) for child in inner if child.element_tag == "thead")
    last = None
    for number, child in enumerate(inner):
        if child.element_tag == "thead" and id(child.element) in begun:
            continue  # repeated on every page that the table goes on
        for leaf in _leaves(child, outer if number == 0 and fresh else None, begun):
            if last is not None:
                yield last
            part, element, held, holds, repeated = leaf
            held = held or (number == 0 and last is None and fresh and _held(box))
            last = (part, element, held, holds, repeated or (head if child.element_tag == "tbody" else 0.0))
    if last is not None:
        part, element, held, holds, repeated = last
        yield part, element, held, holds or _holds(box), repeated


def _held(box: Any) -> bool:
    return box.style["break_before"] in _AVOID


def _holds(box: Any) -> bool:
    return box.style["break_after"] in _AVOID


def _is_line(box: Any) -> bool:
    return type(box).__name__ == "LineBox"


def _of_page(page_box: Any) -> list[Any]:
    return [child for child in page_box.children if type(child).__name__ != "MarginBox"]


def _all(box: Any) -> Iterator[Any]:
    box = getattr(box, "_box", box)  # an absolutely placed one stands in a placeholder
    yield box
    for child in getattr(box, "children", ()):
        yield from _all(child)


def _is_ink(box: Any) -> bool:
    kind = type(box).__name__
    return "Replaced" in kind or (kind == "TextBox" and bool(box.text.strip()))


def _top(box: Any) -> float:
    return float(box.position_y if _is_line(box) else box.border_box_y())


def _bottom(box: Any) -> float:
    return _top(box) + float(box.height if _is_line(box) else box.border_height())
