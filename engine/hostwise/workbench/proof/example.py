"""A case of the solver as one that can be run: facts, a questionnaire, and what the real engines make of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import z3
from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact, FactType, Value, fixed
from hostwise.economics.catalogue.computed_facts import OF_CHOICE, OF_FUTURES
from hostwise.flow.flow import Basis, FlowRun, choose_costed, confirm
from hostwise.flow.knowledge import Knowledge
from hostwise.inference.hit_policies import FactConflict
from hostwise.inference.run import Engine
from hostwise.workbench.cases.facts import NO_COSTING, facts_of
from hostwise.workbench.proof.flow import SolverFlow
from hostwise.workbench.proof.properties import Properties
from hostwise.workbench.proof.questionnaire import WrittenCase, questionnaire_for
from hostwise.workbench.proof.terms import Term, constant

LIMIT = 6_000_000
"""What the solver may spend on each try to make an example plainer, in the units of `terms.solver_of`."""


class SolverCase(Struct, frozen=True):
    """Known facts by name, what the solver and the real engines say of them, and a questionnaire for them.

    `conflict` is set where the engines stop because two rules contradict each other.

    `questionnaire.outcome` is what the complete decision comes to, ledgers included: it equals `outcome` where prices
    can bring the ledgers to the costs of the case.
    """

    facts: Mapping[str, Value]
    expected: str
    outcome: str
    rule: str | None
    conflict: bool
    questionnaire: WrittenCase


class Example(Struct, frozen=True):
    """A case that breaks a claim; `second` is the other one where two are compared.

    `confirmed` says whether the real engines, on these facts, come to what the solver says.
    """

    first: SolverCase
    second: SolverCase | None
    confirmed: bool
    changed: tuple[str, ...]


def example(
    solver: z3.Solver, first: SolverFlow, second: SolverFlow | None, knowledge: Knowledge, properties: Properties
) -> Example:
    """The solver's case, as plain as can be: facts are typical where they may be."""
    model = plainest(solver, first, properties)
    one = case_of(model, first, knowledge, properties)
    other = case_of(model, second, knowledge, properties) if second is not None else None
    confirmed = all(case.conflict or case.outcome == case.expected for case in (one, other) if case is not None)
    return Example(one, other, confirmed, _changed(one, other))


def _changed(one: SolverCase, other: SolverCase | None) -> tuple[str, ...]:
    if other is None:
        return ()
    names = sorted(one.facts.keys() | other.facts.keys())
    return tuple(name for name in names if one.facts.get(name) != other.facts.get(name))


def plainest(solver: z3.Solver, case: SolverFlow, properties: Properties) -> z3.ModelRef:
    """Ask for the typical value of one fact after the other, and keep what the solver can grant."""
    model = solver.model()
    solver.set("rlimit", LIMIT)
    granted = 0
    for name, value in properties.typical.items():
        term = case.given.get(name)
        if term is None:
            continue
        solver.push()
        solver.add(term.known, term.value == constant(value, term.spec))
        if solver.check() == z3.sat:
            model = solver.model()
            granted += 1
        else:
            solver.pop()
    solver.pop(granted)
    return model


def case_of(model: z3.ModelRef, case: SolverFlow, knowledge: Knowledge, properties: Properties) -> SolverCase:
    """What a model says of a case, and what the real engines and a questionnaire make of it."""
    by_fact = knowledge.questionnaire.by_fact
    words = {name: by_fact[name].example for name in case.given if name in by_fact}
    found = ((name, _value(model, term, words.get(name) or name)) for name, term in case.given.items())
    values = {name: value for name, value in found if value is not None}
    expected = next(o for o, when in case.outcome.items() if z3.is_true(model.eval(when, model_completion=True)))
    written = questionnaire_for(values, tuple(case.given), knowledge, properties)
    try:
        choice = run_case(facts_of(values, knowledge.rulebook), knowledge).choice
    except FactConflict as conflict:
        return SolverCase(values, expected, str(conflict), None, True, written)
    rule = choice.rule_id
    return SolverCase(values, expected, choice.outcome, rule, False, written)


def _value(model: z3.ModelRef, term: Term, word: str) -> Value | None:
    """What a model says of a fact; of a text only whether it is known, so any `word` will do."""
    if not z3.is_true(model.eval(term.known, model_completion=True)):
        return None
    if term.spec.type is FactType.TEXT:
        return word
    found = model.eval(term.value, model_completion=True)
    if term.spec.type is FactType.BOOLEAN:
        return bool(z3.is_true(found))
    if term.spec.type is FactType.ENUM:
        return term.spec.values[int(found.as_long())]
    if not z3.is_rational_value(found):
        found = found.approx(20)
    exact = found.as_fraction() if hasattr(found, "as_fraction") else found
    return fixed(Decimal(exact.numerator) / Decimal(exact.denominator), term.spec.type)


def run_case(facts: Mapping[str, Fact], knowledge: Knowledge, engine: Engine = Engine.BOTH) -> FlowRun:
    """The flow as far as the verdict, on facts that are costed already; what futures say stands among them."""
    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, engine)
    run = choose_costed(facts, NO_COSTING, basis)
    futures = {name: facts[name] for name in (*OF_CHOICE, *OF_FUTURES) if name in facts and facts[name].known}
    return confirm(replace(run, facts={**run.facts, **futures}), basis)
