"""Which mutants the golden cases notice.

A case can only notice a mutant where the changed condition has another truth on its facts, or where the rule with the
changed conclusion holds: the flow is run again for those cases alone. A mutant that no case notices may be the same
rule in other words; where the solver is installed, it shows which are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from hostwise.flow.knowledge import Knowledge
from hostwise.inference.reference import truth_of
from hostwise.inference.run import Engine
from hostwise.rulebook.language.rules import Rule, Rulebook
from hostwise.workbench.cases.cases import Cases, GoldenCase, TableCase
from hostwise.workbench.cases.run import Ran, run_case, run_row
from hostwise.workbench.mutation.equivalent import Equivalence
from hostwise.workbench.mutation.mutants import Mutant, mutants


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"  # no case can tell it from the rule: the solver shows it


class TriedMutant(Struct, frozen=True):
    """A mutant and its fate; `by` is the case that noticed it."""

    mutant: Mutant
    fate: Fate
    by: str | None = None


def try_mutants(
    rules: Sequence[Rule], cases: Cases, ran: Sequence[Ran], knowledge: Knowledge, equivalence: Equivalence | None
) -> Iterator[TriedMutant]:
    """Every mutant of the rules. `ran` are the cases, run on the rules as they are and all as expected."""
    given: list[tuple[GoldenCase | TableCase, Ran]] = list(zip((*cases.cases, *cases.rows), ran, strict=True))
    for rule in rules:
        seen = [(entry, before) for entry, before in given if any(t.rule.id == rule.id for t in before.traces)]
        # A row of the rule's own table costs one evaluation, a case the whole flow: most mutants never get that far.
        seen.sort(key=lambda pair: not (isinstance(pair[0], TableCase) and pair[0].about == rule.id))
        for mutant in mutants(rule, knowledge.rulebook.specs):
            yield _tried(mutant, seen, knowledge, equivalence)


def _tried(
    mutant: Mutant,
    seen: Sequence[tuple[GoldenCase | TableCase, Ran]],
    knowledge: Knowledge,
    equivalence: Equivalence | None,
) -> TriedMutant:
    changed = replace(knowledge, rulebook=with_rule(knowledge.rulebook, mutant.rule))
    for entry, before in seen:
        if not _differs(mutant, before):
            continue
        run = run_case if isinstance(entry, GoldenCase) else run_row
        if run(entry, changed, Engine.REFERENCE).failures:  # type: ignore[arg-type]
            return TriedMutant(mutant, Fate.KILLED, before.id)
    same = equivalence is not None and equivalence.alike(mutant, changed)
    return TriedMutant(mutant, Fate.EQUIVALENT if same else Fate.SURVIVED)


def _differs(mutant: Mutant, before: Ran) -> bool:
    (truth,) = {trace.truth for trace in before.traces if trace.rule.id == mutant.original.id}
    if mutant.rule.when is mutant.original.when:
        return truth is not False
    return truth_of(mutant.rule.when, before.facts) is not truth


def with_rule(book: Rulebook, rule: Rule) -> Rulebook:
    """The rulebook with one rule in the place of the one of its id."""
    packs = tuple(
        replace(pack, rules=tuple(rule if each.id == rule.id else each for each in pack.rules)) for pack in book.packs
    )
    return replace(book, packs=packs)
