"""What no layout expects still gives sound pages, in letters of the packaged fonts alone."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
import yaml
from tests.records import as_data, as_record
from tests.report.conftest import Printed, print_record
from tests.report.stress import ENDLESS_TEXT, ENDLESS_WORD, SCRIPTS, firing, questionnaire, saying, text_questions

import hostwise
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decide import decide
from hostwise.report.page.html import PAPER, html_report
from hostwise.report.render import render

SHIPPED = {
    *("IBM-Plex-Sans", "IBM-Plex-Sans-Semi-Bold", "IBM-Plex-Sans-Arabic", "IBM-Plex-Sans-Arabic-Semi-Bold"),
    *("IBM-Plex-Sans-Hebrew", "IBM-Plex-Sans-Hebrew-Semi-Bold", "Noto-Sans-Symbols"),
    *(f"Noto-Emoji-{letter}" for letter in "ABCD"),
}


@pytest.fixture(scope="module")
def said(decided: Callable[[str], Any]) -> Callable[[str], Printed]:
    """Two pages that say a text of `SCRIPTS` in every field."""
    made: dict[str, Printed] = {}

    def printed(name: str) -> Printed:
        if name not in made:
            made[name] = print_record(saying(decided("unanswered-gate"), SCRIPTS[name]), "leadership")
        return made[name]

    return printed


@pytest.fixture(scope="module", params=[ENDLESS_TEXT, ENDLESS_WORD], ids=["text", "word"])
def endless(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("endless") / "answers.yaml"
    answers = questionnaire(request.param, "unanswered-gate")
    file.write_text(yaml.safe_dump(answers, allow_unicode=True, sort_keys=False), encoding="utf-8")
    record: dict[str, Any] = as_data(decide(hostwise.load_answers(file)))
    return record


def add_reader(templates: Path, *sections: str) -> None:
    """A reader called `theirs`, who gets these sections."""
    layout = templates / "report" / "sections.yaml"
    text = layout.read_text(encoding="utf-8")
    assert "formerly:" in text
    theirs = f"  theirs: {{sections: [{', '.join(sections)}]}}\n"
    layout.write_text(text.replace("formerly:", theirs + "formerly:"), encoding="utf-8")


def fonts(pdf: bytes) -> set[str]:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    found = (font.get_object() for page in reader.pages for font in page["/Resources"].get("/Font", {}).values())
    # A face that is only set in marks has its size, none, in its name.
    return {str(font["/BaseFont"]).split("+")[1].removesuffix("-0,") for font in found}


def test_ten_thousand_characters_in_every_field_are_laid_out_soundly(
    endless: dict[str, Any], own_templates: Path
) -> None:
    """On the pages of an audit that say any of them: to lay out all takes three times as long."""
    assert len(text_questions()) >= 7
    said = {value["key"] for value in endless["answers"]["values"] if len(str(value["value"])) == 10_000}
    assert said == set(text_questions())
    begins = max((str(value["value"]) for value in endless["answers"]["values"]), key=len)[:60]
    sections = html_report(as_record(endless), audience="audit", medium=PAPER).split('<section id="')[1:]
    saying_it = [each[: each.index('"')] for each in sections if begins in each]
    assert {"verdict", "assumptions"} <= set(saying_it)
    add_reader(own_templates, "contents", *saying_it)
    printed = print_record(endless, "theirs", own_templates)
    assert printed.problems == ()
    assert len(pypdf.PdfReader(io.BytesIO(printed.pdf)).pages) < 40


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_laid_out_soundly_in_packaged_fonts(name: str, said: Callable[[str], Printed]) -> None:
    printed = said(name)
    assert printed.problems == ()
    assert fonts(printed.pdf) <= SHIPPED


@pytest.mark.parametrize(
    ("name", "font"),
    [("arabic", "Arabic"), ("hebrew", "Hebrew"), ("emoji", "Emoji"), ("emoji", "Symbols")],
)
def test_a_script_has_its_own_font(name: str, font: str, said: Callable[[str], Printed]) -> None:
    assert any(font in used for used in fonts(said(name).pdf))


def test_what_no_font_has_is_written_as_code_points_and_said_so(said: Callable[[str], Printed]) -> None:
    first = " ".join(pypdf.PdfReader(io.BytesIO(said("cjk").pdf)).pages[0].extract_text().split())
    assert "[U+6771 U+4EAC U+75C5" in first.replace("U+ ", "U+")
    assert "written as their code points" in first
    other = pypdf.PdfReader(io.BytesIO(said("arabic").pdf)).pages[0].extract_text()
    assert "code points" not in other


def test_the_record_in_the_file_has_the_text_as_it_is(said: Callable[[str], Printed]) -> None:
    record = json.loads(pypdf.PdfReader(io.BytesIO(said("cjk").pdf)).attachments["record.json"][0])
    assert record["answers"]["values"][0]["value"] == SCRIPTS["cjk"]


def test_overrides_and_stacks_of_marks_are_taken_out(decided: Callable[[str], Any]) -> None:
    html = html_report(
        as_record(saying(decided("support-summariser"), SCRIPTS["override"] + SCRIPTS["zalgo"])), audience="audit"
    )
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(html)
    assert "T\u0351\u0301\u032a\ufffdriage" in html
    assert "<bdi>user\ufffdgnp.exe" in html


def test_a_page_brings_the_fonts_of_its_characters_and_no_others(decided: Callable[[str], Any]) -> None:
    data = decided("support-summariser")
    plain = html_report(as_record(data), audience="leadership")
    hebrew = html_report(as_record(saying(data, SCRIPTS["hebrew"])), audience="leadership")
    emoji = html_report(as_record(saying(data, "🤖 ok")), audience="leadership")
    assert plain.count("@font-face") == 2
    assert hebrew.count("@font-face") == 4
    assert emoji.count("@font-face") == 3
    assert "unicode-range:U+05B0-05BC" in hebrew


def test_a_machines_own_fonts_are_out_of_reach(decided: Callable[[str], Any], own_templates: Path) -> None:
    sheet = own_templates / "report" / "report.css"
    text = sheet.read_text(encoding="utf-8")
    assert "'IBM Plex Sans'" in text
    sheet.write_text(text.replace("'IBM Plex Sans'", "'DejaVu Serif', 'Noto Serif', serif"), encoding="utf-8")
    pdf = render(as_record(decided("support-summariser")), "pdf", own_templates, audience="leadership")
    assert isinstance(pdf, bytes)
    assert fonts(pdf) <= SHIPPED


def test_a_font_that_cannot_be_read_is_told_at_its_line(decided: Callable[[str], Any], own_templates: Path) -> None:
    for path in (own_templates / "fonts" / "print").iterdir():
        path.write_bytes(b"no font")
    with pytest.raises(InputError, match=r"fonts\.yaml:9:22: this is no font"):
        render(as_record(decided("support-summariser")), "pdf", own_templates, audience="leadership")


def test_sixty_rules_more_at_once_are_laid_out_soundly(decided: Callable[[str], Any], own_templates: Path) -> None:
    data = firing(decided("support-summariser"), 60)
    add_reader(own_templates, "verdict", "contents", "rules", "dossiers", "actions")  # where rules and advice stand
    leader, full = print_record(data, "leadership"), print_record(data, "theirs", own_templates)
    assert leader.problems == full.problems == ()
    assert len(pypdf.PdfReader(io.BytesIO(leader.pdf)).pages) < 12
    assert "12. " in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(full.pdf)).pages)
