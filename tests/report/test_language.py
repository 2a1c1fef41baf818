"""A report in another language: every text comes from a catalogue, numbers and dates follow the locale."""

from __future__ import annotations

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

from hostwise.decision.canonical import as_text
from hostwise.reading.diagnostics import InputError
from hostwise.report import figures
from hostwise.report.html import html_report
from hostwise.report.language import language_of
from hostwise.report.markdown import markdown_report
from hostwise.report.pdf import pdf_report
from hostwise.report.render import render
from hostwise.report.verify_pages import verify_pages

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
    shown = (
        figures.money(Decimal("36370.4"), "USD", german),
        figures.money(Decimal("-7.5"), "EUR", german),
        figures.money_range(Decimal(36160), Decimal(37000), "USD", german),
        figures.axis_money(Decimal(40000), "USD", german),
        figures.axis_money(Decimal(1200000), "CHF", german),
        figures.compact(Decimal(30_000_000), german),
        figures.compact(Decimal("1296911792"), german),
        figures.compact(Decimal(40_000), german),
        figures.precise(Decimal("0.04247184784"), german),
        figures.percent(Decimal("0.0425"), german),
        figures.long_date("2026-11-20", german),
    )
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in shown] == [
        "36.370 $", "-7,50 €", "36.160 $ bis 37.000 $", "40.000 $", "1,2 Mio. CHF", "30 Mio.", "1,3 Mrd.", "40.000",
        "0,0425", "4,3 %", "20. November 2026",
    ]  # fmt: skip


def test_a_language_that_is_not_there_names_those_that_are(summariser: dict[str, Any]) -> None:
    with pytest.raises(InputError) as problem:
        render(summariser, "html", language="tlh")
    (finding,) = problem.value.diagnostics
    assert "tlh" in finding.message
    assert finding.accepted == "en-GB, de"


def test_a_brand_chooses_the_language(summariser: dict[str, Any], own_templates: Path) -> None:
    brand = own_templates / "brand.yaml"
    brand.write_text(brand.read_text(encoding="utf-8") + "language: de\n", encoding="utf-8")
    assert '<html lang="de">' in html_report(summariser, own_templates)
    assert '<html lang="en-GB">' in html_report(summariser, own_templates, language="en-GB")
    brand.write_text(brand.read_text(encoding="utf-8").replace("language: de", "language: tlh"), encoding="utf-8")
    with pytest.raises(InputError) as problem:
        html_report(summariser, own_templates)
    assert [finding.found for finding in problem.value.diagnostics] == ["tlh"]


@pytest.fixture(scope="module")
def german_pdf(decided: Any) -> bytes:
    data = decided("support-summariser")
    return pdf_report(data, as_text(data), audience="leadership", language="de")


def test_a_pdf_says_its_language_and_is_verified_in_it(german_pdf: bytes, summariser: dict[str, Any]) -> None:
    assert pypdf.PdfReader(io.BytesIO(german_pdf)).root_object["/Lang"] == "de"
    assert b'hostwise:language="de"' in german_pdf
    finding = verify_pages(german_pdf, summariser, "report.pdf")
    assert finding.same
    assert not finding.repacked
    assert not verify_pages(german_pdf.replace(b'language="de"', b'language="en-GB"'), summariser, "report.pdf").same


def test_a_german_report_is_in_german(summariser: dict[str, Any]) -> None:
    html, text = html_report(summariser, language="de"), markdown_report(summariser, language="de")
    assert '<html lang="de">' in html
    assert "Kosten jeder Option im Monat" in html
    assert "20. November 2026" in html
    assert "## Kontext und Fragestellung" in text
