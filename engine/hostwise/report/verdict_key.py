"""The key of a chart of verdicts: a swatch with its letter, the name, and how much of the chart it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from hostwise.report.clean import shortened
from hostwise.report.lettering import measured
from hostwise.report.svg import INK, MUTED, escape, rect, text
from hostwise.report.verdict_style import Style
from hostwise.report.words import Words

ROW = 20
SWATCH = 15
SIZE = 12.0


class Entry(Struct, frozen=True):
    """One verdict: its name, and what stands after it in a quieter colour."""

    style: Style
    label: str
    note: str


def verdict_label(verdict: str, label: str, words: Words) -> str:
    """The name of an outcome in the language of the report; an option has its own."""
    outcome = words.label("outcomes", verdict)
    return label if outcome == verdict else outcome


def key_rows(entries: Sequence[Entry], width: float) -> list[list[tuple[float, Entry]]]:
    """The entries in rows that fit, each with its place across."""
    rows: list[list[tuple[float, Entry]]] = [[]]
    reached = 0.0
    for entry in entries:
        needed = SWATCH + 6 + measured(entry.label, SIZE) * 0.92 + 6 + measured(entry.note, SIZE) * 0.92 + 14
        if rows[-1] and reached + needed > width:
            rows.append([])
            reached = 0.0
        rows[-1].append((reached, entry))
        reached += needed
    return rows


def key(entries: Sequence[Entry], left: float, top: float, width: float) -> Iterator[str]:
    """The key as SVG, `ROW` units for each of its rows."""
    for number, row in enumerate(key_rows(entries, width)):
        y = top + number * ROW
        for across, entry in row:
            x = left + across
            yield rect(x, y, SWATCH, SWATCH, entry.style.fill, f' stroke="{MUTED}" stroke-width="0.6"')
            letter = ' font-weight="600" font-size="11"'
            yield text(x + SWATCH / 2, y + 11.5, entry.style.letter, entry.style.text, "middle", letter)
            room = width - across - SWATCH - 6 - measured(entry.note, SIZE)
            label = shortened(entry.label, max(int(room / 6.4), 6))
            yield (
                f'<text x="{x + SWATCH + 6:.1f}" y="{y + 12:.1f}" fill="{INK}">{escape(label)}'
                f'<tspan fill="{MUTED}" dx="5">{escape(entry.note)}</tspan></text>'
            )
