"""A decided portfolio as one document: HTML, the same pages for the PDF writer, or Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from hostwise.report.brand.fonts import faces_for, machine_font_faces
from hostwise.report.brand.machine_fonts import MachineFont
from hostwise.report.page.html import SCREEN, Medium, page_environment, page_foot, page_style, template_error
from hostwise.report.page.markdown import markdown_environment
from hostwise.report.view.portfolio import PortfolioView
from hostwise.report.words.templating import rendered, said_words
from hostwise.report.words.words import Words


def portfolio_html(
    portfolio: PortfolioView, words: Words, medium: Medium = SCREEN, borrowed: Sequence[MachineFont] = ()
) -> str:
    """The document, in `borrowed` fonts too. Raises `InputError` when a template is wrong."""
    from markupsafe import Markup

    environment = page_environment(words.root, words.language.code)
    logo = medium.logo(words.brand.logo) if words.brand.logo else ""
    context = {
        "portfolio": portfolio,
        "words": said_words(words),
        "brand": words.brand,
        "medium": medium.name,
        "logo": logo,
        "borrowed": ", ".join(font.family for font in borrowed),
    }
    try:
        bare = rendered(environment, "report/portfolio.html.j2", context | {"style": ""})
        style = machine_font_faces(borrowed) + page_style(words, medium, faces_for(words.root, bare)) + page_foot(words)
        return rendered(environment, "report/portfolio.html.j2", context | {"style": Markup(style)})
    except Exception as problem:
        raise template_error(problem, words.root) from problem


def portfolio_markdown(portfolio: PortfolioView, words: Words) -> str:
    """The same as Markdown. Raises `InputError` when a template is wrong."""
    context = {"portfolio": portfolio, "words": said_words(words), "brand": words.brand}
    try:
        environment = markdown_environment(words.root, words.language.code)
        return rendered(environment, "markdown/portfolio.md.j2", context)
    except Exception as problem:
        raise template_error(problem, words.root) from problem
