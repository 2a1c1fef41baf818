"""The API in use over the horizon: what leaves is costed with its replacement; cheaper models of the class compete."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.economics.cases import DAY, TUNED, catalogue, costed, derived, facts_of, group

from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.catalogue import varied
from hostwise.economics.costing import Costing, cost_options
from hostwise.economics.numbers.bands import Band

API = "managed-api"
QUESTIONNAIRE = """
workload: {{name: x}}
demand: {{tokens_per_month: {tokens}, input_share: 75%, input_tokens_per_request: 1500, output_tokens_per_request: 500}}
current_api: {{model: {model}}}
{more}
"""


def case(model: str, more: str = "", tokens: str = "10B") -> Costing:
    return costed(QUESTIONNAIRE.format(model=model, more=more, tokens=tokens))


def monthly(costing: Costing) -> Decimal:
    total = costing.ledgers[API].total
    assert isinstance(total, Band)
    return total.likely


def test_a_model_that_leaves_is_costed_with_its_replacement_and_one_more_evaluation() -> None:
    """GPT-4o leaves on 14 January 2027, 55 of 360 days after: then GPT-6.1 Sol at $2 and $10, four times the output."""
    costing = case("gpt-4o", TUNED)
    before, after = Decimal(55) / 360, Decimal(305) / 360
    per_input = before * Decimal("2.5") + after * 2
    per_output = before * 10 + after * 10 * 4
    assert group(costing.ledgers[API], "tokens") == pytest.approx(7500 * per_input + 2500 * per_output)
    lines = {item.id for item in costing.ledgers[API].items}
    assert "replacement-evaluation" in lines and "migration" not in lines
    assert "until 2027-01-14; then GPT-6.1 Sol" in costing.plans[API].best.text
    facts = derived(costing)
    assert (facts["api_days_left"].value, facts["api_model_leaves"].value) == (55, True)


def test_a_model_that_leaves_after_the_horizon_is_costed_as_it_is() -> None:
    costing = case("gpt-4o", TUNED + "economics: {horizon_months: 1}")
    assert group(costing.ledgers[API], "tokens") == 7500 * Decimal("2.5") + 2500 * 10
    assert derived(costing)["api_model_leaves"].value is False


def test_a_model_past_its_day_is_no_candidate() -> None:
    tuned = case("gpt-4.1-nano", TUNED)
    assert not tuned.ledgers[API].priced and "2026-10-23" in str(tuned.ledgers[API].why_not)
    assert derived(tuned)["api_days_left"].value == -28
    assert "GPT-4.1 nano" not in costed_plans(case("gpt-4.1-nano"))


def costed_plans(costing: Costing) -> str:
    plans = costing.plans[API]
    return "\n".join(each.text for each in (plans.best, *plans.others, *plans.front))


def test_a_cheaper_model_of_the_class_competes_with_its_evaluation_and_migration() -> None:
    models, rank = every_model(catalogue()), catalogue().classes.rank
    costing = case("claude-sonnet-4-5")
    plans, ledger = costing.plans[API], costing.ledgers[API]
    assert derived(costing)["api_model_moves"].value is True
    assert {"api-evaluation", "migration"} <= {item.id for item in ledger.items}
    name = next(key for key in sorted(models, key=len, reverse=True) if plans.best.text.startswith(key))
    assert models[name].licence == "proprietary" and models[name].retired_on is None
    assert rank(models[name].size_class) >= rank(models["Claude Sonnet 4.5"].size_class)
    stays = derived(costing)["api_in_use_monthly"].value
    assert isinstance(stays, Decimal) and stays > monthly(costing)
    assert "claude-sonnet-4-5 at Anthropic" in costed_plans(costing)


def test_the_named_replacement_is_among_the_plans() -> None:
    """$7,920 of tokens at 60B, 92% of them input."""
    costing = costed(
        "workload: {name: x}\ndemand: {tokens_per_day: 2B, input_share: 92%}\ncurrent_api: {model: gpt-4.1-mini}\n"
    )
    assert "GPT-6 Luna without reasoning at" in costed_plans(costing)
    assert group(costing.ledgers[API], "tokens") <= 7920


def test_a_small_volume_does_not_pay_for_a_move() -> None:
    costing = case("claude-sonnet-4-5", tokens="10M")
    assert derived(costing)["api_model_moves"].value is False
    assert derived(costing)["api_in_use_monthly"].value == round(monthly(costing), 9)


def test_what_was_tuned_at_an_api_stays_there() -> None:
    assert derived(case("claude-sonnet-4-5", TUNED))["api_model_moves"].value is False


def test_what_an_open_model_scored_keeps_no_proprietary_one_away() -> None:
    """The gap that is asked for is the open model's."""
    for quality in ("quality: {gap: 3%}", "quality: {gap_low: 12%, gap_high: 18%}"):
        assert derived(case("claude-sonnet-4-5", quality))["api_model_moves"].value is True


@pytest.mark.parametrize(("gap", "moves"), [("0.0999", True), ("0.1", False)])
def test_a_model_that_fails_its_evaluation_leaves_the_one_in_use(gap: str, moves: bool) -> None:
    """A future in which it is worse by the limit costs what staying costs."""
    facts = facts_of(QUESTIONNAIRE.format(model="claude-sonnet-4-5", more="", tokens="10B"))
    costing = cost_options(facts, varied(catalogue(), {"figure.api_model_gap": Decimal(gap)}), DAY)
    found = derived(costing)
    assert found["api_model_moves"].value is moves
    assert (monthly(costing) == found["api_in_use_monthly"].value) is not moves


def test_an_open_model_in_use_is_held_against_closed_ones_whether_or_not_it_is_said_to_be_open() -> None:
    """DeepSeek at Fireworks for $14,766 a month was held against no closed model, of which one does it for $2,704."""
    text = "workload: {name: x}\ndemand: {tokens_per_month: 3B}\ncurrent_api: {model: glm-5.2, provider: zai}\n"
    for said in (text, text.replace("zai}", "zai, tier: open-model}")):
        assert derived(costed(said))["api_model_moves"].value is True


def test_a_list_with_half_a_price_sells_nothing() -> None:
    assert "$0 out" not in costed_plans(case("gpt-4o"))


def test_where_only_a_tier_is_given_its_class_is_searched() -> None:
    """S0's own question is which tier of the API fits: without a price nothing could be said of it."""
    costing = costed(QUESTIONNAIRE.replace("model: {model}", "tier: mid").format(more="", tokens="10B"))
    ledger, plans = costing.ledgers[API], costing.plans[API]
    assert ledger.priced and {"api-evaluation", "migration"} <= {item.id for item in ledger.items}
    assert "not named: by its tier, the class large" in plans.left_out[0].reason
    models, rank = every_model(catalogue()), catalogue().classes.rank
    name = next(key for key in sorted(models, key=len, reverse=True) if plans.best.text.startswith(key))
    assert rank(models[name].size_class) >= rank("large")


def test_a_price_of_a_model_that_is_not_named_is_taken_as_it_is_and_said() -> None:
    priced = QUESTIONNAIRE.replace("model: {model}", "tier: frontier, input_price: $3, output_price: $15")
    plans = costed(priced.format(more="", tokens="10B")).plans[API]
    assert plans.best.text.startswith("the price given")
    assert "not known by its name" in plans.left_out[0].reason and plans.left_out[0].plans > 10


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("model: House-LLM, provider: openai", "House-LLM at OpenAI, at the price given: $3 in"),
        ("model: House-LLM", "House-LLM, at the price given: $3 in"),
        ("provider: our reseller", "our reseller, at the price given: $3 in"),
    ],
)
def test_a_price_that_is_given_is_that_of_what_the_answers_name(named: str, said: str) -> None:
    priced = QUESTIONNAIRE.replace("model: {model}", f"{named}, tier: frontier, input_price: $3, output_price: $15")
    plans = costed(priced.format(more="", tokens="10B")).plans[API]
    assert plans.best is not None
    assert any(each.text.startswith(said) for each in (plans.best, *plans.others))


@pytest.mark.parametrize("model", ["gemini-1.5-pro", "gpt-4-vision-preview", "mistral-large-latest"])
def test_a_model_in_use_that_no_index_has_is_held_against_the_class_that_open_models_are(model: str) -> None:
    """Whose model was of two years ago was told to stay or to take an open one: no other closed one was tried."""
    costing = case(model)
    facts, plans = derived(costing), costing.plans[API]
    assert facts["api_model_moves"].value is True and facts["class_assumed"].value is True
    staying = facts["api_in_use_monthly"].value
    assert isinstance(staying, Decimal) and monthly(costing) < staying / 2
    assert any("the class medium, which is assumed" in each.reason for each in plans.left_out)
    named = costing if model != "gemini-1.5-pro" else case(model, "self_host: {model: Qwen2.5-72B}")
    assert derived(named)["api_model_moves"].value is True
    assert derived(case(model, TUNED))["api_model_moves"].value is False


@pytest.mark.parametrize(("model", "moves"), [("claude-sonnet-4, provider: aws", True), ("gpt-6.1-terra", True),
                                              ("gemini-2.5-flash-lite", False)])  # fmt: skip
def test_a_model_that_the_catalogue_knows_and_no_index_has_is_held_against_a_class_too(model: str, moves: bool) -> None:
    """Claude Sonnet 4 on Bedrock was held against open models of a class that was assumed, and no closed one of it."""
    costing = case(model)
    facts, plans = derived(costing), costing.plans[API]
    assert facts["class_assumed"].value is True and facts["api_model_moves"].value is moves
    assert any("$0.10 in and $0.50 out" in each.text for each in (plans.best, *plans.others) if each)
    assert not any("$0.10 in and $0.50 out" in each.text for each in case(model, TUNED).plans[API].others)


@pytest.mark.parametrize(
    ("model", "left"),
    [("claude-sonnet-4, provider: aws", True), ("claude-sonnet-4, provider: anthropic", False),
     ("gpt-4o, provider: azure", False)],
)  # fmt: skip
def test_a_model_that_left_its_maker_may_run_on_at_another_seller(model: str, left: bool) -> None:
    """Claude Sonnet 4 left Anthropic in June, and staying on it at AWS was spoken of as if it had no end."""
    assert derived(case(model))["api_left_its_maker"].value is left


def test_a_model_in_no_index_is_compared_by_the_class_of_its_replacement() -> None:
    """Gemini 2.5 Flash is in none; Google names Gemini 3.5 Flash-Lite."""
    plans = case("gemini-2.5-flash").plans[API]
    assert "Gemini 2.5 Flash is in no index that is known: by the class of Gemini 3.5 Flash-Lite, its" in str(
        plans.left_out
    )
    assert "GPT-6 Luna" in costed_plans(case("gemini-2.5-flash"))


def test_a_sovereign_cloud_sells_a_model_no_longer_than_its_maker() -> None:
    from hostwise.economics.prices.price import TokenPrice

    costing = case("gpt-4o", TUNED)
    usual, sovereign = costing.ledgers[API], costing.ledgers["sovereign-api"]
    premium = catalogue().figures["sovereign_premium"].likely
    assert group(sovereign, "tokens") == pytest.approx(group(usual, "tokens") * premium)
    assert "replacement-evaluation" in {item.id for item in sovereign.items}
    assert "then GPT-6.1 Sol at an assumed price" in costing.plans["sovereign-api"].best.text
    assert isinstance(costing.prices["sovereign-api"], TokenPrice)


@pytest.mark.parametrize(
    ("provider", "changes"), [("openai", False), ("azure", True), ("a house cloud", True), ("", False)]
)
def test_whether_the_other_model_is_sold_by_who_is_there_already(provider: str, changes: bool) -> None:
    """GPT-4o moves to GPT-6 Luna, sold by OpenAI; who is not named cannot be asked."""
    named = f"current_api: {{provider: {provider}, model: " if provider else "current_api: {model: "
    text = QUESTIONNAIRE.format(model="gpt-4o", more="", tokens="10B").replace("current_api: {model: ", named)
    costing = costed(text)
    assert "at OpenAI" in costing.plans[API].best.text
    assert derived(costing)["api_seller_changes"].value is changes
