"""Where two versions of the rulebook decide differently: over all questionnaires, with an example of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import z3
from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import FactSpec
from hostwise.flow.knowledge import Knowledge
from hostwise.workbench.proof.cases import bounded, case_specs, families, tied
from hostwise.workbench.proof.example import SolverCase, case_of, plainest
from hostwise.workbench.proof.flow import SolverFlow, flow
from hostwise.workbench.proof.properties import Properties
from hostwise.workbench.proof.terms import Term, all_of, any_of, constant, free, solver_of


class Parting(Struct, frozen=True):
    """A questionnaire that the old rulebook decides one way and the new one another way."""

    old: SolverCase
    new: SolverCase

    @property
    def confirmed(self) -> bool:
        """Whether the real engines say so too."""
        return self.old.outcome == self.old.expected and self.new.outcome == self.new.expected


class RuleChange(Struct, frozen=True):
    """A rule that only one rulebook has, or that they word differently."""

    id: str
    what: str


def changes(old: Knowledge, new: Knowledge) -> Iterator[RuleChange]:
    """The rules that were added, removed, changed or moved."""
    before = {rule.id: rule for rule in old.rulebook.rules}
    after = {rule.id: rule for rule in new.rulebook.rules}
    for identity, rule in before.items():
        if identity not in after:
            yield RuleChange(identity, "removed")
        elif rule.when != after[identity].when:
            yield RuleChange(identity, "another condition")
        elif rule.then != after[identity].then:
            yield RuleChange(identity, "another conclusion")
    yield from (RuleChange(identity, "added") for identity in after if identity not in before)
    shared = [identity for identity in before if identity in after]
    moved = [one for one, other in zip(shared, [i for i in after if i in before], strict=True) if one != other]
    yield from (RuleChange(identity, "another place in the order") for identity in moved)


def partings(old: Knowledge, new: Knowledge, old_stated: Properties, new_stated: Properties) -> Iterator[Parting]:
    """One example for each pair of verdicts that the two come to on the same questionnaire."""
    specs = _merged(case_specs(old, old_stated), case_specs(new, new_stated))
    given = {name: free(spec) for name, spec in specs.items()}
    before, after = _case(old, old_stated, given, ""), _case(new, new_stated, given, "new:")
    for one, was in before.outcome.items():
        for other, now in after.outcome.items():
            if one == other:
                continue
            solver = solver_of([*before.laws, *after.laws, was, now])
            if solver.check() == z3.sat:
                model = plainest(solver, before, new_stated)
                yield Parting(case_of(model, before, old, old_stated), case_of(model, after, new, new_stated))


def _case(knowledge: Knowledge, stated: Properties, given: Mapping[str, Term], prefix: str) -> SolverFlow:
    own = knowledge.rulebook.specs
    understood = {name: _understood(term, own[name]) if name in own else term for name, term in given.items()}
    terms = tied(understood, stated.proportional)
    return bounded(flow(knowledge.rulebook, families(knowledge), terms, prefix), knowledge, stated)


def _understood(term: Term, own: FactSpec) -> Term:
    """A word that only the other rulebook has, such as an option added there, says nothing here: it is unknown."""
    foreign = [term.value == constant(word, term.spec) for word in term.spec.values if word not in own.values]
    return Term(term.spec, all_of([term.known, z3.Not(any_of(foreign))]), term.value) if foreign else term


def _merged(old: Mapping[str, FactSpec], new: Mapping[str, FactSpec]) -> dict[str, FactSpec]:
    """The facts of both; an enumeration takes the words of both, so that one number means one word."""
    found = dict(old)
    for name, spec in new.items():
        words = (*found[name].values, *spec.values) if name in found else spec.values
        found[name] = replace(spec, values=tuple(dict.fromkeys(words)))
    return found
