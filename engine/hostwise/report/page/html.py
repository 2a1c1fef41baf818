"""A record as HTML: one self-contained file for the screen, or the same pages for the PDF writer.

Templates run in Jinja2's sandbox with autoescape on, so that text of a questionnaire stays text. Only
the style sheets and charts, which are ours, are passed as markup.
"""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.record.format.record import Record
from hostwise.report.brand.fonts import Face, faces_for, font_faces, machine_font_faces, paper_font, screen_font
from hostwise.report.brand.logo import Logo, paper_logo, screen_logo
from hostwise.report.brand.machine_fonts import MachineFont
from hostwise.report.brand.missing_glyphs import borrowed_by, spelled_out
from hostwise.report.brand.palette import dark_charts_css, palette_css
from hostwise.report.charts.cost import NARROW, WIDE, cost_chart, cut, legend, stack_chart
from hostwise.report.charts.line import NARROW_PLOT, WIDE_PLOT, line_chart
from hostwise.report.charts.map import NARROW_MAP, WIDE_MAP, map_chart, row_text
from hostwise.report.charts.shares import NARROW_SHARES, WIDE_SHARES, share_bar
from hostwise.report.charts.tornado import NARROW_TORNADO, WIDE_TORNADO, tornado_chart
from hostwise.report.language.language import HOME, language_of
from hostwise.report.model.report import Report
from hostwise.report.page.cards import with_labels
from hostwise.report.page.templates import page_templates
from hostwise.report.view.report import report_of
from hostwise.report.view.robustness import worth_of
from hostwise.report.words.templating import rendered, said_words
from hostwise.report.words.words import Words, load_words, report_words

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
    shown: Callable[[Record, Path], Record]
    borrowed: Callable[[Record, Path], tuple[MachineFont, ...]]
    """What can be shown of a record: a browser has fonts for every script, a PDF those packaged and borrowed."""


def _all_of_it(record: Record, _root: Path) -> Record:
    return record


def _of_the_reader(_record: Record, _root: Path) -> tuple[MachineFont, ...]:
    return ()


_SCREEN_SHEETS = ("report/report.css", "report/screen.css", "report/print.css")
_PAPER_SHEETS = ("report/report.css", "report/print.css", "report/paper.css")
SCREEN = Medium("screen", _SCREEN_SHEETS, screen_font, screen_logo, _all_of_it, _of_the_reader)
PAPER = Medium("print", _PAPER_SHEETS, paper_font, paper_logo, spelled_out, borrowed_by)


def html_report(
    record: Record,
    templates: Path | None = None,
    audience: str | None = None,
    medium: Medium = SCREEN,
    language: str | None = None,
    *,
    doubted: bool = False,
) -> str:
    """The report as one HTML document, for a reader of the templates, by default their first.

    `language` is one of the templates, by default their brand's. `doubted`: it begins with the words that nothing
    vouches for the record.

    Raises `InputError` when parts of the record contradict one another, or a template is wrong.
    """
    from markupsafe import Markup

    words = report_words(templates, language)
    shown, borrowed = medium.shown(record, words.root), medium.borrowed(record, words.root)
    report = report_of(shown, words)
    reader = words.readers[words.reader(audience)]
    status = report.record.verdict.status
    sections = [
        section
        for key in reader.by_status.get(status, reader.sections)
        if (section := words.sections[key]).medium in ("", medium.name)
    ]
    # An option has one look in every chart of the report, also one that the table of colours does not have.
    words = replace(words, options=tuple((option.id, option.label) for option in report.options))
    environment = page_environment(words.root, words.language.code)

    def chart(kind: str) -> Markup:
        drawn = _drawn(kind, report, words)
        kept = drawn if medium is SCREEN else {"wide": drawn["wide"]}
        return Markup("").join(
            Markup('<div class="{}">{}</div>').format(name, Markup(svg())) for name, svg in kept.items()
        )

    context = {
        "report": report,
        "record": report.record,
        "verdict": report.record.verdict,
        "sections": sections,
        "brief": reader.brief,
        "doubted": doubted,
        # A claim is a link where the page lists it.
        "linked": not reader.brief and any(section.id == "sources" for section in sections),
        "brand": words.brand,
        "logo": medium.logo(words.brand.logo) if words.brand.logo else "",
        "glossary": _glossary(words, reader.words_of(report.record.verdict.status)),
        "words": said_words(words),
        "medium": medium.name,
        "spelled": shown is not record,
        "borrowed": ", ".join(font.family for font in borrowed),
        "chart": chart,
        "worth": lambda question: worth_of(question, report.currency, words),
        "cut": cut(report.priced),
        "legend": legend(report.priced, words),
        "map_row": lambda row: row_text(row, report.robustness.map, words) if report.robustness.map else "",
    }

    def page(faces: tuple[Face, ...] | None) -> str:
        style = Markup(machine_font_faces(borrowed) + page_style(words, medium, faces) + page_foot(words))
        return rendered(environment, "report/base.html.j2", context | {"style": style})

    try:
        html = page(None)
        faces = faces_for(words.root, html)
        # Only the page as it is written tells which characters it has; few pages need a second writing.
        html = html if all(face.always for face in faces) else page(faces)
        if medium is not SCREEN:
            return html
        night = dark_charts_css(html, words.brand.colours, words.colours)
        return with_labels(html.replace("</style>", f"{night}</style>", 1))
    except Exception as problem:
        raise template_error(problem, words.root) from problem


def _glossary(words: Words, used_words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The words that a reader's pages use."""
    used = {words.language.text(word) for word in used_words}
    return tuple(entry for entry in words.glossary if not used or entry[0] in used)


def _drawn(kind: str, report: Report, words: Words) -> Mapping[str, Callable[[], str]]:
    """How to draw a chart of a kind, for a wide page and for a narrow screen."""
    line, sure = report.line, report.robustness
    if kind == "line" and line is not None:
        return _both(lambda plot: line_chart(line, words, plot), WIDE_PLOT, NARROW_PLOT)
    if kind == "shares":
        return _both(lambda width: share_bar(sure.shares, words, width), WIDE_SHARES, NARROW_SHARES)
    if kind == "tornado" and sure.tornado is not None:
        tornado = sure.tornado
        return _both(lambda plot: tornado_chart(tornado, words, plot), WIDE_TORNADO, NARROW_TORNADO)
    if kind == "map" and sure.map is not None:
        found = sure.map
        return _both(lambda plot: map_chart(found, words, plot), WIDE_MAP, NARROW_MAP)
    draw = {"cost": cost_chart, "stack": stack_chart}[kind]
    return _both(lambda layout: draw(report.priced, words, layout), WIDE, NARROW)


def _both(draw: Callable[[Measures], str], wide: Measures, narrow: Measures) -> Mapping[str, Callable[[], str]]:
    return {"wide": lambda: draw(wide), "narrow": lambda: draw(narrow)}


def audiences(templates: Path | None = None) -> tuple[str, ...]:
    """The readers that a template folder knows, the default first: `leadership`, `engineering`, `audit`."""
    return tuple(load_words(templates).readers)


@lru_cache(maxsize=4)
def page_environment(
    root: Path, code: str = HOME, finalize: Callable[[object], object] | None = None
) -> SandboxedEnvironment:
    """Jinja2 for pages: everything escaped that is not ours. `code` is the language of the templates."""
    return page_templates(root, language_of(root, code), autoescape=True, finalize=finalize)


def page_style(words: Words, medium: Medium, faces: tuple[Face, ...] | None = None) -> str:
    """Font faces (those of every page where none are named), brand colours and style sheets as one text."""
    colours = palette_css(words.brand.colours, words.colours)
    sheets = "\n".join((words.root / name).read_text(encoding="utf-8") for name in medium.sheets)
    return f"{font_faces(words.root, medium.font, faces)}{colours}\n{sheets}"


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
