"""A figure of the catalogue that decides is asked for like an answer: a quotation, a load test."""

from __future__ import annotations

from hostwise.record.decide import answers_from_text, first_answer

CLASSIFICATION = """
workload: {name: Page classification for ads, task: classification, stage: production}
constraints:
  {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none,
   revenue: 240m-to-10b}
demand:
  {tokens_per_day: 50B, input_share: 98%, input_tokens_per_request: 2000, traffic_mix: mixed, batch_share: 70%,
   traffic_shape: daily-cycle, stable: yes}
current_api: {provider: google, model: gemini-2.5-flash-lite}
self_host: {model: Llama-3.1-8B, gpu: H100, precision: fp8}
team: {gpu_operations: platform-team, existing_ml_platform: yes, on_call: yes, security_ready: yes}
quality: {gap: 1%, evaluation_items: 3000, evaluation_days: 10}
"""
RENT, LOAD_TEST = "self_host.gpu_hourly_price", "self_host.throughput"


def worth_asking(text: str) -> list[str]:
    record = first_answer(answers_from_text(text, "w.yaml"), engine="reference")
    return [each.key for each in record.robustness.questions]


def test_a_rent_and_a_load_test_that_decide_are_worth_finding_out() -> None:
    """Hybrid and provider are near one another; nothing else was open, and nothing was said to settle it."""
    assert worth_asking(CLASSIFICATION) == [RENT, LOAD_TEST]


def test_what_was_answered_is_not_asked_again() -> None:
    quoted = CLASSIFICATION.replace("precision: fp8}", "precision: fp8, gpu_hourly_price: $1.45}")
    assert RENT not in worth_asking(quoted)
    tested = CLASSIFICATION.replace("precision: fp8}", "precision: fp8, throughput: 40000}")
    assert LOAD_TEST not in worth_asking(tested)
