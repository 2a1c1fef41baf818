"""The panel: what each source document would decide on its own rules, and why.

A document's hard gates come first: one that holds decides, in written order; otherwise one that hangs
on an unknown answer leaves the vote at `need-facts`. Then its first rule that holds decides; a rule
left unknown before it forks, and the vote stands only if every way it could turn out gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.economics.recompute import load_recomputations
from hostwise.inference.policies import collect, first
from hostwise.inference.run import Engine, RuleTrace, infer
from hostwise.reading.said import fill, joined, prose
from hostwise.rulebook.quoting import quote
from hostwise.rulebook.rules import HOUSE, Advice, Rulebook, Vote

NEED_FACTS = "need-facts"
UNDEFINED = "undefined"


class Ballot(Struct, frozen=True):
    """One document's vote: the rule that cast it, or the facts that would settle it.

    `possible` are the votes still open, in written order; `flags` the document's own warnings and
    contradictions that apply here.
    """

    vote: str
    rule: RuleTrace | None
    possible: tuple[str, ...]
    needs: tuple[str, ...]
    flags: tuple[RuleTrace, ...]


def run_panel(
    rulebook: Rulebook, facts: Mapping[str, Fact], engine: Engine, rules: Path | None = None
) -> dict[str, Any]:
    """Every source document's vote by its id, as the record keeps it; its arithmetic is left to `with_arithmetic`.

    `rules` is the folder of rules that holds the documents' titles and the wording of votes.
    """
    return {
        source: _written(source, ballot, facts, rules) for source, ballot in ballots(rulebook, facts, engine).items()
    }


def ballots(rulebook: Rulebook, facts: Mapping[str, Fact], engine: Engine) -> dict[str, Ballot]:
    """Every source document's ballot, in the order of their packs."""
    rules = [rule for rule in rulebook.rules if rule.source != HOUSE]
    traces = infer(rules, facts, engine, rulebook.specs).traces
    sources = dict.fromkeys(rule.source for rule in rules)
    return {source: cast([trace for trace in traces if trace.rule.source == source]) for source in sources}


def cast(traces: Sequence[RuleTrace]) -> Ballot:
    """The vote that one document's traced rules come to."""
    flags = collect([trace for trace in traces if trace.rule.stage == "advise"])
    voting = [trace for trace in traces if trace.rule.stage == "choose"]
    gates = [trace for trace in voting if trace.rule.hard_gate]
    holding = next((gate for gate in gates if gate.truth is True), None)
    if holding is not None:
        # An unknown gate before it could only replace one strict outcome by another: that stays possible.
        before = [gate for gate in gates[: gates.index(holding)] if gate.truth is None]
        possible = tuple(dict.fromkeys(_vote(gate) for gate in (*before, holding)))
        return Ballot(_vote(holding), holding, possible, (), flags)
    rest = first([trace for trace in voting if not trace.rule.hard_gate])
    unsettled = [gate for gate in gates if gate.truth is None]
    possible = tuple(dict.fromkeys(_vote(trace) for trace in (*unsettled, *rest.possible)))
    if unsettled:
        needs = dict.fromkeys(name for gate in unsettled for name in gate.unknown)
        return Ballot(NEED_FACTS, None, possible, tuple(needs), flags)
    if not possible:
        return Ballot(UNDEFINED, None, (UNDEFINED,), (), flags)
    if len(possible) == 1:
        return Ballot(possible[0], rest.chosen or rest.possible[0], possible, (), flags)
    return Ballot(NEED_FACTS, None, possible, rest.needs, flags)


def _vote(trace: RuleTrace) -> str:
    assert isinstance(trace.rule.then, Vote)  # the loader lets source packs choose by vote only
    return trace.rule.then.vote


def _written(source: str, ballot: Ballot, facts: Mapping[str, Fact], rules: Path | None) -> dict[str, Any]:
    from hostwise.reading.resources import rules_dir
    from hostwise.rulebook.citations import load_documents, load_votes

    root = rules or rules_dir()
    document, wording = load_documents(root)[source], load_votes(root)
    rule = ballot.rule.rule if ballot.rule else None
    return {
        "title": document.title,
        "short": document.short,
        "vote": ballot.vote,
        "label": wording[ballot.vote].label,
        "agrees_with": list(wording[ballot.vote].agrees_with),
        "rule": rule.id if rule else None,
        "because": quote(rule.because, facts) if rule else _why_open(ballot, facts),
        "cites": list(rule.cites) if rule else [],
        "needs": list(ballot.needs),
        "possible": list(ballot.possible),
        "flags": [{"id": flag.rule.id, "text": _text(flag, facts)} for flag in ballot.flags],
        "arithmetic": [],
        "basis": "stated" if rule is None or rule.status == "stated" else "reading",
        "caution": document.caution,
    }


def with_arithmetic(panel: Mapping[str, dict[str, Any]], rulebook: Rulebook, root: Path) -> dict[str, dict[str, Any]]:
    """The votes, each with the document's figures that it or its warnings rest on and that do not recompute."""
    cites = {rule.id: rule.cites for rule in rulebook.rules}
    return {source: vote | {"arithmetic": _arithmetic(source, vote, cites, root)} for source, vote in panel.items()}


def _arithmetic(
    source: str, vote: Mapping[str, Any], cites: Mapping[str, tuple[str, ...]], root: Path
) -> list[dict[str, Any]]:
    """The document's figures that its vote or its warnings rest on here, and that its own inputs do not give."""
    claims = {
        claim for rule in (*(flag["id"] for flag in vote["flags"]), vote["rule"]) for claim in cites.get(rule, ())
    }
    return [
        {"id": r.id, "claims": list(r.claims), "stated": r.stated, "finding": r.finding, "correct": r.correct}
        for r in load_recomputations(root)
        if r.document == source and not r.agrees and claims.intersection(r.claims)
    ]


def _why_open(ballot: Ballot, facts: Mapping[str, Fact]) -> str:
    if not ballot.needs:
        return prose("None of its rules applies.")
    names = [facts[name].label or name if name in facts else name for name in ballot.needs]
    return fill("Its answer hangs on what is not known: {names}.", names=joined(names, ", "))


def _text(flag: RuleTrace, facts: Mapping[str, Fact]) -> str:
    assert isinstance(flag.rule.then, Advice)
    return quote(flag.rule.then.text, facts)
