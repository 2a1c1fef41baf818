"""Properties that say nothing about the rules: what they conclude follows from what they suppose.

Asked of a case in which rules conclude whatever they like; what a questionnaire bounds, and what `cheapest` and
`saving` mean, still holds there. A property that no such case breaks would be proved of every rulebook.
"""

from __future__ import annotations

from collections.abc import Mapping

import z3

from hostwise.economics.catalogue.computed_facts import CHOSEN, OF_VERDICT
from hostwise.flow.choice_facts import left
from hostwise.flow.knowledge import Knowledge
from hostwise.workbench.proof.cases import bounded, changes
from hostwise.workbench.proof.flow import SolverFlow, choice_terms
from hostwise.workbench.proof.properties import Properties, Property
from hostwise.workbench.proof.terms import YES, Bool, Term, any_of, broken_by, free, in_range, solver_of, truth

LIMIT = 6_000_000
"""What the solver may spend on one property (`terms.solver_of`); one that takes more is not called empty."""


def is_hollow(
    entry: Property, ruleless: SolverFlow, second: SolverFlow | None, knowledge: Knowledge, properties: Properties
) -> bool:
    """Whether a property holds whatever the rules conclude. One that names a rule, or wants a fact kept, never does."""
    said, before, after = entry.second or entry, ruleless, ruleless
    if entry.says or (entry.second is not None and entry.second.same is not None):
        return False
    laws: list[Bool] = list(before.laws)
    if entry.second is not None and second is not None:
        after = ruleless_case(knowledge, properties, second.given, "ruleless-then:")
        laws += [*after.laws, *changes(before, second, entry.second.changed)]
    solver = solver_of(laws, LIMIT)
    solver.add(truth(entry.when, before.terms).true, any_of(broken_by(said.never, said.always, after.terms)))
    return bool(solver.check() == z3.unsat)


def ruleless_case(
    knowledge: Knowledge, properties: Properties, given: Mapping[str, Term], prefix: str = "ruleless:"
) -> SolverFlow:
    """A case of these given facts in which derived facts, gates and the verdict are anything."""
    book, options = knowledge.rulebook, tuple(knowledge.catalogue.options)
    found = SolverFlow(given, dict(given))
    derived = [fact.spec.name for pack in book.packs for fact in pack.facts]
    found.terms |= {name: free(book.specs[name], prefix) for name in (*derived, CHOSEN, *OF_VERDICT)}
    for option in options:
        found.excluded[option] = z3.Bool(f"{prefix}excluded.{option}")
        found.terms[left(option)] = Term(book.specs[left(option)], YES, z3.Not(found.excluded[option]))
    choice_terms(found, book, prefix)
    found.laws += [in_range(term) for term in found.terms.values()]
    return bounded(found, knowledge, properties)
