"""The house flow and the panel as formulas: what `decision.flow` computes, for every case at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import z3
from msgspec import Struct, field

from hostwise.answers.facts import FactSpec
from hostwise.economics.catalogue.computed_facts import CHOSEN, OF_VERDICT, AnyLeft, Cheapest
from hostwise.economics.catalogue.options import INFEASIBLE, UNDECIDED
from hostwise.flow.choice_facts import left, monthly
from hostwise.flow.flow import TAKEN_FROM
from hostwise.flow.gates import options_excluded
from hostwise.rulebook.language.conditions import facts_read
from hostwise.rulebook.language.rules import HOUSE, NUMERIC_POLICIES, DerivedFact, Rule, Rulebook, Take, Verdict
from hostwise.rulebook.tables.decision_tables import derived_in_order
from hostwise.workbench.proof.terms import (
    NO,
    YES,
    Bool,
    SolverTruth,
    Term,
    all_of,
    any_of,
    constant,
    free,
    in_range,
    truth,
)


class SolverFlow(Struct):
    """One case in the solver. `given` are the facts that are free, `terms` all facts, `laws` what ties them together.

    `possible` says when the choice could still end in an option, `outcome` when each verdict (an option,
    `undecided`, `infeasible`) is reached once it is confirmed, `chosen` when each choice rule is the one that decides,
    `confirmed` when each rule that confirms is, `votes` when a
    document's rule casts its vote, `conflicts` when two rules give a derived fact different values. `like` is another
    case that this one differs from in a few facts: what reads none of them is taken from there, not built again.
    """

    given: Mapping[str, Term]
    terms: dict[str, Term]
    truths: dict[str, SolverTruth] = field(default_factory=dict)
    laws: list[Bool] = field(default_factory=list)
    excluded: dict[str, Bool] = field(default_factory=dict)
    possible: dict[str, Bool] = field(default_factory=dict)
    outcome: dict[str, Bool] = field(default_factory=dict)
    chosen: dict[str, Bool] = field(default_factory=dict)
    confirmed: dict[str, Bool] = field(default_factory=dict)
    votes: dict[str, Bool] = field(default_factory=dict)
    conflicts: dict[tuple[str, str, str], Bool] = field(default_factory=dict)
    like: SolverFlow | None = None

    def judge(self, rule: Rule) -> SolverTruth:
        """When the condition of a rule is true, and when it is false."""
        if self.like and all(self.terms.get(name) is self.like.terms.get(name) for name in rule.reads):
            self.truths[rule.id] = self.like.truths[rule.id]
        else:
            self.truths[rule.id] = truth(rule.when, self.terms)
        return self.truths[rule.id]

    def judged_alike(self, rules: Iterable[Rule]) -> bool:
        """Whether the rules have the same truths as in the case that this one is like."""
        like = self.like
        return like is not None and all(self.truths[rule.id] is like.truths[rule.id] for rule in rules)


def given_specs(rulebook: Rulebook, options: Sequence[str], also: Iterable[str] = ()) -> dict[str, FactSpec]:
    """The facts that rules, or `also`, read and that are given from outside: neither rules nor the choice make them."""
    made = {fact.spec.name for pack in rulebook.packs for fact in pack.facts}
    made |= {name for o in options for name in (left(o),)} | {*OF_VERDICT, CHOSEN}
    for entry in rulebook.choice_facts:
        made |= {f"{entry.name}.option", f"{entry.name}.monthly"} if isinstance(entry, Cheapest) else {entry.name}
    read = {name for rule in rulebook.rules for name in rule.reads} | {monthly(option) for option in options}
    claimed = (name for rule in rulebook.rules if rule.true_when for name in facts_read(rule.true_when))
    read.update(also, claimed, TAKEN_FROM.values())
    return {name: rulebook.specs[name] for name in sorted(read - made)}


def flow(
    rulebook: Rulebook,
    families: Mapping[str, str],
    given: Mapping[str, Term],
    prefix: str = "",
    like: SolverFlow | None = None,
) -> SolverFlow:
    """The flow on given facts. `families` maps every option to its kind; `prefix` keeps cases apart in one solver."""
    options = tuple(families)
    found = SolverFlow(given, dict(given), like=like)
    found.laws += [in_range(term) for term in given.values()]
    _derive(found, rulebook, HOUSE)
    _gates(found, rulebook, options)
    choice_terms(found, rulebook, prefix)
    _choose(found, rulebook, options)
    _confirm(found, rulebook, options, prefix)
    _verdict_facts(found, rulebook.specs, families, prefix)
    if like is None:  # of a second case, claims ask for facts, and no advice or vote makes one
        for rule in rulebook.stage("advise", HOUSE):
            found.judge(rule)
    _panel(found, rulebook, votes=like is None)
    return found


def _derive(found: SolverFlow, rulebook: Rulebook, source: str) -> None:
    for fact, makers in derived_in_order(rulebook, source):
        for rule in makers:
            if rule.id not in found.truths:
                found.judge(rule)
        if found.like and found.judged_alike(makers):
            found.terms[fact.spec.name] = found.like.terms[fact.spec.name]
            continue
        truths = [found.truths[rule.id] for rule in makers]
        values = [constant(rule.value_of(fact.spec.name), fact.spec) for rule in makers]
        found.terms[fact.spec.name] = _derived(fact, truths, values)
        for i, one in enumerate(makers):
            for j in range(i + 1, len(makers)):
                differ = one.value_of(fact.spec.name) != makers[j].value_of(fact.spec.name)
                if fact.hit_policy == "unique" or (fact.hit_policy == "any" and differ):
                    both = all_of([truths[i].true, truths[j].true])
                    found.conflicts[fact.spec.name, one.id, makers[j].id] = both


def _derived(fact: DerivedFact, truths: Sequence[SolverTruth], values: Sequence[Any]) -> Term:
    """As `inference.derived.derived_fact`, where no two rules conflict."""
    none_waits = z3.Not(any_of([t.unknown for t in truths]))
    default = None if fact.default is None else constant(fact.default, fact.spec)
    if fact.hit_policy in NUMERIC_POLICIES:
        return _aggregate(fact, truths, values, none_waits, default)
    pairs = list(zip(truths, values, strict=True))
    if fact.hit_policy == "priority":
        pairs.sort(key=lambda pair: pair[1].as_long())
    open_: Bool = YES
    known, value = NO, default if default is not None else values[-1]
    for t, v in reversed(pairs):
        value = z3.If(t.true, v, value)
    if fact.hit_policy in ("any", "unique"):
        known = any_of([t.true for t in truths])
    else:
        possible = []
        for t, v in pairs:
            possible.append((all_of([open_, z3.Not(t.false)]), v))
            open_ = all_of([open_, z3.Not(t.true)])
        alike = all_of([z3.Implies(may, v == value) for may, v in possible])
        known = all_of([any_of([t.true for t in truths]), alike])
    if default is not None:
        known = any_of([known, all_of([t.false for t in truths])])
    return Term(fact.spec, known, value)


def _aggregate(
    fact: DerivedFact, truths: Sequence[SolverTruth], values: Sequence[Any], none_waits: Bool, default: Any
) -> Term:
    held = [t.true for t in truths]
    zero = z3.RealVal(0)
    if fact.hit_policy == "collect count":
        return Term(fact.spec, none_waits, sum((z3.If(h, z3.RealVal(1), zero) for h in held), zero))
    if fact.hit_policy == "collect sum":
        total: Any = sum((z3.If(h, v, zero) for h, v in zip(held, values, strict=True)), zero)
    else:
        total, seen = zero, NO
        for h, v in zip(held, values, strict=True):
            better = v < total if fact.hit_policy == "collect min" else v > total
            total = z3.If(all_of([h, z3.Or(z3.Not(seen), better)]), v, total)
            seen = any_of([seen, h])
    some = any_of(held)
    known = all_of([none_waits, some if default is None else YES])
    return Term(fact.spec, known, total if default is None else z3.If(some, total, default))


def _gates(found: SolverFlow, rulebook: Rulebook, options: Sequence[str]) -> None:
    gates = rulebook.stage("gate", HOUSE)
    for gate in gates:
        found.judge(gate)
    if found.like and found.judged_alike(gates):
        found.excluded |= found.like.excluded
        found.terms |= {left(option): found.like.terms[left(option)] for option in options}
        return
    for option in options:
        barred = [found.truths[g.id].true for g in gates if option in options_excluded(g, options)]
        found.excluded[option] = any_of(barred)
        found.terms[left(option)] = Term(rulebook.specs[left(option)], YES, z3.Not(found.excluded[option]))


def _unsettled(found: SolverFlow, rulebook: Rulebook, options: Sequence[str]) -> Bool:
    return any_of(
        [
            all_of([found.truths[g.id].unknown, any_of([_left(found, o) for o in options_excluded(g, options)])])
            for g in rulebook.stage("gate", HOUSE)
        ]
    )


def _left(found: SolverFlow, option: str) -> Bool:
    return z3.Not(found.excluded[option])


def choice_terms(found: SolverFlow, rulebook: Rulebook, prefix: str) -> None:
    """The facts of the choice, as they follow from what gates leave and what it costs."""
    specs = rulebook.specs
    for entry in rulebook.choice_facts:
        if isinstance(entry, AnyLeft):
            term = Term(specs[entry.name], YES, any_of([_left(found, o) for o in entry.options]))
            found.terms[entry.name] = term
        elif isinstance(entry, Cheapest):
            known, cost, place = _cheapest(found, entry.options)
            found.terms[f"{entry.name}.monthly"] = Term(specs[f"{entry.name}.monthly"], known, cost)
            found.terms[f"{entry.name}.option"] = Term(specs[f"{entry.name}.option"], known, place)
        else:
            of_known, of, _ = _cheapest(found, entry.of)
            base_known, base, _ = _cheapest(found, entry.against)
            share = z3.Real(f"{prefix}{entry.name}")
            known = all_of([of_known, base_known, base != 0])
            found.laws.append(z3.Implies(known, share * base == base - of))
            found.terms[entry.name] = Term(specs[entry.name], known, share)


def _cheapest(found: SolverFlow, kinds: Sequence[str]) -> tuple[Bool, Any, Any]:
    """Whether some option of these is left and priced, the least cost, and the place of the option that has it."""
    known, cost, place = NO, z3.RealVal(0), z3.IntVal(0)
    for number, option in enumerate(kinds):
        own = found.terms[monthly(option)]
        priced = all_of([_left(found, option), own.known])
        better = all_of([priced, any_of([z3.Not(known), own.value < cost])])
        cost, place = z3.If(better, own.value, cost), z3.If(better, z3.IntVal(number), place)
        known = any_of([known, priced])
    return known, cost, place


def _choose(found: SolverFlow, rulebook: Rulebook, options: Sequence[str]) -> None:
    """`first`, with a fork at every rule left unknown, as `decision.flow._choose`."""
    open_: Bool = YES
    possible: dict[str, list[Bool]] = {option: [] for option in (*options, UNDECIDED)}
    for rule in rulebook.stage("choose", HOUSE):
        assert isinstance(rule.then, Verdict)
        held = found.judge(rule)
        lands: dict[str, Bool] = {}
        before: list[Bool] = []
        for option in rule.then.options:
            here = YES if option == UNDECIDED else _left(found, option)
            lands[option] = all_of([here, *(z3.Not(b) for b in before)])
            before.append(here)
        allowed = any_of(before)
        may = all_of([open_, allowed, z3.Not(held.false)])
        for option, here in lands.items():
            possible[option].append(all_of([may, here]))
        found.chosen[rule.id] = all_of([open_, allowed, held.true])
        open_ = all_of([open_, z3.Not(all_of([allowed, held.true]))])
    can = found.possible = {option: any_of(each) for option, each in possible.items()}
    nothing_left = all_of(list(found.excluded.values()))
    unsettled = _unsettled(found, rulebook, options)
    for option in options:
        alone = [z3.Not(can[other]) for other in can if other != option]
        found.outcome[option] = all_of([z3.Not(nothing_left), z3.Not(unsettled), can[option], *alone])
    found.outcome[INFEASIBLE] = nothing_left
    found.outcome[UNDECIDED] = all_of([z3.Not(outcome) for outcome in found.outcome.values()])


def _confirm(found: SolverFlow, rulebook: Rulebook, options: Sequence[str], prefix: str) -> None:
    """As `flow.confirm`: what the futures say is free, but they name only options that no gate excludes."""
    chosen = free(rulebook.specs[CHOSEN], prefix)
    some = any_of([found.outcome[option] for option in options])
    for option in options:
        found.laws.append(z3.Implies(found.outcome[option], chosen.value == constant(option, chosen.spec)))
    found.terms[CHOSEN] = Term(chosen.spec, some, chosen.value)
    named = {take: found.terms[name] for take, name in TAKEN_FROM.items()}
    for term in named.values():
        for option in _own(term, options):
            law = all_of([term.known, term.value == constant(option, term.spec)])
            found.laws.append(z3.Implies(law, _left(found, option)))
    open_: Bool = some
    taken: dict[str, list[Bool]] = {option: [] for option in options}
    for rule in rulebook.stage("confirm", HOUSE):
        assert isinstance(rule.then, Take)
        held = found.judge(rule).true
        found.confirmed[rule.id] = all_of([open_, held])
        if rule.then.take in named:
            term = named[rule.then.take]
            fires = all_of([open_, held, term.known])
            for option in _own(term, options):
                taken[option].append(all_of([fires, term.value == constant(option, term.spec)]))
        open_ = all_of([open_, z3.Not(held)])
    replaced = any_of([each for options_ in taken.values() for each in options_])
    for option in options:
        kept = all_of([found.outcome[option], z3.Not(replaced)])
        found.outcome[option] = any_of([kept, *taken[option]])


def _own(term: Term, options: Sequence[str]) -> list[str]:
    """The options that a fact may name; where two rulebooks are compared, those of the other are among its words."""
    return [option for option in term.spec.values if option in options]


def _verdict_facts(found: SolverFlow, specs: Mapping[str, FactSpec], families: Mapping[str, str], prefix: str) -> None:
    verdict, family = free(specs["verdict"], prefix), free(specs["verdict.family"], prefix)
    kinds = {**families, UNDECIDED: "none", INFEASIBLE: "none"}
    for outcome, when in found.outcome.items():
        place, kind = constant(outcome, verdict.spec), constant(kinds[outcome], family.spec)
        found.laws += [z3.Implies(when, z3.And(verdict.value == place, family.value == kind))]
    found.terms["verdict"] = Term(verdict.spec, YES, verdict.value)
    found.terms["verdict.family"] = Term(family.spec, YES, family.value)


def _panel(found: SolverFlow, rulebook: Rulebook, votes: bool) -> None:
    """What each document derives and, with `votes`, when each of its rules casts its vote, as `decision.panel.cast`."""
    for source in dict.fromkeys(pack.source for pack in rulebook.packs if pack.source != HOUSE):
        _derive(found, rulebook, source)
        if not votes:
            continue
        rules = [rule for rule in rulebook.rules if rule.source == source and rule.stage in ("choose", "advise")]
        for rule in rules:
            found.judge(rule)
        casting = [rule for rule in rules if rule.stage == "choose"]
        open_: Bool = all_of([found.truths[r.id].false for r in casting if r.hard_gate])
        gated: Bool = YES
        for rule in casting:
            held = found.truths[rule.id].true
            found.votes[rule.id] = all_of([gated if rule.hard_gate else open_, held])
            if rule.hard_gate:
                gated = all_of([gated, z3.Not(held)])
            else:
                open_ = all_of([open_, z3.Not(held)])
