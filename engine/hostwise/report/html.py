"""A record as one self-contained HTML page: fonts and styles inside, nothing fetched, no script."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hostwise.reading.document import read_document
from hostwise.report.charts import cost_chart
from hostwise.report.templating import render_template, stylesheet
from hostwise.report.view import view

TEMPLATE = "report/report.html.j2"
SCREEN = ("report.css",)
PRINT = ("report.css", "print.css")


def render_html(record: Mapping[str, Any], templates: Path) -> str:
    """The report for a screen; printing it uses the same rules as the PDF."""
    css = stylesheet(templates, SCREEN) + "\n@media print {\n" + _body(templates) + "\n}\n"
    return page(record, templates, _pages(templates) + css)


def page(record: Mapping[str, Any], templates: Path, css: str) -> str:
    """The page with given styles."""
    from markupsafe import Markup

    variables = {
        **view(record),
        "brand": read_document(templates / "brand.yaml").data,
        "sections": sections(record, templates),
        "glossary": list(read_document(templates / "report" / "glossary.yaml").data["words"].items()),
        "cost_chart": cost_chart(record["ledgers"], record["verdict"]["option"]),
        # Our own stylesheet, with no text of the questionnaire in it: escaping would break its quotes.
        "css": Markup(css),
    }
    return render_template(TEMPLATE, variables, templates, markup=True)


def sections(record: Mapping[str, Any], templates: Path) -> list[dict[str, Any]]:
    """The sections that this record fills, in the order of `sections.yaml`."""
    listed = read_document(templates / "report" / "sections.yaml").data["sections"]
    return [{"break": False, **entry} for entry in listed if _filled(record, entry.get("when"))]


def _filled(record: Mapping[str, Any], path: str | None) -> bool:
    value: Any = record
    for step in path.split(".") if path else ():
        value = value[step]
    return bool(value)


def _pages(templates: Path) -> str:
    """The `@page` rules alone: they may not stand inside `@media`."""
    return ""


def _body(templates: Path) -> str:
    text = (templates / "report" / "print.css").read_text(encoding="utf-8")
    return text[text.index("html {") :]
