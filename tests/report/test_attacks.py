"""Nothing that a questionnaire or a record says becomes markup, link, script, style or file access."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from tests.report.attacks import ATTACKS, attacked, attacked_answers

from hostwise.report.clean import REPLACEMENT
from hostwise.report.html import html_report
from hostwise.report.markdown import markdown_report
from hostwise.report.render import render
from hostwise.report.terminal import decision_text, explain_text

every_attack = pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)

MARKS = {"svg", "title", "desc", "g", "text", "tspan", "rect", "line", "path", "circle"}
"""What charts are made of."""


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
def benign(decided: Any) -> tuple[dict[str, Any], Structure]:
    """A record in which every text is one harmless word, and its structure."""
    data = decided("support-summariser")
    return data, Structure(html_report(attacked(data, "word")))


@every_attack
def test_html_has_the_same_structure_whatever_the_texts_say(
    attack: str, benign: tuple[dict[str, Any], Structure]
) -> None:
    data, expected = benign
    found = Structure(html_report(attacked(data, attack)))
    assert found.tags == expected.tags
    assert {tag for tag, *_ in found.drawn} <= MARKS
    assert {name for _, *names in found.drawn for name in names} <= {n for _, *names in expected.drawn for n in names}
    assert found.styles == expected.styles
    assert found.comments == 0
    assert all(address.startswith("#") for address in found.addresses)


@every_attack
def test_html_carries_no_script_and_no_address_from_outside(attack: str, summariser: dict[str, Any]) -> None:
    page = Structure(html_report(attacked_answers(summariser, attack)))
    tags = [*page.tags, *page.drawn]
    assert not [tag for tag in tags if tag[0] in {"script", "iframe", "object", "img", "link", "base", "form"}]
    assert not [name for tag in tags for name in tag[1:] if name.startswith("on") or name == "style"]


@every_attack
def test_markdown_has_no_html_link_or_image(attack: str, summariser: dict[str, Any]) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    parser = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])

    def kinds(text: str) -> list[str]:
        return [
            inner.type
            for token in parser.parse(text)
            for inner in (token, *(token.children or ()))
            if inner.type not in {"text", "text_special", "softbreak"}
        ]

    text = markdown_report(attacked(summariser, attack))
    assert kinds(text) == kinds(markdown_report(attacked(summariser, "word")))
    assert not {"html_inline", "html_block", "link_open", "image"} & set(kinds(text))
    # GitHub links bare addresses and mentions; a character inside keeps them from being one.
    assert not re.search(r"https?://|www\.\w|@\w", text)


@every_attack
@pytest.mark.parametrize("colour", [False, True], ids=["plain", "colour"])
def test_terminal_gets_no_control_character_from_a_record(
    attack: str, colour: bool, summariser: dict[str, Any]
) -> None:
    data = attacked(summariser, attack)
    for text in (decision_text(data, colour=colour), explain_text(data, colour=colour)):
        ours = re.sub(r"\x1b\[[0-9;]*m", "", text) if colour else text
        assert all(c == "\n" or c.isprintable() or c in "\u200b\u2060" for c in ours)


def test_terminal_colour_codes_are_ours_alone(summariser: dict[str, Any]) -> None:
    text = decision_text(attacked(summariser, "\x1b[31mred\x1b[0m"), colour=True)
    assert f"{REPLACEMENT}[31mred" in text
    assert "\x1b[31m" not in text


PDF_ATTACKS = ["local file", "attachment", "object", "server", "css url", "leave style", "xml", "link", "null", "long"]


@pytest.mark.parametrize("attack", [ATTACKS[name] for name in PDF_ATTACKS], ids=PDF_ATTACKS)
def test_pdf_holds_no_file_link_or_script(attack: str, summariser: dict[str, Any]) -> None:
    pypdf = pytest.importorskip("pypdf")
    data = attacked(summariser, attack)
    data["id"] = summariser["id"]
    pdf = render(data, "pdf", audience="leadership")
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert set(reader.attachments) == {"record.json", "questionnaire.yaml"}
    text = "".join(page.extract_text() for page in reader.pages)
    assert "root:" not in text
    assert "/JavaScript" not in reader.trailer["/Root"]
    for page in reader.pages:
        for annotation in page.get("/Annots", ()):
            entry = annotation.get_object()
            assert "/URI" not in entry.get("/A", {})
            assert entry.get("/A", {}).get("/S") not in {"/URI", "/JavaScript", "/Launch"}


def test_nothing_but_packaged_fonts_is_ever_fetched() -> None:
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    from hostwise.report.pdf import fetcher
    from hostwise.report.words import load_words

    only_fonts = fetcher(load_words().root)
    for url in ("file:///etc/passwd", "http://127.0.0.1:9/", "hostwise-asset:../brand.yaml", "data:text/html,x"):
        with pytest.raises(FatalURLFetchingError):
            only_fonts.fetch(url)
        with pytest.raises(FatalURLFetchingError):
            HTML(string=f'<link rel=attachment href="{url}"><img src="{url}">', url_fetcher=only_fonts).write_pdf()
