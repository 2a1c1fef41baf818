"""The bill calibrates: with tokens it sets the price paid, with a model alone the tokens."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.economics.cases import SOON, TUNED, costed, derived, group

from hostwise.economics.costing import Costing

WORKLOAD = "workload: {name: X}\n"
VOLUME = WORKLOAD + "demand: {tokens_per_month: 1B, input_share: 75%%, %s}\n"
GPT_4O = TUNED + "current_api: {provider: openai, model: gpt-4o, spend_per_month: %s}\n"
"""$4,375 for 1B tokens at the list price."""


def tokens_of(costing: Costing, option: str = "managed-api") -> Decimal:
    ledger = costing.ledgers[option]
    assert ledger.priced, ledger.why_not
    return Decimal(group(ledger, "tokens"))


@pytest.mark.parametrize("extra", ["stable: yes", "cached_input_share: 40%", "traffic_mix: batch"])
def test_with_a_model_and_tokens_the_bill_is_what_the_tokens_cost(extra: str) -> None:
    assert tokens_of(costed(VOLUME % extra + GPT_4O % "$2000" + SOON)) == pytest.approx(2000)


def test_the_price_that_was_paid_keeps_the_proportions_of_the_list() -> None:
    ledger = costed(VOLUME % "stable: yes" + GPT_4O % "$2187.50" + SOON).ledgers["managed-api"]
    prices = [each.value.likely for item in ledger.items for each in item.inputs if each.unit == "USD/Mtok"]
    assert prices == [Decimal("1.25"), Decimal(5)]
    assert "bill" in ledger.variant and "gpt-4o" in ledger.variant


def test_a_price_that_is_given_stays_what_it_is() -> None:
    api = "current_api: {input_price: $4, output_price: $4, spend_per_month: $1000}\n"
    costing = costed(VOLUME % "stable: yes" + api)
    assert tokens_of(costing) == 4000
    assert derived(costing)["api_list_cost_usd_month"].value == 4000


def test_a_bill_in_another_currency_is_converted() -> None:
    rates = "economics: {horizon_months: 1, exchange_rates: {GBP: {rate: 1.25, as_of: 2026-11-01}}}\n"
    assert tokens_of(costed(VOLUME % "stable: yes" + GPT_4O % "£1600" + rates)) == pytest.approx(2000)


def test_the_bill_of_an_open_model_is_that_providers_price() -> None:
    api = "current_api: {provider: groq, model: Llama-3.3-70B, tier: open-model, spend_per_month: $300}\n"
    costing = costed(VOLUME % "stable: yes" + api)
    assert tokens_of(costing, "open-model-provider") == pytest.approx(300)
    assert derived(costing)["api_list_cost_usd_month"].value == 750 * Decimal("0.59") + 250 * Decimal("0.79")


def test_the_tier_is_the_models_whatever_was_paid() -> None:
    assert derived(costed(VOLUME % "stable: yes" + GPT_4O % "$500"))["replaced_tier"].value == "frontier"


def test_with_a_model_alone_the_bill_gives_the_tokens() -> None:
    """At $4.375 a million, three tokens in for each one out."""
    costing = costed(WORKLOAD + "demand: {input_share: 75%}\n" + GPT_4O % "$4375" + SOON)
    assert derived(costing)["tokens_per_month"].value == pytest.approx(10**9)
    assert tokens_of(costing) == pytest.approx(4375)
    assert costing.ledgers["open-model-provider"].priced


def test_a_range_of_the_bill_is_a_range_of_tokens() -> None:
    tokens = derived(costed(WORKLOAD + "demand: {input_share: 75%}\n" + GPT_4O % "$4375..$8750"))["tokens_per_month"]
    assert tokens.low == pytest.approx(10**9) and tokens.high == pytest.approx(2 * 10**9)


def test_half_a_volume_is_not_filled_in_from_the_bill() -> None:
    costing = costed(WORKLOAD + "demand: {input_tokens_per_day: 10M}\n" + GPT_4O % "$4375" + SOON)
    assert derived(costing)["tokens_per_month"].value is None


def test_a_bill_alone_is_the_ledger_of_the_api_in_use() -> None:
    costing = costed(WORKLOAD + "current_api: {spend_per_month: $4000}\n")
    ledger = costing.ledgers["managed-api"]
    assert tokens_of(costing) == 4000 and ledger.per_million is None
    assert ledger.total is not None and ledger.total.likely > 4000
    assert derived(costing)["cost.managed_api.monthly"].value == ledger.total.likely
    assert not costing.ledgers["self-host-cloud"].priced


def test_a_bill_beside_a_salary_without_a_rate_says_which_rate_is_missing() -> None:
    people = "team: {engineer_cost_per_month: €90k}\n"
    ledger = costed(WORKLOAD + "current_api: {spend_per_month: $4000}\n" + people).ledgers["managed-api"]
    assert not ledger.priced and "EUR" in (ledger.why_not or "")
