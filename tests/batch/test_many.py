"""Many decisions at once are the decisions one by one: verdict, rule and costs, on both engines."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.batch.varied_questionnaires import varied
from tests.examples import examples
from tests.workbench.random_questionnaires import RandomCase

from hostwise.answers.facts import Fact
from hostwise.answers.to_facts import answer_facts
from hostwise.batch.cases import numbers_of, population, repeated, replaced
from hostwise.batch.decide import decide_many
from hostwise.batch.outcomes import Outcomes
from hostwise.economics.cost_facts import economics_specs
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis, supposed_flow
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.inference.run import Engine
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decide import load_answers

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def basis(knowledge: Knowledge, engine: Engine = Engine.REFERENCE) -> Basis:
    return Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, engine)


def same(outcomes: Outcomes, case: int, facts: Mapping[str, Fact], on: Basis) -> None:
    """Assert that a case is what the flow on both engines makes of its facts."""
    try:
        run = supposed_flow(facts, replace(on, engine=Engine.BOTH))
    except InputError:
        assert outcomes.of(case) == ("refused", None)
        return
    choice = run.choice
    expected = choice.outcome, choice.rule_id
    assert outcomes.of(case) == expected
    left = [option for option, held in zip(outcomes.options, outcomes.left[case], strict=True) if held]
    assert left == list(run.gates.feasible)
    for option, cost in zip(outcomes.options, outcomes.costs[case], strict=True):
        amount = run.facts[monthly(option)].value
        if isinstance(amount, Decimal):
            # A last place may differ: floats cannot tell which way a half is rounded.
            assert cost == pytest.approx(float(amount), rel=1e-9, abs=2e-6), option
        else:
            assert np.isnan(cost), option


@pytest.mark.parametrize("half", [0, 1])
def test_random_questionnaires(knowledge: Knowledge, half: int, first_cases: Callable[[int], list[RandomCase]]) -> None:
    """Every question given, left out or unknown, numbers at and beside every threshold; all in one call."""
    cases = first_cases(examples(750))[half::2]
    costs = {fact.name for fact in cases[0][1].facts}
    rows = [{name: fact for name, fact in facts.items() if name not in costs} for facts, _ in cases]
    outcomes = decide_many(population(rows), basis(knowledge))
    for case, row in enumerate(rows):
        same(outcomes, case, row, basis(knowledge))


def test_random_questionnaires_with_ranges_unknowns_currencies_and_names(
    knowledge: Knowledge, first_cases: Callable[[int], list[RandomCase]]
) -> None:
    """Those that the economics refuse stay in; a currency without a rate leaves options without a price."""
    draw = random.Random(13)
    costs = set(economics_specs(knowledge.catalogue))
    plain = [{n: f for n, f in facts.items() if n not in costs} for facts, _ in first_cases(examples(750))]
    rows = [varied(row, draw, knowledge) for row in plain]
    outcomes = decide_many(population(rows), basis(knowledge))
    for case, row in enumerate(rows):
        same(outcomes, case, row, basis(knowledge))
    verdicts = {outcomes.of(case)[0] for case in range(len(rows))}
    assert {"refused", "undecided", "managed-api", "open-model-provider", "self-host-cloud"} <= verdicts
    assert any(fact.low is not None for row in rows for fact in row.values())


def test_all_examples_in_one_call(knowledge: Knowledge) -> None:
    rows = [answer_facts(load_answers(path), knowledge.questionnaire) for path in EXAMPLES]
    outcomes = decide_many(population(rows), basis(knowledge))
    for case, row in enumerate(rows):
        same(outcomes, case, row, basis(knowledge))


@settings(max_examples=12, deadline=None)
@given(
    path=st.sampled_from(EXAMPLES),
    volumes=st.lists(st.integers(1_000, 10**12), min_size=1, max_size=6),
    rent=st.decimals("0.5", "20", places=3),
)
def test_numbers_that_differ_from_case_to_case(path: Path, volumes: list[int], rent: Decimal) -> None:
    """The examples at other volumes and rents: replicas, peaks and splits step where they step one by one."""
    knowledge = load_knowledge()
    facts = answer_facts(load_answers(path), knowledge.questionnaire)
    stated = [name for name in facts if name.startswith("stated_") and "tokens_per_day" in name]
    facts |= {name: replace(facts[name], value=None, low=None, high=None) for name in stated}
    month = np.array(volumes, dtype=float)
    everything = replaced(
        repeated(facts, len(volumes)),
        {
            "stated_tokens_per_month": numbers_of(facts["stated_tokens_per_month"], month),
            "gpu_hourly_price": numbers_of(facts["gpu_hourly_price"], np.full(len(volumes), float(rent))),
        },
    )
    outcomes = decide_many(everything, basis(knowledge))
    for case in range(len(volumes)):
        same(outcomes, case, everything.at(case), basis(knowledge))


def test_a_step_is_taken_where_decimals_take_it(knowledge: Knowledge) -> None:
    """Volumes at which the replicas are full to the last token: floats cannot tell, so decimals decide."""
    facts = answer_facts(load_answers(EXAMPLES[-1]), knowledge.questionnaire)
    run = supposed_flow(facts, basis(knowledge))
    capacity = run.costing.ledgers["self-host-cloud"].capacity
    assert capacity is not None
    today = run.facts["tokens_per_month"].value
    assert isinstance(today, Decimal)
    full = today / Decimal(capacity["load"])
    facts |= {name: replace(facts[name], value=None, low=None, high=None) for name in facts if "tokens_per" in name}
    steps = np.array([float(full * n) * (1 + e) for n in (1, 2, 3) for e in (-1e-13, 0, 1e-13)])
    everything = replaced(
        repeated(facts, len(steps)), {"stated_tokens_per_month": numbers_of(facts["stated_tokens_per_month"], steps)}
    )
    outcomes = decide_many(everything, basis(knowledge))
    for case in range(len(steps)):
        same(outcomes, case, everything.at(case), basis(knowledge))


def test_requests_of_many_lengths_at_a_price_that_depends_on_them(knowledge: Knowledge) -> None:
    """Gemini charges more for prompts beyond 200,000 tokens: the cases part there, and nowhere else."""
    facts = answer_facts(load_answers(EXAMPLES[-1]), knowledge.questionnaire)
    for name in ("current_input_price", "current_output_price", "gpus_per_replica", "stated_throughput"):
        facts[name] = replace(facts[name], value=None, low=None, high=None)
    facts["current_provider"] = replace(facts["current_provider"], value="google")
    facts["current_model"] = replace(facts["current_model"], value="gemini-2.5-pro")
    lengths = np.geomspace(500, 900_000, 40)
    name = "stated_input_tokens_per_request"
    everything = replaced(repeated(facts, len(lengths)), {name: numbers_of(facts[name], lengths)})
    outcomes = decide_many(everything, basis(knowledge))
    for case in range(len(lengths)):
        same(outcomes, case, everything.at(case), basis(knowledge))
    api = outcomes.costs[:, outcomes.options.index("managed-api")]
    assert len(np.unique(np.round(api[~np.isnan(api)], 2))) > 1


def test_short_numbers_on_a_threshold_are_decided_on_arrays(knowledge: Knowledge) -> None:
    """0.1 − 0.09 is 0.01, not 0.010000000000000009: an answer that all cases share would make all of them doubtful."""
    path = next(each for each in EXAMPLES if each.stem == "regulated-sovereign-cloud")
    facts = answer_facts(load_answers(path), knowledge.questionnaire)
    gaps = np.arange(0, 41) / 200
    everything = replaced(repeated(facts, len(gaps)), {"quality_gap": numbers_of(facts["quality_gap"], gaps)})
    outcomes = decide_many(everything, basis(knowledge))
    assert outcomes.again == 0
    for case in range(0, len(gaps), 4):
        same(outcomes, case, everything.at(case), basis(knowledge))
