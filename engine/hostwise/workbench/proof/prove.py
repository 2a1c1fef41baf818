"""Proofs over all questionnaires, with z3: the rulebook's own soundness, and every property of `properties.yaml`.

Each claim is asked the other way round: is there a case that breaks it? No case is a proof; a case is turned into
facts and run through the real engines before it is shown (`workbench.example`).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

import z3
from msgspec import Struct

from hostwise.economics.catalogue.options import INFEASIBLE, UNDECIDED
from hostwise.flow.knowledge import Knowledge
from hostwise.reading.findings.diagnostics import Place
from hostwise.rulebook.language.rules import HOUSE, Rule, Rulebook, Verdict
from hostwise.workbench.proof.cases import changed_case, free_case
from hostwise.workbench.proof.example import Example, example
from hostwise.workbench.proof.flow import SolverFlow
from hostwise.workbench.proof.hollow import is_hollow, ruleless_case
from hostwise.workbench.proof.properties import Properties, Property
from hostwise.workbench.proof.terms import YES, Bool, all_of, any_of, broken_by, solver_of, truth

LIMIT = 200_000_000
"""What the solver may spend on one claim (`terms.solver_of`); the hardest takes a hundredth."""


class ProofStatus(StrEnum):
    """What the solver found."""

    PROVED = "proved"
    REFUTED = "refuted"
    EMPTY = "empty"  # it says nothing: it speaks of no case at all, or what it says follows without any rule
    OPEN = "open"  # the solver gave up


class Proof(Struct, frozen=True):
    """One claim: what was found, in how many seconds, and the case that breaks it."""

    id: str
    title: str
    status: ProofStatus
    seconds: float
    place: Place | None = None
    because: str = ""
    example: Example | None = None


class _Claim(Struct, frozen=True):
    """A claim about the cases of `premise`, as the formula that breaks it. `second` is the other case compared."""

    id: str
    title: str
    premise: Bool
    broken: Bool
    place: Place | None = None
    because: str = ""
    second: SolverFlow | None = None


def prove(
    knowledge: Knowledge, properties: Properties, only: Collection[str] = (), limit: int = LIMIT
) -> Iterator[Proof]:
    """Every claim, or `only` those of these ids, one after the other, so that progress can be shown."""
    case = free_case(knowledge, properties)
    ruleless = ruleless_case(knowledge, properties, case.given)
    solver = solver_of(case.laws, limit)
    for rule in knowledge.rulebook.rules:
        if _named(_alive_id(rule), only):
            yield _alive(rule, case, solver)
    for claim in (*_sound(case), *_conflicts(case, knowledge.rulebook), *_said(case, knowledge.rulebook)):
        if _named(claim.id, only):
            yield _settled(claim, case, knowledge, properties, limit)
    for entry in properties.properties:
        if _named(entry.id, only):
            claim = _property(entry, case, knowledge, properties)
            hollow = is_hollow(entry, ruleless, claim.second, knowledge, properties)
            yield _settled(claim, case, knowledge, properties, limit, hollow)


def _named(claim: str, only: Collection[str]) -> bool:
    return not only or claim in only or claim.partition("[")[0] in only


def _alive_id(rule: Rule) -> str:
    return f"alive[{rule.id}]"


def _alive(rule: Rule, case: SolverFlow, solver: z3.Solver) -> Proof:
    """No rule is dead: each one holds in some case, and each choice or vote decides some case."""
    start = time.perf_counter()
    what = "decides some case" if rule.stage in ("choose", "confirm") else "holds in some case"
    when = {**case.chosen, **case.confirmed}.get(rule.id, case.votes.get(rule.id, case.truths[rule.id].true))
    solver.push()
    solver.add(when)
    found = solver.check()
    solver.pop()
    status = ProofStatus.PROVED if found == z3.sat else ProofStatus.REFUTED if found == z3.unsat else ProofStatus.OPEN
    seconds = time.perf_counter() - start
    return Proof(_alive_id(rule), f"{rule.id} {what}", status, seconds, rule.place, rule.because)


def _settled(
    claim: _Claim, case: SolverFlow, knowledge: Knowledge, properties: Properties, limit: int, hollow: bool = False
) -> Proof:
    """The claim in a solver of its own: one that has answered hundreds takes minutes over some, a new one 0.3 s."""
    start = time.perf_counter()
    solver = solver_of(case.laws, limit)
    solver.add(claim.premise)
    shown = None
    if hollow or solver.check() == z3.unsat:
        status = ProofStatus.EMPTY
    else:
        solver.add(*(claim.second.laws if claim.second else []), claim.broken)
        found = solver.check()
        status = (
            ProofStatus.REFUTED if found == z3.sat else ProofStatus.PROVED if found == z3.unsat else ProofStatus.OPEN
        )
        if status is ProofStatus.REFUTED:
            shown = example(solver, case, claim.second, knowledge, properties)
    seconds = time.perf_counter() - start
    return Proof(claim.id, claim.title, status, seconds, claim.place, claim.because, shown)


def _sound(case: SolverFlow) -> Iterator[_Claim]:
    """Exactly one verdict in every case."""
    count = sum((z3.If(when, 1, 0) for when in case.outcome.values()), z3.IntVal(0))
    yield _Claim("exactly-one-verdict", "Every case has exactly one verdict", YES, count != 1)
    yield _Claim(
        "no-case-falls-through",
        "Wherever an option is left, some rule of the choice leads to one",
        z3.Not(case.outcome[INFEASIBLE]),
        all_of([z3.Not(when) for when in case.possible.values()]),
    )
    known = all_of([term.known for term in case.given.values()])
    priced = all_of([t.value > 0 for name, t in case.given.items() if name.startswith("cost.")])
    yield _Claim(
        "all-answered-is-decided",
        "With every answer and every cost known, no verdict stays open",
        all_of([known, priced]),
        case.outcome[UNDECIDED],
    )


def _said(case: SolverFlow, rulebook: Rulebook) -> Iterator[_Claim]:
    """What the sentence of a rule claims is true wherever the rule decides, or holds where it decides nothing."""
    decided = [z3.Not(case.outcome[outcome]) for outcome in (UNDECIDED, INFEASIBLE)]
    for rule in rulebook.rules:
        if rule.true_when is not None and rule.source == HOUSE:
            decides = _speaks(rule.id, case)
            wrong = z3.Not(truth(rule.true_when, case.terms).true)
            title = f"What {rule.id} says is true wherever it decides"
            open_ = isinstance(rule.then, Verdict) and UNDECIDED in rule.then.options
            when = all_of([decides, *([] if open_ else decided)])
            yield _Claim(f"true[{rule.id}]", title, when, wrong, rule.place, rule.because)


def _conflicts(case: SolverFlow, rulebook: Rulebook) -> Iterator[_Claim]:
    """No two rules that give a derived fact different values hold at once; under `unique`, no two hold at once."""
    facts: dict[str, list[Bool]] = {}
    makers: dict[str, str] = {}
    for (fact, one, _), both in case.conflicts.items():
        facts.setdefault(fact, []).append(both)
        makers.setdefault(fact, one)
    places = {rule.id: rule.place for rule in rulebook.rules}
    for fact, pairs in facts.items():
        title = f"No two rules contradict each other on {fact}"
        yield _Claim(f"no-conflict[{fact}]", title, YES, any_of(pairs), places[makers[fact]])


def _property(entry: Property, case: SolverFlow, knowledge: Knowledge, properties: Properties) -> _Claim:
    premise = truth(entry.when, case.terms).true
    if entry.second is None:
        wrong = broken_by(entry.never, entry.always, case.terms)
        wrong += [z3.Not(any_of([_speaks(rule, case) for rule in entry.says]))] if entry.says else []
        return _Claim(entry.id, entry.title, premise, any_of(wrong), entry.place, entry.because)
    second = changed_case(case, entry.second.changed, knowledge, properties)
    wrong = broken_by(entry.second.never, entry.second.always, second.terms)
    if entry.second.same is not None:
        one, other = case.terms[entry.second.same], second.terms[entry.second.same]
        wrong.append(all_of([z3.Not(second.outcome[UNDECIDED]), z3.Not(one.value == other.value)]))
    return _Claim(entry.id, entry.title, premise, any_of(wrong), entry.place, entry.because, second)


def _speaks(rule: str, case: SolverFlow) -> Bool:
    """When a rule has its say: it holds; of those that choose, confirm or vote, it is the one that decides."""
    decides = {**case.chosen, **case.confirmed, **case.votes}
    return decides.get(rule, case.truths[rule].true)


def broken(proofs: Sequence[Proof]) -> tuple[Proof, ...]:
    """The claims that do not hold, or that the solver did not settle."""
    return tuple(proof for proof in proofs if proof.status is not ProofStatus.PROVED)
