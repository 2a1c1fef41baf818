"""Lints on which rules can be reached: never true, always true, shadowed, subsumed, repeated within themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from hostwise.answers.facts import FactSpec
from hostwise.flow.knowledge import Knowledge
from hostwise.flow.labels import listed
from hostwise.reading.findings.diagnostics import Diagnostic, Severity
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import Exclude, Require, Rule, SetFacts, Verdict, Vote
from hostwise.rulebook.loading.turns import read_early
from hostwise.rulebook.tables.decision_tables import derived_in_order
from hostwise.rulebook.tables.holes import covered_together
from hostwise.rulebook.tables.normal_form import Row, covered, met, rows_false, rows_true


def never_true(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Rules whose condition contradicts itself."""
    specs = knowledge.rulebook.specs
    for rule in knowledge.rulebook.rules:
        if not rows_true(rule.when, specs):
            accepted = "parts that can all be true at once"
            yield Diagnostic(rule.place, "never-true", f"{rule.id} can never hold: its parts exclude one another",
                             accepted=accepted)  # fmt: skip


def too_early(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Rules that read what a later stage makes."""
    yield from read_early(knowledge.rulebook, knowledge.catalogue)


def always_true(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Rules that hold whatever the answers, without saying so."""
    specs = knowledge.rulebook.specs
    for rule in knowledge.rulebook.rules:
        if not isinstance(rule.when, c.Always) and rows_true(rule.when, specs) and not rows_false(rule.when, specs):
            message = f"{rule.id} is never false: its condition leaves nothing out"
            yield Diagnostic(rule.place, "never-false", message, accepted="always: true, where that is meant",
                             severity=Severity.WARNING)  # fmt: skip


def repeated(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Parts of an `all` or `any` that another part makes idle."""
    specs = knowledge.rulebook.specs
    for rule in knowledge.rulebook.rules:
        for join in _joins(rule.when):
            for idle, other in _idle(join, specs):
                message = f"{rule.id}: {_written(idle)} changes nothing beside {_written(other)}"
                yield Diagnostic(rule.place, "idle-part", message, accepted="the condition without it",
                                 severity=Severity.WARNING)  # fmt: skip


def _joins(condition: c.Condition) -> Iterator[c.All | c.Any]:
    if isinstance(condition, c.Not):
        yield from _joins(condition.part)
    elif isinstance(condition, (c.All, c.Any)):
        yield condition
        for part in condition.parts:
            yield from _joins(part)


def _idle(join: c.All | c.Any, specs: Mapping[str, FactSpec]) -> Iterator[tuple[c.Test, c.Test]]:
    """A test of a fact that another test of the same fact implies (`all`) or is implied by (`any`).

    `fact: "-"` is not compared: what it adds to another test of the fact is that the rule is false, and does not wait,
    while the answer is unknown.
    """
    tests = [part for part in join.parts if isinstance(part, c.Test) and not isinstance(part.unary, c.Known)]
    for idle in tests:
        for other in tests:
            if idle is not other and idle.fact == other.fact:
                inner, outer = (other, idle) if isinstance(join, c.All) else (idle, other)
                if covered(rows_true(inner, specs), rows_true(outer, specs)):
                    yield idle, other


def _written(test: c.Test) -> str:
    return f"{test.fact}: {test.text}"


def shadowed(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Rules that come too late to decide, to vote or to give a fact: whenever they hold, earlier ones have done so."""
    book = knowledge.rulebook
    for source in dict.fromkeys(pack.source for pack in book.packs):
        yield from _too_late(book.stage("choose", source), "decides", _decides_wherever, knowledge)
        for fact, makers in derived_in_order(book, source):
            if fact.hit_policy == "first":
                yield from _too_late(makers, f"gives {fact.spec.name}", lambda early, late: True, knowledge)


def _too_late(
    rules: Sequence[Rule], what: str, instead: Callable[[Rule, Rule], bool], knowledge: Knowledge
) -> Iterator[Diagnostic]:
    """Of rules of which the first that holds counts, those that never do; `instead` says which count in their place."""
    true = _true(rules, knowledge)
    for place, late in enumerate(rules):
        before = [early for early in rules[:place] if true[late.id] and instead(early, late)]
        alone = next((early for early in before if covered(true[late.id], true[early.id])), None)
        together = [alone] if alone else _needed(late, before, true)
        if together:
            names = [early.id for early in together]
            stand = "stands before it and holds" if alone else "stand before it and hold, one or the other,"
            message = f"{late.id} never {what}: {listed(names)} {stand} wherever it does"
            found = ", ".join(f"{early.id} at line {early.place.line}" for early in together)
            accepted = "the narrower rule first" if alone else "a case that none of them holds in"
            yield Diagnostic(late.place, "shadowed", message, found=found, accepted=accepted)


def _needed(late: Rule, before: Sequence[Rule], true: Mapping[str, tuple[Row, ...]]) -> list[Rule]:
    """The rules that hold, between them, wherever a later one does, without those that can be spared; none if not."""
    kept = [early for early in before if any(met(a, b) is not None for a in true[late.id] for b in true[early.id])]
    if not _covered_by(late, kept, true):
        return []
    for early in tuple(kept):
        spared = [other for other in kept if other is not early]
        if _covered_by(late, spared, true):
            kept = spared
    return kept


def _covered_by(late: Rule, rules: Iterable[Rule], true: Mapping[str, tuple[Row, ...]]) -> bool:
    return covered_together(true[late.id], (row for rule in rules for row in true[rule.id]))


def _decides_wherever(early: Rule, late: Rule) -> bool:
    """Whether the gates leave the earlier rule something whenever they leave the later one something."""
    one, other = early.then, late.then
    if isinstance(one, Vote) and isinstance(other, Vote):
        return one.hard_gate or not other.hard_gate
    return isinstance(one, Verdict) and isinstance(other, Verdict) and set(other.options) <= set(one.options)


def subsumed(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Rules of one conclusion where one holds wherever the other does: the narrower one adds nothing."""
    book = knowledge.rulebook
    for stage in ("derive", "gate", "advise"):
        for source in dict.fromkeys(pack.source for pack in book.packs):
            rules = book.stage(stage, source)
            true, options = _true(rules, knowledge), tuple(knowledge.catalogue.options)
            for narrow in rules:
                wide = next((r for r in rules if r is not narrow and _adds_nothing(narrow, r, true, options)), None)
                if wide is not None:
                    message = f"{narrow.id} adds nothing: {wide.id} concludes the same wherever it holds"
                    yield Diagnostic(narrow.place, "subsumed", message, found=f"{wide.id} at line {wide.place.line}",
                                     accepted="one rule for both", severity=Severity.WARNING)  # fmt: skip


def _adds_nothing(narrow: Rule, wide: Rule, true: Mapping[str, tuple[Row, ...]], options: tuple[str, ...]) -> bool:
    inner, outer = true[narrow.id], true[wide.id]
    if not inner or not _concludes(narrow, wide, options) or not covered(inner, outer):
        return False
    # Of two rules that say the same, the later one is told.
    alike = covered(outer, inner) and _concludes(wide, narrow, options)
    return not alike or wide.place.line < narrow.place.line


def _concludes(narrow: Rule, wide: Rule, options: tuple[str, ...]) -> bool:
    """Whether the wider rule concludes all that the narrower one does."""
    one, other = narrow.then, wide.then
    if isinstance(one, (Exclude, Require)) and isinstance(other, (Exclude, Require)):
        return _out(one, options) <= _out(other, options)
    if isinstance(one, SetFacts) and isinstance(other, SetFacts):
        return set(one.values) <= set(other.values)
    return one == other


def _out(then: Exclude | Require, options: tuple[str, ...]) -> set[str]:
    return set(then.options) if isinstance(then, Exclude) else set(options) - set(then.options)


def _true(rules: Iterable[Rule], knowledge: Knowledge) -> Mapping[str, tuple[Row, ...]]:
    """The rows of each rule, made once: rules are compared in pairs."""
    return {rule.id: rows_true(rule.when, knowledge.rulebook.specs) for rule in rules}
