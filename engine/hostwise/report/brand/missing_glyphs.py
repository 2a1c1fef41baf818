"""Characters that no packaged font has: set in a font of the machine where it has one, else written as code points.

A code point is a name to look up, where an empty box is nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from hostwise.reading.identity_key import Same
from hostwise.record.format.record import Record
from hostwise.record.format.text_walk import map_texts
from hostwise.report.brand.clean import UNPRINTABLE, printable
from hostwise.report.brand.fonts import all_faces
from hostwise.report.brand.machine_fonts import MachineFont, characters_of, fonts_of_machine

T = TypeVar("T")

MOST = 12
"""So many code points of one run are written; the record has the others."""


def spelled_out(record: Record, root: Path) -> Record:
    """The record with such characters as `[U+4E2D U+6587]`; the same object where there are none."""
    missing = _missing_of(Same(record), root)
    if missing is None:
        return record
    shown = _without_file(record)
    spelled = _spelled(shown, root, missing)
    return record if spelled == shown else replace(spelled, answers=replace(spelled.answers, text=record.answers.text))


def borrowed_by(record: Record, root: Path) -> tuple[MachineFont, ...]:
    """The fonts of this machine that the pages of a record are set in beside those packaged."""
    return _borrowed(_missing_of(Same(record), root))


def borrowed_fonts(data: object, root: Path) -> tuple[MachineFont, ...]:
    """The same for the texts of any data."""
    return _borrowed(_missing(data, root))


@lru_cache(maxsize=1)  # one report asks three times
def _missing_of(one: Same[Record], root: Path) -> frozenset[int] | None:
    return _missing(_without_file(one.it), root)


def _missing(data: object, root: Path) -> frozenset[int] | None:
    """The characters that no packaged font has; None where every text can be written as it is."""
    found: set[str] = set()
    as_it_is = True

    def look(text: str) -> str:
        nonlocal as_it_is
        if not text.isascii():
            written = printable(text)
            found.update(*_unshown(root, frozenset()).findall(written))
            as_it_is = as_it_is and written == text
        return text

    map_texts(data, look)
    return None if as_it_is and not found else frozenset(map(ord, found))


def _borrowed(missing: frozenset[int] | None) -> tuple[MachineFont, ...]:
    return fonts_of_machine(missing) if missing else ()


def spelled_texts(data: T, root: Path) -> T:
    """Data with every character that neither kind of font has as its code point."""
    return _spelled(data, root, _missing(data, root))


def _spelled(data: T, root: Path, missing: frozenset[int] | None) -> T:
    unshown = _unshown(root, characters_of(_borrowed(missing)))

    def spell(text: str) -> str:
        return text if text.isascii() else unshown.sub(_code_points, printable(text))

    return map_texts(data, spell)


def _without_file(record: Record) -> Record:
    """No page shows the questionnaire's own text."""
    return replace(record, answers=replace(record.answers, text=""))


def _code_points(run: re.Match[str]) -> str:
    more = f" +{len(run[0]) - MOST}" if len(run[0]) > MOST else ""
    return "[" + " ".join(f"U+{ord(character):04X}" for character in run[0][:MOST]) + more + "]"


@lru_cache(maxsize=16)
def _unshown(root: Path, lent: frozenset[int]) -> re.Pattern[str]:
    """A run of characters that no font has. White space stays, and what `clean.printable` takes out is left to it."""
    spans = [span.split("-") for face in all_faces(root) for span in face.written.replace("U+", "").split(",")]
    shown = "".join("-".join(f"\\U{int(end, 16):08x}" for end in span) for span in spans)
    shown += "".join(f"\\U{number:08x}" for number in sorted(lent))
    return re.compile(f"[^{shown}{UNPRINTABLE}\\s]+")
