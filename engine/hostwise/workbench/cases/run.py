"""Running golden cases through the real flow, and saying what is not as expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.flow.flow import Basis, FlowRun, continue_flow
from hostwise.flow.knowledge import Knowledge
from hostwise.flow.panel import Ballot, ballots, panel_traces
from hostwise.flow.why.dossiers import failing
from hostwise.inference.hit_policies import FactConflict
from hostwise.inference.run import Engine, RuleTrace, infer
from hostwise.reading.findings.diagnostics import Diagnostic, Place
from hostwise.reading.identity_key import Same
from hostwise.rulebook.language.rules import HOUSE, Rule, Rulebook
from hostwise.workbench.cases.cases import Cases, GoldenCase, TableCase
from hostwise.workbench.cases.facts import NO_COSTING, facts_of


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


def running(rule: Rule, cases: Cases, book: Rulebook) -> Cases:
    """The cases that evaluate a rule: of the tables its own, and for a rule that derives those of derived facts too."""
    judged = {each.id for each in book.rules if each.stage != "derive"}
    derives = rule.stage == "derive"
    rows = tuple(row for row in cases.rows if row.about == rule.id or (derives and row.about not in judged))
    return replace(cases, rows=rows)


def run_case(case: GoldenCase, knowledge: Knowledge, engine: Engine) -> Ran:
    """One case: the house flow where it expects something of it, and the panel where it expects votes."""
    try:
        return _ran(case, knowledge, engine)
    except FactConflict as conflict:
        found = Diagnostic(case.place, "fact-conflict", f"{case.id}: {conflict}")
        return Ran(case.id, case.place, (), case.facts, (found,))


def _ran(case: GoldenCase, knowledge: Knowledge, engine: Engine) -> Ran:
    facts, failures, traces = dict(case.facts), list[Diagnostic](), list[RuleTrace]()
    if case.expect:
        basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, engine)
        run = continue_flow(_all(facts, knowledge.rulebook), NO_COSTING, basis)
        facts, traces = dict(run.facts), list(run.traces)
        failures += _wrong(case, run)
    if case.votes:
        known = facts if case.expect else _all(facts, knowledge.rulebook)
        found = ballots(knowledge.rulebook, known, engine)
        traces += panel_traces(knowledge.rulebook, known, engine)
        for source, expected in case.votes.items():
            failures += _wrong_vote(case, source, expected, found[source])
    return Ran(case.id, case.place, tuple(traces), facts, tuple(failures))


def run_row(row: TableCase, knowledge: Knowledge, engine: Engine) -> Ran:
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
    return {**_unknown(Same(book)), **facts}


@lru_cache(maxsize=4)
def _unknown(book: Same[Rulebook]) -> Mapping[str, Fact]:
    return facts_of({}, book.it)


def _wrong(case: GoldenCase, run: FlowRun) -> Iterator[Diagnostic]:
    expect, choice = case.expect, run.choice
    outcome = choice.outcome
    rule = choice.rule_id
    traces = {trace.rule.id: trace for trace in run.traces}
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
        if run.facts[name].value != value:
            yield _failure(case.place, case.id, name, value, run.facts[name].value)


def _wrong_vote(case: GoldenCase, source: str, expected: Mapping[str, Any], ballot: Ballot) -> Iterator[Diagnostic]:
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
