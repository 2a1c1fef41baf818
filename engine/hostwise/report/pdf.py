"""A record as a PDF that is PDF/A-3a and PDF/UA-1, with the record and the questionnaire attached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hostwise.decision.canonical import as_text
from hostwise.decision.recordfile import ATTACHMENT
from hostwise.reading.diagnostics import Diagnostic, InputError, Place
from hostwise.report.html import PRINT, page
from hostwise.report.templating import stylesheet

if TYPE_CHECKING:
    from types import ModuleType

LIBRARIES = (
    "PDF needs Pango, which is not installed. Debian or Ubuntu: sudo apt-get install libpango-1.0-0 "
    "libpangoft2-1.0-0 libharfbuzz-subset0. macOS: brew install pango. HTML and Markdown need nothing."
)

_UA = """\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag>\
</pdfaExtension:schemas></rdf:Description>
"""


def render_pdf(record: Mapping[str, Any], templates: Path) -> bytes:
    """The report as PDF. Raises `InputError` when the system's Pango is missing."""
    return write_pdf(print_page(record, templates), record)


def print_page(record: Mapping[str, Any], templates: Path) -> str:
    """The HTML that the PDF is made from."""
    return page(record, templates, stylesheet(templates, PRINT))


def write_pdf(html: str, record: Mapping[str, Any]) -> bytes:
    """Lay out and write; the same record gives the same bytes."""
    weasyprint = _weasyprint()
    day = datetime.fromisoformat(record["as_of"]).replace(tzinfo=UTC)
    attachments = [
        weasyprint.Attachment(
            string=as_text(record), name=ATTACHMENT, description="The decision record", relationship="Source",
            created=day, modified=day,
        ),
        weasyprint.Attachment(
            string=record["answers"]["text"], name="questionnaire.yaml", description="The questionnaire as answered",
            relationship="Source", created=day, modified=day,
        ),
    ]  # fmt: skip
    document = weasyprint.HTML(string=html, url_fetcher=_fetcher(), base_url=None).render(
        attachments=attachments, pdf_variant="pdf/a-3a", pdf_tags=True, custom_metadata=False
    )
    return bytes(document.write_pdf(finisher=_finish))


def _weasyprint() -> ModuleType:
    try:
        import weasyprint
    except OSError:
        raise InputError([Diagnostic(Place("PDF"), "no-pango", LIBRARIES)]) from None
    return weasyprint  # type: ignore[no-any-return]


def _fetcher() -> Any:
    """Refuses every address: fonts and styles are in the page, and nothing else belongs there."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class Refuse(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:font/woff2;base64,"):
                return super().fetch(url, headers)
            raise FatalURLFetchingError(f"a report fetches nothing, but was asked for {url[:80]}")

    return Refuse()


def _finish(_document: Any, pdf: Any) -> None:
    """Declare PDF/UA-1 beside PDF/A-3a, and give every header cell its scope."""
    for item in pdf.objects:
        if type(item).__name__ == "Stream" and item.extra.get("Type") == "/Metadata":
            item.stream = [_declared(part) for part in item.stream]
        elif isinstance(item, dict) and item.get("S") == "/TH" and "A" not in item:
            import pydyf

            item["A"] = pydyf.Dictionary({"O": "/Table", "Scope": "/Column"})


def _declared(part: Any) -> Any:
    data = part if isinstance(part, bytes) else str(part).encode()
    return data.replace(b"</rdf:RDF>", _UA.encode() + b"</rdf:RDF>")
