"""A record as PDF: PDF/A-3a and PDF/UA-1 in one file, the record and the questionnaire attached.

The same record gives the same bytes: fonts are static and shipped, and every date in the file is the
record's own.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from hostwise.reading.files.folders import folder_sha256
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.record.format.record import Record
from hostwise.report.brand.fonts import machine_fonts, paper_fonts
from hostwise.report.brand.logo import paper_logo
from hostwise.report.brand.machine_fonts import MachineFont
from hostwise.report.brand.missing_glyphs import borrowed_by
from hostwise.report.language.language import HOME
from hostwise.report.page.html import PAPER, html_report
from hostwise.report.pdf.ends import laid_out
from hostwise.report.pdf.fonts import only_packaged_fonts
from hostwise.report.pdf.mends.headings import set_scope
from hostwise.report.pdf.mends.lists import mend_lists
from hostwise.report.pdf.mends.streams import pack
from hostwise.report.pdf.mends.xmp import PAGES, PDF_UA, with_metadata
from hostwise.report.words.words import Words, load_words, report_words

RECORD_NAME = "record.json"
QUESTIONNAIRE_NAME = "questionnaire.yaml"
_SPACE_BEFORE = re.compile(r" <((?:span|strong|code|bdi)(?: [^<>]*)?)>")
"""A space before an inline element. Where what follows does not fit, WeasyPrint breaks the text before it at its first
space, so that a line has one word; not where the space is the element's."""
DOUBTED = "doubted"
"""What the metadata says of a report that begins with the words that nothing vouches for its record."""


def pdf_report(
    record: Record,
    templates: Path | None = None,
    audience: str | None = None,
    language: str | None = None,
    *,
    doubted: bool = False,
) -> bytes:
    """The report as PDF, with the record and its questionnaire attached.

    `language` is one of the templates, by default their brand's; `doubted` as in HTML.

    Raises `InputError` when parts of the record contradict one another, a template is wrong, or the
    system libraries that PDF needs are not installed.
    """
    words = report_words(templates, language)
    html = html_report(record, templates, audience, PAPER, words.language.code, doubted=doubted)
    made = pages_made(templates, words.reader(audience), words.language.code)
    if doubted:
        made = {**made, "standing": DOUBTED}
    attached = (
        Attached(RECORD_NAME, record.json, words.say("attached.record"), "Data"),
        Attached(QUESTIONNAIRE_NAME, record.answers.text, words.say("attached.questionnaire"), "Source"),
    )
    return pdf_of(html, words, made, attached, record.as_of, record.id, borrowed_by(record, words.root))


class Attached(Struct, frozen=True):
    """A file within a PDF. `relationship` is one of PDF/A-3: `Data`, `Source`."""

    name: str
    content: str
    description: str
    relationship: str


def pdf_of(
    html: str,
    words: Words,
    made: Mapping[str, str],
    attached: Iterable[Attached],
    day: date,
    identity: str,
    borrowed: tuple[MachineFont, ...],
) -> bytes:
    """A page for paper as PDF, in packaged and borrowed fonts. `made` goes into its metadata, `day` dates what it has.

    Raises `InputError` when the system libraries that PDF needs are not installed, or none of its fonts can be read.
    """
    _require_pango()
    html = _SPACE_BEFORE.sub(r"<\1> ", html)
    from weasyprint import DEFAULT_OPTIONS, HTML, Attachment

    moment = datetime.combine(day, time(), UTC)
    packaged = fetcher(words.root, borrowed)
    attachments = [
        Attachment(
            string=each.content, name=each.name, description=each.description, relationship=each.relationship,
            created=moment, modified=moment, url_fetcher=packaged,
        )
        for each in sorted(attached, key=lambda each: each.name)  # a reader looks a name up in a tree that is in order
    ]  # fmt: skip
    if borrowed:
        made = {**made, "tools": ", ".join((made["tools"], *(font.family for font in borrowed)))}
    options = {
        **DEFAULT_OPTIONS,
        "pdf_variant": "pdf/a-3a",
        "attachments": attachments,
        "pdf_identifier": bytes.fromhex(_hex(identity)),
    }
    with closing(only_packaged_fonts()) as fonts, _fewer_collections():
        source = HTML(string=html, base_url=None, url_fetcher=packaged)
        document = laid_out(lambda: source.render(font_config=fonts, **options))
        if not fonts.loaded():
            place = Place(str(words.root / "report" / "base.html.j2"))
            raise InputError([Diagnostic(place, "no-font", "a PDF needs a font, and none of its fonts can be read")])
        _usual_prefixes()
        pdf = document.write_pdf(finisher=lambda _document, pdf: _finish(pdf, made), **options)
    return bytes(pdf)


def _usual_prefixes() -> None:
    """Write XMP under WeasyPrint's prefixes, though something else in this process took one: DMN takes `dc`."""
    from xml.etree.ElementTree import register_namespace

    from weasyprint.pdf.metadata import NS

    for prefix, space in NS.items():
        register_namespace(prefix, space)


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
    from hostwise.report.pdf.mends.tools import pdf_tools

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
def fetcher(root: Path, borrowed: tuple[MachineFont, ...] = ()) -> Any:
    """A fetcher that serves the fonts and the logo of the templates, and stops the rendering at anything else."""
    from ssl import PROTOCOL_TLS_CLIENT, SSLContext

    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    files = {**paper_fonts(root), **machine_fonts(borrowed)}
    table = {address: ("font/ttf", path.read_bytes()) for address, path in files.items()}
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

    # Without this context, one that knows every certificate of the system is made for a network that is never asked.
    return PackagedOnly(ssl_context=SSLContext(PROTOCOL_TLS_CLIENT))


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
            set_scope(item, pdf)
        if getattr(item, "compress", False):
            pack(item)
