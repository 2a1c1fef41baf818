"""The public door: a record to HTML, PDF, Markdown or JSON.

render(record, "report.pdf")        # writes the file, returns its path
render(record, "html")              # returns the bytes
"""

from __future__ import annotations

from pathlib import Path

from hostwise.reading.files.beside import write_beside
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.record.format.record import Record

FORMATS = ("html", "pdf", "md", "json")


def render(
    record: Record,
    target: str | Path,
    templates: str | Path | None = None,
    *,
    audience: str | None = None,
    language: str | None = None,
    doubted: bool = False,
) -> bytes | Path:
    """Render a record.

    `target` is a file name, whose suffix chooses the format, or the format alone: `html`, `pdf`, `md`
    or `json`. With a file name the file is written and its path returned; else the bytes are returned.
    `templates` replaces the templates shipped; `audience` is a reader of
    `templates/report/sections.yaml`, by default the first;
    `language` is one of `templates/locale` or `en-GB`, by default what `templates/brand.yaml` says. `doubted` says
    first of all that nothing vouches for the record.

    Raises `InputError` for an unknown format or language, a record that contradicts itself, a template that fails, or
    system libraries that a PDF needs and that are not there.
    """
    content = rendered(
        record, check_target(target), Path(templates) if templates else None, audience, language, doubted=doubted
    )
    return content if str(target) in FORMATS else written(content, Path(target))


def rendered(
    record: Record,
    kind: str,
    templates: Path | None,
    audience: str | None = None,
    language: str | None = None,
    *,
    doubted: bool = False,
) -> bytes:
    """A record in one of the `FORMATS`. Raises `InputError` as `render` does."""
    if kind == "json":
        return record.json.encode("utf-8")
    if kind == "md":
        from hostwise.report.page.markdown import markdown_report

        return markdown_report(record, templates, language, doubted=doubted).encode("utf-8")
    if kind == "pdf":
        from hostwise.report.pdf.write import pdf_report

        return pdf_report(record, templates, audience, language, doubted=doubted)
    from hostwise.report.page.html import html_report

    return html_report(record, templates, audience, language=language, doubted=doubted).encode("utf-8")


def written(content: bytes, path: Path) -> Path:
    """Write a report, whole or not at all. Raises `InputError` where that cannot be."""
    write_beside(path, content)
    return path


def check_target(target: str | Path) -> str:
    """The format that a target asks for. Raises `InputError` when there is no such format."""
    kind = str(target) if str(target) in FORMATS else Path(target).suffix.lstrip(".").lower()
    if kind in FORMATS:
        return kind
    accepted = ", ".join(f".{name}" for name in FORMATS)
    place = Place(str(target))
    raise InputError([Diagnostic(place, "unknown-format", "no such report format", found=kind, accepted=accepted)])
