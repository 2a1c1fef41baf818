"""A choice held against its own futures: the open gap is drawn, and what the futures prefer is said."""

from __future__ import annotations

import re
from decimal import Decimal
from math import ceil
from pathlib import Path

import pytest
from tests.batch.tables import rows_of

from hostwise import render
from hostwise.answers.fact_text import format_bound
from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.numbers.fact_types import FactType
from hostwise.record.decide import answers_from_text, decide, first_answer, load_answers
from hostwise.record.format.record import Record
from hostwise.report.terminal.decision import decision_text

CASE = """
workload: {name: Support, task: summarisation, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_day: 30M, input_share: 75%, traffic_mix: interactive, stable: yes, traffic_shape: steady}
current_api: {tier: frontier, input_price: $40, output_price: $40}
team: {gpu_operations: none, spare_fte: 0}
"""


def decided(quality: str = "") -> Record:
    """The case, with what an evaluation found."""
    return first_answer(answers_from_text(CASE + quality, "case.yaml"), engine="both")


def fired(record: Record) -> set[str]:
    """The rules that hold."""
    return set(record.firings)


FIRST_STEPS = {"advise.evaluate-then-move", "advise.start-small", "advise.neither-pays"}
"""The rules that say what comes first where an evaluation can fail."""


def share(record: Record, option: str) -> Decimal:
    """The share of futures that come to an option."""
    return next((each.share for each in record.robustness.shares if each.verdict == option), Decimal(0))


def test_an_unmeasured_gap_is_drawn() -> None:
    """No claim that nothing open would change it: the evaluation can fail, and the page says with what chance."""
    record = decided()
    assert record.verdict.option == "open-model-provider"
    gap = next(each for each in record.robustness.uncertain if each.name == "quality_gap")
    assert gap.shape == "log-odds" and gap.low < gap.likely < gap.high
    assert Decimal("0.5") < share(record, "open-model-provider") < 1
    assert share(record, "managed-api") > 0
    assert fired(record) & FIRST_STEPS
    chance = next(fact for fact in record.facts if fact.name == "pass_chance").value
    # The futures draw what the sentence says, but for the noise of 512 of them.
    assert abs(share(record, "open-model-provider") - Decimal(str(chance))) < Decimal("0.03")


@pytest.mark.parametrize("quality", ["quality: {gap_low: -3%, gap_high: 4%}", "quality: {gap_low: 12%, gap_high: 20%}"])
def test_a_settled_gap_is_not_drawn(quality: str) -> None:
    """What an evaluation settled leaves nothing to draw, and no evaluation to fail."""
    record = decided(quality)
    assert all(each.name != "quality_gap" for each in record.robustness.uncertain)
    assert not fired(record) & FIRST_STEPS


def test_what_was_measured_narrows_what_is_drawn() -> None:
    """150 items leave the gap open, and its spread smaller than the prior's."""
    prior, after = (
        next(each for each in decided(quality).robustness.uncertain if each.name == "quality_gap")
        for quality in ("", "quality: {gap: 3%, evaluation_items: 150}")
    )
    assert after.high - after.low < prior.high - prior.low


def test_days_for_an_evaluation_are_no_gate() -> None:
    """Without a day to spare the verdict is the same, with the days as its condition."""
    record = decided("quality: {evaluation_days: 0}\nopen_provider: {model: Llama-3.3-70B, provider: aws}\n")
    assert record.verdict.option == "open-model-provider"
    assert "advise.evaluate-then-move" in fired(record)
    assert any("Free two to three engineer days" in each.text for each in record.verdict.conditions)


def test_priors() -> None:
    """RAG in one class, at a quality of 90%: 70% lie within a twentieth of that; fewer one class down."""
    priors = load_catalogue(rules_dir()).gap_priors
    narrow = priors.prior("rag", 0, [])
    plain = narrow.__class__(narrow.mean, narrow.deviation / float(priors.widening), 0.9)
    assert plain.within(0.045) == pytest.approx(0.70, abs=0.01)
    assert plain.gap(0.05) == pytest.approx(-0.056, abs=0.002) and plain.gap(0.95) == pytest.approx(0.148, abs=0.002)
    assert priors.prior("rag", 1, []).within(0.05) < narrow.within(0.05) < priors.prior("rag", -1, []).within(0.05)
    seen = narrow.after(0.033, 0.029)
    assert seen.deviation < narrow.deviation and narrow.within(0.10) < seen.within(0.10)


CLOSE = """
workload: {name: Lab, task: extraction, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {input_tokens_per_day: VOLUME, output_tokens_per_day: 333M, traffic_mix: batch, traffic_shape: steady,
         stable: yes}
current_api: {tier: small, input_price: $0.072, output_price: $0.154}
self_host: {model: Gemma-3-12B, gpu: H200, gpus_per_replica: 1, precision: fp8, purchase: on-demand}
team: {gpu_operations: platform-team, on_call: yes, security_ready: yes}
quality: {gap: 2%, evaluation_items: 150}
"""
"""A provider that saves little more than the margin at the likely values, and less than it in most futures."""


@pytest.fixture(scope="module")
def close() -> Record:
    return decide(answers_from_text(CLOSE.replace("VOLUME", "667M"), "close.yaml"))


def test_a_close_call_stays_with_the_api_in_use_and_says_so(close: Record) -> None:
    """The choice is named, what its futures say of it, and the rule that took its place; no other reason is made up."""
    verdict, held = close.verdict, close.verdict.confirmation
    assert (verdict.option, verdict.rule) == ("managed-api", "confirm.close-call")
    assert held is not None and (held.take, held.chosen) == ("least-change", "open-model-provider")
    assert verdict.reasons[0].text == held.text and held.text.startswith("A close call: Managed open-model provider")
    replaced = "“An open model, run by others” chose it, but “A close call” put another in its place"
    assert replaced in verdict.reasons[1].text
    (lost,) = (each for each in verdict.alternatives if each.option == "open-model-provider")
    assert replaced in lost.why
    late = {rule.rule: rule.overtaken_by for rule in lost.dossier.rules}
    assert late["choose.open-model-provider"] == "confirm.close-call"
    facts = {fact.name: fact.value for fact in close.facts}
    number = {name: Decimal(str(facts[name])) for name in ("change_worth", "regret_margin", "chosen.margins")}
    assert 0 < number["change_worth"] <= number["regret_margin"] and 0 < number["chosen.margins"] <= 2
    assert (
        Decimal(str(facts["regret.managed_api"])) - Decimal(str(facts["regret.open_model_provider"]))
        == number["change_worth"]
    )
    assert share(close, "open-model-provider") == Decimal(str(facts["future_share.open_model_provider"]))


def test_thresholds_of_a_close_call_lead_to_another_verdict_than_the_one_said(close: Record) -> None:
    """A flip is to another verdict than the confirmed one; deciding at it says the same."""
    assert close.counterfactuals and all(each.verdict != "managed-api" for each in close.counterfactuals)
    (volume,) = (
        t for t in close.verdict.triggers if t.key == "demand.input_tokens_per_day" and t.verdict != "undecided"
    )
    assert (volume.sense, volume.verdict) == ("above", "open-model-provider")
    at = first_answer(answers_from_text(CLOSE.replace("VOLUME", str(volume.value)), "at.yaml"))
    assert (at.verdict.option, at.verdict.rule) == ("open-model-provider", "choose.open-model-provider")


def test_beyond_a_close_call_a_threshold_says_where_it_begins() -> None:
    """From the far side: the provider's lead shrinks, becomes a close call, and is gone."""
    record = decide(answers_from_text(CLOSE.replace("VOLUME", "4B"), "far.yaml"))
    assert record.verdict.option == "open-model-provider"
    (volume,) = (
        t for t in record.verdict.triggers if t.key == "demand.input_tokens_per_day" and t.verdict == "managed-api"
    )
    assert volume.close_from is not None and Decimal(str(volume.value)) < volume.close_from < Decimal("4e9")
    assert f"a close call from {format_bound(volume.close_from, FactType.TOKENS, 'tokens/day')}" in volume.sentence


def test_a_portfolio_confirms_as_a_single_decision_does(close: Record, tmp_path: Path) -> None:
    """Rows that only their futures settle draw them; the others draw none and come to the same as by themselves."""
    volumes = ("10M", "667M", "1B", "2B", "4B")
    for volume in volumes:
        (tmp_path / f"{volume}.yaml").write_text(CLOSE.replace("VOLUME", volume))
    rows = {Path(row.id).stem: (row.verdict, row.rule) for row in rows_of(tmp_path)}
    single = {volume: first_answer(load_answers(tmp_path / f"{volume}.yaml")).verdict for volume in volumes}
    assert rows == {volume: (verdict.outcome, verdict.rule) for volume, verdict in single.items()}
    assert rows["667M"] == (close.verdict.option, close.verdict.rule)
    assert len({verdict for verdict, _ in rows.values()}) > 1


SMALL = """
workload: {name: Agents, task: agents, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_month: 900M, input_share: 90%, traffic_mix: interactive, stable: yes}
current_api: {tier: frontier, PRICE}
open_provider: {model: gpt-oss-120b}
team: {gpu_operations: none}
"""
"""Agents that a model two classes down would serve for less: three of four such models are not good enough."""
NEAR, FAR = "input_price: $0.70, output_price: $2.30", "input_price: $1.20, output_price: $5"


def test_what_does_not_pay_to_move_to_nor_to_evaluate_is_not_moved_to(tmp_path: Path) -> None:
    """A saving of a sixth was the verdict beside the words "Stay for now"; a portfolio comes to the same."""
    text = SMALL.replace("PRICE", NEAR)
    record = decide(answers_from_text(text, "small.yaml"), engine="both")
    facts = {fact.name: fact.value for fact in record.facts}
    assert (record.verdict.option, record.verdict.rule) == ("managed-api", "confirm.neither-pays")
    assert facts["chosen.first"] == "stay" and facts["two_steps.first"] is None
    chances = [Decimal(str(facts[f"chosen.{name}"])) for name in ("good", "evaluate_from", "now_from")]
    assert chances[0] < min(chances[1:])
    assert record.verdict.reasons[0].text.startswith("Managed open-model provider costs less at the likely values, but")
    assert "Stay for now" not in decision_text(record, everything=True)
    (tmp_path / "small.yaml").write_text(text)
    assert [(row.verdict, row.rule) for row in rows_of(tmp_path)] == [(record.verdict.option, record.verdict.rule)]


@pytest.mark.parametrize(("text", "plan"), [
    (SMALL.replace("PRICE", FAR), "not yet, stay with what runs today for now; later it would be"),
    (SMALL.replace("900M", "5B").replace("tier: frontier, PRICE", "model: GPT-4.1 mini").replace(
        "open_provider: {model: gpt-oss-120b}\n", ""), "what runs today until it leaves its API; then GPT-6 Luna"),
], ids=["far beyond the margin", "another model at the same API"])  # fmt: skip
def test_a_verdict_that_does_not_pay_yet_says_to_stay_and_claims_no_saving(text: str, plan: str) -> None:
    """Nothing is left to take in its place; its headline said what it saves, and its first step to stay.

    Of a model that leaves it said "not yet", and not that its successor comes on that day anyway.
    """
    record = first_answer(answers_from_text(text, "far.yaml"))
    said = " ".join(decision_text(record).split())
    assert next(fact.value for fact in record.facts if fact.name == "two_steps.first") == "stay"
    assert plan in said and "First: Stay for now" in said
    assert record.verdict.sentence.startswith("Stay with what runs today") and "Saves $" not in said
    page = render(record, "html").decode()
    assert "Saves a month" not in page and "what runs today" in page
    assert ("takes its place then" in said) is ("until it leaves" in plan)


def test_shares_carry_their_sampling_error_and_the_day_of_their_priors(close: Record) -> None:
    """512 futures settle a share to about two in a hundred, and the sentence says so."""
    robust = close.robustness
    assert robust.futures == 512 and robust.priors_as_of == load_catalogue(rules_dir()).gap_priors.as_of
    for each in robust.shares:
        expected = float(each.share * (1 - each.share) / 512) ** 0.5
        assert float(each.error) == pytest.approx(expected, abs=0.0001)
    text = render(close, "md").decode()
    error = next(ceil(each.error * 100) for each in robust.shares if each.verdict == "managed-api")
    assert re.search(rf"Managed API comes out in about \d\d of 100 plausible futures \(± {error}\)", text)
    assert "follow priors of 20 November 2026" in text


SOVEREIGN = """
workload: {name: Supplier files, task: rag, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: not-met,
  sovereign_api_acceptable: yes, regulations: [gdpr], fine_tuning: none}
demand: {tokens_per_day: 3B, input_share: 90%, stable: yes, traffic_mix: interactive, traffic_shape: daily-cycle}
self_host: {model: gpt-oss-120b, gpu: H100, purchase: reserved, gpu_hourly_price: $2.42/h}
team: {gpu_operations: platform-team, on_call: yes, security_ready: yes}
"""


def test_where_the_api_in_use_is_ruled_out_the_first_api_that_is_left_changes_least() -> None:
    """Own GPUs were recommended for a fifth less, and four of five futures came to the sovereign API."""
    record = first_answer(answers_from_text(SOVEREIGN, "s.yaml"))
    facts = {fact.name: fact.value for fact in record.facts}
    assert (facts["chosen.option"], facts["least_change.option"]) == ("self-host-cloud", "sovereign-api")
    assert (record.verdict.option, record.verdict.rule) == ("sovereign-api", "confirm.close-call")


AGENT = """
workload: {name: Support agent, task: agents, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {requests_per_day: 300k, input_tokens_per_request: 18k, output_tokens_per_request: 350, cached_input_share: 88%}
current_api: {provider: anthropic, model: claude-sonnet-4-6}
team: {gpu_operations: none}
quality: {gap: GAP, evaluation_items: 400}
"""


def agent(gap: str, more: str = "") -> Record:
    return first_answer(answers_from_text(AGENT.replace("GAP", gap) + more, "agent.yaml"), engine="both")


def test_an_open_model_that_was_scored_is_not_given_up_for_one_that_was_not() -> None:
    """What took its place was dearer and right in a quarter of the futures; where it failed, to stay was said."""
    record = agent("4%")
    assert record.verdict.option == "open-model-provider"
    assert not {"confirm.close-call", "confirm.close-call-of-moves"} & fired(record)
    unscored = agent("unknown").verdict
    assert unscored.option == "managed-api"


def test_where_the_other_proprietary_model_fails_the_open_one_that_was_scored_is_there() -> None:
    record = agent("4%", "open_provider: {model: gpt-oss-120b, provider: together}\n")
    assert record.verdict.option == "managed-api"
    said = [text for text in record_texts(record) if "take the open model that was scored" in text]
    cost = next(each for each in record.ledgers if each.option == "open-model-provider").total
    assert said and cost is not None and f"${round(cost.likely):,} a month with its move" in said[0]
    assert not any("stay: that costs" in text for text in record_texts(record))


def record_texts(record: Record) -> list[str]:
    return [condition.text for condition in record.verdict.conditions]
