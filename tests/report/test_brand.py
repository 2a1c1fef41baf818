"""What a company puts into `brand.yaml`: colours that can be read, and a logo that is a picture and no more."""

from __future__ import annotations

import base64
import io
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pypdf
import pytest
from tests.records import as_record

from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.report.brand.brand import read_brand
from hostwise.report.brand.logo import LARGEST, PNG, SVG, read_logo
from hostwise.report.page.html import html_report
from hostwise.report.render import render

DRAWING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10">\n'
    "<title>Acme</title>\n<style>.k{fill:#0b5d57}</style>\n"
    '<defs><clipPath id="c"><rect width="40" height="10"/></clipPath></defs>\n'
    '<g clip-path="url(#c)"><path class="k" d="M0 0h40v10z"/><circle cx="5" cy="5" r="4" fill="#1b1f24"/></g>\n</svg>\n'
)


def _part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def picture(width: int = 4, height: int = 2) -> bytes:
    """A PNG of one colour."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x0b\x5d\x57" * width) * min(height, 64)
    return b"\x89PNG\r\n\x1a\n" + _part(b"IHDR", head) + _part(b"IDAT", zlib.compress(rows)) + _part(b"IEND", b"")


def branded(templates: Path, logo: bytes, name: str = "logo.svg", alt: str | None = "Acme") -> Path:
    """The templates with a logo."""
    (templates / name).write_bytes(logo)
    with (templates / "brand.yaml").open("a", encoding="utf-8") as file:
        file.write(f"logo: {name}\n" + (f'logo_alt: "{alt}"\n' if alt is not None else ""))
    return templates


def findings(templates: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as caught:
        read_brand(templates)
    return caught.value.diagnostics


@pytest.mark.parametrize(("content", "kind"), [(DRAWING.encode(), SVG), (picture(), PNG)])
def test_the_logo_stands_in_the_page_as_a_picture(
    content: bytes, kind: str, own_templates: Path, summariser: dict[str, Any]
) -> None:
    # What the file holds says what it is, not its name.
    html = html_report(
        as_record(summariser), branded(own_templates, content, "logo.dat", "Acme & Sons"), audience="audit"
    )
    (source,) = re.findall(r'<img class="logo" src="([^"]+)" alt="Acme &amp; Sons">', html)
    assert source == f"data:{kind};base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize(("content", "pictures"), [(DRAWING.encode(), 0), (picture(), 1)])
def test_the_logo_is_drawn_in_the_pdf(
    content: bytes, pictures: int, own_templates: Path, summariser: dict[str, Any]
) -> None:
    pdf = render(as_record(summariser), "pdf", branded(own_templates, content), audience="leadership")
    assert isinstance(pdf, bytes)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages[0].images) == pictures
    objects = [reader.get_object(number) for number in range(1, int(reader.trailer["/Size"]))]
    alternatives = [entry.get("/Alt") for entry in objects if isinstance(entry, dict)]
    assert alternatives.count("Acme") == 1
    if not pictures:
        # The colour of its style sheet, 0b5d57, as a vector's fill, drawn before any text.
        drawn = reader.pages[0].get_contents().get_data().split(b"BT")[0]
        assert b"0.043137 0.364706 0.341176 rg" in drawn


def test_the_same_page_without_a_logo_has_none(summariser: dict[str, Any]) -> None:
    assert 'class="logo"' not in html_report(as_record(summariser), audience="audit")


ATTACKS = {
    "script": "<script>alert(1)</script>",
    "foreignObject": "<foreignObject><div xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
    "image": "<image href='http://127.0.0.1/x.png' width='1' height='1'/>",
    "use": "<use href='#c'/>",
    "text": "<text>Acme</text>",
    "animate": "<animate attributeName='href' to='javascript:x'/>",
    "a": "<a href='javascript:alert(1)'><path d='M0 0'/></a>",
    "linearGradient": "<linearGradient id='g'/>",
    "attribute onload": "<g onload='alert(1)'/>",
    "attribute onclick": "<path d='M0 0' onclick='alert(1)'/>",
    "attribute base": "<g xml:base='http://127.0.0.1/'/>",
    "attribute fill": "<path d='M0 0' fill='url(http://127.0.0.1/x#y)'/>",
    "attribute style": "<path d='M0 0' style='fill:url(\"//127.0.0.1/x\")'/>",
    "attribute mask": "<path d='M0 0' mask='url(  file:///etc/passwd)'/>",
    "outside the file": "<style>@import 'http://127.0.0.1/x.css';</style>",
    "names something outside": "<style>path{fill:u\\72l(http://127.0.0.1/)}</style>",
    "instruction": "<?xml-stylesheet href='http://127.0.0.1/x.css'?>",
    "<b>": "<b xmlns='http://www.w3.org/1999/xhtml'/>",
}


@pytest.mark.parametrize("named", ATTACKS)
def test_a_drawing_holds_shapes_and_nothing_else(named: str, own_templates: Path) -> None:
    attacked = DRAWING.replace("<defs>", f"\n   {ATTACKS[named]}\n<defs>")
    found = findings(branded(own_templates, attacked.encode()))
    assert any(named in finding.message for finding in found), [finding.message for finding in found]
    assert {finding.place.file for finding in found} == {str(own_templates / "logo.svg")}
    assert (found[0].place.line, found[0].place.column) >= (6, 4)


ENTITIES = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
BROKEN: dict[str, tuple[bytes, str]] = {
    "entities": (DRAWING.replace("<svg", ENTITIES + "<svg", 1).encode(), "document type"),
    "another encoding": (DRAWING.replace("UTF-8", "utf-7").encode(), "text in utf-7"),
    "utf-16": (DRAWING.encode("utf-16"), "neither a PNG nor an SVG"),
    "not closed": (DRAWING.replace("</g>", "").encode(), "the SVG is broken: mismatched tag"),
    "no size": (DRAWING.replace(' viewBox="0 0 40 10"', "").encode(), "no viewBox"),
    "a page": (b"<html><body onload='x'></body></html>", "<html> as its outermost element"),
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(40), "neither a PNG nor an SVG"),
    "nothing": (b"", "neither a PNG nor an SVG"),
    "too large": (DRAWING.encode() + b" " * LARGEST, "too large"),
    "a cut PNG": (picture()[:-6], "does not run from its head to its end"),
    "a changed PNG": (picture().replace(b"IDAT\x78", b"IDAT\x79"), "check sum"),
    "a huge PNG": (picture(40_000, 40_000), "unusable size"),
    "a PNG alone": (picture()[:8], "does not run from its head to its end"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_sound_picture_is_refused(name: str, tmp_path: Path) -> None:
    content, said = BROKEN[name]
    file = tmp_path / "logo"
    file.write_bytes(content)
    with pytest.raises(InputError, match=re.escape(said)):
        read_logo(file, "Acme")


def test_every_finding_of_a_brand_comes_at_once_at_its_line(own_templates: Path) -> None:
    (own_templates / "brand.yaml").write_text(
        'name: ""\ncolours:\n  ink: "#1b1f24"\n  muted: "#b0b8c0"\n  acent: "#0b5d57"\n  tint: "#e8f1f0"\n'
        '  rule: red\n  warn: "#8a4b08"\nlogo: ../logo.svg\n',
        encoding="utf-8",
    )
    said = {(d.place.line, d.code): d for d in findings(own_templates)}
    assert set(said) == {
        (1, "no-name"), (4, "contrast"), (5, "unknown-key"), (3, "not-a-colour"), (7, "not-a-colour"),
        (1, "no-logo-alt"), (9, "logo-elsewhere"),
    }  # fmt: skip
    assert said[5, "unknown-key"].suggestion == "accent"
    pale = said[4, "contrast"]
    assert pale.found == "#b0b8c0, a contrast of 1.7 to 1" and pale.accepted == "at least 4.5 to 1"


def test_a_logo_needs_a_text_and_a_text_a_logo(own_templates: Path) -> None:
    assert [d.code for d in findings(branded(own_templates, DRAWING.encode(), alt=None))] == ["no-logo-alt"]
    brand = own_templates / "brand.yaml"
    brand.write_text(brand.read_text(encoding="utf-8").replace("logo: logo.svg", "logo_alt: Acme"), encoding="utf-8")
    assert [d.code for d in findings(own_templates)] == ["no-logo"]


def test_a_logo_is_a_file_of_the_folder(own_templates: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(DRAWING, encoding="utf-8")
    (own_templates / "link.svg").symlink_to(secret)
    brand = own_templates / "brand.yaml"
    good = brand.read_text(encoding="utf-8")
    for name, code in (("link.svg", "logo-elsewhere"), (str(secret), "logo-elsewhere"), ("no.svg", "no-such-file")):
        brand.write_text(good + f"logo: {name}\nlogo_alt: Acme\n", encoding="utf-8")
        assert [d.code for d in findings(own_templates)] == [code]
