"""The terminal: plain, stable, aligned; and the audit says what stopped a rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.records import as_record

from hostwise.record.decide import answers_from_text, decide, load_answers
from hostwise.report.render import render
from hostwise.report.terminal.audit import explain_text
from hostwise.report.terminal.decision import decision_text


def whole(record: dict[str, Any], width: int = 100) -> str:
    return decision_text(as_record(record), width=width, everything=True)


def test_the_decision_on_one_screen(summariser: dict[str, Any]) -> None:
    text = decision_text(as_record(summariser), width=80)
    order = [
        "Managed open-model provider: ",
        "First: ",
        "Why",
        "Cost a month, at 900M",
        "What could change it",
        "How sure: ",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "\x1b" not in text
    assert text == decision_text(as_record(summariser), width=80)
    assert "Sovereign-cloud API" not in text  # ruled out
    assert "4 options are ruled out or not priced: --all." in text


@pytest.mark.parametrize("path", sorted(Path("examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_decision_fits_a_screen(path: Path, decided: Callable[[str], dict[str, Any]]) -> None:
    for language in ("en-GB", "de"):
        lines = decision_text(as_record(decided(path.stem)), width=80, language=language).splitlines()
        assert len(lines) <= 30, language
        assert max(map(len, lines)) <= 80, language


def test_everything_has_what_the_screen_leaves_out(summariser: dict[str, Any]) -> None:
    text = whole(summariser)
    parts = ["First: ", "Why", "[S1-33", "Cost a month", "ruled out", "Before go-live", "Look again", "Decision "]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    for part in ("conditions", "revisit", "dissent"):
        for entry in summariser["verdict"][part]:
            assert entry["text"] in " ".join(text.split())


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_lines_keep_to_the_width(width: int, summariser: dict[str, Any], undecided: dict[str, Any]) -> None:
    for record in (summariser, undecided):
        for text in (whole(record, width), decision_text(as_record(record), width=width)):
            assert max(map(len, text.splitlines())) <= width
        # A name without a space cannot be broken in a tree; it may stand out, the text may not.
        assert all(len(line) <= width + 40 for line in explain_text(as_record(record), width=width).splitlines())


@pytest.mark.parametrize("width", range(40, 81, 8))
def test_no_word_is_broken_at_the_margin(width: int, summariser: dict[str, Any], undecided: dict[str, Any]) -> None:
    for record in (summariser, undecided):
        assert not [line for line in whole(record, width).splitlines() if re.search(r"\w-$", line)]


def test_amounts_are_aligned_and_bars_to_scale(summariser: dict[str, Any]) -> None:
    lines = [line for line in whole(summariser).splitlines() if "█" in line or "▏" in line]
    ends = {match.end() for line in lines if (match := re.search(r"\$[\d,]+", line))}
    assert len(ends) == 1
    assert len(lines) == sum(ledger["priced"] for ledger in summariser["ledgers"])


def test_colour_adds_only_colour(summariser: dict[str, Any]) -> None:
    coloured = decision_text(as_record(summariser), colour=True)
    assert "\x1b[1" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == decision_text(as_record(summariser))


def test_an_undecided_record_says_what_to_find_out(undecided: dict[str, Any]) -> None:
    for text in (whole(undecided), decision_text(as_record(undecided))):
        for need in undecided["verdict"]["needs"]:
            assert need["key"] in text
            assert need["settles"] in " ".join(text.split())


def test_an_undecided_record_names_one_first_question(tmp_path: Path, undecided: dict[str, Any]) -> None:
    [first, *_] = undecided["robustness"]["questions"]
    undecided["robustness"]["questions"] = [first | {"key": "current_api.tier", "label": "class of model"}, first]
    assert "Most worth finding out: external processing" in whole(undecided)
    render(as_record(undecided), tmp_path / "report.md")
    assert "Most worth finding out: external processing" in (tmp_path / "report.md").read_text(encoding="utf-8")
    undecided["robustness"]["questions"] = undecided["robustness"]["questions"][:1]
    assert "Most worth finding out" not in whole(undecided)


LONG = """
workload: {name: Sixty thousand a month, task: chat, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_month: 13.7B, traffic_mix: interactive, stable: yes}
current_api: {provider: openai, model: gpt-4o}
team: {gpu_operations: platform-team, on_call: yes, security_ready: yes}
"""
"""Its saving, first step and reasons fill a screen."""


def test_the_screen_keeps_what_could_change_the_verdict(tmp_path: Path) -> None:
    (tmp_path / "long.yaml").write_text(LONG, encoding="utf-8")
    record = decide(load_answers(tmp_path / "long.yaml"))
    for language, said in (
        ("en-GB", "Before gpt-4o leaves its API"),
        ("de", "Bevor gpt-4o seine API verlässt (noch 55 Tage)"),
    ):
        text = decision_text(record, width=80, language=language)
        assert len(text.splitlines()) <= 30, language
        assert said in text, language


def test_an_infeasible_record_says_what_rules_out(infeasible: dict[str, Any]) -> None:
    text = " ".join(whole(infeasible, 400).split())
    for alternative in infeasible["verdict"]["alternatives"]:
        assert f"{alternative['label']}: {alternative['why']}" in text
    way = "Without “The model does not fit the device”, by changing self_host.model (Llama-3.3-70B)"
    assert way in text
    assert way in " ".join(decision_text(as_record(infeasible)).split())


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
    text = " ".join(whole(undecided).split())
    assert "Of 100 plausible futures: Managed API in 69; Self-hosting on rented GPUs in 22; Managed open-model" in text
    worth = "Most worth finding out: external processing (ask legal). It lowers the chance of a wrong verdict by 21.9"
    assert worth in text
    settled = " ".join(decision_text(as_record(summariser)).split())
    sure = "Managed open-model provider comes out in about 74 of 100 plausible futures (± 2)."
    assert f"How sure: {sure}" in settled
    assert (
        "finding out: quality gap (ask engineering). It lowers the chance of a wrong verdict by 25 points." in settled
    )
    summariser["robustness"] |= {"wrong": "0.02", "questions": []}
    assert "No open answer by itself is worth waiting for." in " ".join(whole(summariser).split())


@pytest.mark.parametrize(
    ("wrong", "regret", "said"),
    [
        ("0.25", "0", "It lowers the chance of a wrong verdict by 25 points."),
        ("0", "812.4", "It saves $812 a month on average."),
        ("0.1", "812.4", "It lowers the chance of a wrong verdict by 10 points and saves $812 a month on average."),
        ("0", "0.2", ""),
    ],
)
def test_what_finding_out_is_worth_is_never_nothing(
    wrong: str, regret: str, said: str, summariser: dict[str, Any]
) -> None:
    (question,) = summariser["robustness"]["questions"]
    question |= {"wrong": wrong, "regret": regret}
    text = " ".join(decision_text(as_record(summariser)).split())
    assert f"Most worth finding out: quality gap (ask engineering). {said}".strip() in text
    assert " 0 points" not in text
    assert "$0 a month" not in text


DEARER = """
workload: {name: Moderation, task: classification, as_of: 2026-11-20}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {requests_per_day: 50M, input_tokens_per_request: 180, output_tokens_per_request: 3, stable: yes,
         traffic_mix: mixed, batch_share: 60%}
current_api: {model: gpt-4.1-nano}
team: {gpu_operations: part-time, spare_fte: 0.5}
"""


def test_an_option_that_costs_more_than_an_open_one_says_first_what_stands_against_that() -> None:
    """The screen has room for one reason: it said that the mix is cheap, beside own GPUs at half its cost."""
    text = " ".join(decision_text(decide(answers_from_text(DEARER, "w.yaml"))).split())
    assert "more a month" in text and "than Self-hosting on rented GPUs, the cheapest of the others" in text
    assert re.search(
        r"Why 1\. Hybrid costs \$[\d,]+ a month; Self-hosting on rented GPUs would cost \$[\d,]+, but", text
    )


NEAR = """
workload: {name: Contracts, task: TASK, stage: production, as_of: 2026-11-20}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: RESIDENCY,
              fine_tuning: none}
demand: {DEMAND}
current_api: {provider: anthropic, model: claude-sonnet-4.5}
team: {gpu_operations: TEAM}
"""


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        (
            ("extraction", "documents_per_day: 1000, pages_per_document: 200, output_tokens_per_page: 15, "
             "traffic_mix: batch", "met-by-provider-region", "none"),
            r"Managed API costs \S+ a month; Managed open-model provider would cost \S+, but",
        ),
        (
            ("rag", "tokens_per_day: 200M, input_share: 95%, cached_input_share: 90%", "none", "part-time"),
            "A close call: Managed open-model provider costs less",
        ),
    ],
)  # fmt: skip
def test_a_cheaper_open_option_is_answered_first_unless_the_call_was_close(answers: Sequence[str], first: str) -> None:
    """It saves against staying, and the screen named the rule alone, with a cheaper option drawn below it."""
    text = NEAR
    for place, answer in zip(("TASK", "DEMAND", "RESIDENCY", "TEAM"), answers, strict=True):
        text = text.replace(place, answer)
    record = decide(answers_from_text(text, "w.yaml"))
    assert record.verdict.option == "managed-api"
    assert re.search(f"Why 1. {first}", " ".join(decision_text(record).split()))
