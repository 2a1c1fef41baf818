"""PDF files are read strictly: whatever two viewers could take for two things is refused, with the byte."""

from __future__ import annotations

import time
import zlib
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pdf_files import SMALL, assembled, trailer

from hostwise.reading.pdf.plain_pdf import no_hidden_parts, plain_pdf, unpacked
from hostwise.reading.pdf.values import MOST_STEPS, Name, NotPlain, Ref, Steps, Stream, value_at

GOOD = assembled(SMALL)


def test_a_small_file_is_read() -> None:
    pdf = plain_pdf(GOOD)
    assert pdf.entry(pdf.root, b"Pages", b"Count") == 1
    assert set(pdf.objects) == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"<</A 1/B[2 0 R(x)]>>", {b"A": 1, b"B": [Ref(2), b"x"]}),
        (b"(a(b)\\)\\101\\n)", b"a(b))A\n"),
        (b"<48 65 6>", b"He`"),
        (b"/A#42C", Name(b"ABC")),
        (b"[2\x000\x00R]", [Ref(2)]),
        (b"[-1.5 true null .5]", [-1.5, True, None, 0.5]),
    ],
)
def test_values_mean_what_the_standard_says(text: bytes, value: object) -> None:
    assert value_at(text, 0, Steps()) == (value, len(text))


def _with(number: int, body: bytes) -> Mapping[int, bytes]:
    return {**SMALL, number: body}


PACKED = zlib.compress(bytes(70_000_000), 9)
BOMB = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(PACKED), PACKED)


def _listed(old: bytes, new: bytes) -> bytes:
    """The small file with another line for its last object."""
    before, line, after = GOOD.rpartition(b"00000 n \n")
    return before + line.replace(old, new) + after


def _packed(content: bytes, first: int, count: int = 1) -> bytes:
    return b"<</Type/ObjStm/N %d/First %d/Length %d>>stream\n%s\nendstream" % (count, first, len(content), content)


SECOND_PAGES = b"<</Type/Catalog/Pages 2 0 R/Pages 5 0 R>>"
FORGED = {
    "a key twice": (assembled(_with(3, SMALL[3].replace(b">>", b"/Contents 2 0 R>>"))), "the key /Contents twice"),
    "a key twice, once escaped": (assembled(_with(3, SMALL[3].replace(b">>", b"/Cont#65nts 2 0 R>>"))), "twice"),
    "a second tree of pages": (assembled(_with(1, SECOND_PAGES)), "the key /Pages twice"),
    "an update": (GOOD + b"3 0 obj\n<<>>\nendobj\n" + trailer({3: len(GOOD)}, GOOD), "a second time"),
    "an update of nothing": (GOOD + trailer({}, GOOD), "a second table of objects"),
    "a second catalogue": (GOOD + trailer({}, GOOD, b"/Root 2 0 R"), "a second catalogue"),
    "an earlier table": (GOOD.replace(b"/Root", b"/Prev 9/Root", 1), "names a second table"),
    "a table for other viewers": (GOOD.replace(b"/Root", b"/XRefStm 9/Root", 1), "names a second table"),
    "an object that nothing refers to": (assembled({**SMALL, 5: b"(x)"}), "nothing refers to object 5"),
    "a number that no viewer counts to": (assembled({**SMALL, 1_000_001: b"(x)"}), "not every viewer knows"),
    "the number that stands for none": (b"0 0 obj".join(GOOD.split(b"4 0 obj")), "not every viewer knows"),
    "an object that is another": (assembled({**_with(4, b"5 0 R"), 5: SMALL[4]}), "not every viewer follows"),
    "a later generation in the table": (_listed(b"00000 n", b"00007 n"), "a later generation"),
    "a table of narrow lines": (_listed(b" \n", b"\n"), "table of objects is damaged"),
    "fewer objects than there are": (GOOD.replace(b"/Size 5", b"/Size 4"), "how many objects"),
    "more objects than can be": (GOOD.replace(b"/Size 5", b"/Size 9999999"), "how many objects"),
    "nothing said of how many": (GOOD.replace(b"/Size 5", b""), "how many objects"),
    "blanks behind the end": (GOOD + b" " * 9, "goes on behind its end"),
    "objects that begin later than they say": (assembled(_with(4, _packed(b"9 1  5", 4))), "not say what it holds"),
    "a name that is a text": (assembled(_with(5, _packed(b"9 0 5", 4).replace(b"/ObjStm", b"(ObjStm)"))), "object 5"),
    "an object that nothing lists": (GOOD.replace(b"xref\n", b"9 0 obj\n1\nendobj\nxref\n", 1), "not listed"),
    "a later generation": (GOOD.replace(b"2 0 obj", b"2 1 obj", 1), "later generation"),
    "words between objects": (GOOD.replace(b"2 0 obj", b"x\n2 0 obj", 1), "no object"),
    "an object in a comment": (GOOD.replace(b"2 0 obj", b"%9 0 obj\n2 0 obj", 1), "hidden in a comment"),
    "something behind the end": (GOOD + b"<html>", "no object"),
    "something before the head": (b"x" + GOOD, "begin as a PDF"),
    "no end": (GOOD[: GOOD.index(b"xref\n")], "not listed"),
    "encrypted": (GOOD.replace(b"/Root", b"/Encrypt 1 0 R/Root", 1), "encrypted"),
    "a stream that is longer": (assembled(_with(4, b"<</Length 2>>stream\nabcdef\nendstream")), "does not end"),
    "a stream elsewhere": (assembled(_with(4, b"<</Length 1/F(x)>>stream\na\nendstream")), "another file"),
    "a stream whose length lies elsewhere": (assembled(_with(4, b"<</Length 2 0 R>>stream\na\nendstream")), "how long"),
    "deep lists": (assembled(_with(4, b"[" * 5000 + b"]" * 5000)), "nested"),
    "a bomb": (assembled(_with(4, BOMB)), "unpacks to more"),
    "objects before their stream": (assembled(_with(4, _packed(b"9 0 5 x", -2))), "does not say what it holds"),
    "less than no objects": (assembled(_with(4, _packed(b"5", 0, -1))), "does not say what it holds"),
    "numbers parted by what parts none": (assembled(_with(4, _packed(b"9\x0b0 5", 4))), "does not say what it holds"),
    "without end": (assembled(_with(4, b"[" + b"0 " * (MOST_STEPS + 1) + b"]")), "too many parts"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "why"), FORGED.values(), ids=FORGED)
def test_what_can_be_read_in_two_ways_is_refused(content: bytes, why: str) -> None:
    start = time.process_time()
    with pytest.raises(NotPlain, match=why) as refused:
        plain_pdf(content)
    assert 0 <= refused.value.at <= len(content)
    assert time.process_time() - start < 20


FLATE = Name(b"FlateDecode")
UP = {Name(b"Predictor"): 12, Name(b"Columns"): 2}


@pytest.mark.parametrize(
    ("filters", "parameters"),
    [
        (FLATE, {**UP, Name(b"Predictor"): 12.0}),
        (FLATE, {**UP, Name(b"Columns"): 2.0}),
        (FLATE, [UP]),
        ([FLATE], UP),
        ([FLATE], []),
        (FLATE, {}),
        (b"FlateDecode", UP),
        ([FLATE, FLATE], None),
    ],
    ids=str,
)
def test_what_viewers_unpack_otherwise_is_not_unpacked(filters: object, parameters: object) -> None:
    raw = zlib.compress(b"\2ab\2ab")
    names = Name(b"Filter"), Name(b"DecodeParms")
    assert unpacked(Stream(dict(zip(names, (FLATE, UP), strict=True)), raw, 0)) == b"ab" + bytes([2 * 97, 2 * 98])
    assert unpacked(Stream(dict(zip(names, ([FLATE], [UP]), strict=True)), raw, 0)) == b"ab" + bytes([2 * 97, 2 * 98])
    with pytest.raises(NotPlain, match="unusual way"):
        unpacked(Stream(dict(zip(names, (filters, parameters), strict=True)), raw, 0))


HIDDEN = b"\n4 0 obj\n<</Length 0>>stream\n\nendstream\nendobj\n"
LONG = HIDDEN.replace(b"4 0", b"000000000000004\t00")


@pytest.mark.parametrize("hidden", [HIDDEN, LONG, b"trailer\n<</Root 3 0 R>>"])
def test_what_a_viewer_that_mends_would_find_is_found(hidden: bytes) -> None:
    no_hidden_parts(GOOD, plain_pdf(GOOD))
    file = assembled(_with(4, b"<</Length %d>>stream\n%s\nendstream" % (len(hidden), hidden)))
    with pytest.raises(NotPlain, match="hidden within another") as refused:
        no_hidden_parts(file, plain_pdf(file))
    assert file[refused.value.at :].startswith(hidden.strip())


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=12), st.integers(0, 12))
def test_any_other_bytes_are_refused_or_read(at: int, put: bytes, gone: int) -> None:
    with suppress(NotPlain):
        plain_pdf(GOOD[:at] + put + GOOD[at + gone :])
