"""The terminal: plain, stable, aligned; and the audit says what stopped a rule."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.records import as_record

from hostwise.report.terminal.decision import decision_text, explain_text


def test_the_decision_at_a_glance(summariser: dict[str, Any]) -> None:
    text = decision_text(as_record(summariser), width=100)
    order = ["Managed open-model provider", "Why", "Cost a month", "Before go-live", "Look again", "Decision "]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100
    assert text == decision_text(as_record(summariser), width=100)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_lines_keep_to_the_width(width: int, summariser: dict[str, Any], undecided: dict[str, Any]) -> None:
    for record in (summariser, undecided):
        assert max(map(len, decision_text(as_record(record), width=width).splitlines())) <= width
        # A name without a space cannot be broken in a tree; it may stand out, the text may not.
        assert all(len(line) <= width + 40 for line in explain_text(as_record(record), width=width).splitlines())


def test_amounts_are_aligned_and_bars_to_scale(summariser: dict[str, Any]) -> None:
    lines = [
        line for line in decision_text(as_record(summariser), width=100).splitlines() if "█" in line or "▏" in line
    ]
    ends = {match.end() for line in lines if (match := re.search(r"\$[\d,]+", line))}
    assert len(ends) == 1
    assert len(lines) == sum(ledger["priced"] for ledger in summariser["ledgers"])


def test_colour_adds_only_colour(summariser: dict[str, Any]) -> None:
    coloured = decision_text(as_record(summariser), colour=True)
    assert "\x1b[1" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == decision_text(as_record(summariser))


def test_an_undecided_record_says_what_to_find_out(undecided: dict[str, Any]) -> None:
    text = " ".join(decision_text(as_record(undecided)).split())
    for need in undecided["verdict"]["needs"]:
        assert need["key"] in text
        assert need["settles"] in text


def test_an_infeasible_record_says_what_rules_out(infeasible: dict[str, Any]) -> None:
    text = " ".join(decision_text(as_record(infeasible), width=400).split())
    for alternative in infeasible["verdict"]["alternatives"]:
        assert f"{alternative['label']}: {alternative['why']}" in text
    assert "Without “The model does not fit the device”, by changing self_host.model (Llama-3.3-70B)" in text


def test_explain_lists_every_rule_with_what_stopped_it(summariser: dict[str, Any]) -> None:
    text = explain_text(as_record(summariser))
    for rule in summariser["rules"]:
        assert f"{rule['id']}:" in text
    assert "line " in text
    assert "stopped by" in text


def test_explain_one_rule_shows_condition_facts_and_sources(summariser: dict[str, Any]) -> None:
    text = explain_text(as_record(summariser), "choose.self-host-on-cost")
    assert text.startswith("choose.self-host-on-cost")
    for part in ("Condition", "Facts it read", "Rests on", "S1-29", "✗"):
        assert part in text
    assert "choose.managed-api" not in text


def test_the_decision_names_the_answer_most_worth_finding_out(
    undecided: dict[str, Any], summariser: dict[str, Any]
) -> None:
    text = " ".join(decision_text(as_record(undecided)).split())
    assert "Of 100 plausible futures: Self-hosting on rented GPUs in 50; Managed open-model provider in 47;" in text
    assert (
        "Most worth finding out: external processing (constraints.external_processing): 46.9% off the chance of a wrong"
        in text
    )
    assert "Ask legal." in text
    settled = " ".join(decision_text(as_record(summariser)).split())
    assert "Managed open-model provider comes out in 74 of 100 plausible futures." in settled
    assert "Most worth finding out: quality gap (quality.gap): 25% off the chance of a wrong verdict" in settled
    summariser["robustness"] |= {"wrong": "0.02", "questions": []}
    assert "No open answer by itself is worth waiting for." in " ".join(decision_text(as_record(summariser)).split())
