"""The flow on a handful of rules made for it: what gates leave, who decides, what is waited for, what is confirmed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.inference.rulebooks import SPECS, rulebook

from hostwise.answers.facts import Fact
from hostwise.answers.to_facts import answer_facts
from hostwise.economics.catalogue.computed_facts import LEAST_REGRET
from hostwise.flow.choice_facts import choice_specs
from hostwise.flow.flow import (
    Basis,
    Choice,
    FlowRun,
    Status,
    choose_costed,
    choose_without,
    conclude,
    confirm,
    continue_flow,
    run_flow,
    supposed_flow,
    waits_for_futures,
    with_fact,
)
from hostwise.flow.knowledge import load_knowledge
from hostwise.inference.run import Engine
from hostwise.record.decide import load_answers
from hostwise.workbench.cases.facts import NO_COSTING, facts_of, given_fact

EXAMPLES = Path(__file__).parents[2] / "examples"
OWN = ["self-host-cloud", "self-host-owned"]
Rules = list[dict[str, Any]]

DERIVE: Rules = [{"id": "large", "when": {"tokens": ">= 50M"}, "then": {"set": {"large": True}}}]
GATES: Rules = [
    {"id": "no-api", "when": {"closed": True}, "then": {"exclude": ["managed-api", "sovereign-api"]}},
    {"id": "own-only", "when": {"share": "> 50%"}, "then": {"require": OWN}},
    {"id": "no-machines", "when": {"people": 0}, "then": {"exclude": OWN}},
]
CHOICES: Rules = [
    {"id": "large-mix", "when": {"large": True}, "then": {"verdict": ["hybrid", "self-host-cloud"]}},
    {"id": "bursty-api", "when": {"shape": "bursty"}, "then": {"verdict": "managed-api"}},
    {"id": "no-price", "when": {"price": "unknown"}, "then": {"verdict": "undecided"}},
    {"id": "otherwise", "when": {"always": True}, "then": {"verdict": ["managed-api", "self-host-cloud", "hybrid"]}},
]
CONFIRMS: Rules = [
    {"id": "regretted", "when": {"chosen.share": "< 50%"}, "then": {"take": "least-regret"}},
    {"id": "stands", "when": {"always": True}, "then": {"take": "chosen"}},
]
ADVICE: Rules = [{"id": "mixed", "when": {"verdict": "hybrid"}, "then": {"note": "x"}}]
OPEN = {"closed": False, "share": Decimal(0), "people": Decimal(1), "tokens": Decimal(1), "shape": "steady",
        "price": Decimal(1)}  # fmt: skip
"""No gate fires, and `otherwise` decides."""


def basis_of(folder: Path, choices: Rules = CHOICES, confirms: Rules = CONFIRMS) -> Basis:
    """These rules, and the catalogue shipped."""
    known = load_knowledge()
    stages = {"derive": DERIVE, "gate": GATES, "choose": choices, "confirm": confirms, "advise": ADVICE}
    book = rulebook(
        folder,
        [{"stage": stage, **rule} for stage, rules in stages.items() for rule in rules],
        {"large": {"type": "boolean", "default": False}},
        {**SPECS, **choice_specs(known.catalogue)},
        known.catalogue,
    )
    return Basis(book, known.catalogue, known.as_of, Engine.REFERENCE)


def chosen(basis: Basis, **values: Any) -> FlowRun:
    """What the flow chooses on facts that differ from `OPEN`; None stands for unknown."""
    return choose_costed(facts_of({**OPEN, **values}, basis.rulebook), NO_COSTING, basis)


@pytest.fixture
def basis(tmp_path: Path) -> Basis:
    return basis_of(tmp_path)


def test_the_stages_run_in_their_order_and_each_rule_leaves_its_trace(basis: Basis) -> None:
    run = continue_flow(facts_of({**OPEN, "tokens": Decimal(60_000_000)}, basis.rulebook), NO_COSTING, basis)
    held = [trace.rule.id for trace in run.traces if trace.truth is True]
    assert held == ["large", "large-mix", "otherwise", "stands", "mixed"]
    stages = [trace.rule.stage for trace in run.traces]
    assert stages == [*["derive"] * 1, *["gate"] * 3, *["choose"] * 4, *["confirm"] * 2, "advise"]
    assert (run.choice, run.choice.rule_id, run.choice.outcome) == (run.chosen, "large-mix", "hybrid")
    assert run.facts["verdict"].value == "hybrid" and run.facts["large"].value is True


def test_gates_exclude_what_they_name_and_all_that_a_required_one_is_not(basis: Basis) -> None:
    assert chosen(basis).gates.excluded == {}
    shut = chosen(basis, closed=True).gates
    assert shut.excluded == {"managed-api": ("no-api",), "sovereign-api": ("no-api",)}
    assert shut.feasible == tuple(option for option in basis.options if option not in shut.excluded)
    own = chosen(basis, closed=True, share=Decimal(1)).gates
    assert set(own.feasible) == set(OWN)
    assert own.excluded["managed-api"] == ("no-api", "own-only") and own.excluded["edge"] == ("own-only",)


def test_a_rule_lands_on_the_first_of_its_options_that_is_left(basis: Basis) -> None:
    assert chosen(basis).choice.option == "managed-api"
    assert chosen(basis, closed=True).choice.option == "self-host-cloud"
    assert chosen(basis, closed=True, people=Decimal(0)).choice.option == "hybrid"
    assert chosen(basis, closed=True, shape="bursty").choice.rule_id == "otherwise"  # bursty-api has none left


def test_gates_that_leave_nothing_are_infeasible(basis: Basis) -> None:
    run = chosen(basis, share=Decimal(1), people=Decimal(0))
    assert run.choice == Choice(Status.INFEASIBLE, None, None, (), ())
    assert (run.choice.outcome, run.choice.rule_id) == ("infeasible", None)


def test_an_open_gate_is_waited_for_where_it_could_still_exclude_something(basis: Basis) -> None:
    run = chosen(basis, closed=None)
    assert [trace.rule.id for trace in run.gates.unsettled] == ["no-api"]
    assert (run.choice.status, run.choice.option, run.choice.needs) == (Status.UNDECIDED, None, ("closed",))
    assert (run.choice.outcome, run.choice.rule_id) == ("undecided", "otherwise")
    excluded_anyway = chosen(basis, closed=None, share=Decimal(1))
    assert excluded_anyway.gates.unsettled == () and excluded_anyway.choice.option == "self-host-cloud"


def test_an_unknown_before_the_rule_that_holds_is_waited_for_where_it_leads_elsewhere(basis: Basis) -> None:
    run = chosen(basis, tokens=None)
    assert (run.choice.status, run.choice.possible) == (Status.UNDECIDED, ("hybrid", "managed-api"))
    assert run.choice.needs == ("large",)
    alike = chosen(basis, shape=None)  # bursty or not, it is the managed API
    assert (alike.choice.status, alike.choice.rule_id) == (Status.DECIDED, "otherwise")
    assert (alike.choice.possible, alike.choice.needs) == (("managed-api",), ())


def test_where_nothing_but_unknown_rules_are_left_the_first_of_them_decides(tmp_path: Path) -> None:
    both = [{"id": f"r{n}", "when": {name: value}, "then": {"verdict": "edge"}}
            for n, (name, value) in enumerate([("shape", "bursty"), ("price", "> 1")])]  # fmt: skip
    choice = chosen(basis_of(tmp_path, both), shape=None, price=None).choice
    assert (choice.status, choice.option, choice.rule_id) == (Status.DECIDED, "edge", "r0")


def test_a_rule_that_says_undecided_waits_for_what_it_reads_and_nobody_knows(tmp_path: Path, basis: Basis) -> None:
    choice = chosen(basis, price=None).choice
    assert (choice.status, choice.rule_id, choice.needs) == (Status.UNDECIDED, "no-price", ("price",))
    unpriced = [{"id": "unpriced", "when": {"price": "unknown", "shape": "steady"}, "then": {"verdict": "undecided"}}]
    other = basis_of(tmp_path, unpriced)
    assert chosen(other, price=None).choice.needs == ("price",)
    given = {name: fact for name, fact in facts_of(OPEN, other.rulebook).items() if name != "price"}
    assert choose_costed(given, NO_COSTING, other).choice.needs == ("price",)  # not there at all: unknown as well
    never = chosen(other, shape="bursty").choice
    assert (never.status, never.rule_id, never.possible, never.needs) == (Status.UNDECIDED, None, (), ())


def test_a_gate_that_is_lifted_is_as_if_it_had_not_fired(basis: Basis) -> None:
    run = chosen(basis, closed=True, people=Decimal(0))
    lifted = choose_without(run, {"no-api"}, basis)
    assert lifted.gates.excluded == dict.fromkeys(OWN, ("no-machines",))
    assert lifted.choice.option == "managed-api"
    assert [trace.rule.stage for trace in lifted.traces] == ["derive", *["gate"] * 2, *["choose"] * 4]


def futures(basis: Basis, **values: Any) -> dict[str, Fact]:
    """What the futures of a choice say: the share that comes to it, and the option of least regret."""
    named = {"chosen.share": values.get("share"), LEAST_REGRET: values.get("least")}
    return {name: given_fact(basis.rulebook.specs[name], value) for name, value in named.items()}


def test_a_choice_that_its_futures_regret_is_replaced(basis: Basis) -> None:
    said = futures(basis, share=Decimal("0.2"), least="hybrid")
    run = conclude(chosen(basis), said, basis)
    assert (run.choice.option, run.choice.rule_id, run.choice.status) == ("hybrid", "regretted", Status.DECIDED)
    assert run.chosen.option == "managed-api"
    assert run.confirmation is not None and run.confirmation.rule.id == "regretted"
    assert {trace.rule.id for trace in run.traces if trace.truth is True} >= {"otherwise", "regretted", "mixed"}


def test_never_by_an_option_that_a_gate_excludes_or_that_is_not_known(basis: Basis) -> None:
    for values, least in (({"closed": True}, "managed-api"), ({}, None)):
        run = conclude(chosen(basis, **values), futures(basis, share=Decimal("0.2"), least=least), basis)
        assert run.choice == run.chosen and run.confirmation is not None
        assert run.confirmation.rule.id == "regretted"
    without = {name: fact for name, fact in futures(basis, share=Decimal("0.2")).items() if name != LEAST_REGRET}
    run = chosen(basis)
    bare = replace(run, facts={name: fact for name, fact in run.facts.items() if name != LEAST_REGRET})
    assert conclude(bare, without, basis).choice == run.choice


def test_a_choice_that_stands_keeps_the_rule_that_made_it(basis: Basis) -> None:
    run = conclude(chosen(basis), futures(basis, share=Decimal("0.8"), least="hybrid"), basis)
    assert (run.choice, run.choice.rule_id) == (run.chosen, "otherwise")
    assert run.confirmation is not None and run.confirmation.rule.id == "stands"


def test_where_no_rule_confirms_the_choice_stands(tmp_path: Path) -> None:
    basis = basis_of(tmp_path, confirms=CONFIRMS[:1])
    run = conclude(chosen(basis), futures(basis, share=Decimal("0.8"), least="hybrid"), basis)
    assert (run.choice.option, run.confirmation) == ("managed-api", None)


def test_an_open_decision_has_no_choice_to_confirm(basis: Basis) -> None:
    open_ = chosen(basis, closed=None)
    assert confirm(open_, basis) is open_
    assert waits_for_futures(open_, basis) is False


def test_futures_are_waited_for_where_a_rule_could_still_replace_the_choice(tmp_path: Path, basis: Basis) -> None:
    assert waits_for_futures(chosen(basis), basis)
    kept: dict[str, Any] = {"id": "kept", "when": {"people": ">= 2"}, "then": {"take": "chosen"}}
    small: dict[str, Any] = {"id": "small", "when": {"people": 1}, "then": {"take": "least-change"}}
    first = basis_of(tmp_path, confirms=[kept, *CONFIRMS])
    assert waits_for_futures(chosen(first, people=Decimal(2)), first) is False  # it stands, whatever they say
    assert waits_for_futures(chosen(first, people=Decimal(1)), first)
    sure = basis_of(tmp_path, confirms=[small, kept])
    assert waits_for_futures(chosen(sure), sure)  # it will be replaced
    assert waits_for_futures(chosen(sure, people=Decimal(3)), sure) is False
    never = basis_of(tmp_path, confirms=[small])
    assert waits_for_futures(chosen(never, people=Decimal(3)), never) is False


def test_a_supposed_answer_has_no_range(basis: Basis) -> None:
    fact = replace(facts_of(OPEN, basis.rulebook)["tokens"], low=Decimal(1), high=Decimal(9))
    changed = with_fact({"tokens": fact, "other": fact}, fact)["tokens"]
    assert (changed.value, changed.low, changed.high) == (fact.value, None, None)


def test_a_questionnaire_is_costed_before_it_is_decided() -> None:
    known = load_knowledge()
    facts = answer_facts(load_answers(EXAMPLES / "support-summariser.yaml"), known.questionnaire)
    basis = Basis(known.rulebook, known.catalogue, known.as_of, Engine.REFERENCE)
    run, supposed = run_flow(facts, basis), supposed_flow(facts, basis)
    assert run.choice.option == supposed.choice.option is not None
    assert "cost.managed_api.monthly" in run.facts and run.traces[-1].rule.stage == "advise"
    assert supposed.traces[-1].rule.stage == "choose"
