"""Lints on what rules derive and choose: contradictions, cases that no rule covers, facts that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from hostwise.answers.fact_text import format_value
from hostwise.flow.knowledge import Knowledge
from hostwise.reading.findings.diagnostics import Diagnostic, Severity
from hostwise.rulebook.english.quoting import quoted
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import HOUSE, Advice, DerivedFact, Rule
from hostwise.rulebook.tables.cell_algebra import Cell, Knowing, Order, Span, Subject, WordSet
from hostwise.rulebook.tables.decision_tables import derived_in_order
from hostwise.rulebook.tables.holes import holes
from hostwise.rulebook.tables.normal_form import Row, met, rows_true

PROVE = "hostwise rules prove says whether the case can occur"


def contradictions(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Rules that give a fact different values in one case (`any`), or that hold together at all (`unique`)."""
    for fact, makers in _derived(knowledge):
        if fact.hit_policy not in ("any", "unique"):
            continue
        true = [rows_true(rule.when, knowledge.rulebook.specs) for rule in makers]
        for (one, rows), (other, more) in combinations(zip(makers, true, strict=True), 2):
            differ = one.value_of(fact.spec.name) != other.value_of(fact.spec.name)
            case = _overlap(rows, more) if differ or fact.hit_policy == "unique" else None
            if case is not None:
                what = "give it different values" if differ else "both hold, and its hit policy is unique"
                message = f"{fact.spec.name}: {one.id} and {other.id} {what}"
                yield Diagnostic(
                    other.place, "contradiction", message, found=case_in_words(case, knowledge), accepted=PROVE
                )


def gaps(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Facts without a default that stay unknown in a case where every answer that their rules read is known."""
    specs = knowledge.rulebook.specs
    for fact, makers in _derived(knowledge):
        if fact.default is not None or fact.hit_policy == "collect count":
            continue
        uncovered = holes(row for rule in makers for row in rows_true(rule.when, specs))
        if uncovered:
            message = f"{fact.spec.name} has no value in some cases although every answer is known"
            cases = "; ".join(case_in_words(case, knowledge) for case in uncovered)
            yield Diagnostic(makers[0].place, "gap", message, found=cases,
                             accepted="a rule for each case, or a default", severity=Severity.WARNING)  # fmt: skip


def no_last_choice(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """A choice whose last rule can fail leaves cases without a verdict."""
    rules = knowledge.rulebook.stage("choose", HOUSE)
    if rules and not isinstance(rules[-1].when, c.Always):
        message = f"{rules[-1].id} is the last rule of the choice and may not hold: nothing is chosen then"
        yield Diagnostic(rules[-1].place, "no-last-choice", message, accepted="a last rule with always: true",
                         severity=Severity.WARNING)  # fmt: skip


def unread_facts(knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Derived facts that no rule reads and no text quotes."""
    read = {name for rule in knowledge.rulebook.rules for name in (*rule.reads, *_quoted(rule))}
    for fact, makers in _derived(knowledge):
        if fact.spec.name not in read:
            message = f"{fact.spec.name} is derived, and nothing reads it"
            yield Diagnostic(makers[0].place, "unread-fact", message, severity=Severity.NOTE)


def case_in_words(row: Row, knowledge: Knowledge) -> str:
    """A row in words: `quality gap 5% to 10%, traffic mix batch`."""
    return ", ".join(_cell(subject, cell, knowledge) for subject, cell in row.items()) or "every case"


def _cell(subject: Subject, cell: Cell, knowledge: Knowledge) -> str:
    spec = knowledge.rulebook.specs[subject.fact]
    if isinstance(cell, Order):
        return f"{subject.fact} {' or '.join(sorted(cell.signs))} {subject.other}"
    if isinstance(cell, Knowing):
        return f"{subject.fact} {'known' if cell.known else 'unknown'}"
    if isinstance(cell, WordSet):
        return f"{subject.fact} {' or '.join(format_value(v, spec.type) for v in cell.values)}"
    return f"{subject.fact} {_span(cell, knowledge, subject)}"


def _span(cell: Span, knowledge: Knowledge, subject: Subject) -> str:
    spec = knowledge.rulebook.specs[subject.fact]
    low, high = (None if end is None else format_value(end, spec.type, spec.unit) for end in (cell.low, cell.high))
    if cell.low == cell.high:
        return f"= {low}"
    parts = [f"{'>=' if cell.low_closed else '>'} {low}"] if low else []
    parts += [f"{'<=' if cell.high_closed else '<'} {high}"] if high else []
    return " and ".join(parts) or "known"


def _derived(knowledge: Knowledge) -> Iterator[tuple[DerivedFact, tuple[Rule, ...]]]:
    for source in dict.fromkeys(pack.source for pack in knowledge.rulebook.packs):
        yield from derived_in_order(knowledge.rulebook, source)


def _overlap(rows: Sequence[Row], more: Sequence[Row]) -> Row | None:
    cases = (met(one, other) for one in rows for other in more)
    return next((case for case in cases if case is not None), None)


def _quoted(rule: Rule) -> Iterator[str]:
    yield from quoted(rule.because)
    if isinstance(rule.then, Advice):
        yield from quoted(rule.then.text)
