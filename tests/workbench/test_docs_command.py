"""`hostwise rules docs`: the page holds the whole rulebook, stands alone, and takes everything in a pack for text."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.report.attacks import ATTACKS

from hostwise.cli.rules.main import rules
from hostwise.flow.knowledge import load_knowledge
from hostwise.rulebook.loading.citations import load_citations
from hostwise.workbench.book.book import decision_table, read_book

VOID = {"meta", "br", "hr", "img", "link", "input", "rect", "path", "circle"}
OURS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "nav", "section", "article", "div", "span",
    *("h1", "h2", "h3", "h4", "p", "ol", "ul", "li", "dl", "dt", "dd", "a", "strong", "code"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "desc", "g", "rect", "path", "circle", "text"),
}  # fmt: skip


class Page(HTMLParser):
    """The tags, attributes, ids, links and text of a page; open tags must be closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def written(folder: Path, *arguments: str) -> str:
    file = folder / "rules.html"
    done = CliRunner().invoke(rules, ["docs", *arguments, "-o", str(file)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("docs"))


@lru_cache(maxsize=1)
def page_of(html: str) -> Page:
    return Page(html)


def test_it_stands_alone(html: str) -> None:
    page = page_of(html)
    assert page.tags <= OURS
    assert all(link.startswith("#") for link in page.links)
    assert not re.search(r"url\((?!data:font/woff2)|@import|http-equiv=.refresh", html)
    assert "default-src 'none'" in html
    assert not page.open


def test_every_link_leads_to_one_place(html: str) -> None:
    page = page_of(html)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_every_rule_fact_and_claim_is_there(html: str) -> None:
    page, knowledge = page_of(html), load_knowledge()
    claims = load_citations(knowledge.root)
    for rule in knowledge.rulebook.rules:
        assert f"rule-{re.sub('[^A-Za-z0-9]+', '-', rule.id)}" in page.ids
        assert f"fact-{re.sub('[^A-Za-z0-9]+', '-', rule.reads[0])}" in page.ids if rule.reads else True
        for claim in rule.cites:
            assert f"claim-{claim}" in page.ids
            assert " ".join(claims[claim].text.split()) in page.text
    assert all(option.label in page.text for option in knowledge.catalogue.options.values())


def test_a_rule_is_told_in_english_with_its_reason_status_and_review_date(html: str) -> None:
    text = page_of(html).text
    assert "If air-gapped: yes, then ruled out: Managed API, Sovereign-cloud API" in text
    assert "neither an API nor rented cloud hardware can be reached. S1-21, S4-15" in text
    assert "gate.air-gapped · stated by the source · house-gate" in text
    assert "review by 2027-05-20" in text
    assert "[age of the API price] old" in text


def test_a_nested_condition_gives_several_lines() -> None:
    knowledge = load_knowledge()
    rule = next(rule for rule in knowledge.rulebook.rules if rule.id == "choose.self-host-on-cost")
    table = decision_table([rule], {rule.id: "then"}, knowledge.rulebook.specs)
    lines = [{column.fact: cell for column, cell in zip(table.columns, line.cells, strict=True) if cell}
             for line in table.lines]  # fmt: skip
    common = {"stable": "yes", "self_host.monthly": "<", "saving.self_host": ">"}
    assert lines == [
        {**common, "gpu_team": "platform-team"},
        {**common, "single_user": "yes"},
        {**common, "team_capability": "batch-only", "traffic_mix": "batch"},
    ]


def test_derived_facts_say_their_values_policy_default_and_readers() -> None:
    book = read_book(load_knowledge())
    house = next(flow for flow in book.flows if flow.source == "house")
    quality = next(d for d in house.derived if d.fact.spec.name == "quality_status")
    assert quality.fact.spec.values == ("not-measured", "within", "judgement", "not-settled", "too-large")
    assert "choose.quality-too-large" in quality.readers
    assert {line.output for line in quality.table.lines} == set(quality.fact.spec.values)


PACK = """\
pack: mine-NUMBER
version: {text}
title: {text}
source: house
as_of: 2026-11-20
review_by: 2027-05-20
inputs:
  given_NUMBER: {{type: enum, values: [{text}, plain], label: {text}, unit: {text}}}
facts:
  made_NUMBER: {{type: enum, values: [{text}, plain], label: {text}, unit: {text}, default: plain, hit_policy: first}}
rules:
  - id: {text}
    stage: derive
    title: {text}
    when: {{any: [{{given_NUMBER: plain}}, {{not: {{given_NUMBER: plain}}}}]}}
    then: {{set: {{made_NUMBER: plain}}}}
    because: {text}
    cites: [{text}]
  - id: {second}
    stage: advise
    title: {text}
    when: {{made_NUMBER: plain}}
    then: {{next_step: {text}, owner: {text}, when_due: {text}}}
    because: {text}
    cites: [{text}]
"""
REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""What the loader refuses in any file; the rest of the attacks reaches the page."""


def pack_of(folder: Path, number: int, attack: str) -> str:
    """A pack that says the attack wherever it may say anything."""
    import json

    text, second = (json.dumps(said.replace("\n", " "), ensure_ascii=False) for said in (attack, f"second {attack}"))
    file = folder / f"mine-{number}.yaml"
    file.write_text(PACK.format(text=text, second=second).replace("NUMBER", str(number)), encoding="utf-8")
    return str(file)


def test_markup_in_every_text_of_a_pack_stays_text(html: str, tmp_path: Path) -> None:
    attacks = [
        re.sub(r"\{([a-z0-9_.]+)\}", r"{ \1 }", attack) for attack in ATTACKS.values() if not REFUSED.search(attack)
    ]
    assert len(attacks) > 25
    page = Page(written(tmp_path, *(pack_of(tmp_path, number, attack) for number, attack in enumerate(attacks))))
    plain = page_of(html)
    assert page.tags == plain.tags
    assert page.attributes == plain.attributes
    assert all(link.startswith("#") for link in page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert not page.open
    assert "<script>fetch('http://127.0.0.1:9/')</script>" in page.text


def test_a_pack_of_ones_own_is_in_the_book_with_its_inputs(tmp_path: Path) -> None:
    text = Page(written(tmp_path, pack_of(tmp_path, 1, "wonder"))).text
    assert "Inputs of packs" in text
    assert "wonder given_1" in text
    assert "Hit policy first: the first rule that holds, in written order" in text
    assert "plain where every rule is false" in text
    assert "Not in the register." in text


def test_another_ending_than_html_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(rules, ["docs", "-o", str(tmp_path / "rules.pdf")])
    assert done.exit_code == 2
    assert ".html" in done.output
