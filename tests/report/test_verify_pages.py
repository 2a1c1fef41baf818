"""`hostwise verify report.pdf`: a page that was touched is found and named, the record inside it left as it is."""

from __future__ import annotations

import io
import re
import shutil
import zlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import CliRunner
from pypdf import generic
from tests.decided_once import laid_out_once
from tests.pdf_files import SMALL, assembled
from tests.records import as_record

from hostwise.cli.main import cli
from hostwise.flow.knowledge import load_knowledge
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.json_values import as_text
from hostwise.reading.limited import in_limits
from hostwise.report.pdf.verify import pages as module
from hostwise.report.pdf.verify.pages import PagesFinding, verify_pages
from hostwise.report.pdf.write import pdf_report
from hostwise.workbench.exchange.dmn_write import dmn_text

pytestmark = pytest.mark.usefixtures("decided_once", "laid_out_once", "limited_here")

TEMPLATES = Path(__file__).parents[2] / "templates"
READERS = "formerly:"
Forge = Callable[[Any], None]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company's own templates, with a reader of a few pages."""
    folder = tmp_path_factory.mktemp("own") / "templates"
    shutil.copytree(TEMPLATES, folder)
    layout = folder / "report" / "sections.yaml"
    text = layout.read_text(encoding="utf-8")
    assert READERS in text
    board = "  board: {sections: [verdict, contents, options, panel]}\n"
    layout.write_text(text.replace(READERS, board + READERS), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def data(decided: Any) -> dict[str, Any]:
    record: dict[str, Any] = decided("unanswered-gate")
    return record


@pytest.fixture(scope="module")
def report(data: dict[str, Any], own: Path) -> bytes:
    with laid_out_once():
        return pdf_report(as_record(data), own, "board")


@pytest.fixture(scope="module")
def verified(data: dict[str, Any], own: Path, report: bytes) -> Callable[[bytes], PagesFinding]:
    """Verification, where the report that every test compares with is rendered once."""
    again = lru_cache(lambda reader, doubted: pdf_report(as_record(data), own, reader, doubted=doubted))

    def verify(content: bytes) -> PagesFinding:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "pdf_report", lambda _record, _folder, reader, _, doubted: again(reader, doubted))
            return verify_pages(content, as_record(data), "report.pdf", own)

    return verify


def forged(report: bytes, change: Forge) -> bytes:
    """The report with a change that any PDF library can make; its attachments stay."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(report))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    assert pypdf.PdfReader(io.BytesIO(out.getvalue())).attachments.keys() == {"record.json", "questionnaire.yaml"}
    return out.getvalue()


def _drawn(writer: Any, page: int, change: Callable[[bytes], bytes]) -> None:
    """Change what a page draws, as bytes of its content stream."""
    contents = writer.pages[page - 1]["/Contents"].get_object()
    before = contents.get_data()
    after = change(before)
    assert after != before
    contents._data = zlib.compress(after)
    contents.update({generic.NameObject("/Filter"): generic.NameObject("/FlateDecode")})
    contents.decoded_self = None


def _one_letter(drawing: bytes) -> bytes:
    """In the first long text, the first letter is drawn once more in the place of the second."""
    changed: bytes = re.sub(rb"\[<(\w{4})>([^<]*)<(?!\1)\w{4}>(?=([^<]*<\w{4}>){6})", rb"[<\1>\2<\1>", drawing, count=1)
    return changed


def change_a_letter(writer: Any) -> None:
    _drawn(writer, 2, _one_letter)


def change_a_colour(writer: Any) -> None:
    _drawn(writer, 1, lambda drawing: drawing.replace(b" rg\n", b" rg\n1 0 0 rg\n", 1))


def remove_a_page(writer: Any) -> None:
    writer.remove_page(1)


def swap_pages(writer: Any) -> None:
    kids = writer.pages[0]["/Parent"]["/Kids"]
    kids[1], kids[2] = kids[2], kids[1]


def add_a_page(writer: Any) -> None:
    writer.insert_blank_page(index=1)


def lay_a_note_over(writer: Any) -> None:
    from pypdf.annotations import FreeText

    writer.add_annotation(page_number=2, annotation=FreeText(text="$1,000", rect=(50, 550, 200, 650)))


def draw_letters_as_others(writer: Any) -> None:
    fonts = writer.pages[0]["/Resources"]["/Font"]
    font = fonts[sorted(fonts)[0]]["/DescendantFonts"][0].get_object()
    font[generic.NameObject("/CIDToGIDMap")] = generic.NameObject("/Other")


PAGES = [
    (change_a_letter, r"page 2 differs: it says “.*” where the record gives “"),
    (change_a_colour, r"page 1 differs: its text is the same, but it is drawn otherwise"),
    (remove_a_page, r"page 2 of the report is missing"),
    (swap_pages, r"page \d is page \d of the report, out of its place"),
    (add_a_page, r"page 2 is no page of the report"),
    (lay_a_note_over, r"page 3 differs: its text is the same, but what lies over it"),
    (draw_letters_as_others, r"page 1 differs: its text is the same, but the shape of its letters is not"),
]


@pytest.mark.parametrize(("change", "said"), PAGES, ids=[change.__name__ for change, _ in PAGES])
def test_a_page_that_was_touched_is_named(
    change: Forge, said: str, report: bytes, verified: Callable[[bytes], PagesFinding]
) -> None:
    finding = verified(forged(report, change))
    assert not finding.alike
    assert re.search(said, "\n".join(finding.lines()))
    assert finding.notes == ()


def test_only_the_page_that_was_touched_is_named(report: bytes, verified: Callable[[bytes], PagesFinding]) -> None:
    assert [line.split()[1] for line in verified(forged(report, change_a_letter)).pages] == ["2"]


def run_a_script(writer: Any) -> None:
    action = {"/S": generic.NameObject("/JavaScript"), "/JS": generic.TextStringObject("app.alert(1)")}
    entries = {generic.NameObject(key): value for key, value in action.items()}
    writer.root_object[generic.NameObject("/OpenAction")] = generic.DictionaryObject(entries)


def rename_a_bookmark(writer: Any) -> None:
    writer.root_object["/Outlines"]["/First"].get_object()[generic.NameObject("/Title")] = generic.TextStringObject("x")


def say_another_title(writer: Any) -> None:
    writer.add_metadata({"/Title": "Hosting decision: something else"})


def read_out_another_chart(writer: Any) -> None:
    figures = [o.get_object() for o in writer._objects if isinstance(o, dict) and "/Alt" in o]
    assert figures
    figures[0][generic.NameObject("/Alt")] = generic.TextStringObject("Everything is cheap")


BESIDE = [
    (run_a_script, "/OpenAction"),
    (rename_a_bookmark, "the bookmarks"),
    (say_another_title, "the document's information"),
    (read_out_another_chart, "the structure that screen readers follow"),
]


@pytest.mark.parametrize(("change", "part"), BESIDE, ids=[change.__name__ for change, _ in BESIDE])
def test_a_change_beside_the_pages_is_named(
    change: Forge, part: str, report: bytes, verified: Callable[[bytes], PagesFinding]
) -> None:
    finding = verified(forged(report, change))
    assert not finding.alike
    assert finding.pages == ()
    assert part in finding.beside


def test_the_same_pages_packed_otherwise_are_the_same(report: bytes, verified: Callable[[bytes], PagesFinding]) -> None:
    again = forged(report, lambda writer: None)
    assert again != report
    finding = verified(again)
    assert finding.alike and not finding.bytes_same
    assert verified(report) == PagesFinding("report.pdf", bytes_same=True)


def _by_other_versions(writer: Any) -> None:
    metadata = writer.root_object["/Metadata"].get_object()
    packet = metadata.get_data()
    assert b"WeasyPrint 7" in packet
    assert "/Filter" not in metadata
    metadata._data = re.sub(rb"tools=\"WeasyPrint [\d.]+", b'tools="WeasyPrint 66.1', packet)
    metadata.decoded_self = None


def test_an_older_file_is_told_from_a_forged_one(report: bytes, verified: Callable[[bytes], PagesFinding]) -> None:
    def older(writer: Any) -> None:
        _by_other_versions(writer)
        change_a_colour(writer)

    def older_and_forged(writer: Any) -> None:
        _by_other_versions(writer)
        change_a_letter(writer)

    honest = "\n".join(verified(forged(report, older)).lines())
    assert "made by WeasyPrint 66.1" in honest
    assert "here are WeasyPrint " in honest
    assert "the words of all pages are the same" in honest
    assert "Words that only the file has" in "\n".join(verified(forged(report, older_and_forged)).lines())


def test_other_templates_are_said_to_be_other_ones(report: bytes, data: dict[str, Any], own: Path) -> None:
    with pytest.raises(InputError, match=r"'board'.*--templates DIR"):
        verify_pages(report, as_record(data), "report.pdf")
    full = pdf_report(as_record(data), own, "leadership")
    assert verify_pages(full, as_record(data), "report.pdf", own).bytes_same
    (own / "note.txt").write_text("another folder", encoding="utf-8")
    finding = verify_pages(full, as_record(data), "report.pdf", own)
    (own / "note.txt").unlink()
    assert finding.pages == ()
    assert any("made with other templates" in note and "--templates DIR" in note for note in finding.notes)


def test_the_command_says_it_and_exits_with_1(data: dict[str, Any], tmp_path: Path) -> None:
    record, file = tmp_path / "record.json", tmp_path / "report.pdf"
    record.write_text(as_record(data).json, encoding="utf-8")
    dmn_text(load_knowledge())  # in one process with an export, which names XML namespaces for all of it
    content = pdf_report(as_record(data))
    file.write_bytes(content)
    good = CliRunner().invoke(cli, ["verify", str(file)])
    assert good.exit_code == 0, good.output
    assert "computed again, the record is the same" in good.output
    assert "its bytes are the ones that this record renders to" in good.output
    assert good.output.endswith(": verified.\n")
    file.write_bytes(forged(content, change_a_letter))
    bad = CliRunner().invoke(cli, ["verify", str(file)])
    assert bad.exit_code == 1
    assert "computed again, the record is the same" in bad.output
    assert "NOT the ones that this record renders to" in bad.output
    assert "page 2 differs" in bad.output
    assert bad.output.endswith(": NOT verified.\n")
    file.write_bytes(forged(content, lambda writer: None))
    other = CliRunner().invoke(cli, ["verify", str(file)])
    assert other.exit_code == 3
    assert "the same record, and pages that look the same, but other bytes" in other.output


def test_templates_for_a_record_alone_are_refused(data: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text(as_text(data), encoding="utf-8")
    said = CliRunner().invoke(cli, ["verify", str(file), "--templates", str(TEMPLATES)])
    assert said.exit_code == 2
    assert "--templates is for a PDF report" in said.output


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"%PDF-1.7\ntrailer\n<</Root 1 0 R>>\n%%EOF", b"%PDF-" + bytes(300)]
)
def test_a_broken_file_is_one_sentence(content: bytes, data: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="the PDF is damaged, or was changed"):
        verify_pages(content, as_record(data), "report.pdf")


def test_a_record_that_renders_for_ever_is_stopped(
    data: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hostwise.cli.vouch.verify.in_limits", in_limits)
    # To lay out so much takes minutes on any machine; to decide again and read, seconds.
    verdict = {**data["verdict"], "needs": data["verdict"]["needs"] * 5000}
    content = as_text({**data, "verdict": verdict}).encode()
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(record.json) 5 0 R]>>>>>>",
        5: b"<</Type/Filespec/F(record.json)/EF<</F 6 0 R>>>>",
        6: b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    }
    file = tmp_path / "report.pdf"
    file.write_bytes(assembled({**SMALL, **objects}))
    said = CliRunner().invoke(cli, ["verify", str(file), "--seconds", "3"])
    assert said.exit_code == 1
    assert "stopped: to compute it again takes more than 3 s of computing" in said.output
    assert said.output.endswith(": NOT verified.\n")


def test_the_attached_questionnaire_is_held_against_that_of_the_record(
    report: bytes, verified: Callable[[bytes], PagesFinding]
) -> None:
    """It was only said that attachments differ, and the record inside was the same."""

    def change(writer: Any) -> None:
        names = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"]
        stream = names[list(names).index("questionnaire.yaml") + 1].get_object()["/EF"]["/F"].get_object()
        stream.set_data(stream.get_data().replace(b"12M", b"13M"))

    found = verified(forged(report, change))
    lines = " ".join(found.lines())
    assert not found.bytes_same and found.pages == ()
    assert "Beside the pages, these differ: the attachments." in lines
    assert re.search(r"The attached questionnaire.yaml is NOT the one within the record: line \d+ is another\.", lines)
