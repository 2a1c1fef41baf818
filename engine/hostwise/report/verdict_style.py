"""How a verdict looks in a chart: its fill, the colour of text on it, and its letter.

The fills climb in lightness by a fifth or more from one to the next, so that print in grey and readers who see
colours otherwise tell them apart; the letter says the same without any colour. `tests/report/test_map_chart.py`
measures both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from hostwise.report.svg import INK, PAPER


class Style(Struct, frozen=True):
    """`fill` and `text` are `#rrggbb`; the letter is one character."""

    fill: str
    text: str
    letter: str


STYLES: Mapping[str, Style] = {
    "self-host-owned": Style("#103e33", PAPER, "O"),
    "managed-api": Style("#204c89", PAPER, "A"),
    "infeasible": Style("#58616b", PAPER, "×"),
    "edge": Style("#9c692d", PAPER, "E"),
    "self-host-cloud": Style("#47988f", INK, "S"),
    "sovereign-api": Style("#dc86b1", INK, "V"),
    "open-model-provider": Style("#e8ab30", INK, "P"),
    "hybrid": Style("#d8c5ec", INK, "H"),
    "undecided": Style("#e1e5e9", INK, "?"),
    "refused": Style("#fefefe", INK, "–"),
}
"""From dark to light."""
SPARE_FILLS = ("#c9d3b0", "#7d5f9e", "#b9c4ce", "#6d7681")
SPARE_LETTERS = "BCDFGJKLMNQRTUWXYZ"


def styles(verdicts: Iterable[str]) -> dict[str, Style]:
    """The style of each verdict. Options that a company added share spare fills, and have letters of their own."""
    found: dict[str, Style] = {}
    spare = 0
    for verdict in verdicts:
        if verdict in STYLES:
            found[verdict] = STYLES[verdict]
        else:
            fill = SPARE_FILLS[spare % len(SPARE_FILLS)]
            dark = fill in SPARE_FILLS[1::2]
            found[verdict] = Style(fill, PAPER if dark else INK, SPARE_LETTERS[spare % len(SPARE_LETTERS)])
            spare += 1
    return found
