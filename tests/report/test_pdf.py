"""The PDF: one that an archive keeps, a screen reader reads, and `verify` opens again."""

from __future__ import annotations

import builtins
import gc
import io
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.records import as_data, as_record
from tests.report.pdf_structure import elements

from hostwise.cli.main import cli
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.json_values import as_text
from hostwise.report.render import render

pypdf = pytest.importorskip("pypdf")
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def pdf(printed: Any) -> bytes:
    found: bytes = printed("support-summariser").pdf
    return found


@pytest.fixture(scope="module")
def reader(pdf: bytes) -> Any:
    return pypdf.PdfReader(io.BytesIO(pdf))


@pytest.mark.parametrize(("name", "audience"), [("support-summariser", "leadership"), ("unanswered-gate", "audit")])
def test_same_record_gives_same_bytes(name: str, audience: str, printed: Any, decided: Any) -> None:
    assert render(as_record(decided(name)), "pdf", audience=audience) == printed(name, audience).pdf


def test_record_and_questionnaire_are_attached_as_they_are(reader: Any, summariser: dict[str, Any]) -> None:
    assert reader.attachments["record.json"][0].decode() == as_text(summariser)
    assert reader.attachments["questionnaire.yaml"][0].decode() == summariser["answers"]["text"]
    files = {f.get_object()["/UF"]: f.get_object()["/AFRelationship"] for f in reader.trailer["/Root"]["/AF"]}
    assert files == {"record.json": "/Data", "questionnaire.yaml": "/Source"}


def test_the_names_of_attachments_stand_in_order(reader: Any) -> None:
    """A name tree out of order is searched in vain: qpdf listed both files and found neither."""
    names = reader.trailer["/Root"]["/Names"]["/EmbeddedFiles"]["/Names"]
    assert list(names[::2]) == sorted(names[::2]) == ["questionnaire.yaml", "record.json"]


def test_attached_record_reads_back(pdf: bytes, tmp_path: Any, summariser: dict[str, Any]) -> None:
    from hostwise.record.decide import read_record

    (tmp_path / "report.pdf").write_bytes(pdf)
    assert as_data(read_record(tmp_path / "report.pdf")) == summariser


def test_dates_are_the_records_own(reader: Any) -> None:
    assert reader.metadata["/CreationDate"].startswith("D:20261120")
    assert b"2026-11-20" in reader.trailer["/Root"]["/Metadata"].get_data()


def test_it_says_that_it_is_pdf_a_3a_and_pdf_ua_1(reader: Any) -> None:
    metadata = reader.trailer["/Root"]["/Metadata"].get_data()
    assert b'pdfaid:part="3" pdfaid:conformance="A"' in metadata
    assert b'pdfuaid:part="1"' in metadata
    assert metadata.count(b"<rdf:RDF") == 1
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_every_table_heading_has_a_scope_and_every_figure_a_text(reader: Any) -> None:
    nodes = list(elements(reader.trailer["/Root"]["/StructTreeRoot"]))
    headings = [node for node in nodes if node["/S"] == "/TH"]
    figures = [node for node in nodes if node["/S"] == "/Figure" and "/Alt" in node]
    scopes = {str(node["/A"].get_object()["/Scope"]) for node in headings}
    assert len(headings) > 50
    assert scopes == {"/Column", "/Row"}
    assert any("Managed open-model provider at" in str(figure["/Alt"]) for figure in figures)


def test_only_the_shipped_fonts_and_no_pictures(reader: Any) -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[1]
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert fonts == {"IBM-Plex-Sans", "IBM-Plex-Sans-Semi-Bold"}
    assert not any(page.images for page in reader.pages)


def test_a_company_without_fonts_of_its_own_gets_ours(own_templates: Any, undecided: dict[str, Any]) -> None:
    shutil.rmtree(own_templates / "fonts")
    fonts = pypdf.PdfReader(
        io.BytesIO(bytes(render(as_record(undecided), "pdf", own_templates, audience="leadership")))
    )  # type: ignore[arg-type]
    names = {str(font.get_object()["/BaseFont"]) for font in fonts.pages[0]["/Resources"]["/Font"].values()}
    assert {name.split("+")[1] for name in names} == {"IBM-Plex-Sans", "IBM-Plex-Sans-Semi-Bold"}


def test_metadata_is_plain_text_and_nothing_is_left_of_the_writing(
    pdf: bytes, undecided: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b'pdfaid:part="3"' in pdf
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = gc.get_threshold()
    render(as_record(undecided), "pdf", audience="leadership")
    assert gc.get_threshold() == before
    assert not list(tmp_path.glob("weasyprint-*")), "copies of the fonts"


def test_pages_are_numbered_headed_and_listed(reader: Any) -> None:
    total = len(reader.pages)
    assert 8 <= total <= 32  # every rule of the rulebook stands in it, the ones that did not fire too
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert f"page {number} of {total}" in text
        assert "Support summariser" in text
        assert ("Hostwise · decision" in text) == (number > 1)
    contents = reader.pages[1].extract_text()
    bookmarks = list(_flat(reader.outline))
    titles = [entry.title for entry in bookmarks]
    assert titles[0] == "Support summariser"
    for title in ("The options side by side", "What the five source documents say", "Words used here"):
        assert title in titles
        page = reader.get_destination_page_number(bookmarks[titles.index(title)]) + 1
        line = next(line for line in contents.splitlines() if line.startswith(title))
        assert line.rstrip().endswith(str(page))


def _flat(outline: Any) -> Any:
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry


@pytest.mark.parametrize("audience", ["leadership", "engineering", "audit"])
@pytest.mark.usefixtures("pages_end_full")  # what nobody printed yet: its first page ends where it did
def test_the_first_page_is_one_that_a_leader_can_act_on(audience: str, printed: Any, summariser: Any) -> None:
    shared = audience != "engineering"
    content = printed("support-summariser", audience).pdf if shared else _printed(summariser, audience)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    first = pages[0].extract_text()
    for expected in (
        "Hosting decision",
        "Managed open-model provider",
        "$36,370",
        "Saves a month",
        "First step",
        "Owner: engineering",
        "Three reasons",
        "What it costs to be wrong",
        "Asked by: Customer operations",
        "20 November 2026",
    ):
        assert expected in first
    assert "Contents" in pages[1].extract_text() or audience == "leadership"


def _printed(data: dict[str, Any], audience: str) -> bytes:
    content = render(as_record(data), "pdf", audience=audience)
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize("name", ["support-summariser", "hospital-no-gpu-team", "unanswered-gate"])
def test_no_heading_stands_alone_at_the_foot_of_a_page(name: str, printed: Any) -> None:
    reader = pypdf.PdfReader(io.BytesIO(printed(name).pdf))
    foot = 51 + 3 * 13  # the lower margin of the page, and three lines of text in points
    alone = [entry.title for entry in _flat(reader.outline) if entry.top is not None and entry.top < foot]
    assert not alone


@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.yaml")))
def test_leadership_reads_a_few_pages(name: str, decided: Any, printed: Any) -> None:
    reader = pypdf.PdfReader(io.BytesIO(printed(name, "leadership").pdf))
    decisive = decided(name)["verdict"]["status"] == "decided"
    assert len(reader.pages) in ((4, 5, 6) if decisive else (2,))
    first = reader.pages[0].extract_text()
    assert ("Three reasons" in first) == (decisive and len(decided(name)["verdict"]["reasons"]) >= 3)
    assert "First step" in first
    assert not re.search(r"\bS\d-\d\d|\w\.yaml:\d", "".join(page.extract_text() for page in reader.pages))


def test_a_missing_library_is_one_sentence(summariser: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_pango(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libgobject-2.0-0'")
        return real(name, *args, **kwargs)

    for module in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(InputError, match=r"apt-get install libpango|brew install pango") as caught:
        render(as_record(summariser), "pdf", audience="audit")
    assert len(caught.value.diagnostics) == 1


def test_a_record_of_another_shape_is_refused(summariser: dict[str, Any], tmp_path: Path) -> None:
    for key in ("verdict", "ledgers", "facts", "panel", "robustness"):
        broken = json.loads(json.dumps(summariser))
        broken[key] = None
        file = tmp_path / "record.json"
        file.write_text(json.dumps(broken))
        for kind in ("html", "md", "pdf"):
            result = CliRunner().invoke(cli, ["report", str(file), "-o", str(tmp_path / f"r.{kind}")])
            assert isinstance(result.exception, InputError)
            assert f"$.{key}: it has another shape" in str(result.exception)
            assert not (tmp_path / f"r.{kind}").exists()
