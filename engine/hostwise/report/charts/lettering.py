"""How wide a text will be when it is drawn, and how it breaks into lines.

The widths are those of DejaVu Sans, the widest of the fonts that a page falls back to, so that a text set in
IBM Plex Sans always takes less.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from hostwise.report.brand.clean import shortened

_EM = {
    **dict.fromkeys("ijl|'`", 0.32),
    **dict.fromkeys(" .,:;!/\\", 0.36),
    **dict.fromkeys("frt()[]{}-", 0.43),
    **dict.fromkeys("mwMW@%—…", 1.02),
    **dict.fromkeys('<>=+~±×÷"#&', 0.86),
}


def measured(text: str, size: float) -> float:
    """An upper bound of the width of a text in the unit of `size`."""
    return size * sum(_em(character) for character in text)


def fitting(text: str, width: float, size: float) -> str:
    """The text, shortened until it fits a width.

    >>> fitting("one two three", 60, 10), fitting("one", 100, 10), fitting("mmm", 1, 10)
    ('one two…', 'one', '…')
    """
    # No longer cut can fit, and a long text is not tried at each of its lengths.
    cuts = (shortened(text, length) for length in range(_reaching(text, width, size), 1, -1))
    return next((cut for cut in cuts if measured(cut, size) <= width), "…")


def _reaching(text: str, width: float, size: float) -> int:
    """How many characters of a text reach a width: as many as stand within it, and the one that passes it."""
    whole = 0.0
    for number, character in enumerate(text, 1):
        whole += size * _em(character)
        if whole > width:
            return number
    return len(text)


@lru_cache(maxsize=4096)
def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF" or not character.isprintable():
        return 1.1
    return _EM.get(character, 0.8 if character.isupper() or ord(character) > 0x24F else 0.66)


def broken(text: str, width: float, size: float) -> tuple[str, ...]:
    """The text in lines no wider than `width`, broken between words, and within a word that fits no line."""
    lines: list[str] = []
    for piece in _pieces(text, width, size):
        longer = f"{lines[-1]} {piece}" if lines else piece
        if lines and measured(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(piece)
    return tuple(lines) or ("",)


def _pieces(text: str, width: float, size: float) -> Iterator[str]:
    for word in text.split():
        piece = ""
        for character in word:
            if piece and measured(piece + character, size) > width:
                yield piece
                piece = ""
            piece += character
        yield piece
