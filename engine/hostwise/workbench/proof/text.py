"""Proofs as text, as JSON, and as findings for CI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hostwise.reading.findings.diagnostics import Diagnostic, Place
from hostwise.reading.json_values import plain
from hostwise.workbench.proof.example import Example, SolverCase
from hostwise.workbench.proof.prove import Proof, ProofStatus

MARKS = {ProofStatus.PROVED: "✓", ProofStatus.REFUTED: "✗", ProofStatus.EMPTY: "∅", ProofStatus.OPEN: "?"}

WHAT = {
    ProofStatus.REFUTED: "does not hold",
    ProofStatus.EMPTY: "says nothing: it speaks of no case, or holds whatever the rules are",
    ProofStatus.OPEN: "was not settled in time",
}


def proof_line(proof: Proof) -> str:
    """One line: mark, id, title, seconds; before one that is not proved, where the rule or property stands."""
    line = f"{MARKS[proof.status]} {proof.status.value:<7}  {proof.id}: {proof.title} ({proof.seconds:.2f} s)"
    return f"{proof.place}: {line}" if proof.place and proof.status is not ProofStatus.PROVED else line


def example_lines(proof: Proof) -> Iterator[str]:
    """The case that breaks a claim: what was decided, and a questionnaire to run."""
    found = proof.example
    if found is None:
        return
    yield "    " + _decided("A case that breaks it", found.first)
    if found.second is not None:
        yield f"    With {', '.join(_change(name, found) for name in found.changed)}:"
        yield "    " + _decided("the other case", found.second)
    if not found.confirmed:
        yield "    The engines do not confirm it on these facts: please report this as a defect of the proof."
    for case in (found.first, found.second):
        if case is not None:
            yield ""
            yield f"    # {_heading(case)}"
            yield from (f"    {line}" for line in case.questionnaire.text.splitlines())


def _decided(what: str, case: SolverCase) -> str:
    if case.conflict:
        return f"{what} stops the decision: {case.outcome}"
    return f"{what} is decided {case.outcome}" + (f" by {case.rule}." if case.rule else ".")


def _heading(case: SolverCase) -> str:
    written = case.questionnaire
    if written.refused:
        return f"counterexample.yaml: hostwise decide stops: {written.refused}"
    if written.outcome == case.outcome:
        return f"counterexample.yaml: hostwise decide gives {written.outcome}"
    costs = {name: f"{value}" for name, value in case.facts.items() if name.startswith("cost.")}
    shown = ", ".join(f"{name} {value}" for name, value in costs.items())
    return (
        f"counterexample.yaml: hostwise decide gives {written.outcome}, as its ledgers come to other costs "
        f"than the case needs ({shown})"
    )


def _change(name: str, found: Example) -> str:
    assert found.second is not None
    before, after = (case.facts.get(name, "unknown") for case in (found.first, found.second))
    return f"{name} {before} → {after}"


def summary(proofs: Sequence[Proof]) -> str:
    """How many claims were proved, and in how long."""
    counts = {status: sum(proof.status is status for proof in proofs) for status in ProofStatus}
    seconds = sum(proof.seconds for proof in proofs)
    parts = [f"{count} {status.value}" for status, count in counts.items() if count]
    return f"{len(proofs)} claims over every questionnaire: {', '.join(parts)}, in {seconds:.1f} s."


def as_findings(proofs: Sequence[Proof], file: str) -> list[Diagnostic]:
    """A finding for each claim that does not hold or was not settled, at the rule or property it is about."""
    return [_finding(proof, file) for proof in proofs if proof.status is not ProofStatus.PROVED]


def _finding(proof: Proof, file: str) -> Diagnostic:
    found = proof.example
    case = f"{found.first.outcome} by {found.first.rule or 'no rule'}" if found else None
    return Diagnostic(
        place=proof.place or Place(file),
        code=f"prove-{proof.id.partition('[')[0]}",
        message=f"{proof.title}: {WHAT[proof.status]}",
        found=case,
    )


def as_data(proofs: Sequence[Proof]) -> list[dict[str, Any]]:
    """Proofs as JSON values, counterexamples whole."""
    found: list[dict[str, Any]] = plain(list(proofs))
    return found
