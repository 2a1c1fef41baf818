"""What every chart must hold, read from its SVG: a title, all of it inside the frame, no text over another."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
MEAN = 0.52
"""Mean width of a character in its own size: what `svg.CHARACTER` was measured at, and a little for bold."""


def opened(svg: str) -> ElementTree.Element:
    """The chart, checked for what holds of every one."""
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text
    assert root[1].tag == f"{SVG}desc"
    assert root[1].text
    for node in root.iter():
        assert not {"style", "class", "id"} & set(node.attrib), node.attrib
        assert node.tag.removeprefix(SVG) in {"svg", "title", "desc", "text", "tspan", "rect", "line", "path", "circle"}
    return root


def title(root: ElementTree.Element) -> str:
    """What the chart says in one sentence."""
    return root[0].text or ""


def texts(root: ElementTree.Element) -> list[str]:
    """Every text that is drawn."""
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


Box = tuple[float, float, float, float]


def boxes(root: ElementTree.Element) -> list[tuple[str, Box]]:
    """Each text with the rectangle it takes."""
    found = []
    for node in root.iter(f"{SVG}text"):
        words = " ".join("".join(node.itertext()).split())
        size = float(node.get("font-size", "12"))
        width = len(words) * size * MEAN
        x, y = float(node.attrib["x"]), float(node.attrib["y"])
        left = x - {"start": 0, "middle": width / 2, "end": width}[node.get("text-anchor", "start")]
        found.append((words, (left, y - 0.75 * size, left + width, y + 0.2 * size)))
    return found


def assert_sound(root: ElementTree.Element) -> None:
    """Nothing leaves the frame, and no text lies over another."""
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for words, (left, top, right, bottom) in boxes(root):
        assert left >= -2, words
        assert right <= width + 2, words
        assert top >= -1, words
        assert bottom <= height + 1, words
    for node in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(node.attrib[name]) for name in ("x", "y", "width", "height"))
        assert -0.1 <= x <= x + w <= width + 0.6, node.attrib
        assert -0.1 <= y <= y + h <= height + 0.1, node.attrib
    for node in root.iter(f"{SVG}path"):
        for x, y in re.findall(r"[ML](-?[\d.]+)[ ,](-?[\d.]+)", node.attrib["d"]):
            assert -1 <= float(x) <= width + 1
            assert -1 <= float(y) <= height + 1
    for (one, a), (other, b) in combinations(boxes(root), 2):
        apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
        assert apart, f"{one!r} and {other!r} overlap"


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
