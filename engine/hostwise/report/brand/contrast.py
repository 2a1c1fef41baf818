"""What two colours, `#rrggbb`, are to each other: their contrast, how far apart they look, and a mix of them."""

from __future__ import annotations

from math import dist

CONTRAST_OF_TEXT = 4.5
"""What WCAG 2.2 asks of text, criterion 1.4.3."""
CONTRAST_OF_GRAPHICS = 3.0
"""What it asks of a line or an area that must be seen, criterion 1.4.11."""
ALIKE = 12.0
"""Colours nearer to each other than this in CIELAB are mistaken for one another in two charts of a report. Side by side
a fifth of it is seen (2.3, Mahy et al. 1994); from one page to another nobody compares so closely."""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2.2, 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def on_white(colour: str) -> float:
    """The contrast of a colour on a white page."""
    return 1.05 / (luminance(colour) + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2, 0 to 1."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(colour: str, ground: str, share: float) -> str:
    """A share of a colour, 0 to 1, the rest ground: what paint of that opacity would look like."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(top * share + under * (1 - share)):02x}" for top, under in pairs)


def apart(one: str, other: str) -> float:
    """How different two colours look: their distance in CIELAB (1976), 0 to about 260; black and white are at 100."""
    return dist(_lab(one), _lab(other))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def _linear(colour: str) -> tuple[float, ...]:
    shares = (channel / 255 for channel in _channels(colour))
    return tuple(s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)


def _lab(colour: str) -> tuple[float, float, float]:
    """CIELAB of an sRGB colour under D65 (IEC 61966-2-1, CIE 15)."""
    red, green, blue = _linear(colour)
    x = _root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505)
    y = _root(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = _root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.0890)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(share: float) -> float:
    return float(share ** (1 / 3)) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116
