"""Fonts of this machine, for letters that no packaged font has: Japanese, Thai, Hindi. Only a PDF asks for them.

A browser takes such letters from its reader's fonts by itself. A file that is set in a font of the machine says so: on
another machine it would look otherwise.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

SUFFIXES = (".ttf", ".otf", ".ttc")
REGULAR = 80
"""Fontconfig's number for the weight of running text."""
TEXT = frozenset("LMNP")
"""The general categories of Unicode that writing is made of: letters, marks, numbers, punctuation."""


class MachineFont(Struct, frozen=True):
    """A font file, what its family is called, and which of the characters asked for it has."""

    family: str
    path: Path
    characters: frozenset[int]


@lru_cache(maxsize=64)
def fonts_of_machine(missing: frozenset[int]) -> tuple[MachineFont, ...]:
    """The fewest fonts found for some characters, upright ones of a regular weight first; none where none has any."""
    left = {number for number in missing if unicodedata.category(chr(number))[0] in TEXT}
    chosen: list[MachineFont] = []
    candidates = list(_having(left)) if left else []
    while left and candidates:
        best = max(candidates, key=lambda font: len(left & font.characters))
        if not left & best.characters:
            break
        chosen.append(best)
        left -= best.characters
    return tuple(chosen)


def characters_of(fonts: Iterable[MachineFont]) -> frozenset[int]:
    """All that some fonts have of what was asked for."""
    return frozenset[int]().union(*(font.characters for font in fonts))


def _having(wanted: Iterable[int]) -> Iterator[MachineFont]:
    """The fonts that have some of the characters, the likeliest first."""
    for _, _, path, family, has in sorted(_listed(), key=lambda entry: entry[:3]):
        characters = frozenset(number for number in wanted if has(number))
        if characters:
            yield MachineFont(family, Path(path), characters)


def _listed() -> Iterator[tuple[bool, int, str, str, Any]]:
    """Slanted, distance from the regular weight, file, family, and what tells whether it has a character."""
    try:
        from weasyprint.text.ffi import ffi, fontconfig
    except OSError:  # without its libraries there is no PDF either
        return
    _declare()
    config = ffi.gc(fontconfig.FcInitLoadConfigAndFonts(), fontconfig.FcConfigDestroy)
    fonts = fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem)
    for place in range(0 if fonts == ffi.NULL else fonts.nfont):
        pattern = fonts.fonts[place]
        path, family = _text(pattern, b"file"), _text(pattern, b"family")
        characters = ffi.new("FcCharSet **")
        known = fontconfig.FcPatternGetCharSet(pattern, b"charset", 0, characters) == fontconfig.FcResultMatch
        if known and path.lower().endswith(SUFFIXES) and _number(pattern, b"index") == 0:
            has = _has(characters[0], config)
            yield _number(pattern, b"slant") != 0, abs(_number(pattern, b"weight") - REGULAR), path, family, has


def _has(characters: Any, config: Any) -> Any:
    from weasyprint.text.ffi import fontconfig

    # `config` owns the characters, and must be there as long as anybody asks.
    return lambda number, _owner=config: bool(fontconfig.FcCharSetHasChar(characters, number))


def _text(pattern: Any, name: bytes) -> str:
    from weasyprint.text.ffi import ffi, fontconfig

    found = ffi.new("FcChar8 **")
    if fontconfig.FcPatternGetString(pattern, name, 0, found) != fontconfig.FcResultMatch:
        return ""
    return bytes(ffi.string(found[0])).decode("utf-8", "replace")


def _number(pattern: Any, name: bytes) -> int:
    from weasyprint.text.ffi import ffi, fontconfig

    found = ffi.new("int *")
    return int(found[0]) if fontconfig.FcPatternGetInteger(pattern, name, 0, found) == fontconfig.FcResultMatch else 0


@lru_cache(maxsize=1)
def _declare() -> None:
    """Calls of fontconfig that WeasyPrint does not bind."""
    from weasyprint.text.ffi import ffi

    ffi.cdef("""
        typedef struct _FcCharSet FcCharSet;
        FcResult FcPatternGetCharSet(FcPattern *p, const char *object, int n, FcCharSet **c);
        FcResult FcPatternGetInteger(FcPattern *p, const char *object, int n, int *i);
        FcBool FcCharSetHasChar(const FcCharSet *fcs, unsigned int ucs4);
    """)
