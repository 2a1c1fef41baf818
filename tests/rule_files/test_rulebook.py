"""The rulebook in `rules/`: citations and quoted facts exist, and no checklist item is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hostwise.flow.knowledge import load_knowledge
from hostwise.flow.panel import NEED_FACTS, UNDEFINED
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.findings.diagnostics import InputError
from hostwise.rulebook.english.quoting import quoted
from hostwise.rulebook.language.rules import Advice, Exclude, Require, Rule, Rulebook, Verdict, Vote
from hostwise.rulebook.loading.citations import load_citations, load_documents, load_votes

HOUSE = "house"
API_OPTIONS = {"managed-api", "sovereign-api", "open-model-provider"}
OUTSIDE = API_OPTIONS | {"hybrid"}
OWN = {"self-host-cloud", "self-host-owned"}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_knowledge().rulebook


@pytest.fixture(scope="module")
def citations() -> object:
    return load_citations(rules_dir())


def by_id(rulebook: Rulebook, identity: str) -> Rule:
    return next(rule for rule in rulebook.rules if rule.id == identity)


def test_every_citation_is_in_the_register(rulebook: Rulebook) -> None:
    known = load_citations(rules_dir())
    missing = {(rule.id, cite) for rule in rulebook.rules for cite in rule.cites if cite not in known}
    assert not missing


def test_a_source_pack_cites_its_own_document_only(rulebook: Rulebook) -> None:
    foreign = {
        (rule.id, cite)
        for rule in rulebook.rules
        if rule.source != HOUSE
        for cite in rule.cites
        if not cite.startswith(rule.source + "-")
    }
    assert not foreign


def test_every_rule_cites_something(rulebook: Rulebook) -> None:
    assert [rule.id for rule in rulebook.rules if not rule.cites] == []


def test_every_quoted_fact_exists(rulebook: Rulebook) -> None:
    texts = {rule.id: [rule.because] for rule in rulebook.rules}
    for rule in rulebook.rules:
        if isinstance(rule.then, Advice):
            texts[rule.id].append(rule.then.text)
    unknown = {(i, n) for i, parts in texts.items() for text in parts for n in quoted(text) if n not in rulebook.specs}
    assert not unknown


def test_every_checklist_item_and_risk_leads_somewhere(rulebook: Rulebook) -> None:
    """Checklist items, risks, revisit triggers and decision rules of the documents are all cited."""
    kinds = {"checklist-item", "operational-risk", "revisit-trigger", "decision-rule", "hybrid-pattern"}
    cited = {cite for rule in rulebook.rules for cite in rule.cites}
    lost = {c.id for c in load_citations(rules_dir()).values() if c.about in kinds and c.id not in cited}
    assert not lost


def test_a_claim_that_its_document_calls_unverified_keeps_the_mark(rulebook: Rulebook) -> None:
    unverified = {c.id for c in load_citations(rules_dir()).values() if c.marker and "Unverified" in c.marker}
    for rule in rulebook.rules:
        if rule.cites and set(rule.cites) <= unverified:
            assert rule.status == "unverified", rule.id


def test_what_may_not_leave_excludes_every_way_out(rulebook: Rulebook) -> None:
    for gate in ("gate.external-processing", "gate.air-gapped", "gate.fine-tuning-data"):
        then = by_id(rulebook, gate).then
        assert isinstance(then, Exclude)
        assert set(then.options) >= OUTSIDE, gate


def test_only_the_device_is_left_at_the_edge(rulebook: Rulebook) -> None:
    assert by_id(rulebook, "gate.edge").then == Require(("edge",))


def test_the_last_choice_always_holds(rulebook: Rulebook) -> None:
    last = rulebook.stage("choose", HOUSE)[-1]
    assert isinstance(last.then, Verdict)
    assert set(last.then.options) == API_OPTIONS


def test_own_gpus_are_chosen_on_cost_or_behind_a_gate(rulebook: Rulebook) -> None:
    """The cost veto: a choice of own GPUs reads a saving, or that no API is left."""
    for rule in rulebook.stage("choose", HOUSE):
        assert isinstance(rule.then, Verdict)
        if set(rule.then.options) & (OWN | {"hybrid"}):
            assert {"saving.self_host", "saving.hybrid", "feasible.any_api"} & set(rule.reads), rule.id


def test_every_vote_is_worded_and_cast() -> None:
    votes = load_votes(rules_dir())
    assert all(vote.label for vote in votes.values())
    cast = {rule.then.vote for rule in load_knowledge().rulebook.rules if isinstance(rule.then, Vote)}
    assert {NEED_FACTS, UNDEFINED} <= set(votes) == cast | {NEED_FACTS, UNDEFINED}


def test_the_five_documents_are_described() -> None:
    documents = load_documents(rules_dir())
    assert list(documents) == ["S0", "S1", "S2", "S3", "S4"]
    for document in documents.values():
        assert len(document.sha256) == 64
        assert all((document.title, document.interest, document.caution))


def test_the_register_holds_every_claim_with_its_check() -> None:
    register = load_citations(rules_dir())
    assert {d: sum(c.document == d for c in register.values()) for d in load_documents(rules_dir())} == {
        "S0": 55,
        "S1": 43,
        "S2": 67,
        "S3": 37,
        "S4": 22,
    }
    wrong = register["S2-31"]
    assert wrong.check == "inconsistent"
    assert "1,244" in (wrong.correct or "")


def test_a_broken_register_says_where(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "claims.yaml").write_text(
        "S9-01:\n  about: price\n  text: x\n  section: y\n  lines: 3\n  check: maybe\n  figures: {a: 'many'}\n"
    )
    with pytest.raises(InputError) as caught:
        load_citations(tmp_path)
    found = {(d.code, d.place.line) for d in caught.value.diagnostics}
    assert found == {("missing-key", 2), ("unknown-key", 5), ("check", 6), ("figure", 7)}


def test_a_folder_without_a_register_has_no_citations(tmp_path: Path) -> None:
    assert load_citations(tmp_path) == {}


@pytest.mark.parametrize("path", sorted(rules_dir().rglob("*.yaml")), ids=lambda path: path.stem)
def test_no_line_is_longer_than_an_editor_is_wide(path: Path) -> None:
    assert [n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if len(line) > 160] == []


@pytest.mark.parametrize("path", sorted((rules_dir() / "catalogue").glob("*.yaml")), ids=lambda path: path.stem)
def test_an_entry_of_the_catalogue_has_an_attribute_a_line(path: Path) -> None:
    """Up to three that belong together may share one: the ends of a range, arithmetic by precision."""
    wide = re.compile(r"\{[^{}]*:[^{}]*,[^{}]*:[^{}]*,[^{}]*:[^{}]*,[^{}]*:")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [n for n, line in enumerate(lines, 1) if wide.search(line) and not line.lstrip().startswith("#")] == []
