"""One document written in many ways that the standard allows: what a strict reader must take for one and the same.

Blanks, forms of numbers, names and texts, the order of keys and objects, how streams are packed, objects in streams,
tables as text or as streams: drawn by chance, so that a viewer that reads one of them otherwise is found.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from tests.pdf_files import assembled

from hostwise.reading.pdf.plain_pdf import PlainPdf, plain_pdf, unpacked
from hostwise.reading.pdf.values import Name, Ref, Stream

BLANKS = (b" ", b"\n", b"\r", b"\t", b"\x0c", b"\0", b"\r\n", b"  ", b"\n\n")
UNPRINTED = b" #/()<>[]{}%\n\r\t"


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


DOCUMENT: Mapping[int, bytes] = {
    1: b"<</Type/Catalog/Pages 2 0 R>>",
    2: b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 200 200]>>",
    3: b"<</Type/Page/Parent 2 0 R/Resources 7 0 R/Contents 5 0 R/Annots[9 0 R]>>",
    4: b"<</Type/Page/Parent 2 0 R/Resources 7 0 R/Rotate 90/MediaBox[0 0 200 100]/Contents[6 0 R 5 0 R]>>",
    5: _stream(b"BT /F1 24 Tf 20 150 Td (Verdict) Tj ET q 50 0 0 50 100 20 cm /I1 Do Q /X1 Do\n"),
    6: _stream(b"0 0 1 rg 9 9 99 99 re f "),
    7: b"<</Font<</F1 8 0 R>>/XObject<</I1 10 0 R/X1 11 0 R>>>>",
    8: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[86/W]>>>>",
    9: b"<</Type/Annot/Subtype/Square/Rect[150 150 190 190]/IC[1 0 0]/C[0 1 0]/F 4/Contents(a note)>>",
    10: _stream(
        bytes(range(0, 96, 2)),
        b"/Type/XObject/Subtype/Image/Width 4/Height 4/BitsPerComponent 8/ColorSpace/DeviceRGB",
    ),
    11: _stream(b"1 0 0 rg 0 0 20 20 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 10.5 10]/Matrix[1 0 0 1 5 5]"),
}
"""Two pages with a text, a picture, a form and a note."""
WRITTEN = assembled(DOCUMENT)


class Writer:
    """A program that writes PDF files, with habits drawn by chance."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.wild = self.draw.choice((0.1, 0.3, 0.6))

    def written(self) -> bytes:
        """The document in its way."""
        pdf = plain_pdf(WRITTEN)
        order = list(pdf.objects)
        numbers = list(range(1, len(order) + 1))
        for each in (order, numbers):
            if self._does(0.5):
                self.draw.shuffle(each)
        self.number = dict(zip(order, numbers, strict=True))
        self.out = self.draw.choice((b"%PDF-1.7\n", b"%PDF-1.4\r\n", b"%PDF-2.0\r")) + self.draw.choice(
            (b"", b"%\xe2\n")
        )
        self.places: dict[int, tuple[int, int, int]] = {}
        as_stream = self._does(0.5)
        within = [n for n in order if as_stream and type(pdf.objects[n]) is not Stream and self._does(0.6)]
        for each in (n for n in order if n not in within):
            self._object(self.number[each], pdf.objects[each])
        if within:
            self._holder(pdf, within)
        at = len(self.out)
        entries = {Name(b"Root"): pdf.root}
        self._stream_table(entries) if as_stream else self._table(entries)
        end = self.draw.choice((b"\n", b"\r\n"))
        return self.out + b"startxref" + end + b"%d" % at + end + b"%%EOF" + self.draw.choice((b"", b"\n", b"\r\n"))

    def _does(self, chance: float) -> bool:
        return self.draw.random() < chance

    def _blank(self, *, needed: bool = True) -> bytes:
        if self._does(self.wild):
            return b"".join(self.draw.choices(BLANKS, k=self.draw.choice((1, 2, 5))))
        return b" " if needed else b""

    def _object(self, number: int, value: Any) -> None:
        self.places[number] = (1, len(self.out), 0)
        self.out += b"%d%s0%sobj%s" % (number, self._blank(), self._blank(), self._blank())
        self.out += self._packed(value) if type(value) is Stream else self._value(value)
        self.out += self._blank() + b"endobj" + self.draw.choice((b"\n", b"\r\n", b" "))

    def _value(self, value: Any) -> bytes:
        kinds: Mapping[type, Callable[[Any], bytes]] = {
            Ref: lambda v: b"%d%s0%sR" % (self.number[v.number], self._blank(), self._blank()),
            Name: self._name,
            bytes: self._text,
            list: lambda v: b"[" + b"".join(self._blank() + self._value(each) for each in v) + b"]",
            dict: self._dictionary,
            int: lambda v: (self.draw.choice((b"+", b"0", b"0000000")) if self._does(self.wild) else b"") + b"%d" % v,
            float: lambda v: b"%.3f" % v + (b"00" if self._does(self.wild) else b""),
            type(None): lambda _: b"null",
        }
        return kinds[type(value)](value)

    def _name(self, value: bytes) -> bytes:
        escaped = (b"#%02X" % c if c in UNPRINTED or self._does(self.wild / 3) else bytes([c]) for c in value)
        return b"/" + b"".join(escaped)

    def _text(self, value: bytes) -> bytes:
        if self._does(0.3):
            return b"<" + b"".join(b"%02x" % c + self._blank(needed=False) for c in value) + b">"
        escaped = (
            b"\\%03o" % c if self._does(self.wild) else b"\\\n" * self._does(self.wild) + bytes([c]) for c in value
        )
        return b"(" + b"".join(escaped) + b")"

    def _dictionary(self, value: dict[bytes, Any]) -> bytes:
        entries = list(value.items())
        if self._does(self.wild):
            self.draw.shuffle(entries)
        between = (self._value(key) + self._blank() + self._value(each) for key, each in entries)
        return b"<<" + b"".join(self._blank(needed=False) + each for each in between) + b">>"

    def _packed(self, stream: Stream) -> bytes:
        entries, content = dict(stream.entries), unpacked(stream)
        if self._does(self.wild):
            listed, each_listed = self._does(0.5), self._does(0.9)
            parameters: Any = self.draw.choice((None, {Name(b"Predictor"): 1}, self._up(content)))
            if parameters and parameters[Name(b"Predictor")] == 12:
                content = self._rows(content, parameters[Name(b"Columns")])
            entries[Name(b"Filter")] = [Name(b"FlateDecode")] if listed else Name(b"FlateDecode")
            if parameters or self._does(0.2):
                entries[Name(b"DecodeParms")] = [parameters] if listed is each_listed else parameters
            content = zlib.compress(content, self.draw.choice((0, 1, 9))) + self.draw.choice((b"", b"\n"))
        entries[Name(b"Length")] = len(content)
        begin, end = self.draw.choice((b"\n", b"\r\n")), self.draw.choice((b"\n", b"\r\n", b""))
        return self._value(entries) + self._blank() + b"stream" + begin + content + end + b"endstream"

    def _up(self, content: bytes) -> dict[bytes, int] | None:
        columns = [n for n in (1, 2, 3, 4, 8) if len(content) % n == 0]
        return {Name(b"Predictor"): 12, Name(b"Columns"): self.draw.choice(columns)}

    def _rows(self, content: bytes, columns: int) -> bytes:
        """Each row as it is, or as what it adds to the one above."""
        out, above = b"", bytes(columns)
        for at in range(0, len(content), columns):
            row = content[at : at + columns]
            added = bytes((a - b) & 255 for a, b in zip(row, above, strict=True))
            out += b"\2" + added if self._does(0.5) else b"\0" + row
            above = row
        return out

    def _holder(self, pdf: PlainPdf, within: list[int]) -> None:
        """A stream that holds objects."""
        holder, head, body = len(self.number) + 1, b"", b""
        for place, each in enumerate(within):
            body += self._blank(needed=False)
            head += b"%d %d " % (self.number[each], len(body))
            body += self._value(pdf.objects[each]) + self._blank()
            self.places[self.number[each]] = (2, holder, place)
        entries = {Name(b"Type"): Name(b"ObjStm"), Name(b"N"): len(within), Name(b"First"): len(head)}
        self._object(holder, Stream(entries, head + body, 0))

    def _stream_table(self, entries: dict[bytes, Any]) -> None:
        number = len(self.number) + 2
        places = {0: (0, 0, 0), **self.places, number: (1, len(self.out), 0)}
        widths = self.draw.choice(((1, 4, 2), (1, 3, 1), (2, 8, 4)))
        index = [part for each in sorted(places) for part in (each, 1)]
        lines = (zip(places[each], widths, strict=True) for each in sorted(places))
        content = b"".join(value.to_bytes(width, "big") for line in lines for value, width in line)
        said = {b"Type": Name(b"XRef"), b"Size": number + 1, b"W": list(widths), b"Index": index}
        self._object(number, Stream({Name(key): each for key, each in said.items()} | entries, content, 0))

    def _table(self, entries: dict[bytes, Any]) -> None:
        end = self.draw.choice((b" \n", b"\r\n", b" \r"))
        self.out += b"xref\n0 1\n0000000000 65535 f" + end
        for number in sorted(self.places):
            self.out += b"%d 1\n%010d 00000 n" % (number, self.places[number][1]) + end
        self.out += b"trailer" + self._blank() + self._value({**entries, Name(b"Size"): len(self.number) + 1}) + b"\n"
