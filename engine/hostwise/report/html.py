"""A record as HTML: one self-contained file for the screen, or the same pages for the PDF writer.

Templates run in Jinja2's sandbox with autoescape on, so that text of a questionnaire stays text. Only
the style sheets and charts, which are ours, are passed as markup.
"""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from hostwise.reading.diagnostics import Diagnostic, InputError, Place
from hostwise.report.charts import NARROW, WIDE, cost_chart, legend, stack_chart
from hostwise.report.fonts import Face, faces_for, font_faces, paper_font, screen_font
from hostwise.report.glyphs import spelled_out
from hostwise.report.language import HOME, language_of
from hostwise.report.line_chart import NARROW_PLOT, WIDE_PLOT, line_chart
from hostwise.report.logo import Logo, paper_logo, screen_logo
from hostwise.report.map_chart import NARROW_MAP, WIDE_MAP, map_chart, row_text
from hostwise.report.model import Report
from hostwise.report.share_bar import NARROW_SHARES, WIDE_SHARES, share_bar
from hostwise.report.templating import template_environment
from hostwise.report.tornado_chart import NARROW_TORNADO, WIDE_TORNADO, drawn_tornado
from hostwise.report.view import report_of
from hostwise.report.words import Words, load_words, report_words

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

Measures = TypeVar("Measures")
"""The measures of a chart, of whatever kind it has them."""


class Medium(Struct, frozen=True):
    """Where a page will be read: the template name of the difference, its style sheets, and where to find the rest."""

    name: str
    sheets: tuple[str, ...]
    font: Callable[[Face, Path], str]
    logo: Callable[[Logo], str]
    shown: Callable[[Mapping[str, Any], Path], Mapping[str, Any]]
    """What can be shown of a record: a browser has fonts for every script, a PDF those packaged."""


def _all_of_it(data: Mapping[str, Any], _root: Path) -> Mapping[str, Any]:
    return data


_SCREEN_SHEETS = ("report/report.css", "report/screen.css", "report/print.css")
_PAPER_SHEETS = ("report/report.css", "report/print.css", "report/paper.css")
SCREEN = Medium("screen", _SCREEN_SHEETS, screen_font, screen_logo, _all_of_it)
PAPER = Medium("print", _PAPER_SHEETS, paper_font, paper_logo, spelled_out)


def html_report(
    data: Mapping[str, Any],
    templates: Path | None = None,
    audience: str = "full",
    medium: Medium = SCREEN,
    language: str | None = None,
) -> str:
    """The report as one HTML document. `language` is one of the templates, by default their brand's.

    Raises `InputError` when the record has not the shape of its format, or a template is wrong.
    """
    from markupsafe import Markup

    words = report_words(templates, language)
    shown = medium.shown(data, words.root)
    report = report_of(shown, words)
    environment = page_environment(words.root, words.language.code)

    def chart(kind: str) -> Markup:
        drawn = _drawn(kind, report, words)
        kept = drawn if medium is SCREEN else {"wide": drawn["wide"]}
        return Markup("").join(
            Markup('<div class="{}">{}</div>').format(name, Markup(svg())) for name, svg in kept.items()
        )

    context = {
        "report": report,
        "verdict": report.verdict,
        "sections": [
            section
            for key in _section_ids(words, audience)
            if (section := words.sections[key]).medium in ("", medium.name)
        ],
        "brand": words.brand,
        "logo": medium.logo(words.brand.logo) if words.brand.logo else "",
        "glossary": words.glossary,
        "words": words,
        "medium": medium.name,
        "spelled": shown is not data,
        "chart": chart,
        "legend": legend(report.priced),
        "map_row": lambda row: row_text(row, report.robustness.map, words) if report.robustness.map else "",
    }

    def page(faces: tuple[Face, ...] | None) -> str:
        style = Markup(page_style(words, medium, faces) + page_foot(words))
        return environment.get_template("report/base.html.j2").render(context | {"style": style})

    try:
        html = page(None)
        faces = faces_for(words.root, html)
        # Only the page as it is written tells which characters it has; few pages need a second writing.
        return html if all(face.always for face in faces) else page(faces)
    except Exception as problem:
        raise template_error(problem, words.root) from problem


def _drawn(kind: str, report: Report, words: Words) -> Mapping[str, Callable[[], str]]:
    """How to draw a chart of a kind, for a wide page and for a narrow screen."""
    line, sure = report.line, report.robustness
    if kind == "line" and line is not None:
        return _both(lambda plot: line_chart(line, words, plot), WIDE_PLOT, NARROW_PLOT)
    if kind == "shares":
        shares = [{"verdict": each.id, "label": each.label, "share": each.share} for each in sure.shares]
        return _both(lambda width: share_bar(shares, words, width), WIDE_SHARES, NARROW_SHARES)
    if kind == "tornado" and sure.tornado is not None:
        tornado = sure.tornado
        return _both(lambda layout: drawn_tornado(tornado, words, layout), WIDE_TORNADO, NARROW_TORNADO)
    if kind == "map" and sure.map is not None:
        found = sure.map
        return _both(lambda plot: map_chart(found, words, plot), WIDE_MAP, NARROW_MAP)
    draw = {"cost": cost_chart, "stack": stack_chart}[kind]
    return _both(lambda layout: draw(report.priced, words, layout), WIDE, NARROW)


def _both(draw: Callable[[Measures], str], wide: Measures, narrow: Measures) -> Mapping[str, Callable[[], str]]:
    return {"wide": lambda: draw(wide), "narrow": lambda: draw(narrow)}


def audiences(templates: Path | None = None) -> tuple[str, ...]:
    """The readers that a template folder knows: `full`, `leadership`, `engineering`, `audit`."""
    return tuple(load_words(templates).audiences)


def _section_ids(words: Words, audience: str) -> tuple[str, ...]:
    if audience not in words.audiences:
        place = Place(str(words.root / "report" / "sections.yaml"))
        known = ", ".join(words.audiences)
        raise InputError([Diagnostic(place, "unknown-audience", f"no reader {audience!r}", accepted=known)])
    return words.audiences[audience]


@lru_cache(maxsize=4)
def page_environment(root: Path, code: str = HOME) -> SandboxedEnvironment:
    """Jinja2 for pages: everything escaped that is not ours. `code` is the language of the templates."""
    return template_environment(root, language_of(root, code), autoescape=True)


def page_style(words: Words, medium: Medium, faces: tuple[Face, ...] | None = None) -> str:
    """Font faces (those of every page where none are named), brand colours and style sheets as one text."""
    colours = "".join(f"--{name}:{value};" for name, value in words.brand.colours.items())
    sheets = "\n".join((words.root / name).read_text(encoding="utf-8") for name in medium.sheets)
    return f"{font_faces(words.root, medium.font, faces)}:root{{{colours}}}\n{sheets}"


def page_foot(words: Words) -> str:
    """The foot of a printed page, whose numbers only CSS knows, as a rule for it."""
    parts = re.split(r"(\{pages?\})", str(words.words["page"]["foot"]))
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    said = " ".join(counters.get(part) or json.dumps(part, ensure_ascii=False) for part in parts if part)
    return f"@media print {{ @page {{ @bottom-right {{ content: {said}; }} }} }}\n"


def template_error(problem: Exception, root: Path) -> InputError:
    """A template's mistake, at its file and line."""
    name = getattr(problem, "filename", None) or getattr(problem, "name", None)
    line = getattr(problem, "lineno", 0) or 0
    for frame in traceback.extract_tb(problem.__traceback__):
        if Path(frame.filename).is_relative_to(root) and frame.filename.endswith(".j2"):
            name, line = frame.filename, frame.lineno or 0
    if isinstance(problem, InputError):
        return problem
    where = Place(str(name or root), line)
    return InputError([Diagnostic(where, "template", f"the template failed: {problem}")])
