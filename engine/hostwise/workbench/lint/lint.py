"""Lint of the rulebook: what loads, and is still not what its author meant.

Each lint is a function from the knowledge to findings; a finding says at which rule, and how to mend it. They look at
one table at a time and take facts as free of one another: fast, without a solver, and never alarmed by what is only
unusual. `hostwise rules prove` says more, over all stages at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Severity
from hostwise.workbench.lint.reach import always_true, never_true, repeated, shadowed, subsumed, too_early
from hostwise.workbench.lint.sources import thresholds_without_source, unknown_claims
from hostwise.workbench.lint.values import contradictions, gaps, no_last_choice, unread_facts

ERRORS: tuple[Callable[[Knowledge], Iterator[Diagnostic]], ...] = (
    never_true,
    too_early,
    shadowed,
    contradictions,
    unknown_claims,
)
"""Lints of what is wrong in any case."""
LINTS: tuple[Callable[[Knowledge], Iterator[Diagnostic]], ...] = (
    *ERRORS,
    always_true,
    repeated,
    subsumed,
    gaps,
    no_last_choice,
    unread_facts,
    thresholds_without_source,
)


def errors(knowledge: Knowledge) -> int:
    """How many errors `lint` finds in rules that load; it takes a third of its time."""
    return sum(finding.severity is Severity.ERROR for check in ERRORS for finding in check(knowledge))


def lint(rules: Path | None, packs: Sequence[Path]) -> tuple[Knowledge | None, list[Diagnostic]]:
    """Every finding about the rules, those of the loader first; without knowledge where it could not be loaded."""
    try:
        knowledge = load_knowledge(rules, tuple(packs))
    except InputError as problem:
        return None, list(problem.diagnostics)
    found = [finding for check in LINTS for finding in check(knowledge)]
    return knowledge, sorted(found, key=lambda f: (f.place.file, f.place.line, f.code))
