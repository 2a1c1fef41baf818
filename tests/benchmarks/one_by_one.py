"""The choice among options on one set of facts, with any engine that finds the truths of rules: no trace.

What every engine that takes one case at a time is driven by, so that only the engines differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hostwise.answers.facts import Fact
from hostwise.flow.choice_facts import choice_facts
from hostwise.flow.flow import Basis, _choose
from hostwise.flow.gates import apply_gates
from hostwise.inference.hit_policies import derived_fact
from hostwise.inference.reference import truth_of
from hostwise.inference.run import Inference
from hostwise.inference.trace import RuleTrace, TraceNode, Truth
from hostwise.reading.identity_key import Same
from hostwise.rulebook.language.conditions import Always
from hostwise.rulebook.language.rules import HOUSE, Rule
from hostwise.rulebook.language.strata import strata

Facts = Mapping[str, Fact]
Truths = Callable[[Facts], Mapping[str, Truth]]
"""The truth of each rule of one layer, by id."""
NO_TRACE = TraceNode("always", None, Always(), Same({}))


@dataclass(frozen=True, slots=True)
class Layer:
    """Rules that run together, and what finds their truths."""

    rules: tuple[Rule, ...]
    truths: Truths

    def traces(self, facts: Facts) -> list[RuleTrace]:
        """The truths, as the rest of the flow takes them."""
        found = self.truths(facts)
        return [RuleTrace(rule, found[rule.id], NO_TRACE) for rule in self.rules]


@dataclass(frozen=True, slots=True)
class Chain:
    """Derive in layers, gate, choose."""

    basis: Basis
    derive: tuple[Layer, ...]
    gate: Layer
    choose: Layer

    def verdict(self, facts: Facts) -> str:
        """The option, `undecided` or `infeasible`."""
        defaults = self.basis.rulebook.defaults(HOUSE)
        known, traces = dict(facts), dict[str, RuleTrace]()
        makers: dict[str, list[Rule]] = {}
        for rule in (rule for layer in self.derive for rule in layer.rules):
            for name in rule.sets:
                makers.setdefault(name, []).append(rule)
        for layer in self.derive:
            traces |= {trace.rule.id: trace for trace in layer.traces(known)}
            for name in dict.fromkeys(name for rule in layer.rules for name in rule.sets):
                if all(rule.id in traces for rule in makers[name]):
                    known[name] = derived_fact(defaults[name], [traces[rule.id] for rule in makers[name]])
        gates = apply_gates(self.gate.traces(known), self.basis.options)
        known |= choice_facts(gates, known, self.basis.rulebook.choice_facts, self.basis.catalogue)
        choice = _choose(Inference(known, tuple(self.choose.traces(known))), gates)
        return choice.outcome


def chain(basis: Basis, engine: Callable[[tuple[Rule, ...]], Truths]) -> Chain:
    """The flow with the truths of an engine that is given the rules of each layer."""
    gate, choose = (basis.rulebook.stage(stage, HOUSE) for stage in ("gate", "choose"))
    derive = tuple(Layer(rules, engine(rules)) for rules in strata(basis.rulebook.stage("derive", HOUSE)))
    return Chain(basis, derive, Layer(gate, engine(gate)), Layer(choose, engine(choose)))


def reference(rules: Sequence[Rule]) -> Truths:
    """The plain loop: the reference evaluator walks the syntax tree of each rule."""
    return lambda facts: {rule.id: truth_of(rule.when, facts) for rule in rules}
