"""Templates: sandboxed Jinja2, everything escaped, anything undefined an error that names file and line."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hostwise.reading.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.document import read_document
from hostwise.rulebook.wording import scaled, shown_money

if TYPE_CHECKING:
    from jinja2 import Environment


@lru_cache(maxsize=8)
def environment(templates: Path, markup: bool) -> Environment:
    """The environment for a folder of templates; `markup` escapes for HTML."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    env = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(templates),
        autoescape=markup,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters.update(
        money=_money, tokens=_tokens, percent=_percent, number=_number, figure=_figure, day=_day, md=escape_markdown
    )
    return env


def render_template(name: str, variables: Mapping[str, Any], templates: Path, *, markup: bool) -> str:
    """Render one template. Raises `InputError` with the template's file and line."""
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

    try:
        return environment(templates, markup).get_template(name).render(variables)
    except TemplateSyntaxError as problem:
        place = Place(str(templates / (problem.filename or problem.name or name)), problem.lineno, 1)
        raise InputError([Diagnostic(place, "template", f"not a template: {problem.message}")]) from None
    except TemplateNotFound as problem:
        place = Place(str(templates / name))
        raise InputError([Diagnostic(place, "template", f"there is no template {problem.name}")]) from None
    except (TemplateError, TypeError, ValueError, ArithmeticError) as problem:
        raise InputError([Diagnostic(_where(problem, templates, name), "template", f"cannot render: {problem}")]) from None


def _where(problem: BaseException, templates: Path, name: str) -> Place:
    """The last template line in the traceback: Jinja2 rewrites it to the template's own lines."""
    import traceback

    frames = [f for f in traceback.extract_tb(problem.__traceback__) if f.filename.endswith(".j2")]
    if not frames:
        return Place(str(templates / name))
    return Place(frames[-1].filename, frames[-1].lineno or 0, 1)


def _money(amount: str | Decimal, unit: str = "USD") -> str:
    return shown_money(Decimal(amount), unit)


def _tokens(amount: str) -> str:
    return scaled(Decimal(amount))


def _percent(share: str) -> str:
    return f"{Decimal(share) * 100:.0f}%"


def _number(amount: str) -> str:
    return f"{Decimal(amount):,.0f}"


def _figure(amount: str, unit: str) -> str:
    """An input of a formula: enough digits to check it by hand."""
    value = Decimal(amount)
    text = scaled(value) if abs(value) >= 10**6 else f"{value:,.4f}".rstrip("0").rstrip(".")
    return f"{text} {unit}".strip()


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January February March April May June July August September October November December".split()
)  # fmt: skip

_PUNCTUATION = frozenset("\\`*_{}[]()#+-.!|~>=^:$\"'")


def escape_markdown(text: object) -> str:
    """Text that no Markdown reader takes for markup, HTML or a link."""
    joined = " ".join(str(text).split())
    safe = joined.replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;")
    escaped = "".join(f"\\{c}" if c in _PUNCTUATION and c not in ".,'\"" else c for c in safe)
    # Bare addresses become links on some hosts: a word joiner keeps them text.
    return escaped.replace("//", "/\u2060/").replace("www.", "www\u2060.")


def stylesheet(templates: Path, names: tuple[str, ...]) -> str:
    """The stylesheets with the fonts embedded: nothing is fetched when a report is read."""
    fonts = read_document(templates / "fonts" / "fonts.yaml").data["fonts"]
    faces = [_face(font, templates / "fonts") for font in fonts]
    sheets = [(templates / "report" / name).read_text(encoding="utf-8") for name in names]
    return "\n".join([*faces, *sheets]).replace("</", "<\\/")


def _face(font: Mapping[str, Any], folder: Path) -> str:
    data = base64.b64encode((folder / font["file"]).read_bytes()).decode("ascii")
    return (
        f'@font-face{{font-family:"{font["family"]}";font-weight:{font["weight"]};font-style:normal;'
        f"src:url(data:font/woff2;base64,{data}) format('woff2');unicode-range:{font['range']}}}"
    )
