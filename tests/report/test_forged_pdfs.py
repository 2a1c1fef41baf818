"""Forged reports: what two independent viewers show of each, and that `verify` takes none of them for the report."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from tests.pdf_files import assembled, bodies_of, trailer
from tests.records import as_record

from hostwise.reading.pdf.plain_pdf import plain_pdf
from hostwise.reading.pdf.values import NotPlain
from hostwise.report.pdf.verify.same import same_pdf
from hostwise.report.pdf.write import pdf_report

WORD = b"0 0 m 500 0 l 500 500 l 0 500 l f\n"
"""What a forger draws: a black square, as good as a word."""
Bodies = dict[int, bytes]


@pytest.fixture(scope="module")
def report(decided: Any) -> bytes:
    return pdf_report(as_record(decided("support-summariser")), audience="leadership")


@pytest.fixture(scope="module")
def written_again(report: bytes) -> tuple[Bodies, bytes]:
    """The report as another program writes it: its objects one by one, which a forger can change by hand."""
    out = io.BytesIO()
    pypdf.PdfWriter(clone_from=io.BytesIO(report)).write(out)
    return bodies_of(out.getvalue())


def poppler(pdf: Path) -> list[str]:
    if shutil.which("pdftoppm") is None:
        pytest.skip("poppler is not installed")
    ran = subprocess.run(["pdftoppm", "-r", "20", pdf, pdf.with_suffix("")], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    pages = sorted(pdf.parent.glob(f"{pdf.stem}-*.ppm"))
    return [hashlib.sha256(page.read_bytes()).hexdigest() for page in pages]


def pdfium(pdf: Path) -> list[str]:
    library = pytest.importorskip("pypdfium2")
    document = library.PdfDocument(pdf)
    return [hashlib.sha256(page.render(scale=0.3).to_numpy().tobytes()).hexdigest() for page in document]


def _page_one(bodies: Bodies) -> int:
    return min(number for number, body in bodies.items() if re.search(rb"/Type\s*/Page\b", body))


def _catalogue(bodies: Bodies) -> int:
    return next(number for number, body in bodies.items() if re.search(rb"/Type\s*/Catalog\b", body))


def _forged_drawing(bodies: Bodies) -> tuple[int, bytes]:
    return max(bodies) + 1, b"<</Length %d>>\nstream\n%s\nendstream" % (len(WORD), WORD)


def second_contents(bodies: Bodies, key: bytes = b"/Contents") -> Bodies:
    number, drawing = _forged_drawing(bodies)
    page = _page_one(bodies)
    body = bodies[page].rstrip()
    assert body.endswith(b">>")
    return {**bodies, page: body[:-2] + b"%s %d 0 R\n>>" % (key, number), number: drawing}


def escaped_contents(bodies: Bodies) -> Bodies:
    return second_contents(bodies, b"/Con#74ents")


def second_pages(bodies: Bodies) -> Bodies:
    number, drawing = _forged_drawing(bodies)
    root = _catalogue(bodies)
    more = {
        number: drawing,
        number + 1: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 2),
        number + 2: b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %d 0 R>>" % (number + 1, number),
    }
    return {**bodies, root: bodies[root].rstrip()[:-2] + b"/Pages %d 0 R\n>>" % (number + 1), **more}


def drawn_over(bodies: Bodies) -> Bodies:
    """No doubt about the structure here: a page draws something else."""
    number, drawing = _forged_drawing(bodies)
    page = _page_one(bodies)
    own = re.search(rb"/Contents (\d+) 0 R", bodies[page])
    assert own
    contents = b"/Contents [%s 0 R %d 0 R]" % (own[1], number)
    return {**bodies, page: bodies[page].replace(own[0], contents), number: drawing}


def noted(bodies: Bodies) -> Bodies:
    page, number = _page_one(bodies), max(bodies) + 1
    note = b"<</Type/Annot/Subtype/Square/Rect[0 0 400 400]/C[1 0 0]/IC[1 0 0]>>"
    body = re.sub(rb"/Annots\s*\[", b"/Annots [ %d 0 R " % number, bodies[page])
    if body == bodies[page]:
        body = body.rstrip()[:-2] + b"/Annots [%d 0 R]\n>>" % number
    return {**bodies, page: body, number: note}


def hidden_layer(bodies: Bodies) -> Bodies:
    root = _catalogue(bodies)
    layers = b"/OCProperties <</OCGs[]/D<</Order[]>>>>"
    return {**bodies, root: bodies[root].rstrip()[:-2] + layers + b">>"}


def script(bodies: Bodies) -> Bodies:
    root = _catalogue(bodies)
    return {**bodies, root: bodies[root].rstrip()[:-2] + b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"}


def later_table(bodies: Bodies, entries: bytes) -> bytes:
    """An incremental update: page one says something else from now on."""
    before = assembled(bodies, entries)
    number, drawing = _forged_drawing(bodies)
    page = _page_one(bodies)
    body = re.sub(rb"/Contents \d+ 0 R", b"/Contents %d 0 R" % number, bodies[page])
    out, places = before, {}
    for each, text in ((page, body), (number, drawing)):
        places[each] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (each, text)
    old = before.rindex(b"xref\n", 0, before.rindex(b"startxref"))
    return out + trailer(places, out, entries + b"/Prev %d" % old)


FORGERIES: dict[str, tuple[Callable[..., Any], bool, bool]] = {
    "a second /Contents": (second_contents, True, True),
    "a second /Contents, escaped": (escaped_contents, True, True),
    "a second /Pages": (second_pages, True, True),
    "an incremental update": (later_table, True, True),
    "drawn over": (drawn_over, False, True),
    "a note over it": (noted, False, False),
    "a layer": (hidden_layer, False, False),
    "a script": (script, False, False),
}
"""How; whether the file is refused for how it is built; whether a viewer shows something else."""


@pytest.mark.parametrize(("forge", "doubtful", "seen"), FORGERIES.values(), ids=FORGERIES)
def test_no_forgery_is_the_report(
    forge: Callable[..., Any],
    doubtful: bool,
    seen: bool,
    report: bytes,
    written_again: tuple[Bodies, bytes],
    tmp_path: Path,
) -> None:
    bodies, entries = written_again
    forged = forge(bodies, entries) if forge is later_table else assembled(forge(bodies), entries)
    honest, other = tmp_path / "honest.pdf", tmp_path / "forged.pdf"
    honest.write_bytes(report)
    other.write_bytes(forged)
    if doubtful:
        with pytest.raises(NotPlain):
            plain_pdf(forged)
    else:
        assert not same_pdf(plain_pdf(forged), plain_pdf(report))
    differ = [show.__name__ for show in (poppler, pdfium) if show(honest) != show(other)]
    assert bool(differ) or not seen, "no viewer shows this forgery: it proves nothing"


def test_what_is_the_same_looks_the_same_in_both_viewers(
    report: bytes, written_again: tuple[Bodies, bytes], tmp_path: Path
) -> None:
    bodies, entries = written_again
    again = assembled(bodies, entries)
    assert again != report
    assert same_pdf(plain_pdf(again), plain_pdf(report))
    honest, packed = tmp_path / "honest.pdf", tmp_path / "packed.pdf"
    honest.write_bytes(report)
    packed.write_bytes(again)
    for show in (poppler, pdfium):
        pages = show(honest)
        assert len(pages) >= 2
        assert show(packed) == pages


def test_a_damaged_record_within_is_named_by_its_byte(report: bytes, written_again: tuple[Bodies, bytes]) -> None:
    from hostwise.reading.findings.diagnostics import InputError
    from hostwise.record.file import record_in

    bodies, entries = written_again
    number, body = next((n, b) for n, b in bodies.items() if b'{\n  "hostwise"' in _content(b))
    start = body.index(b"stream\n") + 7
    for broken in (
        body[: start + 500] + b"\x00\x00\x00\x00" + body[start + 504 :],
        b'<</Type/EmbeddedFile/Length 9>>\nstream\n{"a": \xff\xff}\nendstream',
    ):
        # A stream that cannot be unpacked is known by where it begins, a byte that is no text by itself.
        said = r"the attached record(, which begins at byte \d+ of the file, is damaged| is damaged at byte \d+)"
        with pytest.raises(InputError, match=said) as refused:
            record_in(assembled({**bodies, number: broken}, entries), Path("report.pdf"))
        assert not re.search(r"zlib|codec|UTF", str(refused.value))


def _content(body: bytes) -> bytes:
    _, found, packed = body.partition(b"stream\n")
    try:
        return zlib.decompressobj().decompress(packed) if found else b""
    except zlib.error:
        return packed
