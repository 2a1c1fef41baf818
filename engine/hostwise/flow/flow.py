"""The house flow on one set of facts: derive, gate, choose, advise.

    answer facts ─► costs ─► derive ─► gate ─► what is left ─► choose ─► advise

It is pure: the same facts, rulebook, catalogue and date give the same run. Robustness and
"what would settle it" run it again with one fact changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.options import INFEASIBLE, UNDECIDED
from hostwise.economics.costing import Costing, cost_ledgers, cost_options
from hostwise.flow.choice_facts import choice_facts, verdict_facts
from hostwise.flow.gates import Gates, apply_gates
from hostwise.inference.hit_policies import FirstResult, first
from hostwise.inference.run import Engine, Inference, RuleTrace, infer
from hostwise.rulebook.language.rules import HOUSE, Rule, Rulebook, Verdict


class Status(StrEnum):
    """Whether the flow ends in an option."""

    DECIDED = "decided"
    UNDECIDED = UNDECIDED
    INFEASIBLE = INFEASIBLE


class Basis(Struct, frozen=True):
    """What a decision rests on besides the answers."""

    rulebook: Rulebook
    catalogue: Catalogue
    as_of: date
    engine: Engine

    @property
    def options(self) -> tuple[str, ...]:
        """The ids of all options, in catalogue order."""
        return tuple(self.catalogue.options)


class Choice(Struct, frozen=True):
    """The outcome of the flow: `possible` are the options that an unknown could still lead to."""

    status: Status
    option: str | None
    rule: RuleTrace | None
    possible: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """The option, or `undecided` or `infeasible` where there is none."""
        return self.option or self.status.value

    @property
    def rule_id(self) -> str | None:
        """The id of the rule that decides; None where none does."""
        return self.rule.rule.id if self.rule else None


class FlowRun(Struct, frozen=True):
    """One run of the flow, with every rule's truth value in the order in which the stages ran."""

    facts: Mapping[str, Fact]
    costing: Costing
    gates: Gates
    choice: Choice
    traces: tuple[RuleTrace, ...]


def run_flow(answers: Mapping[str, Fact], basis: Basis) -> FlowRun:
    """Run all stages on the facts of the answers."""
    costing = cost_options(answers, basis.catalogue, basis.as_of)
    return continue_flow({**answers, **{fact.name: fact for fact in costing.facts}}, costing, basis)


def continue_flow(facts: Mapping[str, Fact], costing: Costing, basis: Basis) -> FlowRun:
    """Run all stages on facts that are costed already."""
    run = choose_costed(facts, costing, basis)
    known = {**run.facts, **verdict_facts(run.choice.outcome, basis.catalogue)}
    advised = run_stage("advise", known, basis)
    return replace(run, facts=advised.facts, traces=run.traces + advised.traces)


def supposed_flow(answers: Mapping[str, Fact], basis: Basis) -> FlowRun:
    """Run the flow as far as the choice: enough to see what a supposed answer would lead to."""
    costing = cost_ledgers(answers, basis.catalogue, basis.as_of)
    facts = {**answers, **{fact.name: fact for fact in costing.facts}}
    return choose_costed(facts, costing, basis)


def choose_costed(facts: Mapping[str, Fact], costing: Costing, basis: Basis) -> FlowRun:
    """Derive, gate and choose on facts that are costed already."""
    derived = run_stage("derive", facts, basis)
    gated = run_stage("gate", derived.facts, basis)
    return _choose_among(gated.facts, derived.traces, gated.traces, costing, basis)


def choose_without(run: FlowRun, lifted: Collection[str], basis: Basis) -> FlowRun:
    """Choose again as if some gates, named by their ids, had not fired."""
    derived, gated = (tuple(t for t in run.traces if t.rule.stage == stage) for stage in ("derive", "gate"))
    kept = tuple(trace for trace in gated if trace.rule.id not in lifted)
    return _choose_among(run.facts, derived, kept, run.costing, basis)


def _choose_among(
    facts: Mapping[str, Fact],
    derived: tuple[RuleTrace, ...],
    gated: tuple[RuleTrace, ...],
    costing: Costing,
    basis: Basis,
) -> FlowRun:
    gates = apply_gates(gated, basis.options)
    chosen = run_stage("choose", {**facts, **choice_facts(gates, facts, basis.rulebook.choice_facts)}, basis)
    return FlowRun(
        facts=chosen.facts,
        costing=costing,
        gates=gates,
        choice=_choose(chosen, gates),
        traces=derived + gated + chosen.traces,
    )


def with_fact(answers: Mapping[str, Fact], changed: Fact) -> Mapping[str, Fact]:
    """The same answers with one fact changed to a point value."""
    return {**answers, changed.name: replace(changed, low=None, high=None)}


def run_stage(stage: str, facts: Mapping[str, Fact], basis: Basis) -> Inference:
    """Run the house rules of one stage on some facts."""
    rulebook = basis.rulebook
    rules = rulebook.stage(stage, HOUSE)
    defaults = rulebook.defaults(HOUSE) if stage == "derive" else None
    return infer(rules, facts, basis.engine, rulebook.specs, defaults)


def _choose(chosen: Inference, gates: Gates) -> Choice:
    feasible = gates.feasible
    if not feasible:
        return Choice(Status.INFEASIBLE, None, None, (), ())
    result = first(chosen.traces, lambda rule: _lands_on(rule, feasible) is not None)
    possible = _possible(result, feasible)
    if gates.unsettled:
        needs = _unique(n for trace in gates.unsettled for n in trace.unknown)
        return Choice(Status.UNDECIDED, None, result.chosen, possible, needs)
    if len(possible) == 1 and possible[0] != UNDECIDED:
        return Choice(Status.DECIDED, possible[0], result.chosen or result.possible[0], possible, ())
    needs = result.needs or _unknown_reads(result.chosen, chosen.facts)
    return Choice(Status.UNDECIDED, None, result.chosen, possible, needs)


def _lands_on(rule: Rule, feasible: tuple[str, ...]) -> str | None:
    then = rule.then
    assert isinstance(then, Verdict)
    return next((o for o in then.options if o in feasible or o == UNDECIDED), None)


def _unknown_reads(trace: RuleTrace | None, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """A rule that ends in `undecided` because something is unknown waits for what it reads."""
    return tuple(n for n in trace.reads if n not in facts or not facts[n].known) if trace else ()


def _possible(result: FirstResult, feasible: tuple[str, ...]) -> tuple[str, ...]:
    return _unique(o for trace in result.possible if (o := _lands_on(trace.rule, feasible)))


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
