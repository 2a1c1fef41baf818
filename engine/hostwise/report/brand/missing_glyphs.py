"""Characters that no packaged font has: set in a font of the machine where it has one, else written as code points.

A code point is a name to look up, where an empty box is nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

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
    shown = _without_file(record)
    spelled = spelled_texts(shown, root)
    return record if spelled == shown else replace(spelled, answers=replace(spelled.answers, text=record.answers.text))


def borrowed_by(record: Record, root: Path) -> tuple[MachineFont, ...]:
    """The fonts of this machine that the pages of a record are set in beside those packaged."""
    return borrowed_fonts(_without_file(record), root)


def borrowed_fonts(data: object, root: Path) -> tuple[MachineFont, ...]:
    """The same for the texts of any data."""
    found: set[str] = set()

    def look(text: str) -> str:
        if not text.isascii():
            found.update(*_unshown(root, frozenset()).findall(printable(text)))
        return text

    map_texts(data, look)
    return fonts_of_machine(frozenset(map(ord, found))) if found else ()


def spelled_texts(data: T, root: Path) -> T:
    """Data with every character that neither kind of font has as its code point."""
    unshown = _unshown(root, characters_of(borrowed_fonts(data, root)))

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
