"""Characters that no packaged font has, written as their code points: a name to look up, not an empty box."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from hostwise.report.clean import UNPRINTABLE, printable
from hostwise.report.fonts import all_faces

MOST = 12
"""So many code points of one run are written; the record has the others."""
UNSHOWN_PARTS = {("answers", "text")}
"""Texts that no page shows: the questionnaire's own."""


def spelled_out(data: Mapping[str, Any], root: Path) -> Mapping[str, Any]:
    """JSON data with such characters as `[U+4E2D U+6587]`; the same object where there are none."""
    unshown = _unshown(root)
    found = False

    def spell(run: re.Match[str]) -> str:
        nonlocal found
        found = True
        more = f" +{len(run[0]) - MOST}" if len(run[0]) > MOST else ""
        return "[" + " ".join(f"U+{ord(character):04X}" for character in run[0][:MOST]) + more + "]"

    def walk(value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, str):
            return value if value.isascii() or path in UNSHOWN_PARTS else unshown.sub(spell, printable(value))
        if isinstance(value, dict):
            return {key: walk(entry, (*path[:2], key)) for key, entry in value.items()}
        return [walk(entry, path) for entry in value] if isinstance(value, list) else value

    spelled = walk(data, ())
    return spelled if found else data


@lru_cache(maxsize=4)
def _unshown(root: Path) -> re.Pattern[str]:
    """A run of characters that no font has. White space stays, and what `clean.printable` takes out is left to it."""
    spans = [span.split("-") for face in all_faces(root) for span in face.written.replace("U+", "").split(",")]
    shown = "".join("-".join(f"\\U{int(end, 16):08x}" for end in span) for span in spans)
    return re.compile(f"[^{shown}{UNPRINTABLE}\\s]+")
