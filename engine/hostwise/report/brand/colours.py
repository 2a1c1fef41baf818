"""The colours of charts: how each option, outcome and cost element looks, wherever it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import ascii_uppercase

from msgspec import Struct
from msgspec.structs import replace

from hostwise.report.brand.contrast import CONTRAST_OF_GRAPHICS, CONTRAST_OF_TEXT, contrast


class Look(Struct, frozen=True):
    """How an option or an outcome looks. Colours are `#rrggbb`; the letter is one character."""

    colour: str
    """Of its areas and of its line."""
    outline: str
    """Of its areas: another colour where the area alone could not be seen on paper."""
    text: str
    """Of what stands on its areas."""
    letter: str
    dashes: str = ""
    """The `stroke-dasharray` of its line; empty for a line without gaps."""


class Spare(Struct, frozen=True):
    """What an option gets that the table does not have."""

    colour: str
    dashes: str


class Colours(Struct, frozen=True):
    """What charts are drawn in, `#rrggbb` by what it is for."""

    paper: str
    ink: str
    muted: str
    grid: str
    black: str
    accent: str
    low: str
    high: str
    looks: Mapping[str, Look]
    """Of options and outcomes, by id."""
    elements: Mapping[str, str]
    """Of cost elements, in the order in which bars stack them."""
    spare_options: tuple[Spare, ...]
    spare_elements: tuple[str, ...]


def look(colours: Colours, colour: str, letter: str, dashes: str = "") -> Look:
    """The look that goes with a colour: an outline that can be seen, text that can be read."""
    seen = contrast(colour, colours.paper) >= CONTRAST_OF_GRAPHICS
    readable = (each for each in (colours.paper, colours.ink) if contrast(each, colour) >= CONTRAST_OF_TEXT)
    return Look(colour, colour if seen else colours.muted, next(readable, colours.black), letter, dashes)


def with_options(colours: Colours, options: Sequence[tuple[str, str]]) -> Colours:
    """The colours with a look for each of these options (id, label) that has none: the next spare one.

    Once all spare colours are taken they are taken again, with another letter.
    """
    looks = dict(colours.looks)
    for number, (name, label) in enumerate(option for option in options if option[0] not in colours.looks):
        spare = colours.spare_options[number % len(colours.spare_options)]
        letter = _free_letter(label, (each.letter for each in looks.values()))
        looks[name] = look(colours, spare.colour, letter, spare.dashes)
    return replace(colours, looks=looks)


def with_elements(colours: Colours, groups: Sequence[str]) -> Colours:
    """The colours with one for each of these cost elements, the spare ones in turn."""
    added = [group for group in groups if group not in colours.elements]
    spare = {group: colours.spare_elements[n % len(colours.spare_elements)] for n, group in enumerate(added)}
    return replace(colours, elements={**colours.elements, **spare})


def _free_letter(label: str, taken: Iterable[str]) -> str:
    used = set(taken)
    return next((letter for letter in _letters(label) if letter not in used), "*")


def _letters(label: str) -> Iterator[str]:
    yield from (character for character in label.upper() if character in ascii_uppercase)
    yield from ascii_uppercase
