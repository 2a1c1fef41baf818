"""A record as PDF: PDF/A-3a and PDF/UA-1 in one file, the record and the questionnaire attached.

The same record gives the same bytes: fonts are static and shipped, and every date in the file is the
record's own.
"""

from __future__ import annotations

import gc
import re
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from hostwise.reading.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.resources import folder_sha256
from hostwise.report.fonts import paper_fonts
from hostwise.report.html import PAPER, html_report
from hostwise.report.language import HOME
from hostwise.report.logo import paper_logo
from hostwise.report.pdf_fonts import only_packaged_fonts
from hostwise.report.pdf_lists import mend_lists
from hostwise.report.words import load_words, report_words
from hostwise.report.xmp import PAGES, PDF_UA, with_metadata

RECORD_NAME = "record.json"
QUESTIONNAIRE_NAME = "questionnaire.yaml"


def pdf_report(
    data: Mapping[str, Any],
    record_json: str,
    templates: Path | None = None,
    audience: str = "full",
    language: str | None = None,
) -> bytes:
    """The report as PDF. `record_json` is the record's text, attached as it is.

    `language` is one of the templates, by default their brand's.

    Raises `InputError` when the record has not the shape of its format, a template is wrong, or the
    system libraries that PDF needs are not installed.
    """
    words = report_words(templates, language)
    html = html_report(data, templates, audience, PAPER, words.language.code)
    _require_pango()
    from weasyprint import DEFAULT_OPTIONS, HTML, Attachment

    made = pages_made(templates, audience, words.language.code)
    moment = datetime.combine(datetime.fromisoformat(data["as_of"]).date(), time(), UTC)
    attach = {"relationship": "Data", "created": moment, "modified": moment}
    packaged = fetcher(words.root)
    attachments = [
        Attachment(string=record_json, name=RECORD_NAME, description=words.say("attached.record"), **attach),
        Attachment(
            string=data["answers"]["text"],
            name=QUESTIONNAIRE_NAME,
            description=words.say("attached.questionnaire"),
            **{**attach, "relationship": "Source"},
        ),
    ]
    options = {
        **DEFAULT_OPTIONS,
        "pdf_variant": "pdf/a-3a",
        "attachments": attachments,
        "pdf_identifier": bytes.fromhex(_hex(data["id"])),
    }
    fonts = only_packaged_fonts()
    with _fewer_collections():
        document = HTML(string=html, base_url=None, url_fetcher=packaged).render(font_config=fonts, **options)
        if not fonts.loaded():
            place = Place(str(words.root / "report" / "base.html.j2"))
            raise InputError([Diagnostic(place, "no-font", "a PDF needs a font, and none of its fonts can be read")])
        pdf = document.write_pdf(finisher=lambda _document, pdf: _finish(pdf, made), **options)
    return bytes(pdf)


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Look for cycles less often: a layout is millions of objects that live until its end (10% of the time, 3 MB)."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def pages_made(templates: Path | None, audience: str, language: str = HOME) -> dict[str, str]:
    """How the pages of a report are made here, as its metadata says it: reader, language, templates and programs.

    Raises `InputError` when the system libraries that PDF needs are not installed.
    """
    _require_pango()
    from hostwise.report.pdf_tools import pdf_tools

    templates_sha256 = folder_sha256(load_words(templates).root)
    return {"reader": audience, "language": language, "templates": templates_sha256, "tools": pdf_tools()}


def _hex(identity: str) -> str:
    return identity if re.fullmatch(r"[0-9a-f]{32,64}", identity) else "0" * 32


def _require_pango() -> None:
    """Say what to install when WeasyPrint cannot find its system libraries."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        how = (
            "brew install pango"
            if sys.platform == "darwin"
            else "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        )
        message = f"a PDF needs the Pango libraries, which are not installed here: {how}"
        raise InputError([Diagnostic(Place("report"), "no-pango", message)]) from None


@lru_cache(maxsize=4)
def fetcher(root: Path) -> Any:
    """A fetcher that serves the fonts and the logo of the templates, and stops the rendering at anything else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    table = {address: ("font/ttf", path.read_bytes()) for address, path in paper_fonts(root).items()}
    logo = load_words(root).brand.logo
    if logo is not None:
        table[paper_logo(logo)] = (logo.kind, logo.content)

    class PackagedOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url not in table:
                # An ordinary exception would leave a hole and go on; this one ends the rendering.
                raise FatalURLFetchingError(f"refused: {url[:120]}")
            kind, content = table[url]
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return PackagedOnly()


def _finish(pdf: Any, made: Mapping[str, str]) -> None:
    """Make the PDF/A file a PDF/UA file too: its metadata, its lists, and the scope of table headings."""
    mend_lists(pdf)
    entries = ((PDF_UA, {"part": "1"}), (PAGES, made))
    for item in pdf.objects:
        extra = getattr(item, "extra", None)
        if extra is not None and extra.get("Type") == "/Metadata":
            item.stream = [with_metadata(part, entries) for part in item.stream]
            item.compress = False  # an archive's tools find metadata by its plain text
        if isinstance(item, dict) and item.get("S") == "/TH":
            _set_scope(item, pdf)
        if getattr(item, "compress", False):
            _pack(item)


def _pack(stream: Any) -> None:
    """Compress a stream here, once: the writer would do it twice, for the file and for its identifier."""
    import pydyf

    written = pydyf.Stream(stream.stream).data  # its dictionary, `stream`, the content, `endstream`
    content = written[written.index(b"stream\n") + len(b"stream\n") : -len(b"\nendstream")]
    stream.stream = [zlib.compress(content, 6)]
    stream.extra = {**stream.extra, "Filter": "/FlateDecode"}
    stream.compress = False


def _set_scope(heading: Any, pdf: Any) -> None:
    """A heading in the head of a table is for its column, one in the body for its row."""
    import pydyf

    part = _parent(_parent(heading, pdf), pdf)
    scope = "/Row" if part.get("S") == "/TBody" else "/Column"
    attributes = heading.get("A")
    if isinstance(attributes, dict):
        attributes["Scope"] = scope
    else:
        heading["A"] = pydyf.Dictionary({"O": "/Table", "Scope": scope})


def _parent(item: Any, pdf: Any) -> Any:
    number = int(item["P"].split()[0])
    return pdf.objects[number]
