"""Whole replicas, and measurements that cannot be, through the door that a questionnaire takes."""

from __future__ import annotations

from typing import Any

import pytest
from tests.records import as_data

from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decide import answers_from_text, first_answer

CASE = """\
workload: {{name: Capacity}}
constraints: {{external_processing: forbidden, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}}
demand: {{{latency}tokens_per_day: {tokens}, traffic_shape: steady, traffic_mix: interactive}}
self_host: {{{own}}}
"""


def capacity(own: str, tokens: str = "30M", latency: str = "") -> dict[str, Any]:
    record = first_answer(answers_from_text(CASE.format(own=own, tokens=tokens, latency=latency), "case.yaml"))
    ledger = next(row for row in as_data(record)["ledgers"] if row["option"] == "self-host-cloud")
    return dict(ledger["capacity"])


TWO_A100 = "model: Llama-3.3-70B, gpu: A100, gpus_per_replica: 2"


@pytest.mark.parametrize("precision", ["", ", precision: fp16", ", precision: int8"])
def test_a_throughput_beyond_physics_is_refused_whatever_the_precision(precision: str) -> None:
    with pytest.raises(InputError, match="more than the hardware can do") as refused:
        capacity(f"{TWO_A100}, throughput: 200000{precision}")
    (finding,) = refused.value.diagnostics
    assert finding.place.line == 4
    assert "roofline bound" in (finding.accepted or "")


def test_a_throughput_within_physics_is_taken_as_measured() -> None:
    found = capacity(f"{TWO_A100}, throughput: 1000, precision: int8")
    assert (found["throughput"], found["throughput_origin"]) == ("1000.0", "measured")


def test_output_tokens_count_for_more_in_all() -> None:
    found = capacity(f"{TWO_A100}, throughput: 250, precision: int8, throughput_basis: output")
    assert found["throughput"] == "1000.0"


def test_a_replica_without_room_is_refused() -> None:
    with pytest.raises(InputError, match="cannot hold"):
        capacity("model: Llama-3.3-70B, gpu: A100, gpus_per_replica: 1, precision: fp16")
    with pytest.raises(InputError, match="cannot hold"):
        capacity("model: Qwen2.5-72B, gpu: H200, gpus_per_replica: 1, precision: fp16")


def test_the_precision_shown_is_the_one_computed_with() -> None:
    assert capacity("model: gpt-oss-120b, gpu: H200")["precision"] == "fp4"


def test_a_mixture_of_experts_carries_its_own_error() -> None:
    found = capacity("model: Qwen3-Next-80B-A3B, gpu: H100, precision: fp8")
    assert "public measurements" in found["throughput_source"]
    assert float(found["throughput_high"]) == pytest.approx(1.5 * float(found["throughput"]), rel=1e-3)


def test_what_others_measured_is_surer_than_an_estimate() -> None:
    found = capacity("model: gpt-oss-120b, gpu: H200", latency="latency_p95: 40ms, latency_of: speed-per-user, ")
    assert "others measured" in found["throughput_source"]
    assert float(found["throughput_high"]) < 1.4 * float(found["throughput"])
    # The rows have at most 64 at once: at 1,024 the estimate carries them, with its own error.
    crowded = capacity("model: gpt-oss-120b, gpu: H200")
    assert float(crowded["throughput_high"]) > 1.4 * float(crowded["throughput"])


@pytest.mark.parametrize(("tokens", "replicas"), [("1M", "1"), ("30M", "1"), ("60M", "2"), ("300M", "6")])
def test_replicas_are_whole_and_follow_the_peak(tokens: str, replicas: str) -> None:
    """1,000 tokens a second under a cap of 80%, at a peak of 1.3: one replica carries 53M tokens a day."""
    assert capacity(f"{TWO_A100}, throughput: 1000, precision: int8", tokens)["replicas"] == replicas


def test_idle_time_is_a_result() -> None:
    found = capacity(f"{TWO_A100}, throughput: 1000, precision: int8", "43.2M")
    assert (found["utilisation"], found["idle_share"]) == ("0.5000", "0.5000")


def test_a_device_that_nobody_measured_is_to_be_measured_first() -> None:
    with pytest.raises(InputError, match="measure first"):
        capacity("model: Llama-3.3-70B, gpu: Gaudi 3, gpus_per_replica: 2, gpu_hourly_price: $2/h")


def test_a_latency_that_is_asked_for_costs_throughput() -> None:
    def served(latency: str) -> float:
        own = "model: Llama-3.3-70B, gpu: H100, gpus_per_replica: 2, precision: fp8"
        return float(capacity(own, latency=latency)["throughput"])

    anyhow, first = served(""), served("latency_p95: 1s, ")
    whole = served("latency_p95: 10s, latency_of: whole-answer, ")
    each = served("latency_p95: 25ms, latency_of: speed-per-user, ")
    assert max(first, whole, each) < anyhow


def test_an_unknown_gpu_names_the_nearest() -> None:
    with pytest.raises(InputError) as refused:
        capacity("gpu: H10O")
    assert refused.value.diagnostics[0].suggestion == "H100"
