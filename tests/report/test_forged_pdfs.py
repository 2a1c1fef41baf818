"""Forged reports: what two independent viewers show of each, and that `verify` takes none of them for the report."""

from __future__ import annotations

import hashlib
import inspect
import io
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
from tests.pdf_files import assembled, bodies_of, trailer
from tests.report.pdf_writers import WRITTEN, Writer

from hostwise.reading.pdf.plain_pdf import plain_pdf
from hostwise.reading.pdf.values import NotPlain
from hostwise.report.pdf.verify.same import same_pdf

WORD = b"0 0 m 500 0 l 500 500 l 0 500 l f\n"
"""What a forger draws: a black square, as good as a word."""
Bodies = dict[int, bytes]
Viewer = Callable[[Path], list[str]]


@pytest.fixture(scope="module")
def report(printed: Any) -> bytes:
    found: bytes = printed("support-summariser", "leadership").pdf
    return found


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


@pytest.fixture(scope="module")
def honest(report: bytes, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Viewer], list[str]]:
    """What a viewer shows of the report itself: asked once for all forgeries."""
    file = tmp_path_factory.mktemp("honest") / "honest.pdf"
    file.write_bytes(report)
    return cache(lambda show: show(file))


def _page_one(bodies: Bodies) -> int:
    return min(number for number, body in bodies.items() if re.search(rb"/Type\s*/Page\b", body))


def _catalogue(bodies: Bodies) -> int:
    return next(number for number, body in bodies.items() if re.search(rb"/Type\s*/Catalog\b", body))


def _forged_drawing(bodies: Bodies) -> tuple[int, bytes]:
    return max(bodies) + 1, b"<</Length %d>>\nstream\n%s\nendstream" % (len(WORD), WORD)


def second_contents(bodies: Bodies) -> Bodies:
    return twice(bodies, b"/Contents")


def escaped_contents(bodies: Bodies) -> Bodies:
    return twice(bodies, b"/Con#74ents")


def twice(bodies: Bodies, key: bytes) -> Bodies:
    number, drawing = _forged_drawing(bodies)
    page = _page_one(bodies)
    body = bodies[page].rstrip()
    assert body.endswith(b">>")
    return {**bodies, page: body[:-2] + b"%s %d 0 R\n>>" % (key, number), number: drawing}


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


def a_page_of_no_number(bodies: Bodies) -> Bodies:
    """Page two stands in the list of pages itself, where poppler wants to be told of an object."""
    tree = next(number for number, body in bodies.items() if re.search(rb"/Type\s*/Pages\b", body))
    listed = re.search(rb"/Kids\s*\[\s*\d+ 0 R\s+(\d+) 0 R", bodies[tree])
    assert listed
    begin, end = listed.start(1), listed.end()
    return {**bodies, tree: bodies[tree][:begin] + bodies[int(listed[1])] + bodies[tree][end:]}


def a_drawing_elsewhere(bodies: Bodies) -> Bodies:
    """The drawing of page one is an object that is the number of another."""
    drawing, last = _drawing(bodies), max(bodies) + 1
    return {**bodies, drawing: b"%d 0 R" % last, last: bodies[drawing]}


def a_drawing_far_away(bodies: Bodies) -> Bodies:
    """Its number is more than a viewer counts to."""
    drawing, page = _drawing(bodies), _page_one(bodies)
    far = 2**32 + drawing
    body = re.sub(rb"/Contents \d+ 0 R", b"/Contents %d 0 R" % far, bodies[page])
    return {**{number: each for number, each in bodies.items() if number != drawing}, page: body, far: bodies[drawing]}


def _drawing(bodies: Bodies) -> int:
    own = re.search(rb"/Contents (\d+) 0 R", bodies[_page_one(bodies)])
    assert own
    return int(own[1])


def hidden_drawing(bodies: Bodies, entries: bytes) -> bytes:
    """What page one draws stands a second time within a stream that nothing refers to."""
    within = b"\n%d 0 obj\n%s\nendobj\n" % (_drawing(bodies), _forged_drawing(bodies)[1])
    stream = b"<</Length %d>>\nstream\n%s\nendstream" % (len(within), within)
    return assembled({**bodies, max(bodies) + 1: stream}, entries)


def hidden_and_another_generation(bodies: Bodies, entries: bytes) -> bytes:
    """Poppler does not find the object by the table, looks for objects by itself, and takes the last."""
    file = hidden_drawing(bodies, entries)
    place = file.index(b"\n%d 0 obj" % _drawing(bodies)) + 1
    return file.replace(b"%010d 00000 n" % place, b"%010d 00007 n" % place, 1)


def hidden_and_an_end_far_away(bodies: Bodies, entries: bytes) -> bytes:
    """Poppler does not find the end."""
    return hidden_drawing(bodies, entries) + b"\n" * 1_000_000


def hidden_and_a_table_that_is_none(bodies: Bodies, entries: bytes) -> bytes:
    """Poppler does not take the second table, nor then the first."""
    return hidden_drawing(bodies, entries + b"/XRefStm 5")


def another_page_first(bodies: Bodies, entries: bytes) -> bytes:
    """A file to be shown over the web says which object page one is; no viewer has to look further."""
    pages = [number for number, body in bodies.items() if re.search(rb"/Type\s*/Page\b", body)]
    head = b"<</Linearized 1/L 0000000000/H[0 0]/O %d/E 9/N %d/T 9/P 0>>" % (pages[1], len(pages))
    file = assembled({max(bodies) + 1: head, **bodies}, entries)
    return file.replace(b"/L 0000000000", b"/L %010d" % len(file))


FORGERIES: dict[str, tuple[Callable[..., Any], bool, bool]] = {
    "a second /Contents": (second_contents, True, True),
    "a second /Contents, escaped": (escaped_contents, True, True),
    "a second /Pages": (second_pages, True, True),
    "an incremental update": (later_table, True, True),
    "drawn over": (drawn_over, False, True),
    "a note over it": (noted, False, False),
    "a layer": (hidden_layer, False, False),
    "a script": (script, False, False),
    "a page of no number": (a_page_of_no_number, False, True),
    "a drawing elsewhere": (a_drawing_elsewhere, True, True),
    "a drawing far away": (a_drawing_far_away, True, True),
    "hidden, and another generation": (hidden_and_another_generation, True, True),
    "hidden, and an end far away": (hidden_and_an_end_far_away, True, True),
    "hidden, and a table that is none": (hidden_and_a_table_that_is_none, True, True),
    "another page first": (another_page_first, True, False),
}
"""How; whether the file is refused for how it is built; whether a viewer shows something else."""


@pytest.mark.parametrize(("forge", "doubtful", "seen"), FORGERIES.values(), ids=FORGERIES)
def test_no_forgery_is_the_report(
    forge: Callable[..., Any],
    doubtful: bool,
    seen: bool,
    report: bytes,
    honest: Callable[[Viewer], list[str]],
    written_again: tuple[Bodies, bytes],
    tmp_path: Path,
) -> None:
    bodies, entries = written_again
    whole = len(inspect.signature(forge).parameters) == 2
    forged = forge(bodies, entries) if whole else assembled(forge(bodies), entries)
    other = tmp_path / "forged.pdf"
    other.write_bytes(forged)
    if doubtful:
        with pytest.raises(NotPlain):
            plain_pdf(forged)
    else:
        assert not same_pdf(plain_pdf(forged), plain_pdf(report))
    differ = [show.__name__ for show in (poppler, pdfium) if honest(show) != show(other)]
    assert bool(differ) or not seen, "no viewer shows this forgery: it proves nothing"


def test_what_is_the_same_looks_the_same_in_both_viewers(
    report: bytes, honest: Callable[[Viewer], list[str]], written_again: tuple[Bodies, bytes], tmp_path: Path
) -> None:
    bodies, entries = written_again
    again = assembled(bodies, entries)
    assert again != report
    assert same_pdf(plain_pdf(again), plain_pdf(report))
    packed = tmp_path / "packed.pdf"
    packed.write_bytes(again)
    for show in (poppler, pdfium):
        pages = honest(show)
        assert len(pages) >= 2
        assert show(packed) == pages


def test_one_document_written_in_many_ways_looks_the_same_in_both_viewers(tmp_path: Path) -> None:
    """It found that poppler does not skip blanks before the first object of a stream."""
    plain, alike = tmp_path / "plain.pdf", 0
    plain.write_bytes(WRITTEN)
    pages = [show(plain) for show in (poppler, pdfium)]
    assert all(len(drawn) == 2 for drawn in pages)
    for seed in range(120):
        content = Writer(seed).written()
        try:
            same = same_pdf(plain_pdf(content), plain_pdf(WRITTEN))
        except NotPlain:
            continue
        if same:
            alike += 1
            file = tmp_path / f"written-{seed}.pdf"
            file.write_bytes(content)
            assert [show(file) for show in (poppler, pdfium)] == pages, f"Writer({seed})"
    assert alike >= 40, alike


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
