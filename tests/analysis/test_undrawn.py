"""Everything open is drawn, or named as not drawn with the reason: every question, and every band of the catalogue."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from hostwise.analysis.futures.uncertain import GAP, uncertainties
from hostwise.answers.facts import Fact
from hostwise.answers.questions.questions import Question
from hostwise.answers.to_facts import answer_facts
from hostwise.economics.costing import cost_ledgers
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.record.decide import answers_from_text, first_answer
from hostwise.report.terminal.decision import decision_text

LISTED: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("undrawn.yaml").read_text("utf-8"))
OPEN = """
workload: {{name: w, task: {task}}}
constraints: {{external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}}
{more}
"""
WORKS = (
    "demand: {tokens_per_month: 900M}\nself_host: {purchase: reserved}",
    "demand: {tokens_per_month: 900M, traffic_shape: bursty, traffic_mix: batch}\nself_host: {purchase: spot}",
    "demand: {tokens_per_month: 900M, traffic_shape: steady}\nself_host: {purchase: owned}",
    "demand: {tokens_per_month: 900M, traffic_shape: daily-cycle}\nteam: {gpu_operations: platform-team}",
    "demand: {tokens_per_month: 900M, traffic_shape: unpredictable}",
    "demand: {tokens_per_month: 9M}\nteam: {single_user: yes}\nself_host: {purchase: owned}",
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def is_drawn(question: Question, figures: set[str]) -> bool:
    """Whether it has a spread, is a gate of which each answer is drawn, or a figure stands in its place."""
    return question.spread is not None or question.must_be_answered or question.fact in figures


def test_every_question_is_drawn_or_says_why_not(knowledge: Knowledge) -> None:
    """A new question is one or the other; a reason that holds no more is stale."""
    figures = {str(each.fact) for each in knowledge.catalogue.figures.values() if each.low < each.high}
    named = Counter(key for group in LISTED["questions"] for key in group["keys"])
    open_ = {q.key for q in knowledge.questionnaire.questions if not is_drawn(q, figures)}
    assert set(named) == open_ and max(named.values()) == 1
    assert all(group["because"].endswith(".") for group in LISTED["questions"])
    assert knowledge.questionnaire.by_fact[GAP].key in named  # from its prior: test_confirm sees it drawn


def test_every_band_is_drawn_or_says_why_not(knowledge: Knowledge) -> None:
    """Figures that a plain service, a batch, a desk and own hardware read; the others are of work that is counted."""
    seen: set[str] = set()
    for more in WORKS:
        task = "agents" if "single_user" in more else "chat"
        answers = answers_from_text(OPEN.format(task=task, more=more), "w.yaml")
        facts: dict[str, Fact] = answer_facts(answers, knowledge.questionnaire)
        costing = cost_ledgers(facts, knowledge.catalogue, date(2026, 11, 20))
        plans = [ledger.capacity for ledger in costing.ledgers.values() if ledger.capacity]
        found = uncertainties(facts, knowledge.questionnaire, knowledge.catalogue, plans)
        seen |= {each.name.removeprefix("figure.") for each in found}
    counted = set(knowledge.catalogue.work.every_figure)  # drawn where they are in the volume: test_counted_work
    bands = {name for name, each in knowledge.catalogue.figures.items() if each.low < each.high}
    assert bands - counted <= seen
    assert {"rent", "purchase", "throughput"} <= {name.partition(".")[0] for name in seen}
    named = {name for group in LISTED["bands"] for name in group["names"]}
    assert named & bands == {"api_price_decline"}, "drawn, but read by no rule: it is named too"


def test_what_no_future_draws_is_said_in_the_sentence_of_the_share() -> None:
    record = first_answer(answers_from_text(OPEN.format(task="chat", more=WORKS[0]), "w.yaml"), engine="reference")
    (said,) = (line for line in [" ".join(decision_text(record).split())] if "plausible futures" in line)
    claim = said.partition("How sure: ")[2]
    assert "Not drawn: growth, later prices, hosts that drop an open model, limits nobody gave." in claim
