"""A record as Markdown, under the headings of an architecture decision record (MADR).

Every value that a template prints passes `escaped`, so that no text of a questionnaire becomes markup,
a link, a mention or HTML, in CommonMark or in GitHub's dialect.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hostwise.record.format.record import Record
from hostwise.report.brand.clean import one_line
from hostwise.report.language.language import language_of
from hostwise.report.page.html import template_error
from hostwise.report.page.templates import page_templates
from hostwise.report.view.report import report_of
from hostwise.report.view.robustness import worth_of
from hostwise.report.view.said import DECIDED, headline_said, saving_said, step_said
from hostwise.report.words.templating import rendered, said_words
from hostwise.report.words.words import report_words

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

_MARKUP = re.compile(r"[\\`*_\[\]<>#|~&!^$]")
_LINK = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]*(?=:\S)|www(?=\.))")
_LEADING = re.compile(r"^(?:\d+(?=[.)])|(?=[-+=]))")
WORD_JOINER = "\N{WORD JOINER}"


def escaped(value: object) -> str:
    r"""One line of text in which nothing is markup.

    >>> escaped("<b> [x](javascript:1) https://a.b")
    '\\<b\\> \\[x\\](javascript\\:1) https\\://a.b'
    >>> escaped("- 1 | 2"), escaped("12. no list"), escaped("$5 *bold*")
    ('\\- 1 \\| 2', '12\\. no list', '\\$5 \\*bold\\*')
    """
    text = one_line(str(value))
    # GitHub links bare addresses after it has resolved escapes; only a character between stops that.
    text = _MARKUP.sub(r"\\\g<0>", text).replace("@", f"@{WORD_JOINER}")
    text = _LINK.sub(r"\g<0>\\", text)
    return _LEADING.sub(r"\g<0>\\", text, count=1)


def markdown_report(
    record: Record, templates: Path | None = None, language: str | None = None, *, doubted: bool = False
) -> str:
    """The report as Markdown. `language` is one of the templates, by default their brand's; `doubted` as in HTML.

    Raises `InputError` when parts of the record contradict one another, or the template is wrong.
    """
    words = report_words(templates, language)
    report = report_of(record, words)
    shown, first = report.record, report.first
    decided = shown.verdict.status == DECIDED
    context = {
        "report": report,
        "record": shown,
        "verdict": shown.verdict,
        "words": said_words(words),
        "brand": words.brand,
        "doubted": doubted,
        "headline": headline_said(report, words),
        "saves": saving_said(first.saving, report.currency, words) if first.saving else "",
        "first_step": step_said(first.first, words, whole=True) if first.first and decided else "",
        "worth": worth_of(first.worth_asking, report.currency, words) if first.worth_asking else "",
    }
    try:
        environment = markdown_environment(words.root, words.language.code)
        return rendered(environment, "markdown/report.md.j2", context)
    except Exception as problem:
        raise template_error(problem, words.root) from problem


@lru_cache(maxsize=4)
def markdown_environment(root: Path, code: str) -> SandboxedEnvironment:
    """Jinja2 for Markdown, in a language of the templates."""
    # Markdown, not HTML: `finalize` escapes every value.
    own = {"autoescape": False, "finalize": escaped, "keep_trailing_newline": True}
    return page_templates(root, language_of(root, code), **own)
