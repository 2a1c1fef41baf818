"""What a member of a board doubted on the pages of the default report, each sentence of it now exact."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from tests.answers.test_doubts import BASE
from tests.records import as_record

from hostwise.reading.numbers.number_format import format_number
from hostwise.record.decide import answers_from_text, first_answer
from hostwise.record.format.record import Record
from hostwise.report.charts.line import NARROW_PLOT, WIDE_PLOT, Plot, line_chart
from hostwise.report.page.html import html_report
from hostwise.report.terminal.decision import decision_text
from hostwise.report.view.report import report_of
from hostwise.report.words.words import load_words

Decided = Callable[[str], dict[str, Any]]
WORDS = load_words()


def page(record: Record, audience: str = "leadership") -> str:
    """The words of a page, as a reader has them."""
    body = re.sub(r"(?s)<(style|script|svg).*?</\1>", "", html_report(record, audience=audience))
    return " ".join(unescape(re.sub(r"<[^>]+>", "", body)).split())


def test_reasons_are_called_three_where_there_are_three(decided: Decided) -> None:
    for name in ("s0-estimator", "support-summariser"):
        record = as_record(decided(name))
        assert ("Three reasons" in page(record)) == (len(record.verdict.reasons) >= 3), name


def test_a_job_that_runs_once_is_not_costed_by_the_month() -> None:
    record = first_answer(answers_from_text(BASE.replace("stable: true", "runs_once: true"), "w.yaml"))
    shown, screen = page(record), " ".join(decision_text(record, everything=True).split())
    assert "The job runs once: wherever a cost is said to be a month, it is the cost of the whole job." in shown
    assert re.search(r"decided as of [^·]+ · [\d.]+[MB] tokens, once", shown)
    assert "Likely cost of the whole job" in shown and "Likely cost a month" not in shown
    assert "for the whole job; " in screen and "Cost of the whole job, " in screen
    sentences = [*(each.text for each in record.verdict.reasons), *(each.why for each in record.verdict.alternatives)]
    said = [text for text in sentences if re.search(r"costs? [$\d,.]+ a month; |[$\d,.]+ a month (less|more)", text)]
    assert not said
    for told in ("After six months", "month by month", "once a quarter"):
        assert told not in shown


def test_one_answer_given_as_a_range_is_said_to_be_one() -> None:
    text = BASE.replace("gap: 3%, evaluation_items: 200", "gap: 1%..6%")
    record = first_answer(answers_from_text(text, "w.yaml"))
    assert len(record.robustness.one_at_a_time) == 1
    assert "at both ends of the one answer given as a range" in page(record)


def test_no_move_is_said_to_pay_from_a_chance_of_nothing(decided: Decided) -> None:
    """At 50M tokens a day a failed move is taken back so soon that evaluating first is never worth more."""
    record = as_record(decided("s4-50m-a-day"))
    facts = {fact.name: fact.shown for fact in record.facts}
    assert facts["two_steps.move_from"] == "0%"
    shown = page(record)
    assert "chance of 0%" not in shown and "beats evaluating whatever the chance that the model is good enough" in shown


@pytest.mark.parametrize("name", ["air-gapped-department", "hospital-no-gpu-team", "nightly-extraction-batch"])
def test_leaders_are_shown_no_keys_of_questions(name: str, decided: Decided) -> None:
    record = as_record(decided(name))
    shown = page(record)
    assert not [value.key for value in record.answers.values if re.search(rf"(?<![\w.]){value.key}\b", shown)]


def test_a_name_keeps_its_spelling_at_the_head_of_a_line(decided: Decided) -> None:
    assert "Gpt-oss-120b" not in page(as_record(decided("one-person-desk")))
    assert "The price given, " in page(as_record(decided("s0-estimator")))


def test_a_price_that_is_assumed_says_of_which_model(decided: Decided) -> None:
    plan = as_record(decided("regulated-sovereign-cloud")).verdict.chosen_plan
    assert plan is not None and plan.startswith("gpt-4o at an assumed price, $3.25 in")


@pytest.mark.parametrize("plot", [WIDE_PLOT, NARROW_PLOT])
def test_no_name_beside_the_lines_is_cut(plot: Plot, decided: Decided) -> None:
    line = report_of(as_record(decided("air-gapped-department")), WORDS).line
    assert line is not None
    drawn = line_chart(line, WORDS, plot)
    assert "…" not in drawn and ">hardware</text>" in drawn


def test_break_evens_in_words_begin_where_the_rings_stand(decided: Decided) -> None:
    """The ring stood at the first crossing, the sentence at the last one, and a reader took one of them for wrong."""
    for name in ("air-gapped-department", "support-summariser", "nightly-extraction-batch"):
        record = as_record(decided(name))
        report, shown = report_of(record, WORDS), page(record)
        for crossing in report.crossings:
            first, lasting = crossing.first_at, crossing.lasting_at
            if first is None or lasting is None or f"{crossing.option} costs less than {crossing.against}" not in shown:
                continue
            begins, lasts = format_number(first), format_number(lasting)
            then = ", for good" if begins == lasts else f" at some volumes, from {lasts} for good"
            said = f"{begins} tokens a month: from there {crossing.option} costs less than {crossing.against}"
            assert said + then in shown


def test_only_is_said_of_the_answers_and_not_of_the_constraints(decided: Decided) -> None:
    """Bought hardware is out because the GPUs would be rented: an answer says so, and no constraint."""
    text = " ".join(each.text for each in as_record(decided("hospital-no-gpu-team")).verdict.reasons)
    assert "the only option that these answers leave open" in text and "constraints leave open" not in text


def test_what_runs_today_and_is_ruled_out_is_said_with_its_bill() -> None:
    """Who pays 58,000 a month was told what the verdict costs more than an option that may not be had."""
    text = BASE.replace("residency: none", "residency: not-met, sovereign_api_acceptable: no").replace(
        "tier: frontier", "tier: frontier, spend_per_month: $5800"
    )
    record = first_answer(answers_from_text(text, "w.yaml"))
    said = "What runs today, at a bill of $5,800 a month, is ruled out."
    assert record.verdict.option == "self-host-cloud"
    assert said in page(record) and said in " ".join(decision_text(record).split())
    allowed = first_answer(answers_from_text(BASE, "w.yaml"))
    assert "is ruled out." not in page(allowed).split("First step")[0]
