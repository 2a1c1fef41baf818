"""What a company changes first, `brand.yaml`: its name, its colours and its logo, each checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from msgspec import Struct

from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.findings.suggest import nearest
from hostwise.report.brand.contrast import CONTRAST_OF_TEXT, contrast, on_white
from hostwise.report.brand.logo import Logo, read_logo
from hostwise.report.language.language import HOME, languages

COLOURS = ("ink", "muted", "accent", "tint", "rule", "warn")
TEXT = ("ink", "muted", "accent", "warn")
LONGEST_ALT = 200
_KEYS = ("name", "colours", "logo", "logo_alt", "language")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Brand(Struct, frozen=True):
    """A company's name, its colours (`#rrggbb`, by what they are for), its logo, if it has one, and its language."""

    name: str
    colours: Mapping[str, str]
    logo: Logo | None = None
    language: str = HOME


def read_brand(root: Path) -> Brand:
    """Read `brand.yaml` of a template folder and the logo it names.

    Raises `InputError` with everything that is wrong, each finding at its line.
    """
    document = read_kept_document(root / "brand.yaml")
    data = document.data if isinstance(document.data, dict) else {}
    wrong = [*_wrong_keys(document, data), *_wrong_colours(document, data.get("colours"))]
    logo, of_logo = _logo(document, data, root)
    if wrong or of_logo:
        raise InputError([*wrong, *of_logo])
    return Brand(str(data["name"]), dict(data["colours"]), logo, data.get("language", HOME))


def _wrong_keys(document: Document, data: Mapping[str, Any]) -> Iterator[Diagnostic]:
    for key in data:
        if key not in _KEYS:
            yield document.finding(
                (key,), "unknown-key", f"there is no {key!r} in a brand", key=True,
                accepted=", ".join(_KEYS), suggestion=nearest(str(key), _KEYS),
            )  # fmt: skip
    if not isinstance(data.get("name"), str) or not data["name"].strip():
        yield document.finding(("name",), "no-name", "the brand has no name", accepted="name: the company's name")
    known = languages(Path(document.file).parent)
    if data.get("language", HOME) not in known:
        yield document.finding(
            ("language",), "unknown-language", "there is no report in this language",
            found=str(data["language"]), accepted=", ".join(known),
        )  # fmt: skip


def _wrong_colours(document: Document, colours: Any) -> Iterator[Diagnostic]:
    if not isinstance(colours, dict):
        yield document.finding(("colours",), "no-colours", "the brand has no colours", accepted=", ".join(COLOURS))
        return
    for name in colours:
        if name not in COLOURS:
            yield document.finding(
                ("colours", name), "unknown-key", f"no colour is called {name!r}", key=True,
                accepted=", ".join(COLOURS), suggestion=nearest(str(name), COLOURS),
            )  # fmt: skip
    good = {name for name, value in colours.items() if isinstance(value, str) and _COLOUR.fullmatch(value)}
    for name in COLOURS:
        # Colours are written into the style sheet as they are, so they must be colours and nothing else.
        if name not in good:
            found = str(colours[name]) if name in colours else None
            message = f"{name} is not a colour" if name in colours else f"the colour {name} is missing"
            yield document.finding(("colours", name), "not-a-colour", message, found=found, accepted="#rrggbb")
    for name, ground in product(TEXT, ("", "tint")):
        if {name, ground or name} <= good:
            yield from _too_pale(document, colours, name, ground)


def _too_pale(document: Document, colours: Mapping[str, str], name: str, ground: str) -> Iterator[Diagnostic]:
    reached = contrast(colours[name], colours[ground]) if ground else on_white(colours[name])
    if reached < CONTRAST_OF_TEXT:
        where = f"{ground} ({colours[ground]})" if ground else "the white page"
        yield document.finding(
            ("colours", name), "contrast", f"text in {name} cannot be read on {where}",
            found=f"{colours[name]}, a contrast of {reached:.1f} to 1", accepted=f"at least {CONTRAST_OF_TEXT} to 1",
        )  # fmt: skip


def _logo(document: Document, data: Mapping[str, Any], root: Path) -> tuple[Logo | None, list[Diagnostic]]:
    """The logo, or what is wrong with it."""
    name, alt = data.get("logo"), data.get("logo_alt")
    if name is None:
        unused = document.finding(("logo_alt",), "no-logo", "logo_alt describes a logo, and there is none", key=True)
        return None, [unused] if alt is not None else []
    wrong = []
    if not isinstance(alt, str) or not 0 < len(alt.strip()) <= LONGEST_ALT:
        message = "the logo needs a text that stands for it, for those who cannot see it"
        accepted = f'logo_alt: "Acme", at most {LONGEST_ALT} characters'
        wrong.append(document.finding(("logo_alt",), "no-logo-alt", message, accepted=accepted))
    path = root / str(name)
    if not isinstance(name, str) or not path.resolve().is_relative_to(root.resolve()):
        message = "the logo must be a file beside brand.yaml, or in a folder below"
        return None, [*wrong, document.finding(("logo",), "logo-elsewhere", message, found=str(name))]
    if not path.is_file():
        return None, [*wrong, document.finding(("logo",), "no-such-file", "there is no such file", found=name)]
    try:
        return read_logo(path, str(alt).strip()), wrong
    except InputError as problem:
        return None, [*wrong, *problem.diagnostics]
