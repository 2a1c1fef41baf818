"""A gap is that of the model that was scored: of another API model, or of an open one that the answers name or not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decide import answers_from_text, first_answer
from hostwise.record.format.record import Record

CASE = """
workload: {{name: x, task: chat, stage: production}}
constraints: {{external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}}
demand: {{tokens_per_month: {volume}, traffic_mix: interactive, stable: yes}}
current_api: {{provider: openai, model: {model}}}
quality: {{{quality}}}
team: {{gpu_operations: none}}
{more}
"""
NAME_IT = "advise.name-what-was-scored"
API_GAP = "figure.api_model_gap"


def decided(quality: str, more: str = "", model: str = "gpt-4o", volume: str = "13.7B") -> Record:
    text = CASE.format(quality=quality, more=more, model=model, volume=volume)
    return first_answer(answers_from_text(text, "w.yaml"), engine="reference")


def conditions(record: Record) -> set[str]:
    return {each.rule for each in record.verdict.conditions}


def drawn(record: Record) -> set[str]:
    return {each.name for each in record.robustness.uncertain}


def fact(name: str, record: Record) -> object:
    return next(each.value for each in record.facts if each.name == name)


def best(record: Record) -> str:
    return next(plans.best.text for plans in record.plans if plans.option == "managed-api" and plans.best)


def test_an_api_model_that_was_scored_near_enough_is_the_plan_and_its_gap_is_drawn_no_more() -> None:
    assert API_GAP in drawn(decided(""))
    scored = decided("api_model: gpt-5.4-mini, api_gap: 2%, api_items: 900")
    assert best(scored).startswith("GPT-5.4 mini") and API_GAP not in drawn(scored)
    cheap = decided("api_model: gpt-6-luna, api_gap: 3%, api_items: 800")
    assert cheap.verdict.option == "managed-api" and "advise.api-model-scored" in conditions(cheap)
    assert fact("two_steps.first", cheap) is None


def test_one_that_fell_short_competes_no_more_and_says_nothing_of_the_others() -> None:
    before, after = decided(""), decided("api_model: gpt-6-luna, api_gap: 14%, api_items: 900")
    assert best(before).startswith("GPT-6 Luna") and not best(after).startswith("GPT-6 Luna")
    assert "advise.api-model-scored" not in conditions(after)


def test_what_is_not_settled_is_drawn_from_what_was_scored() -> None:
    prior, after = (
        next(each for each in decided(quality).robustness.uncertain if each.name == API_GAP)
        for quality in ("", "api_model: gpt-6-luna, api_gap: 8%, api_items: 150")
    )
    assert prior.low is not None and prior.high is not None and after.low is not None and after.high is not None
    assert Decimal(after.high) - Decimal(after.low) < Decimal(prior.high) - Decimal(prior.low)
    assert Decimal(after.low) > Decimal(prior.low)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("gpt-4o", "it is the model in use (line 5)"),
        ("gpt-oss-120b", "an open model"),
        ("gtp-5-mini", "not in the catalogue"),
        ("gpt-5-mini", "it leaves its API on 2026-12-11"),
    ],
)
def test_what_cannot_have_been_scored_is_refused_at_its_line(named: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        decided(f"api_model: {named}, api_gap: 2%, api_items: 900")
    (found,) = caught.value.diagnostics
    assert (found.place.line, found.found) == (6, named) and said in found.message


@pytest.mark.parametrize("quality", ["gap: 3%, evaluation_items: 900", "gap_low: 1%, gap_high: 4%"])
def test_a_gap_whose_open_model_nobody_names_is_asked_for_it(quality: str) -> None:
    unnamed = decided(quality, model="gpt-5-mini", volume="3B")
    assert unnamed.verdict.option == "open-model-provider"
    assert unnamed.verdict.conditions[0].rule == NAME_IT
    assert any("taken for that of whichever open model" in each for each in unnamed.answers.read_as)
    named = decided(quality, "open_provider: {model: Ling-3.0-Flash}", "gpt-5-mini", "3B")
    assert named.verdict.option == "open-model-provider" and NAME_IT not in conditions(named)
    assert not any("taken for that" in each for each in named.answers.read_as)
    assert NAME_IT not in conditions(decided("", "", "gpt-5-mini", "3B"))  # nothing was measured
