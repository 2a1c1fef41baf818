"""Nothing that a questionnaire or a record says becomes markup, link, script, style or file access."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdf
import pytest
import yaml
from msgspec.structs import replace
from tests.records import as_record
from tests.report.attacks import AT_ONCE, ATTACKS, PACKS, attacked
from tests.report.conformance import findings
from tests.report.stress import questionnaire, saying, text_questions

import hostwise
from hostwise.record.decide import decide
from hostwise.record.format.record import Record
from hostwise.record.format.shape import read_as
from hostwise.report.brand.clean import REPLACEMENT
from hostwise.report.page.html import PAPER, SCREEN, Medium, html_report
from hostwise.report.page.markdown import markdown_report
from hostwise.report.pdf.mends.xmp import PDF_UA, metadata_of
from hostwise.report.render import render
from hostwise.report.terminal.audit import explain_text
from hostwise.report.terminal.decision import decision_text

every_pack = pytest.mark.parametrize("pack", PACKS, ids=range(len(PACKS)))
MARKS = {"svg", "title", "desc", "g", "text", "tspan", "rect", "line", "path", "circle"}
"""What charts are made of."""
FONTS = re.compile(r"@font-face.*\n")
# Without the notes on code points and on fonts of the machine, which are ours.
PAPER_AS_IT_IS = replace(PAPER, shown=SCREEN.shown, borrowed=SCREEN.borrowed)
ACTIVE = {"script", "iframe", "object", "embed", "img", "link", "base", "form", "input", "video", "template", "math"}


class Structure(HTMLParser):
    """Tags in order with their attribute names, addresses, and what stands in style elements.

    Within a chart the tags are a set: how many lines a text takes there depends on how long it is.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, ...]] = []
        self.drawn: set[tuple[str, ...]] = set()
        self.addresses: set[str] = set()
        self.styles: list[str] = []
        self.comments = 0
        self._in_style = self._in_chart = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = (tag, *sorted(name for name, _ in attrs))
        self._in_chart |= tag == "svg"
        if self._in_chart:
            self.drawn.add(found)
        else:
            self.tags.append(found)
        self._in_style = tag == "style"
        for name, value in attrs:
            if name in {"href", "src", "data", "action", "xlink:href", "srcset", "poster"}:
                self.addresses.add(value or "")

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.styles.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False
        if tag == "svg":
            self._in_chart = False
            self.tags.append(("/svg",))

    def handle_comment(self, data: str) -> None:
        self.comments += 1


@pytest.fixture(scope="module")
def data(decided: Any) -> dict[str, Any]:
    found: dict[str, Any] = decided("support-summariser")
    return found


@pytest.fixture(scope="module", params=ATTACKS.values(), ids=ATTACKS)
def attacking(request: pytest.FixtureRequest, data: dict[str, Any]) -> Record:
    """A record that says one attack in every text: made once for all tests of it."""
    return read_as(Record, attacked(data, request.param))


@pytest.fixture(scope="module")
def benign_markdown(data: dict[str, Any]) -> tuple[str, ...]:
    """The same of its Markdown."""
    return markdown_kinds(markdown_report(as_record(attacked(data, "word"))))


@pytest.fixture(scope="module")
def benign(data: dict[str, Any]) -> Callable[[str, Medium], Structure]:
    """The structure of a report in which every text is one harmless word."""
    return cache(
        lambda audience, medium: Structure(html_report(as_record(attacked(data, "word")), None, audience, medium))
    )


def assert_inert(found: Structure, expected: Structure) -> None:
    assert found.tags == expected.tags
    assert [FONTS.sub("", style) for style in found.styles] == [FONTS.sub("", style) for style in expected.styles]
    assert found.comments == 0
    assert {tag[0] for tag in found.drawn} <= MARKS
    assert not [name for tag in found.drawn for name in tag[1:] if name.startswith("on") or "href" in name]
    assert all(address.startswith("#") for address in found.addresses)
    assert not [tag for tag in found.tags if tag[0] in ACTIVE]
    assert not [name for tag in found.tags for name in tag[1:] if name.startswith("on") or name == "style"]


def test_the_corpus_is_large_and_reaches_every_text_of_the_questionnaire(data: dict[str, Any]) -> None:
    assert len(ATTACKS) >= 100
    assert all(any(attack in pack for pack in PACKS) for attack in ATTACKS.values() if len(attack) < AT_ONCE)
    said = {value["key"] for value in attacked(data, "x")["answers"]["values"] if value["value"] == "x"}
    assert said == set(text_questions())


def test_html_has_the_same_structure_whatever_the_texts_say(
    attacking: Record, benign: Callable[[str, Medium], Structure]
) -> None:
    html = html_report(attacking, audience="leadership")
    assert_inert(Structure(html), benign("leadership", SCREEN))


@every_pack
@pytest.mark.parametrize("medium", [SCREEN, PAPER_AS_IT_IS], ids=["screen", "paper"])
def test_every_section_has_the_same_structure_whatever_all_texts_say(
    pack: str, medium: Medium, data: dict[str, Any], benign: Callable[[str, Medium], Structure]
) -> None:
    assert_inert(
        Structure(html_report(as_record(attacked(data, pack)), medium=medium, audience="audit")),
        benign("audit", medium),
    )


def test_a_questionnaire_that_attacks_is_decided_and_shown_as_text(tmp_path: Path) -> None:
    text = "".join(c for c in "\n".join(PACKS) if c.isprintable())
    file = tmp_path / "answers.yaml"
    file.write_text(yaml.safe_dump(questionnaire(text), allow_unicode=True), encoding="utf-8")
    found = Structure(html_report(decide(hostwise.load_answers(file)), audience="audit"))
    assert not [tag for tag in found.tags if tag[0] in ACTIVE]
    assert all(address.startswith("#") for address in found.addresses)


def markdown_kinds(text: str) -> tuple[str, ...]:
    markdown_it = pytest.importorskip("markdown_it")
    parser = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return tuple(
        inner.type
        for token in parser.parse(text)
        for inner in (token, *(token.children or ()))
        if inner.type not in {"text", "text_special", "softbreak"}
    )


def test_markdown_has_no_html_link_or_image(attacking: Record, benign_markdown: tuple[str, ...]) -> None:
    text = markdown_report(attacking)
    kinds = markdown_kinds(text)
    assert kinds == benign_markdown
    assert not {"html_inline", "html_block", "link_open", "image"} & set(kinds)
    # GitHub links bare addresses and mentions; a character inside keeps them from being one.
    assert not re.search(r"https?://|www\.\w|@\w", text)


@every_pack
@pytest.mark.parametrize("colour", [False, True], ids=["plain", "colour"])
def test_terminal_gets_no_control_character_from_a_record(pack: str, colour: bool, data: dict[str, Any]) -> None:
    said = attacked(data, pack)
    screens = (decision_text(as_record(said), colour=colour, everything=each) for each in (False, True))
    for text in (*screens, explain_text(as_record(said), colour=colour)):
        ours = re.sub(r"\x1b\[[0-9;]*m", "", text) if colour else text
        assert not {c for c in ours if not (c == "\n" or c.isprintable() or c in "\u200b\u2060")}


def test_terminal_colour_codes_are_ours_alone(summariser: dict[str, Any]) -> None:
    text = decision_text(as_record(attacked(summariser, "\x1b[31mred\x1b[0m")), colour=True)
    assert f"{REPLACEMENT}[31mred" in text
    assert "\x1b[31m" not in text


PDF_ATTACKS = [
    *("xmp", "xmp attribute", "cdata", "xml", "leave title", "pdf string", "pdf dictionary", "pdf name"),
    *("pdf operators", "null", "noncharacters", "overlong"),
]
FORBIDDEN = {
    *("/JS", "/JavaScript", "/URI", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/RichMedia"),
    *("/OpenAction", "/AA", "/Movie", "/Sound", "/Rendition", "/XFA", "/AcroForm"),
}


def names_in(reader: Any) -> set[str]:
    """Every name in every dictionary of a file, as a key and as a value."""
    found: set[str] = set()
    for number in range(1, int(reader.trailer["/Size"])):
        item = pypdf.generic.IndirectObject(number, 0, reader).get_object()
        waiting = [item]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                found |= {str(key) for key in value}
                waiting += [entry for entry in value.values() if not isinstance(entry, pypdf.generic.IndirectObject)]
            elif isinstance(value, list):
                waiting += [entry for entry in value if not isinstance(entry, pypdf.generic.IndirectObject)]
            elif isinstance(value, pypdf.generic.NameObject):
                found.add(str(value))
    return found


def assert_harmless(record: dict[str, Any], identity: str) -> None:
    pdf = render(as_record({**record, "id": identity}), "pdf", audience="leadership")
    assert isinstance(pdf, bytes)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert set(reader.attachments) == {"record.json", "questionnaire.yaml"}
    assert not names_in(reader) & FORBIDDEN
    assert "root:" not in "".join(page.extract_text() for page in reader.pages)
    metadata = reader.trailer["/Root"]["/Metadata"].get_data()
    assert metadata_of(metadata, PDF_UA) == {"part": "1"}
    assert metadata.count(b"<rdf:RDF") == metadata.count(b"</rdf:RDF>") == 1
    assert findings(pdf, "ua1") == findings(pdf, "3a") == []


@every_pack
@pytest.mark.usefixtures("pages_end_full")
def test_pdf_holds_no_file_link_or_script_whatever_a_questionnaire_says(pack: str, undecided: dict[str, Any]) -> None:
    """Two pages print as much of what a questionnaire says in words of its own as the five of a decision."""
    assert_harmless(saying(undecided, pack), undecided["id"])


@pytest.mark.usefixtures("pages_end_full")
def test_pdf_holds_no_file_link_or_script_whatever_a_record_says(data: dict[str, Any]) -> None:
    attack = "\n".join(ATTACKS[name] for name in PDF_ATTACKS)
    assert len(attack) < AT_ONCE
    assert_harmless(attacked(data, attack), data["id"])


def test_nothing_but_packaged_fonts_is_ever_fetched() -> None:
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    from hostwise.report.pdf.write import fetcher
    from hostwise.report.words.words import load_words

    only_fonts = fetcher(load_words().root)
    for url in ("file:///etc/passwd", "http://127.0.0.1:9/", "hostwise-asset:../brand.yaml", "data:text/html,x"):
        with pytest.raises(FatalURLFetchingError):
            only_fonts.fetch(url)
        with pytest.raises(FatalURLFetchingError):
            HTML(string=f'<link rel=attachment href="{url}"><img src="{url}">', url_fetcher=only_fonts).write_pdf()
