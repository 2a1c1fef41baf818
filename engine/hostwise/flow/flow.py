"""The house flow on one set of facts: derive, gate, choose, confirm, advise.

    answer facts ─► costs ─► derive ─► gate ─► what is left ─► choose ─► futures ─► confirm ─► advise

It is pure: the same facts, rulebook, catalogue and date give the same run. Robustness and
"what would settle it" run it again with one fact changed. The futures of a choice are drawn by a layer above: what they
say comes in as facts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.computed_facts import LEAST_REGRET, UNCHANGED
from hostwise.economics.catalogue.options import INFEASIBLE, UNDECIDED
from hostwise.economics.costing import Costing, cost_ledgers, cost_options
from hostwise.flow.choice_facts import choice_facts, chosen_facts, verdict_facts
from hostwise.flow.gates import Gates, apply_gates
from hostwise.inference.hit_policies import FirstResult, first
from hostwise.inference.run import Engine, Inference, RuleTrace, infer
from hostwise.rulebook.language.rules import CHOSEN, HOUSE, LEAST_CHANGE, Rule, Rulebook, Take, Verdict
from hostwise.rulebook.language.rules import LEAST_REGRET as TAKES_LEAST_REGRET

TAKEN_FROM: Mapping[str, str] = {LEAST_CHANGE: UNCHANGED, TAKES_LEAST_REGRET: LEAST_REGRET}
"""What a rule that confirms may take in place of the choice, and the fact that names it."""


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
    """One run of the flow, with every rule's truth value in the order in which the stages ran.

    `choice` is the verdict, `chosen` what the stage `choose` came to, and `confirmation` the rule that kept or replaced
    it, once that stage has run.
    """

    facts: Mapping[str, Fact]
    costing: Costing
    gates: Gates
    choice: Choice
    traces: tuple[RuleTrace, ...]
    chosen: Choice
    confirmation: RuleTrace | None = None


def choose_flow(answers: Mapping[str, Fact], basis: Basis) -> FlowRun:
    """Run the stages as far as the choice on the facts of the answers, with all that a record says of costs."""
    costing = cost_options(answers, basis.catalogue, basis.as_of)
    return choose_costed({**answers, **{fact.name: fact for fact in costing.facts}}, costing, basis)


def continue_flow(facts: Mapping[str, Fact], costing: Costing, basis: Basis) -> FlowRun:
    """Run all stages on facts that are costed already, those that futures give among them."""
    return conclude(choose_costed(facts, costing, basis), {}, basis)


def run_flow(answers: Mapping[str, Fact], basis: Basis) -> FlowRun:
    """Run all stages without futures: the choice stands."""
    return conclude(choose_flow(answers, basis), {}, basis)


def conclude(run: FlowRun, futures: Mapping[str, Fact], basis: Basis) -> FlowRun:
    """Confirm a choice by what its futures say of it, and advise."""
    run = confirm(replace(run, facts={**run.facts, **futures}), basis)
    known = {**run.facts, **verdict_facts(run.choice.outcome, basis.catalogue)}
    advised = run_stage("advise", known, basis)
    return replace(run, facts=advised.facts, traces=run.traces + advised.traces)


def confirm(run: FlowRun, basis: Basis) -> FlowRun:
    """Hold a choice against what its futures say, which stands among the facts: the first rule that holds decides."""
    if run.choice.option is None:
        return run
    stage = run_stage("confirm", run.facts, basis)
    held = next((trace for trace in stage.traces if trace.truth is True), None)
    option = taken(held.rule, run) if held else run.choice.option
    choice = run.choice if option == run.choice.option else replace(run.choice, option=option, rule=held)
    return replace(run, choice=choice, traces=run.traces + stage.traces, confirmation=held)


def taken(rule: Rule, run: FlowRun) -> str | None:
    """The option that a rule takes: never one that a gate excludes."""
    assert isinstance(rule.then, Take)
    named = run.facts.get(TAKEN_FROM.get(rule.then.take, ""))
    option = named.value if named is not None else None
    return str(option) if option in run.gates.feasible else run.choice.option


def waits_for_futures(run: FlowRun, basis: Basis) -> bool:
    """Whether some rule that confirms could still replace the choice: its truth hangs on what the futures say."""
    if run.choice.option is None:
        return False
    for trace in run_stage("confirm", run.facts, basis).traces:
        assert isinstance(trace.rule.then, Take)
        if trace.truth is not False and trace.rule.then.take != CHOSEN:
            return True
        if trace.truth is True:
            return False
    return False


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
    left = choice_facts(gates, facts, basis.rulebook.choice_facts, basis.catalogue)
    chosen = run_stage("choose", {**facts, **left}, basis)
    choice = _choose(chosen, gates)
    return FlowRun(
        facts={**chosen.facts, **chosen_facts(choice.option, gates, chosen.facts, basis.catalogue)},
        costing=costing,
        gates=gates,
        choice=choice,
        traces=derived + gated + chosen.traces,
        chosen=choice,
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
    result = first(chosen.traces, lambda rule: lands_on(rule, feasible) is not None)
    possible = _possible(result, feasible)
    if gates.unsettled:
        needs = _unique(n for trace in gates.unsettled for n in trace.unknown)
        return Choice(Status.UNDECIDED, None, result.chosen, possible, needs)
    if len(possible) == 1 and possible[0] != UNDECIDED:
        return Choice(Status.DECIDED, possible[0], result.chosen or result.possible[0], possible, ())
    needs = result.needs or _unknown_reads(result.chosen, chosen.facts)
    return Choice(Status.UNDECIDED, None, result.chosen, possible, needs)


def lands_on(rule: Rule, feasible: tuple[str, ...]) -> str | None:
    """The option that a rule would choose: the first that it names and no gate excludes."""
    then = rule.then
    assert isinstance(then, Verdict)
    return next((o for o in then.options if o in feasible or o == UNDECIDED), None)


def _unknown_reads(trace: RuleTrace | None, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """A rule that ends in `undecided` because something is unknown waits for what it reads."""
    return tuple(n for n in trace.reads if n not in facts or not facts[n].known) if trace else ()


def _possible(result: FirstResult, feasible: tuple[str, ...]) -> tuple[str, ...]:
    return _unique(o for trace in result.possible if (o := lands_on(trace.rule, feasible)))


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
