"""Models that reason write more than was measured: what that costs by the token, on GPUs, and in the futures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.economics.cases import catalogue, costed, derived, facts_of, line

from hostwise.analysis.futures.uncertain import uncertainties
from hostwise.economics.capacity.demand import Demand, read_demand
from hostwise.economics.catalogue.candidates import candidates, every_model
from hostwise.economics.costing import Costing
from hostwise.economics.models.reasoning import times_over
from hostwise.economics.numbers.bands import Band
from hostwise.economics.plans.competing.sellers import cheapest_sold, sold_plans, tokens_cost

QUESTIONNAIRE = """
workload: {{name: x}}
demand: {{tokens_per_month: 8B, input_share: 75%, input_tokens_per_request: 1500, output_tokens_per_request: 500,
  peak_to_mean: 1}}
current_api: {{model: {model}}}
{more}
"""
PROVIDER, RENTED, API = "open-model-provider", "self-host-cloud", "managed-api"
OPEN = "open_provider: {provider: groq, model: %s}\nself_host: {gpu: H100, gpus_per_replica: 2, model: %s}\n"
DAY = date(2026, 11, 20)
OSS = OPEN % ("gpt-oss-120b", "gpt-oss-120b")
PLAIN = OPEN % ("llama-3.3-70b", "Llama-3.3-70B")


def case(model: str, more: str) -> Costing:
    return costed(QUESTIONNAIRE.format(model=model, more=more))


def output(costing: Costing, option: str) -> Band:
    return line(costing.ledgers[option], "output-tokens").amount


def test_every_model_has_a_level_that_is_known_and_it_rises() -> None:
    reasoning = catalogue().reasoning
    assert list(reasoning.levels.values()) == sorted(reasoning.levels.values())
    assert reasoning.of(every_model(catalogue())["GPT-4o"]) == 0
    assert reasoning.of(every_model(catalogue())["gpt-oss-120b"]) == reasoning.levels["high"]
    luna = every_model(catalogue())["GPT-6 Luna"]
    assert [reasoning.of(luna, each) for each in reasoning.efforts(luna)] == [
        reasoning.levels[each] for each in ("none", "low", "medium", "max")
    ]


def test_a_model_that_reasons_is_paid_for_all_that_it_writes() -> None:
    """gpt-oss-120b at 4.8 times GPT-4o's output, of 2B tokens at $0.60; between 2.52 and 10.5 times."""
    found = case("gpt-4o", OSS)
    span = catalogue().reasoning.span
    expected = times_over(Decimal("3.8"), Decimal(0), span) * Band.exactly(2000) * Band.exactly(Decimal("0.6"))
    assert output(found, PROVIDER) == pytest.approx(expected) or output(found, PROVIDER).likely == expected.likely
    assert (output(found, PROVIDER).low, output(found, PROVIDER).high) == (expected.low, expected.high)
    assert "writes about 4.8 times as many tokens as are counted here" in found.plans[PROVIDER].best.text
    amount = line(found.ledgers[PROVIDER], "output-tokens")
    assert any("levels" not in each.source and "codexkey" in each.source for each in amount.inputs)


def test_a_model_that_does_not_reason_writes_what_was_measured() -> None:
    found = case("gpt-4o", PLAIN)
    assert output(found, PROVIDER).exact and "writes" not in found.plans[PROVIDER].best.text
    assert "writes" not in found.plans[RENTED].best.text


def test_what_was_measured_of_a_model_that_reasons_holds_for_one_alike_and_for_one_that_does_not() -> None:
    """At which effort the model in use runs nobody said: that another writes less is no saving to count on."""
    o3, mini = case("o3", "open_provider: {model: glm-5.2}\n"), case("gpt-5-mini", PLAIN)
    assert "writes" not in o3.plans[PROVIDER].best.text + mini.plans[PROVIDER].best.text
    assert "writes about 1.2 times" in case("gpt-5-mini", OSS).plans[PROVIDER].best.text


def test_a_volume_of_no_api_is_that_of_the_model_asked_about_and_one_of_own_weights_too() -> None:
    nothing = QUESTIONNAIRE.replace("current_api: {{model: {model}}}", "")
    assert "writes" not in costed(nothing.format(more=OSS)).plans[PROVIDER].best.text
    priced = QUESTIONNAIRE.replace("model: {model}", "tier: frontier, input_price: $3, output_price: $15")
    assert "writes about 4.8 times" in costed(priced.format(more=OSS)).plans[PROVIDER].best.text
    tuned = case("gpt-4o", "constraints: {fine_tuning: own-weights}\nself_host: {model: gpt-oss-120b}\n")
    assert "writes" not in tuned.plans[RENTED].best.text


def test_own_gpus_need_the_output_too() -> None:
    """The replica is planned at requests of 1,500 in and 2,400 out: 3,900 tokens where 2,000 were measured."""
    spared, reasoned = case("gpt-5", OSS), case("gpt-4o", OSS)
    one, other = (each.plans[RENTED].best.text for each in (spared, reasoned))
    assert "4.8 times" in other and "1.2 times" in one
    load = {text: text.split(", ")[1].split(" of ")[0] for text in (one, other)}
    asked = 8_000_000_000 / (30 * 24 * 3600)
    assert float(load[other].replace(",", "")) == pytest.approx(asked * 3900 / 2000, rel=1e-3)
    assert "1500 tokens in and 2400 out" in str(reasoned.ledgers[RENTED].capacity)
    more, fewer = (Decimal(each.ledgers[RENTED].capacity["load"]) for each in (reasoned, spared))
    assert more > fewer * 2


def test_more_reasoning_than_is_planned_takes_more_of_a_replica_but_for_its_prefill() -> None:
    capacity = case("gpt-4o", OSS).ledgers[RENTED].capacity
    low, likely, high = (Decimal(capacity[f"replicas{end}"]) for end in ("_low", "", "_high"))
    assert low <= likely < high <= likely * Decimal("10.5") / Decimal("4.8") * 2


def test_a_candidate_runs_at_the_least_effort_at_which_its_index_suffices() -> None:
    """GPT-6 Luna reads 18.3 without reasoning, 29.5 at medium effort."""
    facts = facts_of(QUESTIONNAIRE.format(model="gpt-4o", more=""))
    asked = {
        name: candidates(name, catalogue(), facts, DAY, hosted_by="seller") for name in ("medium", "large", "frontier")
    }
    assert [asked[name].efforts.get("GPT-6 Luna") for name in asked] == ["none", "medium", None]
    assert all("GPT-6 Luna" in found.kept for found in asked.values())
    assert "GPT-6 Luna without reasoning at" in case("gpt-4o", "").plans[API].best.text


def test_a_cheap_model_that_was_indexed_with_reasoning_pays_for_it() -> None:
    """Claude Haiku 5.5 costs a token what GPT-6 Luna does, and writes four times as many."""
    found = case("gpt-4o", "")
    texts = [found.plans[API].best, *found.plans[API].others]
    haiku = next(each for each in texts if each.text.startswith("Claude Haiku 5.5"))
    assert "writes about 4 times" in haiku.text
    assert haiku.monthly - found.plans[API].best.monthly == 2000 * Decimal("0.5") * 3


def test_what_reasoning_adds_is_drawn() -> None:
    from tests.economics.cases import questionnaire

    facts = facts_of(QUESTIONNAIRE.format(model="gpt-4o", more=OSS))
    names = {each.name: each for each in uncertainties(facts, questionnaire(), catalogue(), [])}
    drawn = names["figure.reasoning_overhead"]
    assert (drawn.low, drawn.likely, drawn.high) == (Decimal("0.4"), Decimal(1), Decimal("2.5"))


def test_the_cheapest_seller_is_that_of_the_model_in_use_whatever_was_asked_before() -> None:
    """What reasoning adds counts beyond what the model in use adds: one that is dearer under the one may be cheaper."""
    text = QUESTIONNAIRE.format(model="gpt-4o", more="").replace("input_share: 75%", "input_share: 90%")
    demand = read_demand(facts_of(text), catalogue())
    assert isinstance(demand, Demand)
    models = ("Llama-4-Scout", "GLM-5.3", "gpt-oss-20b", "gpt-oss-120b", "Qwen3-Coder-30B-A3B")
    chosen = set()
    for reasoning in (Decimal(6), Decimal(0), Decimal("3.8"), Decimal("0.5"), None):
        asked = replace(demand, reasoning=reasoning)
        price = cheapest_sold(models, catalogue(), DAY, asked, None)
        assert price is not None
        chosen.add(price.model)
        least = min(plan.cost for plan in sold_plans(models, catalogue(), DAY, asked, None))
        assert tokens_cost(price, asked) == least, reasoning
    assert len(chosen) > 1, "the order in which it is asked must matter for this to show anything"


@pytest.mark.parametrize(("more", "thinks"), [(OSS, True), (PLAIN, False)])
def test_whether_the_model_of_a_plan_thinks_before_it_answers(more: str, thinks: bool) -> None:
    """GPT-6 Luna is priced without reasoning beside GPT-4o, and at the effort of its index beside GPT-5.4."""
    facts = derived(case("gpt-4o", more))
    assert [facts[name].value for name in ("open_plan_reasons", "own_plan_reasons")] == [thinks, thinks]
    assert facts["closed_plan_reasons"].value is False
    assert derived(case("gpt-5.4", more))["closed_plan_reasons"].value is True
