"""`render(record, "report.pdf")`: one door for every format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hostwise.reading.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.resources import templates_dir

if TYPE_CHECKING:
    from hostwise.decision.api import Record

FORMATS = ("pdf", "html", "md", "json")


def render(record: Record, target: str | Path, templates: str | Path | None = None) -> Path:
    """Write a report to `target`; its ending says the format: .pdf, .html, .md or .json (the record).

    Returns the path. Raises `InputError` for another ending, a template that fails, or a missing Pango.
    """
    path = Path(target)
    content = render_bytes(record.data, path.suffix.removeprefix("."), templates, str(path))
    try:
        path.write_bytes(content)
    except OSError as problem:
        raise InputError([Diagnostic(Place(str(path)), "unwritable", f"cannot write it: {problem.strerror}")]) from None
    return path


def render_bytes(
    record: Mapping[str, Any], form: str, templates: str | Path | None = None, name: str = "report"
) -> bytes:
    """A report in one of `FORMATS`."""
    if form not in _RENDERERS:
        accepted = ", ".join(f".{known}" for known in FORMATS)
        raise InputError([Diagnostic(Place(name), "format", "no such format", found=form or "none", accepted=accepted)])
    return _RENDERERS[form](record, templates_dir(Path(templates) if templates else None))


def _pdf(record: Mapping[str, Any], templates: Path) -> bytes:
    from hostwise.report.pdf import render_pdf

    return render_pdf(record, templates)


def _html(record: Mapping[str, Any], templates: Path) -> bytes:
    from hostwise.report.html import render_html

    return render_html(record, templates).encode()


def _markdown(record: Mapping[str, Any], templates: Path) -> bytes:
    from hostwise.report.markdown import render_markdown

    return render_markdown(record, templates).encode()


def _json(record: Mapping[str, Any], _templates: Path) -> bytes:
    from hostwise.decision.canonical import as_text

    return as_text(record).encode()


_RENDERERS: Mapping[str, Callable[[Mapping[str, Any], Path], bytes]] = {
    "pdf": _pdf, "html": _html, "md": _markdown, "json": _json,
}  # fmt: skip
