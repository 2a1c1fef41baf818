"""The fonts that come with the templates: inside an HTML page as WOFF2, for the PDF writer as plain TrueType.

The PDF writer would unpack WOFF2 in Python at every report, which takes longer than reading it takes. So the fonts of
every report are there as TrueType too; those that few reports need are not.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from hostwise.reading.files.first_bytes import first_bytes
from hostwise.reading.files.folders import templates_dir
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.report.brand.machine_fonts import MachineFont

ASSETS = "hostwise-asset:"
"""The scheme under which the PDF writer asks for packaged files; no other URL is ever served."""
FAMILY = "IBM Plex Sans"
"""What style sheets ask for."""
WEIGHTS = {"regular": 400, "semibold": 600}
_RANGE = re.compile(r"([0-9A-Fa-f]{2,6})(?:-([0-9A-Fa-f]{2,6}))?")


class Face(Struct, frozen=True):
    """One font: its family and weight, the stem of its files' names, its characters as text and as numbers."""

    family: str
    weight: int
    stem: str
    always: bool
    written: str
    characters: frozenset[int]
    only: bool
    """Whether no other weight of these characters is there."""


@lru_cache(maxsize=4)
def all_faces(root: Path) -> tuple[Face, ...]:
    """Every font of a template folder, or ours where it says nothing of fonts. Raises `InputError`."""
    document = read_kept_document(_file(root, "fonts.yaml"))
    found = []
    if wrong := list(_faults(document, root)):
        raise InputError(wrong)
    for index, entry in enumerate(document.data["faces"]):
        spans = [_RANGE.fullmatch(part.strip()) for part in entry["characters"].split(",")]
        if None in spans:
            place = document.place(("faces", index, "characters"))
            accepted = "hexadecimal code points and ranges, such as 0020-007E, 2713"
            raise InputError([Diagnostic(place, "characters", "not a list of characters", accepted=accepted)])
        ends = [(int(span[1], 16), int(span[2] or span[1], 16)) for span in spans if span]
        characters = frozenset(number for low, high in ends for number in range(low, high + 1))
        written = ",".join(f"U+{span[0]}" for span in spans if span)
        files = entry["files"]
        for name, stem in files.items():
            always = bool(entry.get("always", False))
            found.append(Face(entry["family"], WEIGHTS[name], str(stem), always, written, characters, len(files) == 1))
    return tuple(found)


def _faults(document: Document, root: Path) -> Iterator[Diagnostic]:
    """Faces that lack something, and files that are not there."""
    faces = document.data.get("faces") if isinstance(document.data, dict) else None
    if not isinstance(faces, list) or not faces:
        yield Diagnostic(document.place(()), "fonts", "there is no list of faces")
        return
    for index, entry in enumerate(faces):
        here = ("faces", index)
        missing = [
            key for key in ("family", "files", "characters") if not isinstance(entry, dict) or not entry.get(key)
        ]
        if missing:
            yield Diagnostic(document.place(here), "fonts", f"the face has no {missing[0]}")
            continue
        for name, stem in entry["files"].items() if isinstance(entry["files"], dict) else [(str(entry["files"]), "")]:
            if name not in WEIGHTS:
                yield Diagnostic(document.place((*here, "files")), "fonts", "no such weight", found=name,
                                 accepted=", ".join(WEIGHTS))  # fmt: skip
            elif not _file(root, f"{stem}.woff2").is_file():
                yield Diagnostic(document.place((*here, "files", name)), "fonts", "there is no such file",
                                 found=f"{stem}.woff2")  # fmt: skip
            else:
                names = (f"{stem}.woff2", f"print/{stem}.ttf") if entry.get("always") else (f"{stem}.woff2",)
                for odd in (each for each in names if not _is_font(_file(root, each))):
                    message = "this is no font, or a part of one"
                    yield Diagnostic(document.place((*here, "files", name)), "fonts", message, found=odd)


def faces_for(root: Path, text: str) -> tuple[Face, ...]:
    """The fonts that a page needs: those of every page, and those that have one of its other characters."""
    faces = all_faces(root)
    usual = frozenset[int]().union(*(face.characters for face in faces if face.always))
    others = {ord(character) for character in set(text)} - usual
    return tuple(face for face in faces if face.always or others & face.characters)


def screen_font(face: Face, root: Path) -> str:
    """The source of a font inside an HTML page: a data URL."""
    content = _file(root, f"{face.stem}.woff2").read_bytes()
    return f"url(data:font/woff2;base64,{base64.b64encode(content).decode('ascii')}) format('woff2')"


def paper_font(face: Face, _root: Path) -> str:
    """The source of a font for the PDF writer: an address that only its fetcher knows."""
    return f"url({ASSETS}fonts/{_paper_name(face)}) format('{'truetype' if face.always else 'woff2'}')"


def font_faces(root: Path, source: Callable[[Face, Path], str], faces: tuple[Face, ...] | None = None) -> str:
    """The rules that give a style sheet its fonts; those of every page where none are named."""
    chosen = faces or tuple(face for face in all_faces(root) if face.always)
    described = _on_screen if source is screen_font else _on_paper
    return "".join(f"@font-face{{{described(face)};font-style:normal;src:{source(face, root)}}}\n" for face in chosen)


def machine_font_faces(fonts: Sequence[MachineFont]) -> str:
    """The rules for fonts of this machine, as the PDF writer's fetcher knows them."""
    return "".join(
        f"@font-face{{font-family:'{FAMILY} {place}';src:url({address}) format('truetype')}}\n"
        for place, address in enumerate(machine_fonts(fonts))
    )


def machine_fonts(fonts: Sequence[MachineFont]) -> Mapping[str, Path]:
    """The addresses that `machine_font_faces` gives out, with their files."""
    return {f"{ASSETS}machine/{place}": font.path for place, font in enumerate(fonts)}


def _on_screen(face: Face) -> str:
    """One family for all, each face with its characters; a range of weights keeps browsers from a bold of their own."""
    weight = "400 600" if face.only else str(face.weight)
    characters = "" if face.always else f";unicode-range:{face.written}"
    return f"font-family:'{FAMILY}';font-weight:{weight}{characters}"


def _on_paper(face: Face) -> str:
    """A family each: Pango takes one font of a family and looks for other characters in the other families."""
    return f"font-family:'{face.family}';font-weight:{face.weight}"


def paper_fonts(root: Path) -> Mapping[str, Path]:
    """The addresses that `paper_font` gives out, with their files."""
    return {f"{ASSETS}fonts/{_paper_name(face)}": _file(root, _paper_name(face)) for face in all_faces(root)}


def _paper_name(face: Face) -> str:
    return f"print/{face.stem}.ttf" if face.always else f"{face.stem}.woff2"


def _is_font(file: Path) -> bool:
    """Whether a file begins as a font does: what is none would be left out, and the page set in another.

    A WOFF2 (W3C, WOFF File Format 2.0, 4.1) says how long it is; a TrueType file begins with its kind.
    """
    head = first_bytes(file, 12)
    if file.suffix == ".ttf":
        return head[:4] in (b"\x00\x01\x00\x00", b"true", b"OTTO")
    return head[:4] == b"wOF2" and int.from_bytes(head[8:12], "big") == file.stat().st_size


def _file(root: Path, name: str) -> Path:
    """The folder's own file, else the one shipped: a company's templates need not bring any fonts."""
    own = root / "fonts" / name
    return own if own.is_file() else templates_dir() / "fonts" / name
