"""The few marks that our charts are made of, as SVG with presentation attributes alone.

A document's CSS does not reach SVG in every PDF writer, so that nothing here relies on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from html import escape as escape_all

from hostwise.report.brand.colours import Colours, Look
from hostwise.report.brand.contrast import CONTRAST_OF_GRAPHICS, on_white

escape = partial(escape_all, quote=False)
"""For text between tags. (`xml.sax.saxutils` has the same, and takes 18 ms to import.)"""
CHARACTER = 6.0
"""Upper bound of the mean width of a character of IBM Plex Sans at 12 units, measured; used to see what fits."""
BOLD = ' font-weight="600"'
SMALL = ' font-size="11"'


def opened(width: int, height: int, *, title: str, described: str) -> str:
    """The start of a chart. `title` says the finding and becomes the alternative text; `described` has the figures."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="IBM Plex Sans, sans-serif" font-size="12"><title>{escape(title)}</title>'
        f"<desc>{escape(described)}</desc>"
    )


def text(x: float, y: float, words: str, colour: str, anchor: str = "start", extra: str = "") -> str:
    """A line of text; `extra` are further attributes, ours alone."""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}"{extra}>{escape(words)}</text>'


def rect(x: float, y: float, width: float, height: float, colour: str, extra: str = "") -> str:
    """A filled rectangle, at least a hairline wide."""
    size = f'width="{max(width, 0.5):.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{colour}"{extra}/>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, extra: str = "") -> str:
    """A straight line."""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{extra}/>'


def outlined(colour: str, width: float) -> str:
    """The attributes of an outline."""
    return f' stroke="{colour}" stroke-width="{width}"'


def dashed(dashes: str) -> str:
    """The attribute of a broken line; nothing for one without gaps."""
    return f' stroke-dasharray="{dashes}"' if dashes else ""


def moves(places: Iterable[tuple[float, float]]) -> str:
    """A path through these places."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def ring(x: float, y: float, radius: float, colours: Colours) -> str:
    """A ring that marks a place."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colours.paper}"{outlined(colours.ink, 1.8)}/>'


def diamond(x: float, y: float, radius: float, colours: Colours) -> str:
    """A diamond that marks a place of another kind."""
    corners = moves([(x - radius, y), (x, y - radius), (x + radius, y), (x, y + radius)])
    return f'<path d="{corners}Z" fill="{colours.paper}"{outlined(colours.ink, 1.8)}/>'


def over(look: Look) -> str:
    """The attribute of a text that stands on the colour of an option, where that is strong: it stays dark at night."""
    return ' data-over=""' if on_white(look.colour) >= CONTRAST_OF_GRAPHICS else ""


def swatch(x: float, y: float, size: float, look: Look) -> str:
    """A square in the colour of an option, with its letter."""
    letter = (
        text(x + size / 2, y + size * 0.77, look.letter, look.text, "middle", BOLD + SMALL + over(look))
        if look.letter
        else ""
    )
    return rect(x, y, size, size, look.colour, outlined(look.outline, 0.6)) + letter
