"""How long a proprietary model stays at its API, where no day is announced: what replaces it is evaluated again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.economics.cases import DAY, TUNED, catalogue, costed, facts_of

from hostwise.analysis.futures.uncertain import uncertainties
from hostwise.economics.catalogue.catalogue import varied
from hostwise.economics.costing import Costing, cost_options
from hostwise.economics.ledgers.ledger import LineItem
from hostwise.flow.knowledge import load_knowledge

API = "workload: {{name: x}}\ndemand: {{tokens_per_month: 1B}}\n{more}\ncurrent_api: {{{api}}}\n"
STAYS = "provider: anthropic, model: claude-haiku-5-5"


def withdrawal(costing: Costing, option: str = "managed-api") -> LineItem | None:
    return next((item for item in costing.ledgers[option].items if item.id == "withdrawal"), None)


def case(api: str = STAYS, more: str = "") -> str:
    return API.format(api=api, more=more)


def test_within_a_year_it_is_likely_to_stay_and_may_not() -> None:
    line = withdrawal(costed(case()))
    assert line is not None
    assert (line.amount.low, line.amount.likely) == (0, 0)
    assert line.amount.high > 0


@pytest.mark.parametrize(("months", "low", "likely"), [(12, False, False), (24, False, True), (36, True, True)])
def test_over_a_longer_horizon_it_is_replaced_within_it(months: int, low: bool, likely: bool) -> None:
    """A life of 5 to 30 months, 15 as a rule, against the months of the horizon."""
    line = withdrawal(costed(case(more=f"economics: {{horizon_months: {months}}}")))
    assert line is not None
    assert ((line.amount.low > 0), (line.amount.likely > 0)) == (low, likely)


def test_it_is_an_evaluation_over_the_months_of_the_horizon() -> None:
    facts = facts_of(case())
    ends = varied(catalogue(), {"figure.api_model_life": Decimal(7)})
    line = withdrawal(cost_options(facts, ends, DAY))
    figures = catalogue().figures
    assert line is not None
    days, salary = figures["evaluation_work"].likely, figures["engineer_cost"].likely
    assert line.amount.likely == pytest.approx(days * salary * 12 / 260 / 12)


def test_what_has_a_day_is_costed_with_its_replacement_instead() -> None:
    costing = costed(case("provider: openai, model: gpt-4o", TUNED))  # 14 January 2027
    assert {item.id for item in costing.ledgers["managed-api"].items} >= {"replacement-evaluation"}
    assert withdrawal(costing) is None


@pytest.mark.parametrize(
    ("text", "option"),
    [
        (case("tier: open-model, provider: novita, model: llama-3.3-70b-instruct"), "open-model-provider"),
        (case().replace("demand: {", "demand: {runs_once: yes, "), "managed-api"),
        (case(more="team: {single_user: yes}"), "managed-api"),
    ],
    ids=["open", "once", "desk"],
)
def test_what_others_sell_too_or_runs_once_or_for_one_person_is_not_withdrawn(text: str, option: str) -> None:
    costing = costed(text)
    assert costing.ledgers[option].priced
    assert withdrawal(costing, option) is None


def test_every_future_draws_it_between_the_ends_that_are_known() -> None:
    knowledge = load_knowledge()
    found = {each.name: each for each in uncertainties(facts_of(case()), knowledge.questionnaire, catalogue(), [])}
    life = found["figure.api_model_life"]
    assert (life.low, life.likely, life.high, life.shape) == (5, 15, 30, "lognormal")
    held_against = case("tier: open-model, provider: novita, model: deepseek-r1")
    assert withdrawal(costed(held_against)) is not None
    drawn = {each.name for each in uncertainties(facts_of(held_against), knowledge.questionnaire, catalogue(), [])}
    assert "figure.api_model_life" in drawn
    once = facts_of(case().replace("demand: {", "demand: {runs_once: yes, "))
    drawn = {each.name for each in uncertainties(once, knowledge.questionnaire, catalogue(), [])}
    assert "figure.api_model_life" not in drawn
