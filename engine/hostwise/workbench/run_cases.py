"""Running golden cases through the real flow, and saying what is not as expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.decision.basis import Knowledge
from hostwise.decision.dossiers import failing
from hostwise.decision.flow import Basis, Course, continue_flow
from hostwise.decision.panel import Ballot, ballots
from hostwise.inference.derived import FactConflict
from hostwise.inference.run import Engine, RuleTrace, infer
from hostwise.reading.diagnostics import Diagnostic, Place
from hostwise.rulebook.rules import HOUSE, Rule, Rulebook
from hostwise.workbench.cases import Case, Cases, Row
from hostwise.workbench.given import NO_COSTING, facts_of


class Ran(Struct, frozen=True):
    """A case or a row that was run: the rules it saw, with their truths, and what was not as expected."""

    id: str
    place: Place
    traces: tuple[RuleTrace, ...]
    facts: Mapping[str, Fact]
    failures: tuple[Diagnostic, ...]


def run_cases(cases: Cases, knowledge: Knowledge, engine: Engine = Engine.BOTH) -> Iterator[Ran]:
    """Every case, then every row."""
    for case in cases.cases:
        yield run_case(case, knowledge, engine)
    for row in cases.rows:
        yield run_row(row, knowledge, engine)


def run_case(case: Case, knowledge: Knowledge, engine: Engine) -> Ran:
    """One case: the house flow where it expects something of it, and the panel where it expects votes."""
    try:
        return _ran(case, knowledge, engine)
    except FactConflict as conflict:
        found = Diagnostic(case.place, "fact-conflict", f"{case.id}: {conflict}")
        return Ran(case.id, case.place, (), case.facts, (found,))


def _ran(case: Case, knowledge: Knowledge, engine: Engine) -> Ran:
    facts, failures, traces = dict(case.facts), list[Diagnostic](), list[RuleTrace]()
    if case.expect:
        basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, engine)
        course = continue_flow(_all(facts, knowledge.rulebook), NO_COSTING, basis)
        facts, traces = dict(course.facts), list(course.traces)
        failures += _wrong(case, course)
    if case.votes:
        known = facts if case.expect else _all(facts, knowledge.rulebook)
        found = ballots(knowledge.rulebook, known, engine)
        traces += _panel_traces(knowledge.rulebook, known, engine)
        for source, expected in case.votes.items():
            failures += _wrong_vote(case, source, expected, found[source])
    return Ran(case.id, case.place, tuple(traces), facts, tuple(failures))


def run_row(row: Row, knowledge: Knowledge, engine: Engine) -> Ran:
    """One row of a table: a derived fact's value, or a rule's truth."""
    book = knowledge.rulebook
    rule = next((r for r in book.rules if r.id == row.about), None)
    source = rule.source if rule else HOUSE
    given = _all(row.facts, book)
    try:
        derived = infer(book.stage("derive", source), given, engine, book.specs, book.defaults(source))
    except FactConflict as conflict:
        return Ran(row.about, row.place, (), given, (Diagnostic(row.place, "fact-conflict", str(conflict)),))
    known = {**derived.facts, **row.facts}  # a fact that the row gives stands, derived or not
    if rule is None:
        seen: Any = known[row.about].value
        traces = derived.traces
    elif rule.stage == "derive":
        (trace,) = (t for t in derived.traces if t.rule.id == rule.id)
        seen, traces = trace.truth, derived.traces
    else:
        (trace,) = infer([rule], known, engine, book.specs).traces
        seen, traces = trace.truth, (trace,)
    if seen == row.expected and type(seen) is type(row.expected):
        return Ran(row.about, row.place, traces, known, ())
    wrong = _failure(row.place, row.about, "value" if rule is None else "truth", row.expected, seen)
    return Ran(row.about, row.place, traces, known, (wrong,))


def _all(facts: Mapping[str, Fact], book: Rulebook) -> dict[str, Fact]:
    """The facts of a case, and every other fact that is given from outside as unknown."""
    return {**facts_of({}, book), **facts}


def _wrong(case: Case, course: Course) -> Iterator[Diagnostic]:
    expect, choice = case.expect, course.choice
    outcome = choice.option or choice.status.value
    rule = choice.rule.rule.id if choice.rule else None
    traces = {trace.rule.id: trace for trace in course.traces}
    if expect.get("verdict", outcome) != outcome:
        yield _failure(case.place, case.id, "verdict", expect["verdict"], outcome, _why_not(expect.get("rule"), traces))
    if expect.get("rule", rule) != rule:
        yield _failure(case.place, case.id, "rule", expect["rule"], rule, _why_not(expect["rule"], traces))
    for name in expect.get("fired", ()):
        if traces[name].truth is not True:
            yield _failure(case.place, case.id, name, "holds", _truth(traces[name]), _why_not(name, traces))
    for name in expect.get("not_fired", ()):
        if traces[name].truth is True:
            yield _failure(case.place, case.id, name, "does not hold", "holds")
    if "verdict" in expect and list(choice.needs) != list(expect.get("needs", [])):
        yield _failure(case.place, case.id, "needs", expect.get("needs", []), list(choice.needs))
    for name, value in expect.get("facts", {}).items():
        if course.facts[name].value != value:
            yield _failure(case.place, case.id, name, value, course.facts[name].value)


def _wrong_vote(case: Case, source: str, expected: Mapping[str, Any], ballot: Ballot) -> Iterator[Diagnostic]:
    seen: dict[str, Any] = {
        "vote": ballot.vote,
        "rule": ballot.rule.rule.id if ballot.rule else None,
        "flags": [flag.rule.id for flag in ballot.flags],
        "needs": list(ballot.needs),
        "possible": list(ballot.possible),
    }
    for key, value in {"needs": [], **expected}.items():
        if seen[key] != value:
            yield _failure(case.place, case.id, f"{source} {key}", value, seen[key])


def _panel_traces(book: Rulebook, facts: Mapping[str, Fact], engine: Engine) -> tuple[RuleTrace, ...]:
    rules: list[Rule] = [rule for rule in book.rules if rule.source != HOUSE]
    return infer(rules, facts, engine, book.specs).traces


def _why_not(rule: str | None, traces: Mapping[str, RuleTrace]) -> str:
    """The conditions that stopped a rule that was expected, in words."""
    trace = traces.get(rule or "")
    if trace is None or trace.truth is True:
        return ""
    return "; ".join(f"{node.english} (it is {node.seen})" for node in failing(trace.condition) if node.seen)


def _truth(trace: RuleTrace) -> str:
    return {True: "holds", False: "does not hold", None: "is unknown"}[trace.truth]


def _failure(place: Place, case: str, what: str, expected: Any, seen: Any, because: str = "") -> Diagnostic:
    message = f"{case}: {what} is not as expected" + (f"; stopped by: {because}" if because else "")
    return Diagnostic(place, "case-fails", message, found=_said(seen), accepted=_said(expected))


def _said(value: Any) -> str:
    if value is None:
        return "unknown or none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) or "nothing" if isinstance(value, (list, tuple)) else str(value)
