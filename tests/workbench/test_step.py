"""Why `more-volume` is stated for costs per token: whole replicas make own hosting dearer just above a step."""

from __future__ import annotations

from tests.records import as_data

from hostwise.record.decide import answers_from_text, first_answer

QUESTIONNAIRE = """
workload: {{name: Step}}
constraints:
  {{external_processing: allowed, air_gapped: false, edge_or_offline: false, residency: none, fine_tuning: none}}
demand: {{tokens_per_day: {volume}, stable: true, traffic_shape: steady, traffic_mix: interactive, input_share: 75%}}
current_api: {{tier: mid, input_price: 1.3, output_price: 1.3}}
open_provider: {{input_price: 9, output_price: 9}}
self_host: {{purchase: on-demand, gpu: h100-sxm, gpus_per_replica: 2, model: llama-3.3-70b, precision: fp8}}
team: {{organisation: company, gpu_operations: platform-team, spare_fte: 1}}
quality: {{gap: 3%, evaluation_items: 150, evaluation_days: 3}}
"""


def verdict(volume: str) -> tuple[str | None, str]:
    record = first_answer(answers_from_text(QUESTIONNAIRE.format(volume=volume), "step.yaml"), engine="reference")
    replicas = next(fact["value"] for fact in as_data(record)["facts"] if fact["name"] == "replicas")
    return record.verdict.option, replicas


def test_one_more_replica_can_bring_the_api_back() -> None:
    """The ledgers, not the rules, do this, on GPUs that are given: else another kind is found before the step."""
    found = [verdict(volume) for volume in ("100M", "400M", "460M", "620M")]
    assert found == [("managed-api", "1"), ("self-host-cloud", "1"), ("managed-api", "2"), ("self-host-cloud", "2")]
