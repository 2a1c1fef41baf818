"""What must hold for every questionnaire, tried on many: gates, the team, the cost veto, and monotony.

Costs are free here: whatever the ledgers come to, these hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from hostwise.answers.facts import Fact, FactSpec, FactType, Origin, Provenance
from hostwise.flow.flow import Basis, FlowRun, Status, continue_flow
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.inference.run import Engine

OUTSIDE = {"managed-api", "sovereign-api", "open-model-provider", "hybrid"}
OWN = {"self-host-cloud", "self-host-owned", "hybrid"}
NO_COSTING: Any = SimpleNamespace(ledgers={}, facts=(), break_evens=(), notes=())
OPTIONS = (
    "managed_api",
    "sovereign_api",
    "open_model_provider",
    "self_host_cloud",
    "self_host_owned",
    "hybrid",
)
COSTS = tuple(f"cost.{option}.monthly" for option in OPTIONS)
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "tokens_per_month": ("0", "499999999", "500000000", "1500000000", "3000000000", "20000000000"),
    "quality_gap": ("-0.05", "0.04", "0.05", "0.08", "0.10", "0.30"),
    "evaluation_items": ("50", "100", "200"),
    "evaluation_days": ("1", "2", "5"),
    "constrained_share": ("0", "0.2", "1"),
    "batch_share": ("0", "0.3", "1"),
    "triage_share": ("0", "0.8"),
    "required_margin": ("0", "0.1"),
    "spare_fte": ("0", "0.5", "1"),
    "api_spend_usd_month": ("100", "700", "9000"),
    "api_spend_gbp_month": ("80", "600"),
    "regulations.count": ("0", "2"),
    **dict.fromkeys(COSTS, ("0", "500", "2000", "9000", "40000")),
}
CHOICES = (
    "external_processing",
    "air_gapped",
    "edge_or_offline",
    "residency",
    "fine_tuning",
    "sovereign_api_acceptable",
    "purchase",
    "organisation",
    "gpu_team",
    "stable",
    "traffic_mix",
    "traffic_shape",
    "replaced_tier",
    "device_fit",
    "power_within_limit",
    "single_user",
    "api_model_moves",
    "api_model_leaves",
    "open_scored_well",
)
HARMLESS: Mapping[str, Any] = {
    "external_processing": "allowed",
    "air_gapped": False,
    "edge_or_offline": False,
    "residency": "none",
    "fine_tuning": "none",
    "constrained_share": Decimal(0),
}
GATES = tuple(HARMLESS)[:5]
EXEMPT = {
    "quality_gap",
    "evaluation_items",
    "sovereign_api_acceptable",
    "regulations.count",
    "power_within_limit",
    "cost.hybrid.monthly",
}
KNOWLEDGE = load_knowledge()
SPECS = KNOWLEDGE.rulebook.specs


def fact(spec: FactSpec, value: Any) -> Fact:
    unit = "USD/month" if spec.type is FactType.MONEY else spec.unit
    return Fact(spec.name, spec.type, value, Provenance(Origin.GIVEN), unit=unit)


def values_of(name: str) -> tuple[Any, ...]:
    if name in NUMBERS:
        return tuple(Decimal(number) for number in NUMBERS[name])
    spec = SPECS[name]
    return (True, False) if spec.type is FactType.BOOLEAN else spec.values


@st.composite
def answers(draw: st.DrawFn, unknowns: int) -> dict[str, Any]:
    """Answers to all but `unknowns` questions; most gates are open, so that the choice is tried."""
    written = {name: draw(st.sampled_from(values_of(name))) for name in (*CHOICES, *NUMBERS)}
    for name, harmless in HARMLESS.items():
        if draw(st.integers(0, 9)) < 8:
            written[name] = harmless
    blank = draw(st.sets(st.sampled_from((*CHOICES, *NUMBERS)), max_size=unknowns))
    return {**written, **dict.fromkeys(blank)}


def decide(knowledge: Knowledge, written: Mapping[str, Any]) -> FlowRun:
    derived = knowledge.rulebook.defaults("house")
    facts = {name: fact(spec, written.get(name)) for name, spec in SPECS.items() if name not in derived}
    month = written.get("tokens_per_month")
    facts["tokens_per_day"] = fact(SPECS["tokens_per_day"], None if month is None else month / 30)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.REFERENCE)
    return continue_flow(facts, NO_COSTING, basis)


def option(written: Mapping[str, Any]) -> str | None:
    return decide(KNOWLEDGE, written).choice.option


@settings(max_examples=examples(150))
@given(answers(unknowns=3))
def test_what_may_not_leave_is_never_sent_outside(written: dict[str, Any]) -> None:
    for name, value in (
        ("external_processing", "forbidden"),
        ("air_gapped", True),
        ("fine_tuning", "data-cannot-leave"),
    ):
        run = decide(KNOWLEDGE, {**written, name: value})
        assert run.choice.option not in OUTSIDE
        if name == "air_gapped":
            assert run.choice.option != "self-host-cloud"


@settings(max_examples=examples(150))
@given(answers(unknowns=3))
def test_a_gate_that_nobody_answered_is_never_taken_as_no(written: dict[str, Any]) -> None:
    """Where a verdict stands although a gate is open, every answer to that gate gives the same verdict."""
    run = decide(KNOWLEDGE, written)
    if run.choice.status is not Status.DECIDED:
        return
    for gate in GATES:
        if written[gate] is None:
            for value in values_of(gate):
                later = decide(KNOWLEDGE, {**written, gate: value})
                assert later.choice.option in (run.choice.option, None), (gate, value)


@settings(max_examples=examples(200))
@given(answers(unknowns=0))
def test_with_every_answer_there_is_one_verdict_that_no_gate_excludes(written: dict[str, Any]) -> None:
    run = decide(KNOWLEDGE, written)
    assert run.choice.status is not Status.UNDECIDED
    if run.choice.status is Status.DECIDED:
        assert run.choice.option not in run.gates.excluded
    else:
        assert not run.gates.feasible


@settings(max_examples=examples(200))
@given(answers(unknowns=3))
def test_no_own_gpus_without_a_team_unless_a_gate_leaves_no_api(written: dict[str, Any]) -> None:
    run = decide(KNOWLEDGE, {**written, "gpu_team": "none", "single_user": False})
    if run.choice.option in OWN:
        assert run.facts["feasible.any_api"].value is False


@settings(max_examples=examples(200))
@given(answers(unknowns=3))
def test_the_cost_veto(written: dict[str, Any]) -> None:
    """While an API is left, own GPUs are chosen only where they are cheaper than the cheapest API."""
    run = decide(KNOWLEDGE, written)
    if run.choice.option in OWN and run.facts["feasible.any_api"].value is True:
        own = run.facts[f"cost.{str(run.choice.option).replace('-', '_')}.monthly"].value
        api = run.facts["best_api.monthly"].value
        assert isinstance(own, Decimal)
        assert isinstance(api, Decimal)
        assert own < api


@settings(max_examples=examples(150))
@given(
    answers(unknowns=0),
    st.sampled_from(values_of("quality_gap")),
    st.sampled_from(values_of("quality_gap")),
)
def test_a_bigger_gap_never_moves_towards_own_hosting(written: dict[str, Any], one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    before, after = option({**written, "quality_gap": low}), option({**written, "quality_gap": high})
    if after in OWN:
        assert before in OWN


@settings(max_examples=examples(150))
@given(answers(unknowns=0), st.sampled_from(COSTS[3:]), st.sampled_from(values_of(COSTS[0])))
def test_dearer_own_hosting_never_moves_towards_it(written: dict[str, Any], cost: str, more: Decimal) -> None:
    before, after = option(written), option({**written, cost: written[cost] + more})
    if after not in (before, None):
        assert f"cost.{str(after).replace('-', '_')}.monthly" != cost


@settings(max_examples=examples(150))
@given(answers(unknowns=0), st.sampled_from(values_of(COSTS[0])))
def test_a_dearer_managed_api_never_brings_it_back(written: dict[str, Any], more: Decimal) -> None:
    dearer = {**written, COSTS[0]: written[COSTS[0]] + more}
    if option(dearer) == "managed-api":
        assert option(written) == "managed-api"


@settings(max_examples=examples(150))
@given(answers(unknowns=3), st.sampled_from((*CHOICES, *NUMBERS)))
def test_a_verdict_rests_on_no_unknown_answer(written: dict[str, Any], name: str) -> None:
    """But for quality (an evaluation is then a condition) and what only adds an option or a ledger."""
    run = decide(KNOWLEDGE, {**written, name: None})
    if name in EXEMPT or run.choice.status is not Status.DECIDED:
        return
    for value in values_of(name):
        later = decide(KNOWLEDGE, {**written, name: value})
        assert later.choice.option == run.choice.option or later.choice.status is not Status.DECIDED, value


@pytest.mark.parametrize("name", [*CHOICES, *NUMBERS])
def test_the_questions_tried_here_exist(name: str) -> None:
    assert name in SPECS
    assert values_of(name)
