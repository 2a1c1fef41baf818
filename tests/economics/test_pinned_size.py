"""GPUs of a replica that are given without their kind: those that hold the model compete, and the others do not."""

from __future__ import annotations

import pytest

from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decide import answers_from_text, first_answer
from hostwise.record.format.record import Record

INSIDE = """
workload: {name: Search, task: rag, stage: production}
constraints: {external_processing: forbidden, air_gapped: yes, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_day: 3M, stable: yes}
self_host: {model: MODEL, precision: fp8, gpus_per_replica: SIZE, purchase: owned}
team: {gpu_operations: platform-team}
"""


def decided(model: str, size: int) -> Record:
    text = INSIDE.replace("MODEL", model).replace("SIZE", str(size))
    return first_answer(answers_from_text(text, "w.yaml"), engine="reference")


def test_cards_that_do_not_hold_the_model_are_passed_over() -> None:
    """Two of the cheapest card hold no Qwen3-32B, which ended the decision."""
    capacity = next(each.capacity for each in decided("Qwen3-32B", 2).ledgers if each.option == "self-host-owned")
    assert capacity is not None
    assert capacity["gpus_per_replica"] == "2" and capacity["model"] == "Qwen3-32B" and capacity["gpu"] != "T4"


def test_where_none_holds_it_that_is_said_of_the_largest() -> None:
    with pytest.raises(InputError, match=r"1 × \S+ cannot hold DeepSeek-R1 at 8 bits") as refused:
        decided("DeepSeek-R1", 1)
    assert "1 × T4" not in str(refused.value)
