"""The metadata that a report adds to its PDF: that it is PDF/UA-1, and how its pages were made.

PDF/A allows only metadata whose schema is declared in the file, and neither PDF/UA's namespace nor ours is among the
predefined ones (ISO 19005-3, 6.6.2.3). So each schema is written with its declaration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from msgspec import Struct

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_END = b"</rdf:RDF>"


class Schema(Struct, frozen=True):
    """A namespace of metadata: each property with its value type of XMP and its description."""

    title: str
    namespace: str
    prefix: str
    properties: Mapping[str, tuple[str, str]]


PDF_UA = Schema(
    "PDF/UA Universal Accessibility Schema",
    "http://www.aiim.org/pdfua/ns/id/",
    "pdfuaid",
    {"part": ("Integer", "Part of PDF/UA")},
)
PAGES = Schema(
    "How Hostwise made the pages",
    "urn:x-hostwise:pages/1/",
    "hostwise",
    {
        "reader": ("Text", "For whom the report was written"),
        "language": ("Text", "The language of the report, as a BCP 47 tag"),
        "templates": ("Text", "SHA-256 of the folder of templates"),
        "tools": ("Text", "The programs that laid out the pages, with their versions"),
        "standing": ("Text", "That the pages begin with a doubt about the record, where they do"),
    },
)


def with_metadata(packet: bytes, entries: Iterable[tuple[Schema, Mapping[str, str]]]) -> bytes:
    """The metadata packet with the properties of more schemas, each of them declared."""
    filled = list(entries)
    values = "".join(_description(schema, properties) for schema, properties in filled)
    whole = packet.replace(_END, (values + _declared(schema for schema, _ in filled)).encode() + _END)
    # The packet stands in the file as it is: a title must not look like the end of it to a program that searches.
    return whole.replace(b"endstream", b"end&#x73;tream").replace(b"endobj", b"endo&#x62;j")


def metadata_of(packet: bytes, schema: Schema) -> dict[str, str]:
    """The properties of a schema in a metadata packet that a report wrote; none where it has none or is not XML."""
    from xml.etree import ElementTree

    # Entities could make a small file huge, and no report writes any.
    if b"<!" in packet:
        return {}
    try:
        root = ElementTree.fromstring(packet)
    except ElementTree.ParseError:
        return {}
    names = {f"{{{schema.namespace}}}{name}": name for name in schema.properties}
    return {
        names[key]: value
        for node in root.iter(f"{{{RDF}}}Description")
        for key, value in node.attrib.items()
        if key in names
    }


def _description(schema: Schema, properties: Mapping[str, str]) -> str:
    written = "".join(f' {schema.prefix}:{name}="{escape(value)}"' for name, value in properties.items())
    return f'<rdf:Description xmlns:rdf="{RDF}" xmlns:{schema.prefix}="{schema.namespace}" rdf:about=""{written}/>'


def _declared(schemas: Iterable[Schema]) -> str:
    bag = "".join(_declaration(schema) for schema in schemas)
    return (
        f'<rdf:Description xmlns:rdf="{RDF}" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
        ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
        ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">'
        f"<pdfaExtension:schemas><rdf:Bag>{bag}</rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    )


def _declaration(schema: Schema) -> str:
    properties = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
        "<pdfaProperty:category>internal</pdfaProperty:category>"
        f"<pdfaProperty:description>{escape(text)}</pdfaProperty:description></rdf:li>"
        for name, (kind, text) in schema.properties.items()
    )
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{escape(schema.title)}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{schema.namespace}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{schema.prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
