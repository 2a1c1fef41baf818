"""Whether the pages of a PDF report are the ones that the record inside it renders to.

The PDF says in its metadata for which reader it was written, in which language, with which templates and by which
programs. It is rendered again from its own record, and compared: by its bytes first, then by all that it holds. What
differs is put into words by a process of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

from msgspec import Struct

from hostwise.reading.files.folders import templates_dir
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.pdf.plain_pdf import PlainPdf, plain_pdf, unpacked
from hostwise.reading.pdf.values import NotPlain, Stream
from hostwise.record.attached import attached_bytes, read_plain, refuse_hidden
from hostwise.record.format.record import Record
from hostwise.report.language.language import HOME, languages
from hostwise.report.page.html import audiences
from hostwise.report.pdf.mends.xmp import PAGES, metadata_of
from hostwise.report.pdf.verify.explain import Differences, explained
from hostwise.report.pdf.verify.same import same_pdf
from hostwise.report.pdf.write import DOUBTED, QUESTIONNAIRE_NAME, pages_made, pdf_report

SHOWN = 20
LARGEST_METADATA = 1024 * 1024
UNSAID = "not looked for"


class PagesFinding(Struct, frozen=True):
    """The outcome.

    `bytes_same`: the file is the one that its record renders to here. `alike`: it holds the same, packed otherwise.
    `notes` say why a difference may be an honest one: other templates, other versions of the programs.
    """

    file: str
    bytes_same: bool = False
    alike: bool = False
    pages: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The finding as lines of plain text."""
        if self.bytes_same:
            yield f"{self.file}: its bytes are the ones that this record renders to."
            return
        if self.alike:
            yield f"{self.file}: its pages look the same as the ones that this record renders to; its bytes are others."
            return
        if self.pages or not self.beside:
            yield f"{self.file}: its pages are NOT the ones that this record renders to."
        else:
            yield f"{self.file}: its pages are the ones that this record renders to, but something beside them is not."
        yield from (f"  {line}" for line in self.pages[:SHOWN])
        if len(self.pages) > SHOWN:
            yield f"  … and {len(self.pages) - SHOWN} more"
        if self.beside:
            yield f"  Beside the pages, these differ: {', '.join(self.beside)}."
        yield from (f"  {note}" for note in self.notes)


def verify_pages(content: bytes, record: Record, file: str, templates: Path | None = None) -> PagesFinding:
    """Render the report again from its record, and compare.

    `templates` is the folder that the report was made with, where that was not the one shipped. Raises `InputError`
    when the PDF can be read in two ways or not at all, the record cannot be rendered, or Pango is not installed.
    """
    pdf = read_plain(content, Path(file))
    stated = metadata_of(_metadata(pdf), PAGES)
    known = audiences(templates)
    reader = stated.get("reader", known[0])
    if reader not in known:
        message = (
            f"the PDF was written for {reader!r}, a reader that these templates do not know; "
            "if it was made with templates of your own, name their folder: --templates DIR"
        )
        raise InputError([Diagnostic(Place(file), "unknown-audience", message, accepted=", ".join(known))])
    language = stated.get("language", HOME)
    spoken = languages(templates_dir(templates))
    if language not in spoken:
        message = (
            f"the PDF is in {language!r}, a language that these templates do not have; "
            "if it was made with templates of your own, name their folder: --templates DIR"
        )
        raise InputError([Diagnostic(Place(file), "unknown-language", message, accepted=", ".join(spoken))])
    again = pdf_report(record, templates, reader, language, doubted=stated.get("standing") == DOUBTED)
    if content == again:
        return PagesFinding(file, bytes_same=True)
    refuse_hidden(content, pdf, Path(file))
    if same_pdf(pdf, plain_pdf(again)):
        return PagesFinding(file, alike=True)
    said = explained(content, again)
    notes = (*_attached(pdf, record), *_notes(stated, pages_made(templates, reader, language), said))
    return PagesFinding(file, pages=said.pages, beside=said.beside, notes=notes)


def _attached(pdf: PlainPdf, record: Record) -> Iterator[str]:
    """What is wrong with the questionnaire beside the record."""
    found, own = attached_bytes(pdf, QUESTIONNAIRE_NAME), record.answers.text.encode()
    if found is None:
        yield f"The questionnaire, {QUESTIONNAIRE_NAME}, is not attached, or cannot be read."
    elif found != own:
        pairs = enumerate(zip_longest(found.split(b"\n"), own.split(b"\n")), 1)
        line = next(number for number, (theirs, ours) in pairs if theirs != ours)
        yield f"The attached {QUESTIONNAIRE_NAME} is NOT the one within the record: line {line} is another."


def _metadata(pdf: PlainPdf) -> bytes:
    """The metadata of a PDF; empty where it has none that can be read."""
    packet = pdf.entry(pdf.root, b"Metadata")
    try:
        return unpacked(packet, LARGEST_METADATA) if type(packet) is Stream else b""
    except NotPlain:
        return b""


def _notes(stated: Mapping[str, str], here: Mapping[str, str], said: Differences) -> Iterator[str]:
    if not said.whole:
        yield "Looking for all that differs took too long, and was stopped."
    if not stated:
        yield "The PDF does not say how its pages were made, as one of this version of Hostwise does."
        return
    if stated.get("templates") != here["templates"]:
        yield (
            f"It says that it was made with other templates (SHA-256 {stated.get('templates', '')[:12]}…; those used "
            f"here are {here['templates'][:12]}…). If they are your own, name their folder: --templates DIR."
        )
    if stated.get("tools") != here["tools"]:
        yield f"It says that it was made by {stated.get('tools')}; here are {here['tools']}."
        yield "Other versions may lay the same pages out otherwise. To be sure, verify with the versions it names."
        own, ours = said.words if len(said.words) == 2 else (UNSAID, UNSAID)
        if own or ours:
            yield f"Words that only the file has: {own or 'none'}. Words that only the record gives: {ours or 'none'}."
        else:
            yield "However they are laid out, the words of all pages are the same."
