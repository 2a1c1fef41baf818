"""Embeddings: no output, models that make them at their prices, own GPUs that only read; never beside a chat model."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.commands import hostwise
from tests.economics.cases import catalogue, costed, derived

from hostwise.economics.catalogue.candidates import every_model

HEAD = "workload: {name: search, task: embeddings}\n"
CLEAR = (
    "constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none,"
    " fine_tuning: none}\n"
)
USED = "current_api: {provider: openai, model: text-embedding-3-large}\n"
VOLUME = "demand: {tokens_per_day: 2B}\n"


@pytest.mark.parametrize(
    "demand",
    ["tokens_per_day: 2B", "input_tokens_per_day: 2B", "requests_per_day: 4M, input_tokens_per_request: 500",
     "tokens_per_month: 60B"],
)  # fmt: skip
def test_all_tokens_are_input(demand: str) -> None:
    facts = derived(costed(f"{HEAD}demand: {{{demand}}}\n{USED}"))
    assert facts["input_tokens_per_month"].value == 60_000_000_000
    assert facts["output_tokens_per_month"].value == 0
    assert facts["input_share"].value == 1


def test_the_api_in_use_costs_its_list_price_for_what_is_read() -> None:
    ledger = costed(HEAD + VOLUME + USED).ledgers["managed-api"]
    lines = {item.id: item.amount.likely for item in ledger.items}
    assert lines["input-tokens"] == 60_000 * Decimal("0.13") and lines["output-tokens"] == 0


def test_a_price_of_input_alone_is_a_whole_price() -> None:
    ledger = costed(f"{HEAD}{VOLUME}current_api: {{input_price: $0.10}}\n").ledgers["managed-api"]
    assert {item.id: item.amount.likely for item in ledger.items}["input-tokens"] == 6000


def test_every_plan_of_every_option_is_a_model_that_makes_embeddings() -> None:
    costing = costed(HEAD + VOLUME + USED)
    embedding = [key for key, model in every_model(catalogue()).items() if model.kind == "embedding"]
    for option in ("managed-api", "open-model-provider", "self-host-cloud", "self-host-owned"):
        plans = costing.plans[option]
        for plan in (plans.best, *plans.others, *plans.front):
            assert any(plan.text.startswith(f"{key} ") for key in embedding), plan.text


def test_the_work_follows_from_a_model_that_makes_nothing_else() -> None:
    facts = derived(
        costed(f"workload: {{name: x}}\n{VOLUME}current_api: {{provider: openai, model: text-embedding-3-small}}\n")
    )
    assert facts["output_tokens_per_month"].value == 0


WRONG = {
    "workload: {name: x, task: rag}\ncurrent_api: {provider: openai, model: text-embedding-3-large}": (
        "2:40", "it makes embeddings, and writes nothing (line 1)", "workload.task: embeddings"),
    "workload: {name: x, task: embeddings}\nself_host: {model: Llama-3.3-70B}": (
        "2:20", "it makes no embeddings (line 1)", "a model that makes them"),
    "workload: {name: x, task: embeddings}\ndemand: {output_tokens_per_request: 100}": (
        "2:37", "an embedding writes no tokens: 100", "answers that can both be true"),
    "workload: {name: x, task: embeddings}\ndemand: {input_share: 80%}": (
        "2:23", "so all of them are input: 80%", "answers that can both be true"),
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_is_refused_with_both_lines(text: str, tmp_path: Path) -> None:
    place, message, accepted = WRONG[text]
    file = tmp_path / "w.yaml"
    file.write_text(text.replace("}\n", "}\n", 1) + "\n")
    said = hostwise("check", str(file))
    assert said.returncode == 2
    assert f"{file}:{place}: error:" in said.stderr and message in said.stderr and accepted in said.stderr


def test_the_report_says_that_everything_is_embedded_again_and_names_no_change_of_task(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(HEAD + CLEAR + "demand: {tokens_per_day: 2B, traffic_mix: batch, traffic_shape: steady}\n" + USED)
    said = " ".join(hostwise("decide", str(file), "--all").stdout.split())
    assert "Managed open-model provider: BGE-M3 at" in said and "Llama" not in said
    assert "vectors of two models cannot be compared" in said
    assert "is the right document among the first ten" in said
    chat = tmp_path / "chat.yaml"
    chat.write_text(CLEAR + "workload: {name: x, task: rag}\ndemand: {tokens_per_day: 30M}\ncurrent_api: {tier: mid}\n")
    assert "task is" not in hostwise("explain", str(chat), "--flips").stdout


def test_own_gpus_read_no_faster_than_their_arithmetic_allows() -> None:
    plans = costed(HEAD + VOLUME + USED + "self_host: {model: Qwen3-Embedding-8B, gpu: H100}\n").ledgers[
        "self-host-cloud"
    ]
    assert plans.capacity is not None
    rate = Decimal(plans.capacity["throughput"])
    # 989 TFLOP/s in bf16, 1,979 in fp8, two operations a parameter and token: no more than 131,000 tokens a second.
    assert 10_000 < rate < 131_000


def test_what_is_counted_has_no_output_either() -> None:
    """Three pages a document were counted with 300 tokens of an answer each."""
    demand = "demand: {documents_per_day: 40000, pages_per_document: 3, page_form: text}\n"
    facts = derived(costed(HEAD + demand + USED))
    assert facts["tokens_per_month"].value == 40_000 * 30 * 3 * 600
    assert facts["output_tokens_per_month"].value == 0


def test_what_nobody_sells_is_held_against_embeddings_that_are_sold() -> None:
    """It was held against Llama-3.3-70B at AWS Bedrock."""
    plans = costed(f"{HEAD}{VOLUME}{USED}self_host: {{model: Qwen3-Embedding-4B}}\n").plans
    assert plans["self-host-cloud"].best.text.startswith("Qwen3-Embedding-4B ")
    embedding = [key for key, model in every_model(catalogue()).items() if model.kind == "embedding"]
    assert any(plans["open-model-provider"].best.text.startswith(f"{key} ") for key in embedding)


def test_embeddings_that_may_wait_cost_half_at_the_api_that_takes_batches() -> None:
    """The price package lists no batch price of them, and moving seemed to save twice what it does."""
    waits = VOLUME.replace("}", ", traffic_mix: batch}")
    lines = {item.id: item.amount.likely for item in costed(HEAD + waits + USED).ledgers["managed-api"].items}
    assert lines["input-tokens"] == 60_000 * Decimal("0.13") / 2
