"""What cannot be costed is said at its line, with the nearest name and what to fill in."""

import pytest
from tests.economics.cases import costed
from tests.records import as_data

from hostwise.reading.findings.diagnostics import Diagnostic, InputError


def findings(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as problem:
        costed(text)
    return problem.value.diagnostics


def test_unknown_model_and_gpu_are_found_together() -> None:
    found = findings("workload: {name: X}\nself_host:\n  model: Lama-3.3-70B\n  gpu: H1000\n")
    assert [(d.place.line, d.suggestion) for d in found] == [(3, "Llama-3.3-70B"), (4, "H100")]
    assert all("rules/catalogue" in (d.accepted or "") for d in found)


def test_a_model_that_does_not_fit_names_both_lines() -> None:
    text = "workload: {name: X}\ndemand: {tokens_per_day: 1M}\nself_host:\n  model: Llama-3.3-70B\n  precision: bf16\n"
    (found,) = findings(text + "  gpu: L40S\n  gpus_per_replica: 1\n")
    assert found.place.line == 7
    assert "141 GB" in (found.found or "") and "line 4" in (found.found or "") and "line 6" in (found.found or "")


def test_a_throughput_above_the_bound_is_refused_with_the_bound() -> None:
    text = "workload: {name: X}\ndemand: {tokens_per_day: 1M}\nself_host:\n  model: Llama-3.3-70B\n  precision: fp8\n"
    (found,) = findings(text + "  gpu: H100\n  gpus_per_replica: 2\n  throughput: 9M\n")
    assert found.place.line == 8 and "roofline" in (found.accepted or "")


def test_a_price_that_is_not_known_names_the_nearest_and_the_keys() -> None:
    text = "workload: {name: X}\ndemand: {tokens_per_day: 1M}\ncurrent_api: {provider: openai, model: gpt-4oo}\n"
    ledger = costed(text).ledgers["managed-api"]
    assert not ledger.priced
    assert "gpt-4o" in (ledger.why_not or "") and "input_price" in (ledger.why_not or "")


def test_an_amount_without_a_rate_leaves_only_what_needs_it_unpriced() -> None:
    """Power in euros concerns bought hardware alone; the message names the key to fill."""
    text = "workload: {name: X}\ndemand: {tokens_per_day: 1M}\ncurrent_api: {input_price: $1, output_price: $2}\n"
    ledgers = costed(text + "self_host: {power_price: EUR 0.30}\n").ledgers
    assert ledgers["managed-api"].priced and ledgers["self-host-cloud"].priced
    owned = ledgers["self-host-owned"]
    assert not owned.priced and "economics.exchange_rates.EUR" in (owned.why_not or "")


def test_people_without_a_rate_leave_everything_unpriced() -> None:
    text = "workload: {name: X}\ndemand: {tokens_per_day: 1M}\nteam: {engineer_cost_per_month: EUR 9000}\n"
    ledgers = costed(text + "current_api: {input_price: $1, output_price: $2}\n").ledgers
    assert {ledger.priced for ledger in ledgers.values()} == {False}
    assert "exchange_rates.EUR" in (ledgers["managed-api"].why_not or "")


@pytest.mark.parametrize("amount", ["gpu_hourly_price: GBP 2/h", "infrastructure_per_month: GBP 500"])
def test_every_amount_is_converted(amount: str) -> None:
    text = f"workload: {{name: X}}\ndemand: {{tokens_per_day: 1M}}\nself_host: {{{amount}}}\n"
    assert not costed(text).ledgers["self-host-cloud"].priced
    rated = costed(text + "economics: {exchange_rates: {GBP: 1.30}}\n").ledgers["self-host-cloud"]
    assert rated.priced and rated.currency == "USD"


def test_a_model_without_a_price_asks_for_the_price() -> None:
    from hostwise.record.decide import answers_from_text, first_answer

    text = """\
workload: {name: Unlisted}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_day: 30M, stable: yes}
current_api: {provider: openai, model: gpt-4p}
team: {gpu_operations: none}
quality: {evaluation_days: 3}
self_host: {model: Llama-3.3-70B, gpu: H100}
"""
    record = as_data(first_answer(answers_from_text(text, "unlisted.yaml")))
    managed = next(row for row in record["ledgers"] if row["option"] == "managed-api")
    assert "nearest name" in managed["why_not"]
    assert record["verdict"]["status"] == "undecided"
    keys = {need["key"] for need in record["verdict"]["needs"]}
    assert keys >= {"current_api.input_price", "current_api.output_price"}
