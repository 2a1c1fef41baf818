"""`colours.yaml`, read over the palette of `brand.yaml` and checked, each fault at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import asdict, replace

from hostwise.reading.files.folders import templates_dir
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest
from hostwise.report.brand.colours import Colours, Spare, look
from hostwise.report.brand.contrast import (
    ALIKE,
    CONTRAST_OF_GRAPHICS,
    CONTRAST_OF_TEXT,
    apart,
    contrast,
    mixed,
)

NAME = "colours.yaml"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_NAMED = re.compile(r"([a-z]+)(?: ([1-9][0-9]?)%)?")
Place = tuple[str | int, ...]
Letter = Annotated[str, Meta(min_length=1, max_length=1)]
Dashes = Annotated[str, Meta(pattern=r"^([1-9][0-9]?( [1-9][0-9]?)*)?$")]


class ChartEntry(Strict, frozen=True):
    """What charts are drawn in beside options and cost elements."""

    paper: str
    ink: str
    muted: str
    black: str
    grid: str
    accent: str
    low: str
    high: str


class OptionEntry(Strict, frozen=True):
    """An option: its colour, its letter, and the dashes of its line."""

    colour: str
    letter: Letter
    dashes: Dashes


class SpareEntry(Strict, frozen=True):
    """What an option gets that has no entry."""

    colour: str
    dashes: Dashes


class OutcomeEntry(Strict, frozen=True):
    """A decision that recommends no option."""

    colour: str
    letter: Letter


class ColoursEntry(Strict, frozen=True):
    """The whole file."""

    charts: ChartEntry
    options: dict[str, OptionEntry]
    spare_options: Annotated[list[SpareEntry], Meta(min_length=1)]
    outcomes: dict[str, OutcomeEntry]
    elements: dict[str, str]
    spare_elements: Annotated[list[str], Meta(min_length=1)]


class _Table(Struct, frozen=True):
    """The file with every colour worked out, by where it stands."""

    document: Document
    entry: ColoursEntry
    colours: Mapping[Place, str]


@lru_cache(maxsize=8)
def read_colours(root: Path, palette: tuple[tuple[str, str], ...]) -> Colours:
    """The colours of a template folder over a brand's palette (name and `#rrggbb`).

    A folder that has no such file, as one copied from an earlier version, gets the colours that are shipped. Raises
    `InputError` with everything that is wrong, each finding at its line.
    """
    path = root / NAME
    document = read_kept_document(path if path.is_file() else templates_dir() / NAME)
    table = _table(document, validated(ColoursEntry, document), dict(palette))
    if wrong := [*_pale(table), *_alike(table), *_twice(table)]:
        raise InputError(wrong)
    return _colours(table)


def _table(document: Document, entry: ColoursEntry, palette: Mapping[str, str]) -> _Table:
    paper = entry.charts.paper
    if not _HEX.fullmatch(paper):
        raise InputError([_not_a_colour(document, ("charts", "paper"), paper, ())])
    wrong, colours = [], {}
    for place, written in _written(entry):
        found = _worked_out(written, palette, paper)
        if found is None:
            wrong.append(_not_a_colour(document, place, written, tuple(palette)))
        else:
            colours[place] = found
    if wrong:
        raise InputError(wrong)
    return _Table(document, entry, colours)


def _written(entry: ColoursEntry) -> Iterator[tuple[Place, str]]:
    """Every colour of the file as it is written, by its place."""
    yield from ((("charts", name), written) for name, written in asdict(entry.charts).items())
    yield from ((("options", name, "colour"), option.colour) for name, option in entry.options.items())
    yield from ((("spare_options", n, "colour"), spare.colour) for n, spare in enumerate(entry.spare_options))
    yield from ((("outcomes", name, "colour"), outcome.colour) for name, outcome in entry.outcomes.items())
    yield from ((("elements", name), written) for name, written in entry.elements.items())
    yield from ((("spare_elements", n), written) for n, written in enumerate(entry.spare_elements))


def _worked_out(written: str, palette: Mapping[str, str], paper: str) -> str | None:
    """A colour as `#rrggbb`; None for what is none."""
    if _HEX.fullmatch(written):
        return written.lower()
    named = _NAMED.fullmatch(written)
    if named is None or named[1] not in palette:
        return None
    return mixed(palette[named[1]], paper, int(named[2] or 100) / 100)


def _not_a_colour(document: Document, place: Place, written: str, names: tuple[str, ...]) -> Diagnostic:
    accepted = "#rrggbb" + (f', one of {", ".join(names)}, or a share of one such as "{names[0]} 40%"' if names else "")
    suggestion = nearest(written, names) if names else None
    message = "this is not a colour"
    return document.finding(place, "not-a-colour", message, found=written, accepted=accepted, suggestion=suggestion)


def _pale(table: _Table) -> Iterator[Diagnostic]:
    """What cannot be seen, or read, on the paper of charts."""
    paper = table.colours["charts", "paper"]
    texts: list[Place] = [("charts", name) for name in ("ink", "muted", "accent")]
    asked = dict.fromkeys([*_areas(table), ("charts", "high")], CONTRAST_OF_GRAPHICS)
    asked |= dict.fromkeys(texts, CONTRAST_OF_TEXT)
    for place, least in asked.items():
        reached = contrast(table.colours[place], paper)
        if reached < least:
            what = "text in this colour cannot be read" if least == CONTRAST_OF_TEXT else "this colour cannot be seen"
            yield table.document.finding(
                place, "contrast", f"{what} on paper ({paper})",
                found=f"{table.colours[place]}, a contrast of {reached:.1f} to 1", accepted=f"at least {least} to 1",
            )  # fmt: skip


def _areas(table: _Table) -> list[Place]:
    """Where the colours stand that tell options and cost elements apart."""
    return [place for place in table.colours if place[0] not in ("charts", "outcomes")]


def _alike(table: _Table) -> Iterator[Diagnostic]:
    for place, other in combinations(_areas(table), 2):
        distance = apart(table.colours[place], table.colours[other])
        if distance < ALIKE:
            yield table.document.finding(
                other, "alike", f"this colour looks like that of {_name(place)}",
                found=f"{table.colours[other]} and {table.colours[place]}, {distance:.0f} apart in CIELAB",
                accepted=f"at least {ALIKE:.0f} apart",
            )  # fmt: skip


def _name(place: Place) -> str:
    return ".".join(str(step) for step in place if step != "colour")


def _twice(table: _Table) -> Iterator[Diagnostic]:
    """Letters and dashes that two of them share: without colour nothing else would tell them apart."""
    entry = table.entry
    letters: list[tuple[Place, str]] = [
        (("options", name, "letter"), option.letter) for name, option in entry.options.items()
    ]
    letters += [(("outcomes", name, "letter"), outcome.letter) for name, outcome in entry.outcomes.items()]
    dashes: list[tuple[Place, str]] = [
        (("options", name, "dashes"), option.dashes) for name, option in entry.options.items()
    ]
    dashes += [(("spare_options", n, "dashes"), spare.dashes) for n, spare in enumerate(entry.spare_options)]
    for entries in (letters, dashes):
        for (place, mark), (other, same) in combinations(entries, 2):
            if mark == same:
                message = f"{place[0]}.{place[1]} has the same {place[-1]}"
                yield table.document.finding(other, "twice", message, found=same, accepted="one of its own")


def _colours(table: _Table) -> Colours:
    entry, found = table.entry, table.colours
    bare = Colours(
        **{name: found["charts", name] for name in entry.charts.__struct_fields__},
        looks={},
        elements={name: found["elements", name] for name in entry.elements},
        spare_options=tuple(
            Spare(found["spare_options", n, "colour"], spare.dashes) for n, spare in enumerate(entry.spare_options)
        ),
        spare_elements=tuple(found["spare_elements", n] for n in range(len(entry.spare_elements))),
    )
    looks = {
        name: look(bare, found["options", name, "colour"], option.letter, option.dashes)
        for name, option in entry.options.items()
    }
    looks |= {
        name: look(bare, found["outcomes", name, "colour"], outcome.letter) for name, outcome in entry.outcomes.items()
    }
    return replace(bare, looks=looks)
