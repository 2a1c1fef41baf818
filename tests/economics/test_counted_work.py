"""Volumes in the words that people have: developers, pages, chat users, calls become tokens by sourced bands."""

from __future__ import annotations

import re
from csv import DictReader
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.commands import hostwise
from tests.economics.cases import catalogue, costed, derived, facts_of

from hostwise.economics.costing import Costing
from hostwise.flow.read_back import read_back
from hostwise.record.decide import decide, load_answers

HEAD = "workload: {name: counted}\n"
CLEAR = (
    "constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none,"
    " fine_tuning: none}\n"
)
MODEL = "current_api: {provider: anthropic, model: claude-sonnet-4-5}\n"
OWN = "self_host: {model: Llama-3.3-70B, gpu: H100}\n"
"""With it nothing is searched."""


def counted(demand: str, more: str = "") -> Costing:
    return costed(f"{HEAD}demand: {{{demand}}}\n{more}")


def tokens(costing: Costing) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    month = derived(costing)["tokens_per_month"]
    return month.low, month.value, month.high  # type: ignore[return-value]


# By hand: the figures of rules/catalogue/demand.yaml, low, likely and high.
BY_HAND = {
    "developers: 40": (40 * 8 * 7_000_000, 40 * 15 * 18_000_000, 40 * 21 * 40_000_000),
    "developers: 40, coding_use: chat": (40 * 8 * 50_000, 40 * 15 * 300_000, 40 * 21 * 1_500_000),
    "developers: 40, coding_use: completion": (40 * 8 * 100_000, 40 * 15 * 500_000, 40 * 21 * 2_500_000),
    "developers: 40, days_per_developer: 20, tokens_per_developer: 2.1M": (1_680_000_000,) * 3,
    "chat_users: 500": (500 * 2 * 30 * 1365, Decimal("500") * 111 * 5280, 500 * 15 * 30 * 12350),
    "pages_per_day: 3000 a night": (90_000 * 505, 90_000 * 2500, 90_000 * 4840),
    "pages: 100k, page_form: scan, runs_once: yes": (100_000 * 610, 100_000 * 1900, 100_000 * 4840),
    "pages: 100k, tokens_per_page: 2000, output_tokens_per_page: 1200": (320_000_000,) * 3,
    "documents_per_day: 200, pages_per_document: 4, page_form: text": (24_000 * 505, 24_000 * 900, 24_000 * 1820),
    "calls_per_day: 800, minutes_per_call: 6": (
        Decimal(144_000) * 150 * Decimal("1.01"), Decimal(144_000) * 220, Decimal(144_000) * 270 * Decimal("1.25"),
    ),
    "calls_per_day: 800, minutes_per_call: 6, output_tokens_per_request: 250": (
        24_000 * (6 * 150 + 250), 24_000 * (6 * 200 + 250), 24_000 * (6 * 270 + 250),
    ),
    "calls_per_day: 800, input_tokens_per_request: 1500, output_tokens_per_request: 250": (24_000 * 1750,) * 3,
    "chat_users: 500, messages_per_user: 4, input_tokens_per_request: 3000, output_tokens_per_request: 400": (
        (500 * 4 * 30 * 3400,) * 3
    ),
    "audio_minutes_per_day: 100 hours": (
        Decimal(180_000) * 150 * Decimal("1.01"), Decimal(180_000) * 220, Decimal(180_000) * 270 * Decimal("1.25"),
    ),
    "images_per_day: 2000": (60_000 * 1115, 60_000 * 1529, 60_000 * 4840),
    "tickets_per_day: 500": (15_000 * 2000, 15_000 * 6830, 15_000 * 31_000),
}  # fmt: skip


@pytest.mark.parametrize("demand", BY_HAND)
def test_what_is_counted_becomes_the_tokens_worked_out_by_hand(demand: str) -> None:
    low, likely, high = BY_HAND[demand]
    expected = (None, Decimal(likely), None) if low == high else (Decimal(low), Decimal(likely), Decimal(high))
    assert tokens(counted(demand)) == expected


@pytest.mark.parametrize("demand", BY_HAND)
def test_a_volume_is_an_estimate_while_a_figure_of_the_catalogue_stands_in_it(demand: str) -> None:
    low, _, high = BY_HAND[demand]
    assert derived(counted(demand))["volume_estimated"].value is (low != high)


COUNTS = {
    "developers": ("days_per_developer", "tokens_per_developer"),
    "chat_users": ("messages_per_user", "tokens_per_message"),
    "pages_per_day": ("tokens_per_page", "output_tokens_per_page"),
    "pages": ("tokens_per_page", "output_tokens_per_page"),
    "documents_per_day": ("pages_per_document", "tokens_per_page"),
    "images_per_day": ("tokens_per_image",),
    "calls_per_day": ("minutes_per_call", "tokens_per_audio_minute"),
    "audio_minutes_per_day": ("tokens_per_audio_minute",),
    "tickets_per_day": ("tokens_per_ticket",),
}
LETTERS = {"": 1, "M": 10**6, "B": 10**9, "T": 10**12}


def worked_out(shown: str) -> Decimal:
    """The arithmetic of a page, computed again from its text alone."""
    text = re.sub(r",(?=\d{3})", "", shown.partition(", an estimate")[0])
    text = re.sub(r"(\d+(?:\.\d+)?)%", lambda m: f"({m[1]}/100)", text)
    text = re.sub(r"(\d+(?:\.\d+)?)([MBT])\b", lambda m: f"({m[1]}*{LETTERS[m[2]]})", text)
    bare = re.sub(r"[a-zA-Z]+(?:/[a-zA-Z]+)?", "", text).replace("×", "*").replace("÷", "/")
    assert re.fullmatch(r"[\d.+*/() ]+", bare), shown
    return Decimal(eval(bare, {"__builtins__": {}}))


@given(
    count=st.sampled_from(sorted(COUNTS)), many=st.integers(1, 1_000_000), each=st.integers(1, 31),
    open_=st.booleans(), form=st.sampled_from(["pdf", "text", "scan"]),
)  # fmt: skip
def test_the_arithmetic_that_is_shown_gives_the_tokens_that_are_used(
    count: str, many: int, each: int, open_: bool, form: str
) -> None:
    said = [f"{count}: {many}", f"page_form: {form}", *(() if open_ else (f"{name}: {each}" for name in COUNTS[count]))]
    text = f"{HEAD}demand: {{{', '.join(said)}}}\n"
    costing = costed(text)
    month = derived(costing)["tokens_per_month"].value
    if month is None:
        assert open_ and count in ("documents_per_day", "calls_per_day")
        return
    known = {**facts_of(text), **derived(costing)}
    shown = read_back(known, costing, catalogue())[0]
    assert isinstance(month, Decimal)
    assert abs(worked_out(shown) / month - 1) < Decimal("0.003"), shown


def test_agents_bring_the_share_of_their_input_that_is_cached_and_an_answer_wins() -> None:
    spends = [
        derived(counted(f"developers: 40, coding_use: agents{more}", MODEL))["cost.managed_api.monthly"].value
        for more in ("", ", cached_input_share: 92%", ", cached_input_share: 0%")
    ]
    assert spends[0] == spends[1]
    assert isinstance(spends[0], Decimal) and isinstance(spends[2], Decimal) and spends[0] < spends[2]


def test_a_bill_says_the_volume_before_any_estimate_does() -> None:
    bill = "current_api: {provider: openai, model: gpt-4o, spend_per_month: $4200}\n"
    found = derived(counted("developers: 40", bill))
    assert found["volume_estimated"].value is False
    assert "stated_api_spend" in found["tokens_per_month"].provenance.inputs


def test_what_nobody_publishes_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "documents.yaml"
    file.write_text(f"{HEAD}{CLEAR}demand: {{documents_per_day: 200}}\n{MODEL}")
    said = hostwise("decide", str(file)).stdout
    assert "pages per document (demand.pages_per_document)" in said


@pytest.mark.usefixtures("decided_once")
def test_an_estimate_is_the_first_thing_to_measure_and_its_arithmetic_stands_everywhere(tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text(f"{HEAD}{CLEAR}demand: {{developers: 40}}\n{MODEL}{OWN}")
    worked = "40 developers × 15 days × 18M tokens/day"
    assert f"read as {worked}, an estimate to be measured" in hostwise("check", str(file)).stdout
    said = " ".join(hostwise("decide", str(file), "--all").stdout.split())
    assert "First: Measure the volume first: the 10.8B (2.24B to 33.6B) tokens are an estimate" in said
    assert worked in said
    report = tmp_path / "team.html"
    hostwise("report", str(file), "-o", str(report), "--for", "audit")
    text = unescape(report.read_text(encoding="utf-8"))
    assert worked in text and "grade D, as of 2026-11-20, to be read again by 2027-05-28" in text
    futures = hostwise("explain", str(file), "--robustness").stdout
    assert "tokens of a developer's day with coding agents" in futures
    other = hostwise("whatif", str(file), "--set", "demand.developers=80").stdout
    assert "demand.developers: 40 → 80" in other


def test_what_is_counted_and_tokens_beyond_all_that_it_could_be_are_a_finding_with_both_lines(tmp_path: Path) -> None:
    file = tmp_path / "apart.yaml"
    file.write_text(f"{HEAD}demand:\n  tokens_per_day: 1M\n  developers: 40\n")
    said = hostwise("check", str(file), "--strict")
    assert said.returncode == 2
    assert (
        f"{file}:4:15: warning: 40 developers × 15 days × 18M tokens/day is 2.24B to 33.6B tokens a month"
        in said.stderr
    )
    assert "by demand.tokens_per_day on line 3 it is 30M, which was taken" in said.stderr
    file.write_text(f"{HEAD}demand:\n  tokens_per_day: 400M\n  developers: 40\n")
    assert hostwise("check", str(file), "--strict").returncode == 0


def test_pages_with_their_tokens_given_must_agree_with_the_total(tmp_path: Path) -> None:
    file = tmp_path / "pages.yaml"
    file.write_text(
        f"{HEAD}demand:\n  tokens_per_day: 1M\n  pages_per_day: 100\n  tokens_per_page: 600\n"
        "  output_tokens_per_page: 100\n"
    )
    said = hostwise("check", str(file))
    assert said.returncode == 2
    assert "on line 3: pages times tokens per page is 70,000, not 1,000,000" in said.stderr


def test_two_ways_to_count_are_two_questionnaires(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(f"{HEAD}demand:\n  developers: 40\n  chat_users: 100\n")
    said = hostwise("check", str(file))
    assert said.returncode == 2
    assert f"{file}:4:15: error: demand.chat_users contradicts demand.developers on line 3" in said.stderr
    assert "work of two kinds is two questionnaires" in said.stderr


REFUSED = {
    "developers: 0": "too small",
    "developers: 2.5": "a whole number belongs here",
    "developers: many": "not a quantity",
    "pages_per_day: 100 developers": "given in developer",
    "coding_use: vibes": "not one of the choices",
    "page_form: paper": "not one of the choices",
    "minutes_per_call: 2 days": "minutes per call",
    "days_per_developer: 45": "too large",
}


@pytest.mark.parametrize("answer", REFUSED)
def test_a_wrong_answer_is_refused_at_its_place_with_what_is_accepted(answer: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(f"{HEAD}demand:\n  {answer}\n")
    said = hostwise("check", str(file))
    column = 3 + len(answer.partition(": ")[0]) + 2
    assert said.returncode == 2
    assert f"{file}:3:{column}: error:" in said.stderr and REFUSED[answer] in said.stderr
    assert "accepted:" in said.stderr


KEYS = (
    "workload.name", "constraints.external_processing", "constraints.air_gapped", "constraints.edge_or_offline",
    "constraints.residency", "constraints.fine_tuning", "current_api.provider", "current_api.model", "quality.gap",
    "quality.evaluation_items", "demand.developers", "demand.coding_use", "demand.chat_users",
)  # fmt: skip
ROWS = {
    "team,{},4000,agents,": "developers: 4000, coding_use: agents",
    "open,{},900,,": "developers: 900",
    "chat,{},,,50k": "chat_users: 50k",
}


def test_a_row_of_a_table_costs_what_its_questionnaire_does(tmp_path: Path) -> None:
    table, out = tmp_path / "all.csv", tmp_path / "out.csv"
    same = "allowed,no,no,none,none,openai,gpt-4o,2%,200"
    table.write_text("\n".join([",".join(KEYS), *(row.format(same) for row in ROWS)]) + "\n")
    hostwise("decide", str(table), "-o", str(out))
    costs = [row["monthly.managed-api"] for row in DictReader(out.read_text().splitlines())]
    more = "current_api: {provider: openai, model: gpt-4o}\nquality: {gap: 2%, evaluation_items: 200}\n"
    single = [derived(counted(demand, more))["cost.managed_api.monthly"].value for demand in ROWS.values()]
    assert costs == [f"{cost:.2f}" for cost in single]


@pytest.mark.parametrize("counted", ["documents_per_day: 2000", "calls_per_day: 2000"])
def test_a_count_alone_gets_a_provisional_answer(counted: str, tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(f"{HEAD}{CLEAR}demand: {{{counted}}}\n", encoding="utf-8")
    record = decide(load_answers(tmp_path / "w.yaml"))
    assert record.verdict.status == "undecided"
    assert "If it had to be decided today: Managed API" in record.verdict.sentence
    assert "undecided" not in {share.verdict for share in record.robustness.shares}
