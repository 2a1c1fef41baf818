"""Mutants that are the rule in other words: the solver finds no case that tells them apart."""

from __future__ import annotations

import z3

from hostwise.flow.knowledge import Knowledge
from hostwise.rulebook.language.rules import Verdict
from hostwise.workbench.mutation.mutants import Mutant
from hostwise.workbench.proof.cases import bounded, families, free_case
from hostwise.workbench.proof.flow import flow
from hostwise.workbench.proof.properties import Properties
from hostwise.workbench.proof.terms import Bool, any_of, solver_of, truth

LIMIT = 15_000_000
"""What the solver may spend on a mutant (`terms.solver_of`); one that takes more counts as a survivor."""


class Equivalence:
    """The space of all cases, asked again and again."""

    def __init__(self, knowledge: Knowledge, properties: Properties) -> None:
        self._knowledge, self._properties = knowledge, properties
        self._case = free_case(knowledge, properties)
        self._solver = solver_of(self._case.laws, LIMIT)

    def alike(self, mutant: Mutant, changed: Knowledge) -> bool:
        """Whether no case has another truth of the rule; for a choice, no case another verdict or deciding rule."""
        if isinstance(mutant.original.then, Verdict):
            return self._nowhere(self._other_verdict(changed))
        if mutant.rule.when is mutant.original.when:
            return False
        before, after = self._case.truths[mutant.original.id], truth(mutant.rule.when, self._case.terms)
        return self._nowhere([any_of([before.true != after.true, before.false != after.false])])

    def _other_verdict(self, changed: Knowledge) -> list[Bool]:
        case = flow(changed.rulebook, families(self._knowledge), self._case.given, "mutant:")
        bounded(case, self._knowledge, self._properties)
        differ = [self._case.outcome[name] != when for name, when in case.outcome.items()]
        differ += [self._case.chosen[name] != when for name, when in case.chosen.items()]
        return [*case.laws, any_of(differ)]

    def _nowhere(self, formulas: list[Bool]) -> bool:
        self._solver.push()
        self._solver.add(*formulas)
        found = self._solver.check()
        self._solver.pop()
        return bool(found == z3.unsat)
