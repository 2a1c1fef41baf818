"""Where no option is left: which gates exclude one another, and what would open a way."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from tests.records import as_data

from hostwise.record.decide import answers_from_text, decide

EXAMPLES = Path(__file__).parents[2] / "examples"


def decided(name: str, *changes: tuple[str, str]) -> dict[str, Any]:
    text = (EXAMPLES / f"{name}.yaml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return as_data(decide(answers_from_text(text, f"{name}.yaml")))


def test_the_two_gates_that_exclude_one_another_are_named() -> None:
    verdict = decided("infeasible-handheld-interpreter")["verdict"]
    assert verdict["conflicts"] == [["gate.edge", "gate.device-fit"]]
    assert [way["lift"] for way in verdict["ways_out"]] == [["gate.edge"], ["gate.device-fit"]]
    assert [answer["key"] for answer in verdict["ways_out"][1]["answers"]] == ["self_host.model", "self_host.precision"]
    assert verdict["ways_out"][1]["answers"][0]["ask_of"] == "engineering"


@pytest.mark.parametrize(
    ("index", "changes"),
    [
        (0, [("edge_or_offline: true", "edge_or_offline: false")]),
        (1, [("Llama-3.3-70B", "Llama-3.1-8B"), ("precision: fp8", "precision: int4")]),
    ],
)
def test_a_way_out_is_what_the_changed_answers_decide(index: int, changes: list[tuple[str, str]]) -> None:
    way = decided("infeasible-handheld-interpreter")["verdict"]["ways_out"][index]
    assert decided("infeasible-handheld-interpreter", *changes)["verdict"]["option"] == way["option"]


def test_conflicts_are_smallest_sets_that_leave_nothing() -> None:
    too_little_power = ("rack_power_limit: 6", "rack_power_limit: 0.1")
    data = decided("air-gapped-department", too_little_power, ("fine_tuning: none", "fine_tuning: own-weights"))
    excluders = [set(ledger["excluded_by"]) for ledger in data["ledgers"]]
    assert data["verdict"]["status"] == "infeasible"
    assert data["verdict"]["conflicts"]
    for rules in data["verdict"]["conflicts"]:
        assert all(option & set(rules) for option in excluders)
        for fewer in combinations(rules, len(rules) - 1):
            assert any(not option & set(fewer) for option in excluders)
    for way in data["verdict"]["ways_out"]:
        assert any(option <= set(way["lift"]) for option in excluders)


def test_a_decision_that_stands_has_neither() -> None:
    for name in ("support-summariser", "unanswered-gate"):
        verdict = decided(name)["verdict"]
        assert (verdict["conflicts"], verdict["ways_out"]) == ([], [])


def test_a_number_that_two_gates_rest_on_is_a_way_out_of_each() -> None:
    """The latency asked for rules own GPUs out at 50 ms and APIs up to 100: to ask for less opens the first alone."""
    text = (
        "workload: {name: signals, task: classification}\n"
        "constraints: {external_processing: forbidden, air_gapped: no, edge_or_offline: no, residency: none,"
        " fine_tuning: none}\n"
        "demand: {requests_per_day: 300k, input_tokens_per_request: 200, output_tokens_per_request: 5,"
        " latency_p95: 50ms, latency_of: whole-answer, traffic_mix: interactive}\n"
        "self_host: {model: Llama-3.1-8B, gpu: H100}\nteam: {gpu_operations: platform-team}\n"
    )
    ways = as_data(decide(answers_from_text(text, "signals.yaml")))["verdict"]["ways_out"]
    changed = {tuple(way["lift"]): [answer["key"] for answer in way["answers"]] for way in ways}
    assert "demand.latency_p95" in changed[("gate.latency",)]
    # An outside processor alone would not help: no API answers so soon.
    assert ("gate.external-processing",) not in changed
    assert "constraints.external_processing" in changed[("gate.external-processing", "gate.api-latency")]
