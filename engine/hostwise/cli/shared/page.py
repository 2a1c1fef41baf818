"""The page that a command prints: its width, its colour, and its language (`--lang`)."""

from __future__ import annotations

import sys
from typing import TextIO, TypedDict

import click


class Page(TypedDict):
    """What a page of text is written for. `width` in columns."""

    width: int
    colour: bool
    language: str


def page(language: str) -> Page:
    """As wide as the terminal, and coloured; 100 columns and plain when piped, so that piped output is stable."""
    return {"width": _width(), "colour": coloured(sys.stdout), "language": language}


def _width() -> int:
    if not is_terminal(sys.stdout):
        return 100
    import shutil

    return min(shutil.get_terminal_size().columns, 120)


def mark_doubted(is_doubted: bool, language: str, *, as_json: bool = False) -> None:
    """Say, before a record of a file is shown, that nothing vouches for it; beside JSON on standard error."""
    if not is_doubted:
        return
    from hostwise.report.terminal.page import WARN, TextPage
    from hostwise.report.words.words import load_words

    out = TextPage(page(language)["width"], coloured(sys.stderr if as_json else sys.stdout))
    out.text(load_words(language=language).say("page.doubted"), WARN)
    out.blank()
    click.echo(out.written(), nl=False, err=as_json)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sees what is written to it. A stream that the caller closed is None."""
    return stream is not None and stream.isatty()


def coloured(stream: TextIO | None) -> bool:
    """Whether to write colour: to a terminal that has some, where nobody set NO_COLOR (https://no-color.org)."""
    import os

    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _known(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """The language, looked up before anything is decided. Raises `InputError` where there is none of that name."""
    from hostwise.reading.files.folders import templates_dir
    from hostwise.report.language.language import HOME, language_of

    return value if value == HOME else language_of(templates_dir(), value).code


language_option = click.option(
    "--lang",
    "language",
    default="en-GB",
    show_default=True,
    metavar="LANGUAGE",
    callback=_known,
    help="Print it in this language: en-GB or de. JSON stays English.",
)
