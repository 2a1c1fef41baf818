"""The panel: what each source document would decide on its own rules, and why.

A document's hard gates come first: one that holds decides, in written order; otherwise one that hangs
on an unknown answer leaves the vote at `need-facts`. Then its first rule that holds decides; a rule
left unknown before it forks, and the vote stands only if every way it could turn out gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.options import named_options
from hostwise.economics.source_figures import load_recomputations
from hostwise.inference.hit_policies import collect, first
from hostwise.inference.run import Engine, RuleTrace, infer
from hostwise.reading.translatable import fill, joined, prose
from hostwise.rulebook.english.quoting import quote
from hostwise.rulebook.language.rules import HOUSE, Advice, Rulebook, Vote

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


class RaisedFlag(Struct, frozen=True):
    """A warning or a contradiction of a document's own that applies."""

    id: str
    text: str


class NotRecomputed(Struct, frozen=True):
    """A figure that a document states and that its own inputs do not give; `correct` is what they give."""

    id: str
    claims: tuple[str, ...]
    stated: str
    finding: str
    correct: str


class PanelVote(Struct, frozen=True):
    """What one source document would decide, in words; `agrees_with` are the options of ours that it means."""

    title: str
    short: str
    vote: str
    label: str
    agrees_with: tuple[str, ...]
    rule: str | None
    because: str
    cites: tuple[str, ...]
    needs: tuple[str, ...]
    possible: tuple[str, ...]
    flags: tuple[RaisedFlag, ...]
    arithmetic: tuple[NotRecomputed, ...]
    basis: str
    caution: str


def run_panel(
    rulebook: Rulebook, facts: Mapping[str, Fact], engine: Engine, rules: Path | None = None
) -> dict[str, PanelVote]:
    """Every source document's vote by its id; its arithmetic is left to `with_arithmetic`.

    `rules` is the folder of rules that holds the documents' titles and the wording of votes.
    """
    return {
        source: _written(source, ballot, facts, rulebook, rules)
        for source, ballot in ballots(rulebook, facts, engine).items()
    }


def ballots(rulebook: Rulebook, facts: Mapping[str, Fact], engine: Engine) -> dict[str, Ballot]:
    """Every source document's ballot, in the order of their packs."""
    traces = panel_traces(rulebook, facts, engine)
    sources = dict.fromkeys(trace.rule.source for trace in traces)
    return {source: cast([trace for trace in traces if trace.rule.source == source]) for source in sources}


def panel_traces(rulebook: Rulebook, facts: Mapping[str, Fact], engine: Engine) -> tuple[RuleTrace, ...]:
    """Every rule of every source document on the facts, in written order."""
    rules = [rule for rule in rulebook.rules if rule.source != HOUSE]
    sources = dict.fromkeys(rule.source for rule in rules)
    derived = {name: fact for source in sources for name, fact in rulebook.defaults(source).items()}
    return infer(rules, facts, engine, rulebook.specs, derived).traces


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


def _written(
    source: str, ballot: Ballot, facts: Mapping[str, Fact], rulebook: Rulebook, rules: Path | None
) -> PanelVote:
    from hostwise.reading.files.folders import rules_dir
    from hostwise.rulebook.loading.citations import load_documents, load_votes

    root = rules or rules_dir()
    document, wording = load_documents(root)[source], load_votes(root)
    rule = ballot.rule.rule if ballot.rule else None
    return PanelVote(
        title=document.title,
        short=document.short,
        vote=ballot.vote,
        label=wording[ballot.vote].label,
        agrees_with=tuple(named_options(wording[ballot.vote].agrees_with, rulebook.kinds)),
        rule=rule.id if rule else None,
        because=quote(rule.because, facts) if rule else _why_open(ballot, facts),
        cites=rule.cites if rule else (),
        needs=ballot.needs,
        possible=ballot.possible,
        flags=tuple(RaisedFlag(flag.rule.id, _text(flag, facts)) for flag in ballot.flags),
        arithmetic=(),
        basis="stated" if rule is None or rule.status == "stated" else "reading",
        caution=document.caution,
    )


def with_arithmetic(panel: Mapping[str, PanelVote], rulebook: Rulebook, root: Path) -> dict[str, PanelVote]:
    """The votes, each with the document's figures that it or its warnings rest on and that do not recompute."""
    cites = {rule.id: rule.cites for rule in rulebook.rules}
    return {source: replace(vote, arithmetic=_arithmetic(source, vote, cites, root)) for source, vote in panel.items()}


def _arithmetic(
    source: str, vote: PanelVote, cites: Mapping[str, tuple[str, ...]], root: Path
) -> tuple[NotRecomputed, ...]:
    """The document's figures that its vote or its warnings rest on here, and that its own inputs do not give."""
    rules = (*(flag.id for flag in vote.flags), vote.rule or "")
    claims = {claim for rule in rules for claim in cites.get(rule, ())}
    return tuple(
        NotRecomputed(r.id, r.claims, r.stated, r.finding, r.correct)
        for r in load_recomputations(root)
        if r.document == source and not r.agrees and claims.intersection(r.claims)
    )


def _why_open(ballot: Ballot, facts: Mapping[str, Fact]) -> str:
    if not ballot.needs:
        return prose("None of its rules applies.")
    names = [facts[name].label or name if name in facts else name for name in ballot.needs]
    return fill("Its answer hangs on what is not known: {names}.", names=joined(names, ", "))


def _text(flag: RuleTrace, facts: Mapping[str, Fact]) -> str:
    assert isinstance(flag.rule.then, Advice)
    return quote(flag.rule.then.text, facts)
