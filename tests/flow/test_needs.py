"""An open decision always names an answer to look at, also where every answer that it waits for was given."""

from __future__ import annotations

from hostwise.record.decide import answers_from_text, first_answer

CASE = """
workload: {name: Random}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_month: 1000000000000000}
current_api: {tier: open-model}
self_host: {gpu_hourly_price: 1000}
quality: {gap: -0.9, evaluation_items: 62006}
"""


def test_an_answer_that_leaves_an_option_unpriced_is_named() -> None:
    """No price of a proprietary API follows from an API that serves an open model: its tier is what to look at."""
    record = first_answer(answers_from_text(CASE, "case.yaml"), engine="reference")
    assert record.verdict.status == "undecided"
    assert [need.key for need in record.verdict.needs] == ["current_api.tier"]


def test_what_an_answer_settles_is_said_as_it_is() -> None:
    """Where it does not settle anything alone, or nothing else is possible, no list of outcomes says so."""
    blank = first_answer(answers_from_text("workload: {name: Blank}", "blank.yaml"), engine="reference")
    settles = {need.key: need.settles for need in blank.verdict.needs}
    assert settles["constraints.external_processing"] == "It does not settle the decision by itself."
    assert settles["constraints.edge_or_offline"] == "yes: On the device; no: still open"
    unpriced = """
workload: {name: No volume}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
"""
    for need in first_answer(answers_from_text(unpriced, "x.yaml"), engine="reference").verdict.needs:
        assert "between still open" not in need.settles
        assert need.settles
