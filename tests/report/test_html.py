"""The HTML file: complete, self-contained, and fit for its readers."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.records import as_record

from hostwise.reading.files.folders import templates_dir
from hostwise.reading.findings.diagnostics import InputError
from hostwise.report.page.html import PAPER, audiences, html_report
from hostwise.report.render import render

SECTIONS = [
    *("verdict", "contents", "record", "rules", "dossiers", "assumptions", "questions", "ledgers", "plans"),
    *("break-even", "robustness", "horizon", "options", "needs", "panel", "actions", "sources", "glossary"),
]


class Outline(HTMLParser):
    """Section ids, headings by level, tables without heading cells, and every id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sections: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self._level = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "section":
            self.sections.append(values.get("id") or "")
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a":
            self.links.append(values.get("href") or "")
        if re.fullmatch("h[1-6]", tag):
            self._level = int(tag[1])
            self.headings.append((self._level, ""))

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch("h[1-6]", tag):
            self._level = 0

    def handle_data(self, data: str) -> None:
        if self._level:
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)


def text_of(html: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_sections_headings_and_links_of_the_full_report(summariser: dict[str, Any]) -> None:
    outline = Outline(html_report(as_record(summariser), audience="audit"))
    assert outline.sections == SECTIONS
    levels = [level for level, _ in outline.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(outline.ids) == len(set(outline.ids))
    sections = {f"#{name}" for name in SECTIONS[2:]}
    assert sections <= set(outline.links)
    # The rest are claims, and each leads to where it is listed.
    assert len(set(outline.links) - sections) > 50
    assert {link[1:] for link in outline.links} <= set(outline.ids)


def test_it_is_one_file_that_asks_for_nothing(summariser: dict[str, Any]) -> None:
    html = html_report(as_record(summariser), audience="audit")
    assert "Content-Security-Policy" in html
    for address in re.findall(r"url\(([^)]*)\)", html):
        assert address.startswith("data:font/woff2;base64,")
    assert not re.search(r"<(?:script|img|link|iframe)\b", html)
    assert not re.search(r"(?:src|href)=[\"'](?!#)", html)


def test_every_rule_stands_in_the_screen_report_with_what_stopped_it(summariser: dict[str, Any]) -> None:
    html = html_report(as_record(summariser), audience="audit")
    outline = Outline(html)
    assert sum(name.startswith("rule-") for name in outline.ids) == len(summariser["rules"])
    assert html.count("<strong>Stopped by:</strong>") == sum(r["truth"] != "true" for r in summariser["rules"])


def test_money_is_shown_as_the_ledgers_have_it(summariser: dict[str, Any]) -> None:
    text = text_of(html_report(as_record(summariser), audience="audit"))
    for ledger in summariser["ledgers"]:
        assert ledger["label"] in text
        if ledger["priced"]:
            assert f"${round(float(ledger['total']['likely'])):,}" in text


def test_an_undecided_report_says_what_to_find_out(undecided: dict[str, Any]) -> None:
    text = text_of(html_report(as_record(undecided), audience="audit"))
    assert "What to find out" in text
    for need in undecided["verdict"]["needs"]:
        assert need["key"] in text
        assert need["settles"] in text
    assert "Three reasons" not in text


def test_an_undecided_report_says_whom_to_ask_and_what_stands_already(undecided: dict[str, Any]) -> None:
    text = text_of(html_report(as_record(undecided), audience="leadership"))
    assert "Find out: external processing. Owner: legal" in text
    assert "Still possible: Managed API, $1,009 a month." in text
    assert "Still possible: Self-hosting on rented GPUs, $12,006 a month." in text
    assert "unknown a month" not in text
    assert "`" not in text
    assert "Ruled out whatever the answer: Sovereign-cloud API, Self-hosting on owned hardware, On the device." in text
    assert "Before go-live" not in text


def test_an_infeasible_report_says_what_excludes_what_and_what_would_open_a_way(infeasible: dict[str, Any]) -> None:
    text = text_of(html_report(as_record(infeasible), audience="leadership"))
    assert "No option is left" in text
    assert "What cannot hold together On the device : Inference has to work on the device" in text
    assert "The model does not fit the device : The model does not fit into the 8 GB of memory" in text
    for way in infeasible["verdict"]["ways_out"]:
        assert way["label"] in text
        assert all(answer["label"] in text for answer in way["answers"])
    for ledger in infeasible["ledgers"]:
        assert ledger["label"] in text


def test_readers_get_their_sections_in_their_order(summariser: dict[str, Any]) -> None:
    assert audiences() == ("leadership", "engineering", "audit")
    leadership = [*("verdict", "options", "needs", "break-even", "steps", "open", "sources", "glossary")]
    assert Outline(html_report(as_record(summariser))).sections == leadership
    assert Outline(html_report(as_record(summariser), audience="engineering")).sections[2] == "plans"
    assert Outline(html_report(as_record(summariser), audience="audit")).sections[2:4] == ["record", "rules"]
    assert html_report(as_record(summariser), audience="full") == html_report(as_record(summariser), audience="audit")
    with pytest.raises(InputError, match="no reader"):
        html_report(as_record(summariser), audience="nobody")


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return Path(shutil.copytree(templates_dir(), tmp_path / "templates"))


def test_a_new_section_is_one_template_and_its_line(templates: Path, summariser: dict[str, Any]) -> None:
    layout = templates / "report" / "sections.yaml"
    text = layout.read_text(encoding="utf-8")
    text = text.replace("sections:\n", "sections:\n  ours: {title: Our view, template: ours.html.j2}\n")
    layout.write_text(
        text.replace("    sections: [verdict, options,", "    sections: [verdict, ours, options,"), encoding="utf-8"
    )
    template = "<h2>{{ section.title }}</h2><p>{{ report.workload }}</p>"
    (templates / "report" / "ours.html.j2").write_text(template, encoding="utf-8")
    html = html_report(as_record(summariser), templates, "leadership")
    assert Outline(html).sections[:3] == ["verdict", "ours", "options"]
    assert "<h2>Our view</h2><p>Support summariser</p>" in html


def test_a_section_of_one_medium_is_shown_there_alone(templates: Path, summariser: dict[str, Any]) -> None:
    layout = templates / "report" / "sections.yaml"
    text = layout.read_text(encoding="utf-8")
    text = text.replace("template: contents.html.j2}", "template: contents.html.j2, medium: print}")
    layout.write_text(text, encoding="utf-8")
    screen = Outline(html_report(as_record(summariser), templates, "audit")).sections
    paper = Outline(html_report(as_record(summariser), templates, "audit", PAPER)).sections
    assert [name for name in paper if name not in screen] == ["contents"]


def test_a_brief_report_names_no_rule_claim_or_line(
    summariser: dict[str, Any], undecided: dict[str, Any], infeasible: dict[str, Any]
) -> None:
    for data in (summariser, undecided, infeasible):
        html = html_report(as_record(data), audience="leadership")
        text = text_of(html)
        assert [rule["id"] for rule in data["rules"] if rule["id"] in text] == []
        assert re.findall(r"\bS\d-\d+", text) == []
        assert re.findall(r"\w\.yaml:\d|\bline \d", text) == []
        assert "<code>" not in html
        assert len(re.sub(r"<svg.*?</svg>", "", text).split()) < 6000


def test_the_first_page_answers_what_a_leader_asks(summariser: dict[str, Any]) -> None:
    text = text_of(html_report(as_record(summariser)).split('<section id="options">')[0])
    for said in (
        "Managed open-model provider",
        "Llama-3.3-70B at Together AI, at the price given: $6.67 in and $6.67 out per million tokens",
        "Costs a month $6,862 $6,468 to $7,923",
        "Saves a month $29,508 $24,727 to $29,508",
        "Saves in twelve months $354,092 $296,729 to $354,092",
        "Against what runs today: Managed API.",
        "The range holds in at least nine of ten plausible futures.",
        "with growth and falling API prices counted it is $319,764.",
        "74 of 100",
        "In the other futures another option is right: Managed API in 26 of 100.",
        "First step Evaluate, then move: score the model of the plan and the one in use on about 400 real production",
        "Owner: engineering · by 18 December 2026 (proposed) · before anything is moved",
    ):
        assert said in text, said
    for reason in summariser["verdict"]["reasons"]:
        assert reason["text"].replace("'", "&#39;") in text


def test_a_gate_says_what_it_costs_more(decided: Any) -> None:
    text = text_of(html_report(as_record(decided("hospital-no-gpu-team"))))
    assert "Costs more a month $13,202 $13,202 to $31,593" in text
    assert "Against Managed open-model provider, the cheapest of what the constraints rule out." in text


def test_a_company_changes_name_and_colours(templates: Path, summariser: dict[str, Any]) -> None:
    brand = templates / "brand.yaml"
    text = brand.read_text(encoding="utf-8").replace("name: Hostwise", "name: Acme").replace("#0b5d57", "#123456")
    brand.write_text(text, encoding="utf-8")
    html = html_report(as_record(summariser), templates, audience="audit")
    assert "--accent:#123456" in html
    assert "Acme · Hosting decision" in html


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("report/options.html.j2", "<h2>{{ section.title }}</h2>", "<h2>{{ section.nothing }}</h2>", "nothing"),
        ("report/options.html.j2", "<h2>{{ section.title }}</h2>", "<h2>{{ section.title </h2>", "unexpected"),
        ("report/options.html.j2", "{{ section.title }}", "{{ ''.__class__.__mro__ }}", "unsafe"),
    ],
)
def test_a_template_error_names_file_and_line(
    templates: Path, summariser: dict[str, Any], file: str, old: str, new: str, says: str
) -> None:
    path = templates / file
    text = path.read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=says) as caught:
        html_report(as_record(summariser), templates, audience="audit")
    place = caught.value.diagnostics[0].place
    assert Path(place.file) == path
    assert place.line == line


def test_words_that_cannot_be_are_refused(templates: Path, summariser: dict[str, Any]) -> None:
    brand = templates / "brand.yaml"
    good = brand.read_text(encoding="utf-8")
    brand.write_text(good.replace('"#0b5d57"', '"red;}body{background:url(x)"'), encoding="utf-8")
    with pytest.raises(InputError, match="not a colour"):
        html_report(as_record(summariser), templates, audience="audit")
    layout = templates / "report" / "sections.yaml"
    other = templates.parent / "other"
    shutil.copytree(templates, other)
    (other / "brand.yaml").write_text(good, encoding="utf-8")
    text = layout.read_text(encoding="utf-8").replace("sections: [verdict", "sections: [nowhere")
    (other / "report" / "sections.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no section 'nowhere'"):
        html_report(as_record(summariser), other, audience="audit")


def test_render_writes_files_and_refuses_other_formats(tmp_path: Path, summariser: dict[str, Any]) -> None:
    written = render(as_record(summariser), tmp_path / "out.html")
    assert written == tmp_path / "out.html"
    assert (tmp_path / "out.html").read_bytes() == render(as_record(summariser), "html")
    with pytest.raises(InputError, match="no such report format"):
        render(as_record(summariser), tmp_path / "out.docx")
    with pytest.raises(InputError, match="cannot write"):
        render(as_record(summariser), tmp_path / "nowhere" / "out.md")


def test_one_record_after_another_is_shown_as_it_is(summariser: dict[str, Any]) -> None:
    """The view of the last one is kept for its other formats, in its language and templates."""
    other = {**summariser, "verdict": {**summariser["verdict"], "sentence": "Another sentence."}}
    first, second = as_record(summariser), as_record(other)
    shown = [[html_report(each, language=code) for code in ("en-GB", "de", "en-GB")] for each in (first, second, first)]
    assert ["Another sentence." in page for each in shown for page in each] == [False] * 3 + [True] * 3 + [False] * 3
    assert ['lang="de"' in page for each in shown for page in each] == [False, True, False] * 3
    assert shown[0] == shown[2] and shown[0][0] == shown[0][2]


def test_html_never_needs_the_pdf_writer(summariser: dict[str, Any]) -> None:
    import subprocess
    import sys

    program = (
        "import sys; from pathlib import Path; from hostwise.record.file import parse_record;"
        "from hostwise.report.render import render; r = parse_record(sys.stdin.buffer.read(), Path('stdin'));"
        "render(r, 'html'); render(r, 'md'); sys.exit('weasyprint' in sys.modules)"
    )
    import json

    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(summariser), text=True, check=False, timeout=60
    )
    assert done.returncode == 0
