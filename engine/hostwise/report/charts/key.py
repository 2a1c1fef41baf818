"""The key of a chart: a swatch with its letter, or a mark; its name; and how much of the chart it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from hostwise.report.brand.clean import shortened
from hostwise.report.brand.colours import Colours, Look
from hostwise.report.charts.lettering import measured
from hostwise.report.charts.svg import diamond, escape, swatch

ROW = 20
SWATCH = 15
SIZE = 12.0
PLEX = 0.92
"""How wide a text in IBM Plex Sans is at most, as a share of what `measured` allows for."""


class KeyEntry(Struct, frozen=True):
    """One thing in the chart: how it looks (None: a diamond), its name, and what stands after it, quieter."""

    look: Look | None
    label: str
    note: str = ""


def key_rows(entries: Sequence[KeyEntry], width: float) -> list[list[tuple[float, KeyEntry]]]:
    """The entries in rows that fit, each with its place across."""
    rows: list[list[tuple[float, KeyEntry]]] = [[]]
    reached = 0.0
    for entry in entries:
        needed = SWATCH + 26 + (measured(entry.label, SIZE) + measured(entry.note, SIZE)) * PLEX
        if rows[-1] and reached + needed > width:
            rows.append([])
            reached = 0.0
        rows[-1].append((reached, entry))
        reached += needed
    return rows


def key_height(entries: Sequence[KeyEntry], width: float) -> float:
    """What the key takes."""
    return float(ROW * len(key_rows(entries, width)))


def key(entries: Sequence[KeyEntry], top: float, width: float, colours: Colours) -> Iterator[str]:
    """The key as SVG, `ROW` units for each of its rows."""
    for number, row in enumerate(key_rows(entries, width)):
        for x, entry in row:
            yield _entry(entry, x, top + number * ROW, width - x, colours)


def _entry(entry: KeyEntry, x: float, y: float, room: float, colours: Colours) -> str:
    mark = diamond(x + SWATCH / 2, y + SWATCH / 2, 6, colours)
    if entry.look is not None:
        mark = swatch(x, y, SWATCH, entry.look)
    left = room - SWATCH - 6 - measured(entry.note, SIZE)
    label = shortened(entry.label, max(int(left / 6.4), 6))
    note = f'<tspan fill="{colours.muted}" dx="5">{escape(entry.note)}</tspan>' if entry.note else ""
    words = f'<text x="{x + SWATCH + 6:.1f}" y="{y + 12:.1f}" fill="{colours.ink}">{escape(label)}{note}</text>'
    return mark + words
