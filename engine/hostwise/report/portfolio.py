"""The public door for portfolios: a decided table or folder to HTML, PDF or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.report.render import written
from hostwise.report.view.portfolio import PortfolioView
from hostwise.report.words.words import Words


def write_portfolio(portfolio: PortfolioView, path: Path, words: Words, day: date) -> Path:
    """Write the document; the suffix chooses the format. Raises `InputError` as `render` does. `day` dates a PDF."""
    return written(_WRITERS[check_document(path)](portfolio, words, day), path)


def check_document(path: Path) -> str:
    """The format that a file name asks for. Raises `InputError` when there is no such format."""
    kind = path.suffix.lstrip(".").lower()
    if kind in _WRITERS:
        return kind
    message = "a report on many workloads has no such format"
    accepted = ", ".join(f".{name}" for name in _WRITERS) + "; a table: hostwise decide -o table.csv"
    raise InputError([Diagnostic(Place(str(path)), "unknown-format", message, found=kind, accepted=accepted)])


def _html(portfolio: PortfolioView, words: Words, _day: date) -> bytes:
    from hostwise.report.page.portfolio import portfolio_html

    return portfolio_html(portfolio, words).encode("utf-8")


def _pdf(portfolio: PortfolioView, words: Words, day: date) -> bytes:
    from hostwise.report.brand.missing_glyphs import borrowed_fonts, spelled_texts
    from hostwise.report.page.html import PAPER
    from hostwise.report.page.portfolio import portfolio_html
    from hostwise.report.pdf.write import pages_made, pdf_of

    borrowed = borrowed_fonts(portfolio, words.root)
    html = portfolio_html(spelled_texts(portfolio, words.root), words, PAPER, borrowed)
    return pdf_of(html, words, pages_made(words.root, words.reader(None), words.language.code), (), day, "", borrowed)


def _markdown(portfolio: PortfolioView, words: Words, _day: date) -> bytes:
    from hostwise.report.page.portfolio import portfolio_markdown

    return portfolio_markdown(portfolio, words).encode("utf-8")


_WRITERS: Mapping[str, Callable[[PortfolioView, Words, date], bytes]] = {"html": _html, "pdf": _pdf, "md": _markdown}
