"""What independent programs say of the PDF: PDF/UA-1 and PDF/A-3a (page), its syntax (qpdf), its fonts (poppler)."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pypdf
import pytest
from tests.records import as_record
from tests.report.conformance import findings
from tests.report.pdf_structure import elements

from hostwise.report.page.html import PAPER, html_report

REPORTS = ["support-summariser", "hospital-no-gpu-team", "unanswered-gate"]
every_report = pytest.mark.parametrize("name", REPORTS)


@pytest.fixture(scope="module")
def files(printed: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("pdf")

    def file(name: str) -> Path:
        path = folder / f"{name}.pdf"
        path.write_bytes(printed(name).pdf)
        return path

    return file


def said(*command: str | Path) -> str:
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@every_report
@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_it_conforms_to_pdf_ua_1_and_pdf_a_3a(name: str, profile: str, printed: Callable[..., Any]) -> None:
    assert findings(printed(name).pdf, profile) == []


def test_a_file_that_does_not_conform_is_told_so(printed: Callable[..., Any]) -> None:
    untagged = pypdf.PdfWriter(clone_from=io.BytesIO(printed("support-summariser", "leadership").pdf))
    del untagged.root_object["/StructTreeRoot"]
    out = io.BytesIO()
    untagged.write(out)
    assert any("StructTreeRoot" in finding for finding in findings(out.getvalue(), "ua1"))


@every_report
def test_every_stream_is_as_long_as_it_says(name: str, printed: Callable[..., Any]) -> None:
    pdf, found = printed(name).pdf, 0
    for length in re.finditer(rb"/Length (\d+)", pdf):
        start = re.compile(rb".*?stream\r?\n", re.DOTALL).match(pdf, length.end())
        assert start is not None
        end = start.end() + int(length[1])
        assert re.match(rb"\r?\n?endstream\b", pdf[end : end + 12]), (length[0], pdf[end - 3 : end + 12])
        found += 1
    assert found > 20


@every_report
def test_its_syntax_is_sound(name: str, files: Callable[[str], Path]) -> None:
    assert "No syntax or stream encoding errors found" in said("qpdf", "--check", files(name))


@every_report
def test_every_font_is_embedded_in_part_and_maps_to_unicode(name: str, files: Callable[[str], Path]) -> None:
    rows = [line.split() for line in said("pdffonts", files(name)).splitlines()[2:]]
    assert len(rows) >= 2
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows), rows
    assert {row[0].split("+")[1] for row in rows} == {"IBM-Plex-Sans", "IBM-Plex-Sans-Semi-Bold"}


@every_report
def test_nothing_in_it_is_a_raster_picture(name: str, files: Callable[[str], Path]) -> None:
    assert said("pdfimages", "-list", files(name)).splitlines()[2:] == []


@every_report
def test_it_is_tagged_titled_and_in_its_language(name: str, files: Callable[[str], Path]) -> None:
    info = dict(line.split(":", 1) for line in said("pdfinfo", files(name)).splitlines())
    assert info["Tagged"].strip() == "yes"
    assert info["JavaScript"].strip() == "no"
    assert info["Title"].strip().startswith("Hosting decision: ")
    root = pypdf.PdfReader(files(name)).trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


@every_report
def test_every_figure_of_the_document_has_a_text_in_its_place(name: str, printed: Callable[..., Any]) -> None:
    reader = pypdf.PdfReader(io.BytesIO(printed(name).pdf))
    found = list(elements(reader.trailer["/Root"]["/StructTreeRoot"]))
    kinds = Counter(str(element["/S"]) for element in found)
    assert kinds["/Figure"] >= 2 and kinds["/Table"] >= 10 and kinds["/L"] >= 5 and kinds["/H1"] == 1
    assert all(str(element.get("/Alt", "")).strip() for element in found if element["/S"] == "/Figure")


@every_report
def test_bookmarks_are_the_headings_in_their_order(name: str, printed: Callable[..., Any], decided: Any) -> None:
    reader = pypdf.PdfReader(io.BytesIO(printed(name).pdf))
    bookmarks = [" ".join(entry.title.split()) for entry in flat(reader.outline)]
    assert bookmarks == headings(html_report(as_record(decided(name)), medium=PAPER, audience="audit"))
    assert len(bookmarks) > 20


def flat(outline: Any) -> Iterator[Any]:
    for entry in outline:
        if isinstance(entry, list):
            yield from flat(entry)
        else:
            yield entry


def headings(html: str) -> list[str]:
    found = re.findall(r"<h[1-6]\b[^>]*>(.*?)</h[1-6]>", html, flags=re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for text in found]
