"""A report in another language: every text comes from a catalogue, numbers and dates follow the locale."""

from __future__ import annotations

import doctest
import importlib.util
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pypdf
import pytest
from jinja2 import Environment, nodes
from msgspec.structs import replace
from tests.commands import hostwise
from tests.decided_once import laid_out_once
from tests.records import as_record

from hostwise.reading import translatable as said
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.json_values import as_text, plain
from hostwise.reading.numbers.number_format import format_money, format_number, format_range, format_share
from hostwise.report.language.catalogue_text import SHOWN, translate_record
from hostwise.report.language.language import language_of
from hostwise.report.page.html import html_report
from hostwise.report.page.markdown import markdown_report
from hostwise.report.pdf.verify.pages import verify_pages
from hostwise.report.pdf.write import pdf_report
from hostwise.report.render import render

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
PAGES = [*sorted((TEMPLATES / "report").glob("*.j2")), TEMPLATES / "markdown" / "report.md.j2"]
SPOKEN = ("alt", "aria-label", "content", "data-decision", "title")
PROPER = {"Hostwise", "hostwise", "verify"}
"""Names, which no language changes: the program, and its command."""


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    """The script that keeps the catalogues."""
    loader = SourceFileLoader("messages", str(ROOT / "scripts" / "messages"))
    spec = importlib.util.spec_from_loader("messages", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


class Prose(HTMLParser):
    """The texts and the spoken attributes of a page in which every expression became a control character."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in {"code", "style"}
        named = dict(attrs)
        machine = tag == "meta" and (named.get("name") or named.get("http-equiv")) != "description"
        self.found += [value or "" for name, value in attrs if name in SPOKEN and not machine]

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in {"code", "style"}

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.found.append(data)


def bare(source: str) -> Iterator[str]:
    """What a template says in English without asking the catalogue for it."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    tree = environment.parse(source)
    page = Prose()
    page.feed("".join(_outside(tree)))
    page.close()
    yield from (text.strip() for text in page.found if _said(text))
    for output in tree.find_all(nodes.Output):
        yield from (text for node in output.nodes for text in _constants(node) if _said(text))


def _outside(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Output):
        for part in node.nodes:
            yield from _outside(part) if isinstance(part, nodes.TemplateData) else ("\x01",)
    else:
        for child in node.iter_child_nodes():
            yield from _outside(child)


def _constants(node: nodes.Node) -> Iterator[str]:
    """Texts that an expression may print: not those that it compares with, looks up or hands to a function."""
    if isinstance(node, nodes.Const):
        yield node.value if isinstance(node.value, str) else ""
    elif isinstance(node, nodes.CondExpr):
        for part in (node.expr1, node.expr2):
            if part is not None:
                yield from _constants(part)
    elif isinstance(node, (nodes.Or, nodes.And, nodes.Concat)):
        for child in node.iter_child_nodes():
            yield from _constants(child)


def _said(text: str) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", text.replace("report.pdf", "").replace("record.json", ""))
    return any(word not in PROPER for word in words)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_template_says_nothing_outside_the_catalogue(path: Path) -> None:
    assert list(bare(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    ["<p>Some prose</p>", '<p aria-label="Some">{{ x }}</p>', '{{ x or "none of it" }}', "{% if x %}then{% endif %}"],
)
def test_prose_outside_the_catalogue_is_noticed(source: str) -> None:
    assert list(bare(source))


def test_a_catalogue_has_every_text_and_no_other(messages: Any) -> None:
    assert list(messages.findings()) == []


def test_numbers_and_dates_follow_the_locale() -> None:
    german = language_of(TEMPLATES, "de")
    ends = (format_money(Decimal(amount), "USD", german) for amount in (36160, 37000))
    shown = (
        format_money(Decimal("36370.4"), "USD", german),
        format_money(Decimal("-7.5"), "EUR", german),
        format_range(*ends, german),
        format_money(Decimal(40000), "USD", german),
        format_money(Decimal(1200000), "CHF", german),
        format_number(Decimal(30_000_000), german),
        format_number(Decimal("1296911792"), german),
        format_number(Decimal(40_000), german),
        format_number(Decimal("0.04247184784"), german),
        format_share(Decimal("0.0425"), german),
        german.long_date("2026-11-20"),
    )
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in shown] == [
        "36.370 $", "-7,50 €", "36.160 $ bis 37.000 $", "40.000 $", "1.200.000 CHF", "30 Mio.", "1,297 Mrd.", "40.000",
        "0,0425", "4,3 %", "20. November 2026",
    ]  # fmt: skip


def test_a_language_that_is_not_there_names_those_that_are(summariser: dict[str, Any]) -> None:
    with pytest.raises(InputError) as problem:
        render(as_record(summariser), "html", language="tlh", audience="audit")
    (finding,) = problem.value.diagnostics
    assert "tlh" in finding.message
    assert finding.accepted == "en-GB, de"


def test_a_brand_chooses_the_language(summariser: dict[str, Any], own_templates: Path) -> None:
    brand = own_templates / "brand.yaml"
    brand.write_text(brand.read_text(encoding="utf-8") + "language: de\n", encoding="utf-8")
    assert '<html lang="de">' in html_report(as_record(summariser), own_templates, audience="audit")
    assert '<html lang="en-GB">' in html_report(
        as_record(summariser), own_templates, language="en-GB", audience="audit"
    )
    brand.write_text(brand.read_text(encoding="utf-8").replace("language: de", "language: tlh"), encoding="utf-8")
    with pytest.raises(InputError) as problem:
        html_report(as_record(summariser), own_templates, audience="audit")
    assert [finding.found for finding in problem.value.diagnostics] == ["tlh"]


@pytest.fixture(scope="module")
def longest(decided: Any) -> dict[str, Any]:
    """The example with the fullest summary page."""
    data: dict[str, Any] = decided("nightly-extraction-batch")
    return data


@pytest.fixture(scope="module")
def german_pdf(longest: dict[str, Any]) -> bytes:
    with laid_out_once():
        return pdf_report(as_record(longest), audience="leadership", language="de")


@pytest.mark.usefixtures("laid_out_once")
def test_a_pdf_says_its_language_and_is_verified_in_it(german_pdf: bytes, longest: dict[str, Any]) -> None:
    assert pypdf.PdfReader(io.BytesIO(german_pdf)).root_object["/Lang"] == "de"
    assert b'hostwise:language="de"' in german_pdf
    assert verify_pages(german_pdf, as_record(longest), "report.pdf").bytes_same
    other = german_pdf.replace(b'language="de"', b'language="fr"')
    with pytest.raises(InputError, match="the PDF is in 'fr', a language that these templates do not have"):
        verify_pages(other, as_record(longest), "report.pdf")


def test_the_longer_german_summary_stays_on_its_page(german_pdf: bytes) -> None:
    first, second = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(german_pdf)).pages[:2])
    assert "Was ein Irrtum kostet" in first
    assert "Die Optionen nebeneinander" not in first
    # What the first page has no room for goes over whole, above them.
    assert "Die Optionen nebeneinander" in second[:100] or second.startswith("Was vor dem Betrieb erfüllt sein muss")


@pytest.fixture(scope="module")
def german_html(decided: Any) -> str:
    return html_report(as_record(decided("support-summariser")), language="de", audience="audit")


class Visible(HTMLParser):
    """What a person reads or hears on a page, but for code."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._code = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in {"code", "style"}
        self.texts += [" ".join(value.split()) for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in {"code", "style"}

    def handle_data(self, data: str) -> None:
        if not self._code and data.strip():
            self.texts.append(" ".join(data.split()))


def translated(messages: Any) -> Iterator[tuple[str, str]]:
    """The texts of the whole catalogues that German says otherwise."""
    for name in messages.declared():
        for message in messages.read(TEMPLATES / "locale" / "de" / "LC_MESSAGES" / f"{name}.po", "de"):
            if message.id and message.string != message.id:
                yield message.id, str(message.string)


def test_a_german_report_has_no_english_sentence_left(german_html: str, messages: Any) -> None:
    texts = Visible(german_html).texts
    everything = "\n".join(texts)
    exact = {english for english, _ in translated(messages)} - {german for _, german in translated(messages)}
    assert [text for text in texts if text in exact] == []
    # Of a text that is filled in, the longest piece between two places.
    pieces = (max(messages.MARK.sub("\0", text).split("\0"), key=len).strip() for text, _ in translated(messages))
    assert [piece for piece in pieces if len(piece) > 24 and piece in everything] == []


def test_a_german_report_writes_values_as_germans_do(german_html: str) -> None:
    text = "\n".join(Visible(german_html).texts).replace("\N{NO-BREAK SPACE}", " ")
    for shown in ("20. November 2026", "36.370 $", "900 Mio.", "40 $ je Million Token", "2,1× (1,8× bis 2,4×)"):
        assert shown in text
    assert not re.search(r"[$£]\d|\d[kMB] tokens(?!/)| a month", text)


def test_charts_are_in_the_language_too(german_html: str) -> None:
    charts = re.findall(r"<svg.*?</svg>", german_html, re.DOTALL)
    said = " ".join(re.findall(r"<(?:title|desc)>(.*?)</", " ".join(charts)))
    assert "Kosten jeder Option im Monat" in said
    drawn = " ".join(re.findall(r"<text[^>]*>(.*?)</text>", " ".join(charts))).replace("\N{NO-BREAK SPACE}", " ")
    assert "15.000 $" in drawn
    assert "Verwaltete API" in drawn


def test_markdown_is_in_the_language_too(undecided: dict[str, Any]) -> None:
    text = markdown_report(as_record(undecided), language="de")
    assert "## Kontext und Fragestellung" in text
    assert "Noch nicht entschieden: Zuerst muss bekannt sein: externe Verarbeitung." in text


def test_a_question_that_is_named_stands_in_the_quotes_of_the_language(undecided: dict[str, Any]) -> None:
    """ "Beantworten Sie “Batch-Anteil”" stood on a German page, in English quotes."""
    said = markdown_report(as_record(undecided), None, "de")
    assert "beantworten Sie „Batch-Anteil“" in said
    assert "”" not in said


def test_the_language_changes_neither_the_record_nor_the_english(summariser: dict[str, Any]) -> None:
    before = as_text(summariser), html_report(as_record(summariser), language="en-GB", audience="audit")
    markdown_report(as_record(summariser), language="de")
    assert (as_text(summariser), html_report(as_record(summariser), audience="audit")) == before


def test_what_the_questionnaire_says_stays_as_it_is(summariser: dict[str, Any]) -> None:
    for fact in summariser["facts"]:
        if fact["type"] == "text" and fact["value"] is not None:
            fact["value"] = fact["shown"] = "Self-hosting on rented GPUs"
    shown = translate_record(as_record(summariser), language_of(TEMPLATES, "de"))
    assert {f.shown for f in shown.facts if f.type == "text" and f.value is not None} == {"Self-hosting on rented GPUs"}
    assert shown.answers.text == summariser["answers"]["text"]


@pytest.mark.parametrize("message", ["{x.__class__}", "{0}", "{x!r}", "{"])
def test_a_record_of_somebody_elses_cannot_look_into_the_program(message: str, summariser: dict[str, Any]) -> None:
    summariser["rulebook"]["sentences"] = [
        {"text": "Recommended.", "message": message, "values": {"x": "Recommended."}}
    ]
    shown = translate_record(as_record(summariser), language_of(TEMPLATES, "de"))
    assert "class" not in str([a.why for a in shown.verdict.alternatives]).replace("__class__", "")


def test_a_record_that_tells_not_how_its_texts_were_made_is_said_as_far_as_it_goes(summariser: dict[str, Any]) -> None:
    summariser["rulebook"]["sentences"] = []
    text = markdown_report(as_record(summariser), language="de")
    assert "Verwaltete API" in text
    assert "Costs $29,508 a month more" in text.replace("\\", "")


NAMES = re.compile(r"[\w.:-]+|.* \* .*|genai-prices [\d.]+, .*")
"""Ids, places in a file, and formulas in the names of answers."""


@pytest.fixture(scope="module")
def marked(messages: Any) -> dict[str, str]:
    """Every text of the catalogues, translated into itself with a mark."""
    return {text: f"⟦{text}⟧" for catalogue in messages.extracted().values() for text in catalogue}


@pytest.mark.parametrize("name", ["support-summariser", "infeasible-handheld-interpreter", "unanswered-gate"])
def test_every_text_of_a_record_is_in_a_catalogue_or_made_from_one(
    name: str, decided: Any, marked: dict[str, str]
) -> None:
    data = decided(name)
    told = translate_record(as_record(data), replace(language_of(TEMPLATES, "de"), code="xx", texts=marked))
    own = {value["written"] for value in data["answers"]["values"]}
    titles = {vote["title"] for vote in data["panel"].values()} | {p["title"] for p in data["rulebook"]["packs"][-5:]}
    found = {
        text
        for text in _shown(plain(told))
        if "⟦" not in text and re.search("[a-z]{3}", text) and not NAMES.fullmatch(text) and text not in own | titles
    }
    assert found == set()


def _shown(part: Any, key: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name not in {"sentences", "answers"}:
                yield from _shown(value, name)
    elif isinstance(part, list):
        for value in part:
            yield from _shown(value, key)
    elif isinstance(part, str) and key in SHOWN:
        yield part


def test_a_companys_templates_bring_their_own_languages(own_templates: Path, summariser: dict[str, Any]) -> None:
    (own_templates / "locale" / "de").rename(own_templates / "locale" / "fr")
    html = html_report(as_record(summariser), own_templates, language="fr", audience="audit")
    assert '<html lang="fr">' in html
    assert "20 novembre 2026" in html
    with pytest.raises(InputError) as problem:
        html_report(as_record(summariser), own_templates, language="de", audience="audit")
    assert problem.value.diagnostics[0].accepted == "en-GB, fr"


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(said).failed == 0


def test_what_nobody_answered_is_not_taken_for_a_word_of_the_questionnaire() -> None:
    """A text that was not answered reads "unknown", and so every "unknown" stayed English."""
    file = Path(__file__).parents[2] / "examples" / "support-summariser.yaml"
    german = hostwise("explain", str(file), "--lang", "de").stdout
    assert "unbekannt" in german and not re.search(r"\bunknown\b", german)
