"""A choice held against its own futures: the open gap is drawn, and what the futures prefer is said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hostwise.economics.catalogue.catalogue import load_catalogue
from hostwise.reading.files.folders import rules_dir
from hostwise.record.decide import answers_from_text, first_answer
from hostwise.record.format.record import Record

CASE = """
workload: {name: Support, task: summarisation, stage: production}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_day: 30M, input_share: 75%, traffic_mix: interactive, stable: yes, traffic_shape: steady}
current_api: {provider: a maker, tier: frontier, input_price: $40, output_price: $40}
team: {gpu_operations: none, spare_fte: 0}
"""


def decided(quality: str = "") -> Record:
    """The case, with what an evaluation found."""
    return first_answer(answers_from_text(CASE + quality, "case.yaml"), engine="both")


def fired(record: Record) -> set[str]:
    """The rules that hold."""
    return set(record.firings)


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
    assert "confirm.evaluation-may-fail" in fired(record)
    chance = next(fact for fact in record.facts if fact.name == "pass_chance").value
    # The futures draw what the sentence says, but for the noise of 512 of them.
    assert abs(share(record, "open-model-provider") - Decimal(str(chance))) < Decimal("0.03")


@pytest.mark.parametrize("quality", ["quality: {gap_low: -3%, gap_high: 4%}", "quality: {gap_low: 12%, gap_high: 20%}"])
def test_a_settled_gap_is_not_drawn(quality: str) -> None:
    """What an evaluation settled leaves nothing to draw, and no evaluation to fail."""
    record = decided(quality)
    assert all(each.name != "quality_gap" for each in record.robustness.uncertain)
    assert "confirm.evaluation-may-fail" not in fired(record)


def test_what_was_measured_narrows_what_is_drawn() -> None:
    """150 items leave the gap open, and its spread smaller than the prior's."""
    prior, after = (
        next(each for each in decided(quality).robustness.uncertain if each.name == "quality_gap")
        for quality in ("", "quality: {gap: 3%, evaluation_items: 150}")
    )
    assert after.high - after.low < prior.high - prior.low


def test_days_for_an_evaluation_are_no_gate() -> None:
    """Without a day to spare the verdict is the same, with the days as its condition."""
    record = decided("quality: {evaluation_days: 0}")
    assert record.verdict.option == "open-model-provider"
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
