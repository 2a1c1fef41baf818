"""The first page alone says what must happen and by when; what nothing has decided yet fits on two pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.records import as_record
from tests.report.test_board_reader import page
from tests.report.test_layout import EXAMPLES

from hostwise.report.brand.clean import first_sentence
from hostwise.report.render import render
from hostwise.report.terminal.decision import decision_text

pypdf = pytest.importorskip("pypdf")
Decided = Callable[[str], dict[str, Any]]
HOLDS = {"en-GB": "What must hold before it goes live", "de": "Was vor dem Betrieb erfüllt sein muss"}


def words_of_pages(pdf: bytes) -> list[str]:
    """The text of every page in one line."""
    return [" ".join(each.extract_text().split()) for each in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_must_hold_stands_on_the_first_page(name: str, decided: Decided, printed: Callable[..., Any]) -> None:
    record, pages = as_record(decided(name)), words_of_pages(printed(name, "leadership").pdf)
    first = record.verdict.conditions[:1]
    assert not any(HOLDS["en-GB"] in text for text in pages[1:])
    assert (HOLDS["en-GB"] in pages[0]) or len(first) == len(record.verdict.conditions)


@pytest.mark.parametrize("name", ["unanswered-gate", "infeasible-handheld-interpreter"])
def test_in_german_too_what_is_open_takes_two_pages(name: str, decided: Decided) -> None:
    pdf = render(as_record(decided(name)), "pdf", language="de")
    assert isinstance(pdf, bytes) and len(words_of_pages(pdf)) == 2


def test_in_german_too_what_must_hold_stands_on_the_first_page(decided: Decided) -> None:
    pdf = render(as_record(decided("support-summariser")), "pdf", language="de")
    assert isinstance(pdf, bytes) and HOLDS["de"] in words_of_pages(pdf)[0]


@pytest.mark.parametrize("name", ["support-summariser", "s4-50m-a-day"])
def test_a_sentence_begins_after_a_space(name: str, decided: Decided) -> None:
    """It read "it is $319,764.That is if the model proves good enough"."""
    shown = page(as_record(decided(name)))
    assert "That is if the model proves good enough" in shown
    assert re.findall(r"\d\.[A-Z][a-z]+ ", shown) == []


def test_the_plan_has_the_day_of_the_first_page_and_no_column_of_dashes(decided: Decided) -> None:
    record = as_record(decided("support-summariser"))
    shown = page(record)
    assert shown.count("by 18 December 2026 (proposed)") == 2
    assert "Now, before anything is moved · by 18 December 2026 (proposed)" in shown
    assert "engineering –" not in shown
    assert "(engineering, by 18 December 2026, before anything is moved)." in " ".join(decision_text(record).split())


def test_a_leader_reads_no_names_of_rules_in_the_table_of_options(decided: Decided) -> None:
    shown = page(as_record(decided("support-summariser")))
    assert "Costs $29,508 a month more than the recommendation." in shown
    assert "came before it" not in shown and "would need:" not in shown
    assert "Recommended Recommended." not in shown
    full = page(as_record(decided("support-summariser")), "audit")
    assert "came before it" in full and "would need:" in full


def test_what_a_future_comes_to_is_never_ruled_out_whatever_the_answer(decided: Decided) -> None:
    """The provisional verdict was missing among what is still possible."""
    record = as_record(decided("unanswered-gate"))
    shown = page(record).split("What stands already")[1]
    never = re.search(r"Ruled out whatever the answer: ([^.]*)\.", shown)
    for share in record.robustness.shares:
        assert f"Still possible: {share.label}" in shown or f"another answer: {share.label}" in shown
        assert never is None or share.label not in never[1]
    assert "Not compared" not in shown


def test_first_sentences_end_before_quotes_and_not_within_abbreviations() -> None:
    assert first_sentence("Costs $5 more. “A rule” would need: a team.") == "Costs $5 more."
    assert first_sentence("Ab 5 Mio. Token, z. B. am 18. Dezember. Sonst nicht.") == (
        "Ab 5 Mio. Token, z. B. am 18. Dezember."
    )
