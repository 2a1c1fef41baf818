"""What engineers and auditors read: nothing raw, nothing twice, and nothing cited that is not listed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.records import as_record
from tests.report.test_html import text_of

from hostwise.report.page.html import PAPER, SCREEN, html_report

NAMES = ["support-summariser", "hospital-no-gpu-team", "unanswered-gate", "infeasible-handheld-interpreter"]
READERS = ["engineering", "audit"]
CLAIM = re.compile(r"\bS[0-4]-\d\d\b")


@pytest.fixture(params=[(name, reader) for name in NAMES for reader in READERS], ids="-".join)
def page(request: pytest.FixtureRequest, decided: Callable[[str], dict[str, Any]]) -> str:
    name, reader = request.param
    return html_report(as_record(decided(name)), audience=reader, medium=PAPER)


def test_no_place_is_left_unfilled_and_no_option_is_called_by_its_id(page: str) -> None:
    text = text_of(page)
    assert re.findall(r"\{[a-z_.]+\}", text) == []
    # Ids of rules and keys of answers stand apart, small: an option's id as a value would stand as a value does.
    values = re.findall(r"<strong><bdi>(.*?)</bdi></strong>", page)
    assert values
    ids = {"managed-api", "sovereign-api", "open-model-provider", "self-host-cloud", "self-host-owned"}
    assert ids.isdisjoint(values)
    assert not re.search(r"[a-z]+-[a-z]+ is (not excluded|left)", text)


def test_a_value_in_brackets_has_none_of_its_own(page: str) -> None:
    assert re.findall(r"\(it is [^()]*\(", text_of(page)) == []


def test_a_test_is_not_followed_by_what_it_says_itself(page: str) -> None:
    text = text_of(page)
    assert "is not known (it is unknown)" not in text
    assert "is known (it is unknown)" not in text
    assert not re.search(r": (yes|no) \(it is \1\)", text)


def test_every_claim_that_is_cited_is_listed_and_says_something(page: str) -> None:
    listed = set(re.findall(r'id="claim-(S\d-\d\d)"', page))
    listing = page.index("The claims that are cited")
    cited = set(CLAIM.findall(text_of(page[:listing])))
    # What is wrong with a document's arithmetic is told by the claims that it is about, each with its text beside it.
    told = set(CLAIM.findall(text_of("".join(re.findall(r"As stated.*?</table>", page, re.S)))))
    assert cited - told <= listed, cited - told - listed
    # Ledgers of options that are ruled out are in the record alone, and what they cite with them.
    ledgers = set(CLAIM.findall(page[page.index('id="ledgers"') :]))
    assert len(listed - cited - ledgers) < 25


def test_no_text_says_the_same_twice(page: str) -> None:
    text = text_of(page)
    assert "is not priced. Not priced" not in text
    assert "Not priced Not priced" not in text
    assert "Recommended Recommended." not in text


def test_amounts_in_a_formula_have_their_unit(page: str) -> None:
    text = text_of(page[: page.index("The claims that are cited")])  # those are told in the documents' own units
    for name in ("one engineer day", "cost of an engineer a month", "rent of a GPU-hour"):
        for value in re.findall(rf"{name} = (\S+)", text):
            assert value.startswith("$"), (name, value)
    assert "discount on the share that may wait = 0 (" not in text
    assert not re.search(r"\d (USD|EUR|GBP)/|\d ratio\b", text)
    assert not re.search(r"[\w-]+\.yaml:\d+", text), "a line of the questionnaire is said in words"


def test_an_engineer_finds_what_the_engine_is_set_to_and_a_load_test_held_against(
    hospital: Callable[[str], str],
) -> None:
    text = hospital("engineering")
    plan = text[text.index("The plan in detail Self-hosting on rented GPUs (Recommended)") :]
    for label in (
        "GPU H100", "Precision fp8", "GPUs in all 4", "Throughput, a replica, tokens/s", "Weights, a replica, GB",
        "Room for KV cache, a replica, GB", "Requests at once, a replica", "To the first token",
        "A load test that this plan can be held against",
    ):  # fmt: skip
        assert label in plan, label


def test_an_auditor_finds_each_rule_that_fired_with_its_values_and_its_claims(hospital: Callable[[str], str]) -> None:
    text = hospital("audit")
    assert (
        "utilisation that own GPUs would reach is below 60% [ S2-60 ] Read: utilisation that own GPUs would reach 0.1%"
        in (re.sub(r"\[ ?(\S+?) ?\]", r"[ \1 ]", text))
    )
    assert "Where the inputs come from" in text
    assert "rent of a GPU-hour : H100 reserved for 12 months" in text


@pytest.fixture
def hospital(decided: Callable[[str], dict[str, Any]]) -> Callable[[str], str]:
    record = as_record(decided("hospital-no-gpu-team"))
    return lambda reader: text_of(html_report(record, audience=reader, medium=PAPER))


def test_an_answer_that_is_a_list_is_one_line(hospital: Callable[[str], str]) -> None:
    text = hospital("audit")
    assert "regulations: hipaa" in text
    assert "regulations: gdpr" not in text


def test_what_other_answers_leave_nothing_to_ask_of_is_not_open(hospital: Callable[[str], str]) -> None:
    text = hospital("engineering")
    still_open = text[text.index("No answer was given to these") : text.index("The answers were read as")]
    assert "demand.cached_input_share" not in still_open  # a default
    assert "demand.tokens_per_day" not in still_open
    assert "demand.messages_per_user" not in still_open
    assert "demand.latency_p95" in still_open


def test_the_screen_says_how_the_plan_is_dropped_as_paper_does(decided: Callable[[str], dict[str, Any]]) -> None:
    text = text_of(html_report(as_record(decided("s2-70b-vs-gpt4o")), audience="engineering", medium=SCREEN))
    assert "Not beaten in both money and the class of the model:" in text
    assert "Not beaten in both money and speed for one user: GPT" not in text
