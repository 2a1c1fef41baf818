"""What is wrong with how a document was laid out, read from WeasyPrint's own boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

HEADS = {"h1", "h2", "h3", "h4", "h5", "h6", "caption", "thead"}
FEWEST_LINES = 3
SLACK = 0.75
"""A quarter of a millimetre, in CSS pixels: what rounding may put beside its place."""


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text on a page: where it stands, and the elements around it from the outside in."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    around: tuple[Any, ...]

    def within(self, *tags: str) -> Any:
        """The nearest element around it with one of these tags, as its box."""
        return next((box for box in reversed(self.around) if box.element_tag in tags), None)

    def cell(self) -> Any:
        """The table cell around it; the lines within one carry its tag too."""
        return next((box for box in reversed(self.around) if type(box).__name__ == "TableCellBox"), None)


def layout_problems(document: Any) -> list[str]:
    """One sentence for every text that leaves its place, lies over another, or stands alone at the foot of a page."""
    found = []
    for number, page in enumerate(document.pages, 1):
        box = page._page_box
        lines = [line for child in box.children if not _margin(child) for line in _lines(child, ())]
        margins = [line for child in box.children if _margin(child) for line in _lines(child, ())]
        cover = any(inner.element is not None and inner.element.get("id") == "cover" for inner in _boxes(box))
        frame = (
            (0.0, 0.0, box.width + 2 * box.margin_left, box.margin_height())
            if cover
            else (box.content_box_x(), box.content_box_y(), box.content_box_x() + box.width, _bottom(box))
        )
        found += [f"page {number}: {problem}" for problem in _out_of_place(lines, frame)]
        found += [f"page {number}: {problem}" for problem in _out_of_place(margins, _sheet(box))]
        found += [f"page {number}: {problem}" for problem in _over_one_another(lines + margins)]
        found += [f"page {number}: {problem}" for problem in _pictures(box, frame)]
        found += [f"page {number}: {problem}" for child in box.children for problem in _broken_early(child)]
        if not cover:
            found += [f"page {number}: {problem}" for problem in _alone(lines)]
    return found


def filled_shares(document: Any) -> list[float]:
    """How far down each page has text or pictures, as a share of the height that is printed on."""
    found = []
    for page in document.pages:
        box = page._page_box
        inks = [line.bottom for child in box.children if not _margin(child) for line in _lines(child, ())]
        inks += [inner.position_y + inner.height for inner in _boxes(box) if "Replaced" in type(inner).__name__]
        found.append((max(inks, default=0.0) - box.content_box_y()) / box.height)
    return found


def _margin(box: Any) -> bool:
    return type(box).__name__ == "MarginBox"


def _bottom(box: Any) -> float:
    return float(box.content_box_y() + box.height)


def _sheet(box: Any) -> tuple[float, float, float, float]:
    return 0.0, 0.0, float(box.margin_width()), float(box.margin_height())


def _boxes(box: Any) -> Iterator[Any]:
    box = getattr(box, "_box", box)  # an absolutely placed one stands in a placeholder
    yield box
    for child in getattr(box, "children", ()):
        yield from _boxes(child)


def _lines(box: Any, around: tuple[Any, ...]) -> Iterator[Line]:
    box = getattr(box, "_box", box)
    if type(box).__name__ == "TextBox":
        if box.text.strip():
            left, top = float(box.position_x), float(box.position_y)
            yield Line(box.text.strip(), left, top, left + float(box.width), top + float(box.height), around)
        return
    for child in getattr(box, "children", ()):
        yield from _lines(child, (*around, box))


def _out_of_place(lines: list[Line], frame: tuple[float, float, float, float]) -> Iterator[str]:
    for line in lines:
        cell = line.cell()
        left, top, right, bottom = frame
        if cell is not None:
            left, right = cell.position_x, cell.position_x + cell.margin_width()
            bottom = min(bottom, cell.position_y + cell.margin_height() + SLACK)
        # The ascent of a font is more than its letters take, so above a line counts less.
        sides = (line.left < left - SLACK, line.right > right + SLACK, line.top < top - 4, line.bottom > bottom + SLACK)
        if any(sides):
            where = "its cell" if cell is not None else "the page"
            yield f"{line.text[:40]!r} leaves {where} by {_excess(line, left, top, right, bottom):.1f} px"


def _excess(line: Line, left: float, top: float, right: float, bottom: float) -> float:
    return max(left - line.left, line.right - right, top - line.top, line.bottom - bottom)


def _over_one_another(lines: list[Line]) -> Iterator[str]:
    """Texts whose middle thirds meet: the boxes of close lines touch, their letters do not."""
    ordered = sorted(lines, key=lambda line: line.top)
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.top >= one.bottom:
                break
            height = min(one.bottom - one.top, other.bottom - other.top)
            down = min(one.bottom, other.bottom) - max(one.top, other.top)
            along = min(one.right, other.right) - max(one.left, other.left)
            if along > 1 and down > height / 2:
                yield f"{one.text[:30]!r} and {other.text[:30]!r} lie over one another"


def _broken_early(box: Any) -> Iterator[str]:
    """Lines that end though the first word of the next one would have had room twice over."""
    box = getattr(box, "_box", box)
    inner = [child for child in getattr(box, "children", ()) if type(child).__name__ == "LineBox"]
    for line, following in pairwise(inner):
        texts, after = _lines(line, ()), next(_lines(following, ()), None)
        right = max((text.right for text in texts), default=None)
        within = (*_boxes(line), *_boxes(following))
        apart = any(each.element_tag == "br" or "InlineBlock" in type(each).__name__ for each in within)
        if right is None or after is None or apart:
            continue
        word = (after.right - after.left) * (len(after.text.split()[0]) + 1) / len(after.text)
        room = float(box.content_box_x() + box.width) - right
        if room > 2 * word + float(box.width) / 4:
            yield f"a line ends early, before {after.text[:30]!r}"
    for child in getattr(box, "children", ()):
        yield from _broken_early(child)


def _pictures(box: Any, frame: tuple[float, float, float, float]) -> Iterator[str]:
    left, top, right, bottom = frame
    for inner in _boxes(box):
        if "Replaced" in type(inner).__name__:
            x, y, width, height = map(float, (inner.position_x, inner.position_y, inner.width, inner.height))
            if x < left - SLACK or x + width > right + SLACK or y < top - 4 or y + height > bottom + SLACK:
                yield f"a picture ({inner.element_tag}) leaves the page"


def _alone(lines: list[Line]) -> Iterator[str]:
    if not lines:
        yield "it is empty"
        return
    last = max(lines, key=lambda line: (line.bottom, line.right))
    head = last.within(*HEADS)
    if head is not None:
        yield f"{last.text[:40]!r} ({head.element_tag}) stands alone at the foot"
    if len({round(line.bottom) for line in lines}) < FEWEST_LINES:
        yield f"nothing but {' '.join(line.text for line in lines)[:60]!r} stands on it"
