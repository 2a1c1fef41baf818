"""Each mend of the PDF is still needed: once one of these fails, WeasyPrint or pydyf does it, and ours can go."""

from __future__ import annotations

import zlib
from typing import Any

import pytest

from hostwise.report.pdf.mends.headings import set_scope
from hostwise.report.pdf.mends.lists import IN_ITEM, IN_LIST, mend_lists

weasyprint = pytest.importorskip("weasyprint")
PAGE = """<html lang="en"><title>Mends</title><body><h1>Mends</h1>
<dl><div><dt>Term</dt><dd>Meaning</dd></div></dl>
<ul><li><p>A block</p><p>and another</p></li></ul>
<table><thead><tr><th>Column</th></tr></thead><tbody><tr><th>Row</th><td>Cell</td></tr></tbody></table>"""


@pytest.fixture
def bare() -> Any:
    """What WeasyPrint is about to write, without any mend."""
    found = []
    weasyprint.HTML(string=PAGE).write_pdf(pdf_variant="pdf/a-3a", finisher=lambda _document, pdf: found.append(pdf))
    return found[0]


def kinds(pdf: Any, parent: str) -> list[set[str]]:
    """What stands directly in each element of a kind."""
    every = [item for item in pdf.objects if isinstance(item, dict) and item.get("S") == parent]
    return [{pdf.objects[int(entry.split()[0])].get("S") for entry in item["K"]} for item in every]


def headings(pdf: Any) -> list[Any]:
    return [item for item in pdf.objects if isinstance(item, dict) and item.get("S") == "/TH"]


def test_a_pair_in_a_list_is_still_no_item(bare: Any) -> None:
    assert any(not within <= IN_LIST for within in kinds(bare, "/L"))
    mend_lists(bare)
    assert all(within <= IN_LIST for within in kinds(bare, "/L"))


def test_a_block_in_an_item_still_has_no_body(bare: Any) -> None:
    assert any(not within <= IN_ITEM for within in kinds(bare, "/LI"))
    mend_lists(bare)
    assert all(within <= IN_ITEM for within in kinds(bare, "/LI"))


def test_a_heading_of_a_table_still_has_no_scope(bare: Any) -> None:
    assert all("Scope" not in (heading.get("A") or {}) for heading in headings(bare))
    for heading in headings(bare):
        set_scope(heading, bare)
    assert [heading["A"]["Scope"] for heading in headings(bare)] == ["/Column", "/Row"]


def test_a_pdf_a_file_still_does_not_say_that_it_is_pdf_ua(bare: Any) -> None:
    packets = [b"".join(item.stream) for item in bare.objects if _is_metadata(item)]
    assert len(packets) == 1
    assert b"pdfuaid" not in packets[0]


def test_metadata_is_still_to_be_compressed(bare: Any) -> None:
    assert [item.compress for item in bare.objects if _is_metadata(item)] == [True]


def _is_metadata(item: Any) -> bool:
    extra = getattr(item, "extra", None)
    return extra is not None and extra.get("Type") == "/Metadata"


def test_a_stream_is_still_compressed_each_time_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import pydyf

    done = []
    compressed = zlib.compressobj

    def counted(**settings: Any) -> Any:
        done.append(settings)
        return compressed(**settings)

    monkeypatch.setattr(zlib, "compressobj", counted)
    stream = pydyf.Stream([b"text " * 100], compress=True)
    assert stream.data == stream.data
    assert len(done) == 2


def test_weasyprint_still_knows_no_set_of_fonts_but_the_machines() -> None:
    """`report/pdf/fonts.py` binds the call of fontconfig that starts with none."""
    import inspect

    from weasyprint.text import ffi
    from weasyprint.text.fonts import FontConfiguration

    assert "FcConfigCreate" not in inspect.getsource(ffi)
    assert list(inspect.signature(FontConfiguration.__init__).parameters) == ["self"]
