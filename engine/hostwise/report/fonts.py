"""The fonts that come with the templates: inside an HTML page as WOFF2, for the PDF writer as plain TrueType.

The PDF writer would unpack WOFF2 in Python at every report, which takes longer than reading it takes.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hostwise.reading.resources import templates_dir

ASSETS = "hostwise-asset:"
"""The scheme under which the PDF writer asks for packaged files; no other URL is ever served."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font: the family and weight that style sheets ask for, and the stem of its files' names."""

    family: str
    weight: int
    stem: str


FACES = (Face("IBM Plex Sans", 400, "IBMPlexSans-Regular"), Face("IBM Plex Sans", 600, "IBMPlexSans-SemiBold"))


def screen_font(face: Face, root: Path) -> str:
    """The source of a font inside an HTML page: a data URL."""
    content = _file(root, f"{face.stem}.woff2").read_bytes()
    return f"url(data:font/woff2;base64,{base64.b64encode(content).decode('ascii')}) format('woff2')"


def paper_font(face: Face, _root: Path) -> str:
    """The source of a font for the PDF writer: an address that only its fetcher knows."""
    return f"url({_address(face)}) format('truetype')"


def font_faces(root: Path, source: Callable[[Face, Path], str]) -> str:
    """The rules that give a style sheet its fonts."""
    return "".join(
        f"@font-face{{font-family:'{face.family}';font-weight:{face.weight};font-style:normal;"
        f"src:{source(face, root)}}}\n"
        for face in FACES
    )


def paper_fonts(root: Path) -> Mapping[str, Path]:
    """The addresses that `paper_font` gives out, with their files."""
    return {_address(face): _file(root, f"print/{face.stem}.ttf") for face in FACES}


def _address(face: Face) -> str:
    return f"{ASSETS}fonts/print/{face.stem}.ttf"


def _file(root: Path, name: str) -> Path:
    """The folder's own font, else the one shipped: a company's templates need not bring any."""
    own = root / "fonts" / name
    return own if own.is_file() else templates_dir() / "fonts" / name
