"""Several models, or several adapters, on the same GPUs: their weights add up, and what is left is the cache of all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.economics.cases import catalogue, costed

from hostwise.economics.costing import Costing
from hostwise.economics.throughput.replica import GIBI, Replica
from hostwise.reading.findings.diagnostics import Diagnostic, InputError

RENTED, PROVIDER = "self-host-cloud", "open-model-provider"
TEXT = """
workload: {{name: x}}
constraints: {{fine_tuning: own-weights, tuned_weights: adapter}}
demand: {{tokens_per_day: {tokens}, input_tokens_per_request: 1500, output_tokens_per_request: 300,
          traffic_shape: steady, traffic_mix: interactive}}
self_host: {{model: {model}, precision: bf16, gpu: A100{own}}}
"""


def of(own: str = "", *, model: str = "Llama-3.1-8B", tokens: str = "50M") -> Costing:
    return costed(TEXT.format(tokens=tokens, model=model, own=f", {own}" if own else ""))


def plan(own: str = "", *, model: str = "Llama-3.1-8B", tokens: str = "50M") -> dict[str, str]:
    return dict(of(own, model=model, tokens=tokens).ledgers[RENTED].capacity or {})


def beside(names: str) -> str:
    return f'models_on_machine: "{names}"'


def refused(own: str, model: str = "Llama-3.1-8B") -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as problem:
        of(own, model=model)
    return problem.value.diagnostics


def test_twenty_adapters_take_no_further_gpu() -> None:
    """As twenty whole models they would take 320 GB: five A100."""
    alone, many = plan(), plan("adapters: 20")
    assert many["gpus"] == alone["gpus"] == "1"
    assert Decimal(many["throughput"]) < Decimal(alone["throughput"])
    whole = plan(beside("19 x Llama-3.1-8B"))
    assert Decimal(whole["gpus_per_replica"]) == 8


def test_adapters_cost_the_memory_and_the_speed_that_the_catalogue_says() -> None:
    constants = catalogue().physics
    held = Replica(
        catalogue().models["Llama-3.1-8B"],
        catalogue().gpus["A100"],
        Decimal(1),
        "bf16",
        beside=20 * Decimal(193_000_000),
    )
    assert held.room(constants.memory_reserve) == pytest.approx(
        Decimal("0.9") * 80 * GIBI - Decimal("8.03e9") * 2 - 20 * Decimal(193_000_000), rel=Decimal("0.001")
    )
    ratio = Decimal(plan("adapters: 2")["throughput"]) / Decimal(plan()["throughput"])
    assert ratio == pytest.approx(constants.adapters.speed, rel=Decimal("0.02"))
    low, high = (Decimal(plan("adapters: 2")[f"throughput_{end}"]) for end in ("low", "high"))
    plain = plan()
    assert high / low > Decimal(plain["throughput_high"]) / Decimal(plain["throughput_low"]) * Decimal("1.5")


def test_one_adapter_is_merged_and_takes_nothing() -> None:
    assert plan("adapters: 1") == plan("adapters: 0") == plan()


def test_adapters_have_a_price_by_the_token_wherever_their_base_has_one() -> None:
    text = TEXT.replace(", tuned_weights: adapter", "").format(tokens="2M", model="Llama-3.1-8B", own=", adapters: 20")
    told, whole = costed(text).plans[PROVIDER], of(tokens="2M").plans[PROVIDER]
    assert told.best.text == whole.best.text
    assert "an adapter on" in told.best.text


def test_weights_add_up_and_the_cache_is_what_is_left() -> None:
    one, more = plan(), plan(beside("2 x Llama-3.1-8B"))
    assert (one["gpus_per_replica"], more["gpus_per_replica"]) == ("1", "1")
    at_once = [int(each["throughput_source"].split(" at once")[0].split()[-1]) for each in (one, more)]
    assert at_once[1] < at_once[0]
    assert Decimal(plan(beside("4 x Llama-3.1-8B"))["gpus_per_replica"]) == 2, (
        "80 GB in 16 bits, of which 77 may be used"
    )


@given(st.lists(st.sampled_from(["BGE-M3", "Llama-3.1-8B", "Qwen3-4B"]), max_size=6), st.integers(0, 200))
def test_more_beside_a_model_never_serves_more_nor_takes_fewer_gpus(names: list[str], adapters: int) -> None:
    less = [name for name in names[1:] if name]
    fewer, more = (
        plan(", ".join(part for part in (beside(", ".join(each)) if each else "", f"adapters: {count}") if part))
        for each, count in ((less, 0), (names, adapters))
    )
    a, b = (Decimal(each["throughput"]) / Decimal(each["gpus_per_replica"]) for each in (fewer, more))
    assert b <= a * Decimal("1.001") or fewer["gpus_per_replica"] != more["gpus_per_replica"]
    assert Decimal(more["gpus"]) >= Decimal(fewer["gpus"])


def test_the_plan_says_what_its_gpus_hold() -> None:
    text = of(f"{beside('bge-m3, 2 x Llama-3.1-8B')}, adapters: 5").plans[RENTED].best.text
    assert text.endswith("which hold BGE-M3, 2 × Llama-3.1-8B and 5 adapters too")
    assert "too" not in of().plans[RENTED].best.text


@pytest.mark.parametrize(("names", "code", "found"), [
    ("Lama-3.1-8B", "unknown-model", "Lama-3.1-8B"),
    ("bge-m3, gpt-4o", "unknown-model", "gpt-4o"),
    ("Llama-3.3-70B", "slower-model", "Llama-3.3-70B: 70.6 billion parameters at work, against 8.03"),
    ("65 x bge-m3", "too-many-models", "65 x bge-m3"),
])  # fmt: skip
def test_what_cannot_be_computed_is_refused_at_its_line(names: str, code: str, found: str) -> None:
    (finding,) = refused(beside(names))
    assert (finding.code, finding.found, finding.place.line) == (code, found, 6)


def test_the_slowest_model_has_to_be_named() -> None:
    text = TEXT.format(tokens="50M", model="unknown", own=f", {beside('bge-m3')}")
    with pytest.raises(InputError) as problem:
        costed(text)
    (finding,) = problem.value.diagnostics
    assert (finding.code, finding.place.line) == ("no-own-model", 6)


def test_gpus_that_do_not_hold_them_all_are_refused_with_the_sum() -> None:
    (finding,) = refused(f"gpus_per_replica: 1, {beside('5 x Llama-3.1-8B')}")
    assert finding.code == "does-not-fit" and "and what stands beside it" in finding.message
    assert (finding.found or "").startswith("96 GB of weights")
