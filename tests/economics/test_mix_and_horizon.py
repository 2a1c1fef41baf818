"""The best split of a mix, other ways to pay for GPUs, and money over months."""

from decimal import Decimal

import pytest
from tests.economics.cases import costed

from hostwise.economics.numbers.bands import Band
from hostwise.economics.outlook.curves import curves

BATCH = """
workload: {name: X}
demand: {tokens_per_month: %s, traffic_mix: mixed, batch_share: 60%%, traffic_shape: daily-cycle%s}
current_api: {tier: frontier, input_price: $10, output_price: $30}
open_provider: {input_price: $9, output_price: $9}
self_host: {gpu: H100, gpu_hourly_price: $3, gpus_per_replica: 2, throughput: 2000}
team: {engineer_cost_per_month: $12k}
"""


def test_the_split_costs_no_more_than_any_other_that_was_tried() -> None:
    """A mix is never dearer than its whole slice on own GPUs and no dearer than its parts say."""
    mix = costed(BATCH % ("6B", "")).ledgers["hybrid"]
    assert mix.priced and mix.capacity is not None and mix.total is not None
    assert 0 < Decimal(mix.capacity["share"]) <= Decimal("0.6")
    assert mix.capacity["pattern"] == "batch"
    own = sum(i.amount.likely for i in mix.items if i.id.startswith("own."))
    api = sum(i.amount.likely for i in mix.items if i.id.startswith("api."))
    assert abs(own + api - mix.total.likely) < Decimal("1e-20")  # the order of a sum moves the last digit


def test_a_last_replica_that_would_stand_idle_is_left_to_the_api() -> None:
    """60% of the volume needs just over two replicas; the API takes what the third would."""
    capacity = 2000 * 2_592_000 * Decimal("0.8")
    volume = int(capacity * 2 / Decimal("0.6") * Decimal("1.001"))
    cheap = (BATCH % (str(volume), "")).replace("$9", "$1")
    mix = costed(cheap).ledgers["hybrid"]
    assert mix.capacity is not None and mix.capacity["replicas"] in ("1", "2")


def test_nothing_to_split_is_said() -> None:
    text = (BATCH % ("6B", "")).replace("traffic_mix: mixed, batch_share: 60%", "traffic_mix: interactive")
    ledger = costed(text).ledgers["hybrid"]
    assert not ledger.priced and "nothing to split" in (ledger.why_not or "")


def test_triage_runs_on_a_small_model() -> None:
    text = (BATCH % ("6B", ", triage_share: 70%")).replace("batch_share: 60%", "batch_share: 0%")
    mix = costed(text).ledgers["hybrid"]
    assert mix.capacity is not None and mix.capacity["pattern"] == "triage"
    assert "8B" in mix.capacity["model"]


def test_a_mix_has_its_own_break_even() -> None:
    found = [b for b in costed(BATCH % ("6B", "")).break_evens if b.option == "hybrid"]
    assert {b.against for b in found} == {"managed-api", "sovereign-api", "open-model-provider"}


def test_scale_down_saves_where_several_replicas_follow_the_day() -> None:
    ledger = costed(BATCH % ("20B", "")).ledgers["self-host-cloud"]
    named = {v.name: v.total.likely for v in ledger.variants}
    assert named["scheduled scale-down"] < named["on-demand"]


def test_growth_adds_replicas_in_the_month_that_needs_them() -> None:
    flat = costed(BATCH % ("6B", "")).ledgers["self-host-cloud"].outlooks[1]
    grown = costed(BATCH % ("6B", ", growth_per_month: 5%")).ledgers["self-host-cloud"].outlooks[1]
    assert grown.total > flat.total


def test_api_prices_fall_over_the_horizon() -> None:
    ledger = costed(BATCH % ("6B", "")).ledgers["managed-api"]
    year, three = ledger.outlooks
    assert ledger.total is not None
    assert three.total < 3 * year.total and year.total < 12 * ledger.total.likely


def test_payback_comes_when_own_hosting_is_much_cheaper() -> None:
    own = costed(BATCH % ("6B", "")).ledgers["self-host-cloud"].outlooks[0]
    assert own.against == "managed-api" and own.payback == 1 and own.net_present_value > 0
    small = costed(BATCH % ("60M", "")).ledgers["self-host-cloud"].outlooks[1]
    assert small.payback is None and small.net_present_value < 0


HOURS_ONLY = (BATCH % ("VOLUME", "")).replace("gpus_per_replica: 2,", "gpus_per_replica: 2, spare_replicas: 0,")
"""A slice that may wait: its GPUs are paid for in the hours in which they run."""


@pytest.mark.parametrize("against", ["managed-api", "open-model-provider"])
def test_a_mix_begins_to_pay_where_it_is_said_to(against: str) -> None:
    """Costed anew beside the volume that is said."""
    said = costed(HOURS_ONLY.replace("VOLUME", "6B")).break_evens
    found = next(b for b in said if (b.option, b.against, b.kind) == ("hybrid", against, "first"))
    assert found.tokens_per_month is not None
    for factor, dearer in (("0.98", True), ("1.02", False)):
        ledgers = costed(HOURS_ONLY.replace("VOLUME", f"{found.tokens_per_month * Decimal(factor):.0f}")).ledgers
        mix, api = ledgers["hybrid"].total, ledgers[against].total
        assert mix is not None and api is not None
        assert (mix.likely > api.likely) is dearer


def test_a_mix_whose_gpus_are_let_go_costs_more_hours_at_a_larger_volume() -> None:
    costing = costed(HOURS_ONLY.replace("VOLUME", "2B"))
    today = next(f for f in costing.facts if f.name == "tokens_per_month").value
    assert isinstance(today, Decimal)
    points = curves({"hybrid": costing.ledgers["hybrid"]}, Band.exactly(today), costing.break_evens)["hybrid"]
    at_five = next(point for point in points if point.tokens == 5 * 10**9)
    again = costed(HOURS_ONLY.replace("VOLUME", "5B")).ledgers["hybrid"].total
    assert again is not None
    assert float(at_five.likely) == pytest.approx(float(again.likely), rel=0.01)


def test_a_split_names_its_gpus_and_who_takes_the_rest() -> None:
    """ "Split the traffic" was all that its plan said, and the rest "stayed" where it was not priced."""
    text = """
workload: {name: x, task: chat}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none,
              constrained_share: 20%}
demand: {tokens_per_month: 20B, input_share: 80%, traffic_mix: interactive, stable: yes}
current_api: {provider: Together AI, model: Llama-3.3-70B-Instruct-Turbo}
self_host: {model: Llama-3.3-70B, gpu: H100}
"""
    plan = costed(text.replace("Turbo}", "Turbo, tier: open-model}")).plans["hybrid"].best.text
    assert plan.startswith("20% of the tokens with Llama-3.3-70B in fp8 on 2 × H100 reserved for ")
    assert " an hour each, the rest with Llama-3.3-70B at novita" in plan


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ("purchase: spot", "on 1 × L40S on spot"),
        ("purchase: owned", "on 1 × L40S bought, the rest"),
        ("gpus_owned: 4", "on 1 × L40S standing there already, the rest"),
        ("purchase: reserved, gpus_reserved: 4", "on 1 × L40S paid for already, the rest"),
    ],
)
def test_a_split_says_how_its_gpus_are_paid_for(own: str, words: str) -> None:
    """Nine cards on spot at less than half their price on demand were "9 × H100", in every report."""
    text = f"""
workload: {{name: x, task: extraction}}
constraints: {{external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}}
demand: {{tokens_per_month: 3B, input_share: 90%, traffic_mix: mixed, batch_share: 60%, stable: yes}}
current_api: {{provider: openai, model: gpt-5.2}}
self_host: {{model: Qwen3-8B, gpu: L40S, {own}}}
"""
    assert words in costed(text).plans["hybrid"].best.text
