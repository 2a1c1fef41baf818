"""The space of cases in the solver: every questionnaire within its bounds, with free costs, and pairs of cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import z3

from hostwise.answers.facts import FactSpec
from hostwise.flow.choice_facts import monthly
from hostwise.flow.knowledge import Knowledge
from hostwise.rulebook.language.rules import Rulebook
from hostwise.workbench.proof.flow import SolverFlow, flow, given_specs
from hostwise.workbench.proof.properties import Properties, Proportional
from hostwise.workbench.proof.terms import Bool, Term, all_of, constant, free, truth


def families(knowledge: Knowledge) -> dict[str, str]:
    """Every option with its kind, in catalogue order."""
    return {option: entry.family for option, entry in knowledge.catalogue.options.items()}


def free_case(knowledge: Knowledge, properties: Properties) -> SolverFlow:
    """Any case: the facts that rules read and nobody derives are free within the bounds of the questionnaire."""
    specs = case_specs(knowledge, properties)
    given = tied({name: free(spec) for name, spec in specs.items()}, properties.proportional)
    return bounded(flow(knowledge.rulebook, families(knowledge), given), knowledge, properties)


def changed_case(
    first: SolverFlow, changed: Mapping[str, str], knowledge: Knowledge, properties: Properties
) -> SolverFlow:
    """A second case that is alike but for some facts; how they changed is among its laws."""
    prefix = "then:"
    given = {n: free(t.spec, prefix) if n in changed else t for n, t in first.given.items()}
    given = tied(given, [tie for tie in properties.proportional if {tie.fact, tie.to} & set(changed)])
    second = flow(knowledge.rulebook, families(knowledge), given, prefix, like=first)
    second = bounded(second, knowledge, properties)
    second.laws += changes(first, second, changed)
    return second


def changes(first: SolverFlow, second: SolverFlow, changed: Mapping[str, str]) -> list[Bool]:
    """How the given facts of the second case differ from those of the first."""
    return [_change(first.given[name], second.given[name], how) for name, how in changed.items()]


def case_specs(knowledge: Knowledge, properties: Properties) -> dict[str, FactSpec]:
    """The facts of a case: those that rules read from outside, with what ties them to one another."""
    specs = given_specs(knowledge.rulebook, tuple(knowledge.catalogue.options), properties.reads)
    for tie in properties.proportional:
        if tie.fact in specs:
            specs[tie.to] = knowledge.rulebook.specs[tie.to]
    for question in knowledge.questionnaire.questions:
        members = [f"{question.fact}.{name}" for name in question.values] if question.type == "set" else []
        if any(name in specs for name in (*members, f"{question.fact}.count")):
            specs |= {name: knowledge.rulebook.specs[name] for name in (*members, f"{question.fact}.count")}
    return specs


def tied(given: Mapping[str, Term], ties: Iterable[Proportional]) -> dict[str, Term]:
    """The given facts, those that follow another one in proportion replaced by what they come to."""
    return {**given, **{tie.fact: _scaled(given, tie) for tie in ties if tie.fact in given}}


def _scaled(given: Mapping[str, Term], tie: Proportional) -> Term:
    base = given[tie.to]
    return Term(given[tie.fact].spec, base.known, base.value * z3.Q(tie.times.numerator, tie.times.denominator))


def bounded(case: SolverFlow, knowledge: Knowledge, properties: Properties) -> SolverFlow:
    """The case with the bounds of questions and packs, and with what cannot occur left out."""
    case.laws += [*_questions(case, knowledge), *_inputs(case, knowledge.rulebook), *_costs(case, knowledge)]
    for entry in properties.never:
        case.laws.append(z3.Not(truth(entry.when, case.terms).true))
    return case


def _questions(case: SolverFlow, knowledge: Knowledge) -> Iterator[Bool]:
    for question in knowledge.questionnaire.questions:
        term = case.given.get(question.fact)
        if term is not None:
            yield from _between(term, question.min, question.max)
        if question.type == "set" and f"{question.fact}.count" in case.given:
            count = case.given[f"{question.fact}.count"]
            members = [case.given[f"{question.fact}.{name}"] for name in question.values]
            yield all_of([member.known == count.known for member in members])
            yield count.value == sum((z3.If(m.value, z3.RealVal(1), z3.RealVal(0)) for m in members), z3.RealVal(0))


def _inputs(case: SolverFlow, rulebook: Rulebook) -> Iterator[Bool]:
    for pack in rulebook.packs:
        for given in pack.inputs:
            if given.spec.name in case.given:
                yield from _between(case.given[given.spec.name], given.low, given.high)


def _costs(case: SolverFlow, knowledge: Knowledge) -> Iterator[Bool]:
    for option in knowledge.catalogue.options:
        yield from _between(case.given[monthly(option)], Decimal(0), None)


def _between(term: Term, low: Decimal | None, high: Decimal | None) -> Iterator[Bool]:
    if low is not None:
        yield term.value >= constant(low, term.spec)
    if high is not None:
        yield term.value <= constant(high, term.spec)


def _change(one: Term, other: Term, how: str) -> Bool:
    if how == "learned":
        return z3.And(z3.Not(one.known), other.known)
    if how == "any":
        return all_of([])
    both = z3.And(one.known, other.known)
    if how in ("more", "less"):
        return z3.And(both, other.value > one.value if how == "more" else other.value < one.value)
    kept = other.value <= one.value if how == "no-more" else other.value >= one.value
    return z3.And(one.known == other.known, z3.Implies(both, kept))
