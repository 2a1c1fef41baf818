"""The first step of a move: what an evaluation is worth beside moving at once and staying, and what is said of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from hostwise.analysis.futures.two_steps import (
    Stakes,
    evaluating_beats_staying,
    moving_beats_evaluating,
    two_steps,
)
from hostwise.economics.catalogue.gap_priors import GapPrior
from hostwise.record.decide import answers_from_text, decide, first_answer
from hostwise.record.format.record import Record
from hostwise.report.terminal.decision import decision_text

EXAMPLES = Path(__file__).parents[2] / "examples"
# A bill of $29,760 that an open model lowers by $18,600; a move of $25,000, a failure that does $60,000 of harm:
# computed by a Monte Carlo of its own over 200,000 gaps (common random numbers), to the fourth digit.
ASKED = Stakes(18_600, 12, 25_000, 60_000, 2, 3_300, 0, 4)
RAG = GapPrior(0.10, 0.60, 0.90)
SIX_ATTEMPTS = """
workload: {name: Six features, task: chat}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_month: 2B}
current_api: {provider: OpenAI, model: gpt-4o}
team: {gpu_operations: none, organisation: company}
quality: {gap: 30%, evaluation_items: 400}
"""


@pytest.mark.parametrize(("harm", "evaluate", "move"), [(60_000, 0.045, 0.610), (20_000, 0.023, 0.128),
                                                        (200_000, 0.113, 0.867), (600_000, 0.264, 0.954)])  # fmt: skip
def test_the_chances_from_which_each_beats_the_other(harm: float, evaluate: float, move: float) -> None:
    """As computed for that case; the evaluation lets nine of ten good models through and one of ten bad ones."""
    stakes = Stakes(18_600, 12, 25_000, harm, 2, 3_300, 0, 4)
    assert evaluating_beats_staying(stakes, 0.9, 0.1, 3_300) == pytest.approx(evaluate, abs=0.001)
    assert moving_beats_evaluating(stakes, 0.9, 0.1, 3_300) == pytest.approx(move, abs=0.001)


@pytest.mark.parametrize(
    ("prior", "discordant", "stakes", "items", "cut", "worth"),
    [
        (RAG, 0.15, Stakes(1_500, 12, 8_000, 15_000, 2, 2_400, 6, 0), 150, 0.043, 983),
        (RAG, 0.15, Stakes(18_600, 12, 25_000, 60_000, 2, 2_400, 6, 0), 400, 0.066, 3_951),
        (GapPrior(0.35, 0.65, 0.90), 0.20, Stakes(80_000, 12, 60_000, 400_000, 2, 4_000, 8, 0), 1200, 0.054, 99_500),
    ],
)
def test_the_size_and_the_cut_that_are_worth_most(
    prior: GapPrior, discordant: float, stakes: Stakes, items: int, cut: float, worth: float
) -> None:
    found = two_steps(prior, 0.045, discordant, stakes)
    assert found.items == items
    # That cut is the best where nothing can be asked again; deciding again parts it in two.
    assert found.cut <= cut + 0.011 and found.stay_from >= cut - 0.011
    assert found.worth == pytest.approx(worth, rel=0.15)


@pytest.mark.parametrize(
    ("prior", "discordant", "stakes"),
    [
        (GapPrior(0.35, 0.65, 0.90), 0.20, Stakes(80_000, 12, 60_000, 400_000, 2, 4_000, 8, 4)),
        (GapPrior(1.00, 0.80, 0.90), 0.20, Stakes(139_000, 12, 30_000, 300_000, 2, 3_300, 6, 4)),
        (RAG, 0.15, Stakes(30_000, 12, 25_000, 900_000, 2, 2_400, 6, 4)),
    ],
)
def test_what_is_said_of_the_gap_that_is_shown_is_what_deciding_again_says(
    prior: GapPrior, discordant: float, stakes: Stakes
) -> None:
    """A gap of 12% on the 400 inputs that were asked for led to 1,200 more, where moving up to 12% had been advised."""
    found = two_steps(prior, 0.10, discordant, stakes)
    assert found.first == "evaluate"

    def then(gap: float) -> str:
        error = (max(discordant, abs(gap)) / found.items) ** 0.5
        return two_steps(prior.after(gap, error), 0.10, discordant, stakes).first

    assert [then(found.cut - back) for back in (0.05, 0.01, 0)] == ["start-small"] * 3
    assert [then(found.stay_from + on) for on in (0, 0.01, 0.1)] == ["stay"] * 3
    between = found.cut + 0.01
    assert found.stay_from - between < 0.001 or then(between) == "evaluate"


@pytest.mark.parametrize(("beyond", "first"), [(0, "start-small"), (1, "evaluate")])
def test_an_answer_at_the_cut_is_followed_as_it_was_said(flagship: Record, beyond: int, first: str) -> None:
    told = {fact.name: fact.value for fact in flagship.facts}
    gap = Decimal(str(told["two_steps.cut"])) * 100 + beyond
    text = (EXAMPLES / "support-summariser.yaml").read_text("utf-8")
    answered = f"  gap: {gap:.0f}%\n  evaluation_items: {told['two_steps.items']}\n"
    assert "  gap: unknown\n" in text
    again = first_answer(answers_from_text(text.replace("  gap: unknown\n", answered), "a.yaml"), engine="reference")
    assert next(fact.value for fact in again.facts if fact.name == "two_steps.first") == first
    assert again.verdict.option == flagship.verdict.option


def test_an_evaluation_that_costs_more_than_it_is_worth_is_not_what_comes_first() -> None:
    """A small saving that is quickly taken back: start small. One that the move alone eats up: neither."""
    cheap = two_steps(RAG, 0.1, 0.2, Stakes(800, 12, 2_000, 3_000, 2, 4_000, 6, 4))
    assert (cheap.first, cheap.worth < 0) == ("start-small", True)
    dear = two_steps(RAG, 0.1, 0.2, Stakes(800, 12, 9_000, 30_000, 2, 4_000, 6, 4))
    assert dear.first == "stay"
    assert two_steps(RAG, 0.045, 0.2, ASKED).first == "evaluate"


@pytest.fixture(scope="module")
def flagship() -> Record:
    return decide(answers_from_text((EXAMPLES / "support-summariser.yaml").read_text("utf-8"), "a.yaml"))


def test_the_flagship_evaluates_first_and_says_what_that_is_worth(flagship: Record) -> None:
    shown = {fact.name: fact.shown for fact in flagship.facts}
    (step,) = (each for each in flagship.verdict.conditions if each.rule == "advise.evaluate-then-move")
    names = ("items", "cut", "stay_from", "days", "cost", "confirms", "stay", "worth", "evaluate_from", "move_from")
    for value in (str(shown[f"two_steps.{name}"]) for name in names):
        assert value in step.text
    assert step.owner == "engineering"
    assert "First: Evaluate, then move" in decision_text(flagship)


def test_the_first_step_of_a_move_to_another_api_model_is_about_that_model() -> None:
    """GPT-4o leaves its API: the load of a week is not what is looked at first. What an open model scored says nothing
    of another proprietary one, whose evaluation may fail: then the model in use stays, and that is said."""
    record = decide(answers_from_text(SIX_ATTEMPTS, "a.yaml"))
    facts = {fact.name: fact.value for fact in record.facts}
    assert record.verdict.option == "managed-api" and facts["api_model_moves"] is True
    assert "First: Do not evaluate beforehand, start small: send 5% of the traffic" in decision_text(record)
    assert record.robustness.api_stays and 0 < record.robustness.api_stays < 1
    said = " ".join(decision_text(record, everything=True).split())
    assert "the other proprietary model fails its evaluation, and the one in use stays" in said
    (note,) = (each for each in record.verdict.notes if each.rule == "note.replacement")
    assert "GPT-6.1 Sol" in note.text and "gpt-4o" in note.text


def test_days_for_an_evaluation_are_a_condition_and_no_gate() -> None:
    """With one day for it the verdict stands; the days are asked for where an evaluation comes first."""
    text = (EXAMPLES / "support-summariser.yaml").read_text("utf-8")
    assert "evaluation_days" in text
    lines = [line if "evaluation_days" not in line else "  evaluation_days: 1" for line in text.splitlines()]
    record = decide(answers_from_text("\n".join(lines), "a.yaml"))
    assert record.verdict.option == "open-model-provider"
    assert "advise.free-evaluation-days" in {each.rule for each in record.verdict.conditions}


def test_a_model_that_comes_anyway_is_not_stayed_away_from() -> None:
    """o3 leaves within weeks, and what would take its place is the model of the plan: where that fails its evaluation,
    to stay led to that model too."""
    record = decide(answers_from_text(REASONING, "r.yaml"))
    facts = {fact.name: fact.value for fact in record.facts}
    assert record.verdict.option == "managed-api" and facts["two_steps.anyway"] is True
    (first, *_) = (each for each in record.verdict.conditions if each.rule.startswith("advise.evaluate"))
    assert first.rule == "advise.evaluate-what-comes-anyway" and "stay:" not in first.text
    assert "score the next one of the class before that day" in first.text


REASONING = """
workload: {name: Proofs, task: agents, stage: production, as_of: 2026-11-20}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {requests_per_day: 6000, input_tokens_per_request: 3000, output_tokens_per_request: 12000, stable: yes,
  traffic_mix: interactive}
current_api: {provider: openai, model: o3}
self_host: {model: DeepSeek-R1, gpu: H200}
team: {gpu_operations: none}
"""
