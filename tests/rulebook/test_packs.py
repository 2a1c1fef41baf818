"""Loading rule packs: what is accepted, and where each error points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.inference.rulebooks import SPECS

from hostwise.flow.knowledge import load_knowledge
from hostwise.reading.findings.diagnostics import InputError
from hostwise.rulebook.english.conditions import in_english
from hostwise.rulebook.loading.packs import load_rulebook

HEAD = """\
pack: test
version: "1"
title: Test
source: house
as_of: 2026-11-20
review_by: 2027-05-20
"""
RULE = """\
  - id: a
    stage: advise
    when: {closed: true}
    then: {note: text}
    because: text
    cites: [S0-01]
"""


def load(folder: Path, text: str) -> Any:
    (folder / "flow").mkdir(exist_ok=True)
    (folder / "flow" / "test.yaml").write_text(text)
    return load_rulebook(folder, SPECS)


def changed(old: str, new: str) -> str:
    text = HEAD + "rules:\n" + RULE
    assert old in text
    return text.replace(old, new)


def test_the_rulebook_shipped_loads() -> None:
    rulebook = load_knowledge().rulebook
    assert {pack.source for pack in rulebook.packs} == {"house", "S0", "S1", "S2", "S3", "S4"}
    assert len({rule.id for rule in rulebook.rules}) == len(rulebook.rules)


WRONG: dict[str, tuple[str, str, int, str, str | None]] = {
    "unknown fact": ("closed: true", "closd: true", 10, "there is no fact 'closd'", "closed"),
    "wrong literal": ("closed: true", "closed: maybe", 10, "yes or no belongs here", None),
    "unknown value": ("closed: true", "shape: stedy", 10, "shape has no such value", "steady"),
    "number for a word": ("closed: true", 'shape: "> 5"', 10, "> needs a number", None),
    "unit": ("closed: true", 'share: ">= $5"', 10, "money where another kind of number belongs", None),
    "currency": ("closed: true", 'price: ">= £5"', 10, "price is not in GBP", None),
    "too fine": ("closed: true", 'people: ">= 0.00001"', 10, "finer than count facts are kept", None),
    "upside down": ("closed: true", 'tokens: "[5..1]"', 10, "the interval is upside down", None),
    "words compared": ("closed: true", 'shape: "= shape"', 10, "= needs a number", None),
    "kinds mixed": ("closed: true", 'tokens: "< share"', 10, "are not of one kind", None),
    "mistyped reference": ("closed: true", 'tokens: "< other_tokns"', 10, "not a quantity", "other_tokens"),
    "a range": ("closed: true", "tokens: 1..2", 10, "a range needs brackets", None),
    "empty list": ("closed: true", "closed: []", 10, "an empty list never holds", None),
    "empty not": ("closed: true", "closed: not()", 10, "needs something to negate", None),
    "always false": ("closed: true", "always: false", 10, "always takes true", None),
    "stage": ("stage: advise", "stage: advice", 9, "stage must be one of its words", "advise"),
    "unknown key": ("because: text", "becuase: text", 12, "unknown key 'becuase'", "because"),
    "conclusion": ("then: {note: text}", "then: {exclude: [edge]}", 11, "not a conclusion of the stage", None),
    "uncited": ("    cites: [S0-01]\n", "", 8, "a cites nothing", None),
    "misspelt quote": ("because: text", "because: 'costs {prise}'", 12, "it quotes {prise}", "price"),
    "advice of lists": ("{note: text}", "{note: [1]}", 11, "must be text", None),
    "weight": ("because: text", "because: text\n    weight: heavy", 13, "weight must be 0 or 1", None),
    "date": ("as_of: 2026-11-20", "as_of: soon", 5, "as_of must be a date", None),
    "pack key": ("title: Test", "titel: Test", 3, "unknown key 'titel'", "title"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_an_error_points_at_its_line_and_says_the_mend(name: str, tmp_path: Path) -> None:
    old, new, line, message, suggestion = WRONG[name]
    with pytest.raises(InputError) as refused:
        load(tmp_path, changed(old, new))
    finding = next(d for d in refused.value.diagnostics if message in d.message)
    assert finding.place.line == line
    assert finding.place.column > 0
    assert finding.suggestion == suggestion


def test_all_errors_of_a_pack_come_at_once(tmp_path: Path) -> None:
    text = changed("closed: true", "closd: true") + RULE.replace("stage: advise", "stage: x")
    with pytest.raises(InputError) as refused:
        load(tmp_path, text)
    assert {d.code for d in refused.value.diagnostics} >= {"unknown-fact", "stage", "duplicate-id"}


def test_a_cycle_is_named(tmp_path: Path) -> None:
    facts = "facts: {x: {type: boolean}, y: {type: boolean}}\nrules:\n"
    rules = "".join(
        f"  - {{id: {i}, stage: derive, status: house, because: t, when: {{{a}: true}}, "
        f"then: {{set: {{{b}: true}}}}}}\n"
        for i, a, b in (("one", "x", "y"), ("two", "y", "x"))
    )
    with pytest.raises(InputError, match="one → two → one"):
        load(tmp_path, HEAD + facts + rules)


def test_a_pack_may_not_redefine_a_fact_or_set_one_it_does_not_declare(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tokens is a fact already"):
        load(tmp_path, HEAD + "facts: {tokens: {type: count}}\nrules: []\n")
    rule = changed("stage: advise", "stage: derive").replace("{note: text}", "{set: {people: 1}}")
    with pytest.raises(InputError, match="no pack declares the fact 'people'"):
        load(tmp_path, rule)


@pytest.mark.parametrize(
    "text",
    ["[]", "rules: 5", "facts: 5", "facts: {x: {type: [a]}}", "facts: {x: {type: enum, values: 5}}", "facts: {x: 5}"],
)
def test_a_pack_of_the_wrong_shape_is_no_traceback(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        load(tmp_path, text if text == "[]" else HEAD + text + "\n")


@pytest.mark.parametrize(
    ("when", "english"),
    [
        ('{tokens: ">= 50M"}', "tokens a day is at least 50M"),
        ('{tokens: "[1M..2M)"}', "tokens a day is at least 1M and below 2M"),
        ("{tokens: ']1M..2M['}", "tokens a day is above 1M and below 2M"),
        ("{shape: [steady, bursty]}", "shape is steady or bursty"),
        ("{shape: not(bursty)}", "shape is not bursty"),
        ("{shape: 'not(steady, bursty)'}", "shape is neither steady nor bursty"),
        ("{tokens: 'not(>= 50M, < 10M)'}", "tokens a day is below 50M and tokens a day is at least 10M"),
        ("{tokens: ['>= 50M', unknown]}", "tokens a day is at least 50M or tokens a day is not known"),
        ("{tokens: not(> other_tokens)}", "tokens a day is at most the other tokens a day"),
        ("{share: not(unknown)}", "share is known"),
        ("{share: 'not([5%..10%])'}", "share is below 5% or above 10%"),
        ("{closed: not(true)}", "closed: no"),
        ("{closed: true}", "closed: yes"),
        ("{share: unknown}", "share is not known"),
        ('{share: "-"}', "share is known"),
        ('{tokens: "< other_tokens"}', "tokens a day is below the other tokens a day"),
        ("{price: $2.50}", "price is $2.50 per million tokens"),
        ("{always: true}", "always"),
        ('{any: [{closed: true}, {all: [{people: "> 1"}, {shape: steady}]}]}',
         "closed: yes or (people is above 1 and shape is steady)"),
        ('{closed: true, share: "not([5%..10%])"}', "closed: yes and (share is below 5% or above 10%)"),
        ("{not: {closed: true}}", "closed: no"),
        ("{not: {closed: true, shape: [steady, bursty]}}", "closed: no or shape is neither steady nor bursty"),
        ("{not: {always: true}}", "never"),
    ],
)  # fmt: skip
def test_conditions_in_english(when: str, english: str, tmp_path: Path) -> None:
    book = load(tmp_path, changed("{closed: true}", when))
    assert in_english(book.rules[0].when, book.specs) == english
