"""Weights of one's own at a provider: a deployment by the GPU-hour or an adapter, never the base model's price."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.economics.cases import catalogue, costed, facts_of, line

from hostwise.economics.costing import Costing, cost_options

PROVIDER = "open-model-provider"
MODEL = "Llama-3.1-8B"
TEXT = """
workload: {{name: x}}
constraints: {{fine_tuning: own-weights{weights}}}
demand: {{tokens_per_day: {tokens}, traffic_shape: steady, traffic_mix: {mix}{more}}}
current_api: {{tier: mid, input_price: $2.50, output_price: $10}}
open_provider: {{{open}}}
self_host: {{model: {model}, gpu: H100}}
"""


def of(
    *,
    tokens: str = "5M",
    weights: str = "",
    mix: str = "interactive",
    more: str = "",
    open: str = "",
    model: str = MODEL,
) -> Costing:
    form = f", tuned_weights: {weights}" if weights else ""
    return costed(TEXT.format(tokens=tokens, weights=form, mix=mix, more=more, open=open, model=model))


def test_whole_weights_run_on_gpus_by_the_hour() -> None:
    ledger = of().ledgers[PROVIDER]
    assert ledger.capacity is not None and ledger.total is not None
    rents = [
        rent.likely for rent in catalogue().gpus[ledger.capacity["gpu"]].rents
        if rent.seller == ledger.capacity["seller"] and rent.seller_class == "dedicated"
    ]  # fmt: skip
    hours = sum(line(ledger, name).amount.likely for name in ("deployment-busy", "deployment-idle"))
    assert hours == pytest.approx(Decimal(ledger.capacity["gpus"]) * rents[0] * 720)
    assert not any(item.group == "tokens" for item in ledger.items)


def test_the_cheapest_deployment_of_every_seller_is_taken() -> None:
    plans = of().plans[PROVIDER]
    assert plans.best.monthly == min(each.monthly for each in (plans.best, *plans.others))
    assert "dedicated at" in plans.best.text


def test_more_work_takes_more_gpus() -> None:
    few, many = (of(tokens=tokens).ledgers[PROVIDER].capacity for tokens in ("5M", "20B"))
    assert few is not None and many is not None
    assert Decimal(many["gpus"]) > Decimal(few["gpus"])


def test_a_batch_pays_for_the_hours_that_its_deployment_runs_and_starts() -> None:
    ledger = of(mix="batch").ledgers[PROVIDER]
    assert ledger.capacity is not None
    start = catalogue().figures["batch_start_hours"].likely / 720
    paid = Decimal(ledger.capacity["paid_share"])
    assert paid == pytest.approx(Decimal(ledger.capacity["utilisation"]) + start, abs=Decimal("0.0002")) and paid < 1


def test_an_adapter_is_paid_by_the_token_where_its_base_is_served_so() -> None:
    ledger, plans = of(weights="adapter").ledgers[PROVIDER], of(weights="adapter").plans[PROVIDER]
    assert ledger.capacity is None
    assert "adapter on Llama-3.1-8B at Together" in plans.best.text
    assert any("dedicated at" in each.text for each in plans.others), "an adapter may be merged into its base"
    price = next(each for each in line(ledger, "output-tokens").told().inputs if each.name == "price of output tokens")
    assert price.value.high == 2 * price.value.likely, "no seller states it: up to twice the base's"


def test_many_tokens_of_an_adapter_are_cheaper_on_a_deployment() -> None:
    assert of(weights="adapter", tokens="20B").ledgers[PROVIDER].capacity is not None


def test_an_adapter_that_nobody_serves_by_the_token_runs_on_a_deployment() -> None:
    assert of(weights="adapter", model="Mistral-7B").ledgers[PROVIDER].capacity is not None


def test_an_offer_of_adapters_that_has_expired_counts_no_more() -> None:
    text = TEXT.format(
        tokens="5M", weights=", tuned_weights: adapter", mix="interactive", more="", open="", model=MODEL
    )
    last = next(each.expires for each in catalogue().adapters if each.base == MODEL)
    on_it, after = (cost_options(facts_of(text), catalogue(), last + timedelta(days)) for days in (0, 1))
    assert on_it.ledgers[PROVIDER].capacity is None
    assert after.ledgers[PROVIDER].capacity is not None


def test_a_price_that_was_quoted_for_them_counts() -> None:
    ledger = of(open="input_price: $0.40, output_price: $0.40").ledgers[PROVIDER]
    assert ledger.capacity is None
    assert line(ledger, "input-tokens").told().inputs[-1].origin != "listed"


def test_the_rest_of_a_mix_runs_on_a_deployment_too() -> None:
    mix = of(tokens="400M", mix="mixed", more=", batch_share: 40%").ledgers["hybrid"]
    assert mix.priced and mix.capacity is not None and mix.capacity["rest"] == PROVIDER
    assert any(item.id == "api.deployment-busy" for item in mix.items)


def test_what_a_deployment_costs_is_no_price_to_break_even_with() -> None:
    found = of(tokens="400M")
    assert found.break_evens and not any(each.against == PROVIDER for each in found.break_evens)


@pytest.mark.parametrize("tokens", ["100M", "10B", "100B"])
def test_owned_gpus_break_even_at_the_same_volume_whatever_runs_today(tokens: str) -> None:
    text = f"""
workload: {{name: owned}}
demand: {{tokens_per_day: {tokens}, traffic_shape: daily-cycle}}
current_api: {{tier: mid, input_price: $2.50, output_price: $10}}
self_host: {{model: Llama-3.3-70B, precision: fp8, gpu: H100, purchase: owned}}
team: {{gpu_operations: platform-team}}
"""
    first = next(
        each.tokens_per_month for each in costed(text).break_evens
        if (each.option, each.against, each.kind) == ("self-host-owned", "managed-api", "first")
    )  # fmt: skip
    assert first == 2_131_650_319


def test_what_is_assumed_is_named_in_one_order() -> None:
    """It once was a set, whose order differs from run to run: so did the bytes of a record."""
    text = TEXT.partition("self_host:")[0].format(tokens="5M", weights="", mix="interactive", more="", open="")
    capacity = costed(text).ledgers[PROVIDER].capacity
    assert capacity is not None and capacity["assumed"] == "own_model, gpu, own_precision"
