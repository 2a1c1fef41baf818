"""An open decision always names an answer to look at, also where every answer that it waits for was given."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from tests.examples import examples
from tests.workbench.random_questionnaires import RandomCase

from hostwise.flow.flow import Basis, FlowRun, Status, choose_costed
from hostwise.flow.knowledge import load_knowledge
from hostwise.flow.why.needs import Decided, what_settles
from hostwise.inference.run import Engine
from hostwise.record.decide import answers_from_text, first_answer
from hostwise.record.format.record import Record
from hostwise.report.terminal.decision import decision_text

EXAMPLES = Path(__file__).parents[2] / "examples"

CASE = """
workload: {name: Random}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {tokens_per_month: 1000000000000000}
current_api: {tier: open-model}
self_host: {gpu_hourly_price: 1000}
quality: {gap: -0.9, evaluation_items: 62006}
"""


def test_an_open_model_in_use_stays_where_no_proprietary_price_can_be_known() -> None:
    """What is in use serves an open model: no proprietary API has to be priced before it may stay."""
    record = first_answer(answers_from_text(CASE, "case.yaml"), engine="reference")
    assert (record.verdict.option, record.verdict.rule) == ("open-model-provider", "choose.open-model-in-use")


@pytest.fixture(scope="module")
def blank() -> Record:
    """What is decided of a questionnaire without an answer."""
    return first_answer(answers_from_text("workload: {name: Blank}", "blank.yaml"), engine="reference")


def test_every_answer_that_stands_in_the_way_is_named_the_most_worth_first(blank: Record) -> None:
    """Open gates, and the volume that would still be open behind them; what it would be today is said beside them."""
    keys = [need.key for need in blank.verdict.needs]
    gates = {"external_processing", "air_gapped", "edge_or_offline", "residency", "fine_tuning"}
    assert {f"constraints.{gate}" for gate in gates} | {"demand.tokens_per_day"} <= set(keys)
    worth = [each.key for each in blank.robustness.questions if each.key in keys]
    assert worth and [key for key in keys if key in worth] == worth == keys[: len(worth)]
    assert "If it had to be decided today: " in blank.verdict.sentence


UNPRICED = """workload: {name: 8B on a card without a price, task: classification, stage: production}
constraints: {external_processing: allowed, air_gapped: false, edge_or_offline: false, residency: none,
              fine_tuning: none}
demand: {tokens_per_day: 800M, input_share: 95%, traffic_shape: steady, stable: true}
self_host: {model: Llama-3.1-8B, gpu: Trainium 2, purchase: reserved, throughput: 9000, gpus_per_replica: 1}
team: {gpu_operations: platform-team, spare_fte: 0.5}
"""


def test_what_it_would_be_today_is_the_cheapest_with_a_price_where_most_futures_wait_for_one() -> None:
    """The few futures that wait for none named the API, at three times the cost of the provider, and "$0 more"."""
    record = first_answer(answers_from_text(UNPRICED, "w.yaml"), engine="reference")
    costs = {ledger.option: ledger.total.likely for ledger in record.ledgers if ledger.total is not None}
    assert costs["open-model-provider"] < costs["managed-api"] / 2
    said = record.verdict.sentence
    assert "today: Managed open-model provider, the cheapest on average of those that are left" in said
    assert "plausible futures wait for what must be known." in said and "more on average" not in said
    assert re.search(r"have a price, \$[\d,.]+ a month above the cheapest of them in each future\.", said)


def test_what_it_would_be_today_is_said_where_what_is_settled_has_no_price() -> None:
    """Nothing was said: the futures that wait for no price came to an API whose price nobody knows."""
    text = (
        "workload: {name: w, task: rag, stage: production}\n"
        "constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none,"
        " fine_tuning: provider-service}\n"
        "demand: {tokens_per_month: 20M, input_share: 50%, stable: no, latency_p95: 200ms}\n"
        "team: {gpu_operations: platform-team, spare_fte: 1}\n"
    )
    record = first_answer(answers_from_text(text, "w.yaml"), engine="reference")
    assert {each.verdict for each in record.robustness.shares} == {"undecided", "managed-api"}
    assert next(each for each in record.ledgers if each.option == "managed-api").total is None
    assert "If it had to be decided today: Managed open-model provider, the cheapest" in record.verdict.sentence


def test_what_it_would_be_today_is_what_most_futures_come_to_and_says_how_many_rule_it_out() -> None:
    """Own hosting is ruled out in none, and costs thirteen times as much. It stood beside a bar that named the API."""
    text = (EXAMPLES / "unanswered-gate.yaml").read_text("utf-8")
    record = first_answer(answers_from_text(text, "gate.yaml"), engine="reference")
    commonest = max(record.robustness.shares, key=lambda share: share.count)
    assert commonest.verdict == "managed-api"
    sentence = record.verdict.sentence
    found = re.search(r"today: Managed API\. It comes out in about (\d+) of 100 .+; about 22 rule it out", sentence)
    assert found and abs(int(found[1]) - commonest.share * 100) <= Decimal("0.5")
    assert f"Of 100 plausible futures: Managed API in {found[1]};" in " ".join(decision_text(record).split())


def as_it_is(run: FlowRun) -> Decided:
    """Whatever is supposed, the run itself: only what is asked matters."""
    return lambda _: run


def test_no_open_decision_names_nothing(first_cases: Callable[[int], list[RandomCase]]) -> None:
    """Random questionnaires, seeded: whatever is left open, some answer to it is named."""
    knowledge = load_knowledge()
    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.REFERENCE)
    open_ = 0
    cases = first_cases(examples(1000))
    for facts, costing in cases:
        run = choose_costed(facts, costing, basis)
        if run.choice.status is Status.UNDECIDED:
            open_ += 1
            assert what_settles(run, facts, as_it_is(run), knowledge.questionnaire), run.choice
    assert open_ > len(cases) / 4


def test_what_an_answer_settles_is_said_as_it_is(blank: Record) -> None:
    """Where it does not settle anything alone, or nothing else is possible, no list of outcomes says so."""
    settles = {need.key: need.settles for need in blank.verdict.needs}
    assert settles["constraints.external_processing"] == "It does not settle the decision by itself."
    assert settles["constraints.edge_or_offline"] == "yes: On the device; no: still open"
    unpriced = """
workload: {name: No volume}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
"""
    for need in first_answer(answers_from_text(unpriced, "x.yaml"), engine="reference").verdict.needs:
        assert "between still open" not in need.settles
        assert need.settles


def test_a_volume_is_asked_for_once_in_either_of_its_units() -> None:
    """Either answer is enough: neither the sentence nor what is to find out asks for both."""
    gates = CASE.partition("demand:")[0]
    verdict = first_answer(answers_from_text(gates, "gates.yaml"), engine="reference").verdict
    assert "Not decided yet: tokens a day or tokens a month must be known first." in verdict.sentence
    assert [(need.key, need.label) for need in verdict.needs] == [
        ("demand.tokens_per_day", "tokens a day or tokens a month")
    ]


def test_of_a_bill_alone_the_model_is_asked_for() -> None:
    """It was the tokens, which take a week to count: the bill says them, once it is known what it was paid for."""
    text = (
        "workload: {name: bill}\n"
        "constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none,"
        " fine_tuning: none}\n"
        "current_api: {provider: openai, spend_per_month: $2300}\n"
    )
    named, unlisted = (text.replace("spend", f"model: {model}, spend") for model in ("gpt-5.2", "our-own"))
    verdict = first_answer(answers_from_text(text, "bill.yaml")).verdict
    assert [need.key for need in verdict.needs] == ["current_api.model"]
    assert first_answer(answers_from_text(named, "bill.yaml")).verdict.status == "decided"
    assert first_answer(answers_from_text(unlisted, "bill.yaml")).verdict.needs[0].key == "demand.tokens_per_day"


def test_a_value_that_contradicts_what_is_answered_settles_nothing() -> None:
    """An H100 stands at nobody's desk: that nobody knows whether it is one person's tool ended the decision."""
    text = (EXAMPLES / "support-summariser.yaml").read_text("utf-8").replace("team:", "team:\n  single_user: unknown")
    record = first_answer(answers_from_text(text, "w.yaml"), engine="reference")
    (need,) = record.verdict.needs
    assert need.key == "team.single_user" and need.settles == "no: Managed open-model provider"


SOONER_THAN_AN_API = """workload: {name: w, task: classification, stage: pilot}
constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
demand: {latency_p95: 6ms}
team: {gpu_operations: platform-team}
"""


def test_own_gpus_are_not_what_is_left_before_any_is_known_to_be_quick_enough() -> None:
    """It said "host an open model yourselves", right in none of its futures: 6 ms are met by no GPU either."""
    verdict = first_answer(answers_from_text(SOONER_THAN_AN_API, "w.yaml")).verdict
    assert verdict.status == "undecided"
    assert [need.key for need in verdict.needs] == ["demand.tokens_per_day"]
    with_volume = SOONER_THAN_AN_API.replace("{latency_p95: 6ms}", "{latency_p95: 6ms, tokens_per_day: 50M}")
    assert first_answer(answers_from_text(with_volume, "w.yaml")).verdict.status == "infeasible"
    inside = SOONER_THAN_AN_API.replace("allowed", "forbidden").replace("6ms", "900ms")
    assert first_answer(answers_from_text(inside, "w.yaml")).verdict.option == "self-host-cloud"
