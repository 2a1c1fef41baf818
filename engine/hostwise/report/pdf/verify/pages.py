"""Whether the pages of a PDF report are the ones that the record inside it renders to.

The PDF says in its metadata for which reader it was written, in which language, with which templates and by which
programs. It is rendered again from its own record, and compared: by its bytes first, and where they differ by what it
holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from hostwise.reading.files.folders import templates_dir
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.record.format.record import Record
from hostwise.report.language.language import HOME, languages
from hostwise.report.page.html import audiences
from hostwise.report.pdf.mends.xmp import PAGES, metadata_of
from hostwise.report.pdf.verify.compare import other_differences, page_differences, word_differences
from hostwise.report.pdf.verify.fingerprints import PdfForm, metadata_packet, pdf_form
from hostwise.report.pdf.write import pages_made, pdf_report

SHOWN = 20


class PagesFinding(Struct, frozen=True):
    """The outcome. `repacked`: the same pages and parts in a file that packs them otherwise.

    `notes` say why a difference may be an honest one: other templates, other versions of the programs.
    """

    file: str
    pages: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    repacked: bool = False

    @property
    def same(self) -> bool:
        """Whether the file holds what its record renders to, and nothing else."""
        return not self.pages and not self.beside

    def lines(self) -> Iterator[str]:
        """The finding as lines of plain text."""
        if self.same:
            how = "packed otherwise by another program" if self.repacked else "byte for byte"
            yield f"{self.file}: its pages are the ones that this record renders to, {how}."
            return
        if self.pages:
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
    when the PDF or the record cannot be read, or Pango is not installed.
    """
    stated = metadata_of(metadata_packet(content, file), PAGES)
    reader = stated.get("reader", "full")
    known = audiences(templates)
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
    again = pdf_report(record, templates, reader, language)
    if content == again:
        return PagesFinding(file)
    found, expected = pdf_form(content, file), pdf_form(again, file)
    pages = tuple(page_differences(found.pages, expected.pages))
    beside = tuple(other_differences(found, expected))
    notes = tuple(_notes(stated, pages_made(templates, reader, language), found, expected)) if pages or beside else ()
    return PagesFinding(file, pages, beside, notes, repacked=True)


def _notes(stated: Mapping[str, str], here: Mapping[str, str], found: PdfForm, expected: PdfForm) -> Iterator[str]:
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
        own, ours = word_differences(found.pages, expected.pages)
        if own or ours:
            yield f"Words that only the file has: {own or 'none'}. Words that only the record gives: {ours or 'none'}."
        else:
            yield "However they are laid out, the words of all pages are the same."
