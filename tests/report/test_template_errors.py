"""A mistake in a company's own templates is named with its file and line, whatever it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.commands import hostwise
from tests.records import as_record

from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import InputError
from hostwise.report.page.html import html_report
from hostwise.report.words.words_check import check_words

HEADING = "<h2>{{ section.title }}</h2>"
MISTAKES = {
    "syntax": ("report/options.html.j2", HEADING, "<h2>{{ section.title </h2>", "unexpected '/'"),
    "undefined name": ("report/options.html.j2", HEADING, "{{ nothing() }}", "'nothing' is undefined"),
    "unknown filter": ("report/options.html.j2", HEADING, "{{ 1|nothing }}", "No filter named 'nothing'"),
    "arithmetic": ("report/options.html.j2", HEADING, "{{ 1 / 0 }}", "division by zero"),
    "in a macro": ("report/macros.html.j2", "{{ a.text }}", "{{ a.nothing }}", "no attribute 'nothing'"),
    "missing include": ("report/options.html.j2", HEADING, '{% include "report/none.html.j2" %}', "none.html.j2"),
    "words, not YAML": ("report/words.yaml", "  nobody:", "  - nobody:", "not YAML"),
    "words, of another kind": ("report/words.yaml", "  nobody:", "  nobody: {}\n  nobdy:", "nobody is to be text"),
    "words, filled in wrongly": ("report/words.yaml", "{label} is {value}", "{labl} is {value}", "fills in {labl}"),
    "words, open brace": ("report/words.yaml", "{label} is {value}", "{label is {value}", "braces do not match"),
    "words of the terminal": ("report/words.yaml", ", ask {ask_of}", ", ask {whom}", "fills in {whom}"),
    "sections, no title": ("report/sections.yaml", "verdict: {title: The recommendation, ", "verdict: {", "no title"),
    "readers, no sections": ("report/sections.yaml", "  audit:\n    sections: [", "  audit:\n    x: [", "no list of"),
    "sections, no template": (
        "report/sections.yaml",
        "template: verdict.html.j2",
        "template: x.j2",
        "no such template",
    ),
    "sections, not there": (
        "report/sections.yaml",
        "sections: [verdict",
        "sections: [nowhere",
        "no section 'nowhere'",
    ),
    "fonts, weight": ("fonts/fonts.yaml", "{regular: NotoEmoji-1}", "{bold: NotoEmoji-1}", "no such weight"),
    "fonts, file": ("fonts/fonts.yaml", "regular: IBMPlexSans-Regular", "regular: Nowhere", "no such file"),
    "brand": ("brand.yaml", "name: Hostwise", "nam: Hostwise", "no 'nam' in a brand"),
}


@pytest.mark.parametrize(("file", "old", "new", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_file_and_line(
    file: str, old: str, new: str, says: str, own_templates: Path, decided: Any
) -> None:
    path = own_templates / file
    text = path.read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    reader = "audit" if file == "report/macros.html.j2" else "leadership"  # who gets every macro, and few pages
    with pytest.raises(InputError) as caught:
        html_report(as_record(decided("support-summariser")), own_templates, audience=reader)
    found = caught.value.diagnostics[0]
    assert says in found.message
    assert Path(found.place.file) == path
    assert found.place.line in (line, line + 1)


def test_our_own_words_have_no_fault() -> None:
    words = read_document(Path(__file__).parents[2] / "templates" / "report" / "words.yaml")
    assert list(check_words(words, words)) == []


def test_a_missing_word_is_named_with_its_file(own_templates: Path, decided: Any) -> None:
    path = own_templates / "report" / "words.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  kicker:", "  kicke:"), encoding="utf-8")
    with pytest.raises(InputError, match=r"words\.yaml:3:3: page\.kicker is missing"):
        html_report(as_record(decided("support-summariser")), own_templates, audience="audit")


def test_the_command_says_it_in_one_line_and_exits_with_2(own_templates: Path, tmp_path: Path) -> None:
    path = own_templates / "report" / "sections.yaml"
    path.write_text("sections: 1\n", encoding="utf-8")
    example = Path(__file__).parents[2] / "examples" / "support-summariser.yaml"
    command = ["report", str(example), "-o", str(tmp_path / "x.html"), "--templates", str(own_templates)]
    done = hostwise(*command)
    assert done.returncode == 2
    assert "sections.yaml:1:1" in done.stderr
    assert "Traceback" not in done.stderr
