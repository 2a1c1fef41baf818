"""An API under one's own law: what a seller whose seat is there lists, and an assumed price only where nobody does."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.commands import hostwise
from tests.economics.cases import catalogue, costed, derived

from hostwise.economics.costing import Costing

RULE = (
    "constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, fine_tuning: none,"
    " residency: not-met, sovereign_api_acceptable: yes}\n"
)
RATES = "economics: {exchange_rates: {EUR: {rate: 1.16, as_of: 2026-11-01}, GBP: {rate: 1.32, as_of: 2026-11-01},"
RATES += " CHF: {rate: 1.25, as_of: 2026-11-01}}}\n"
VOLUME = "demand: {tokens_per_month: 2B, input_share: 75%, traffic_mix: interactive, stable: yes}\n"


def case(currency: str, more: str = "") -> Costing:
    return costed(f"workload: {{name: w, task: chat, currency: {currency}}}\n" + RULE + VOLUME + more + RATES)


def plan_of(costing: Costing) -> str:
    return costing.plans["sovereign-api"].best.text


@pytest.mark.parametrize(("currency", "homes"), [("EUR", ("FR",)), ("GBP", ("GB",))])
def test_it_is_bought_of_a_seller_under_the_law_of_the_currency(currency: str, homes: tuple[str, ...]) -> None:
    """A French ministry was told GPT-6 Luna in a sovereign cloud, at a price that somebody assumed."""
    costing = case(currency)
    facts, sellers = derived(costing), catalogue().sellers
    seller = facts["seated_seller"].value
    assert isinstance(seller, str)
    assert sellers[seller.lower()].home in homes
    assert facts["seated_model_open"].value is True
    assert "assumed" not in plan_of(costing)


def test_its_list_price_counts_without_a_premium() -> None:
    """2B tokens, three quarters of them input, at OVHcloud's list for the model that is named."""
    named = "open_provider: {model: gpt-oss-120b}\n"
    items = {item.id: item.amount.likely for item in case("EUR", named).ledgers["sovereign-api"].items}
    assert plan_of(case("EUR", named)).startswith("gpt-oss-120b at OVHcloud, $0.09 in and $0.47 out")
    assert abs(items["input-tokens"] - Decimal("1500") * Decimal("0.09") / Decimal("1.16")) < Decimal("0.01")


def test_a_price_that_was_quoted_by_such_a_seller_stands_before_its_list() -> None:
    quoted = "open_provider: {provider: OVHcloud, model: gpt-oss-120b, input_price: $0.05, output_price: $0.20}\n"
    costing = case("EUR", quoted)
    items = {item.id: item.amount.likely for item in costing.ledgers["sovereign-api"].items}
    assert (derived(costing)["seated_seller"].value, plan_of(costing)[:24]) == ("OVHcloud", "gpt-oss-120b at OVHcloud")
    assert abs(items["input-tokens"] - Decimal("1500") * Decimal("0.05") / Decimal("1.16")) < Decimal("0.01")


@pytest.mark.parametrize("currency", ["CHF", "USD"])
def test_where_nobody_is_seated_the_price_stays_assumed(currency: str) -> None:
    costing = case(currency)
    assert derived(costing)["seated_seller"].value is None
    assert "at an assumed price" in plan_of(costing)


def test_open_models_that_were_scored_too_much_worse_are_not_taken() -> None:
    facts = derived(case("EUR", "current_api: {provider: openai, model: gpt-5}\nquality: {gap: 14%..20%}\n"))
    assert facts["seated_model_open"].value is not True, facts["seated_model"].value


def test_who_sells_it_is_asked_to_confirm_and_the_model_is_scored_first(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    head = "workload: {name: w, task: chat, currency: EUR}\n"
    file.write_text(head + RULE + VOLUME + "open_provider: {model: gpt-oss-120b}\n" + RATES)
    said = " ".join(hostwise("decide", str(file), "--all").stdout.split())
    assert "Sovereign-cloud API: gpt-oss-120b at OVHcloud" in said
    assert "Have OVHcloud confirm in writing that gpt-oss-120b runs" in said
    assert "Score gpt-oss-120b on 100 to 200 real inputs" in said
    assert "what one costs there is assumed here" not in said
