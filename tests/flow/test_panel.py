"""The panel: what must hold of the documents' votes whatever else is answered, and how a record words them.

Their single votes are golden cases: `tests/golden/panel/*.yaml`, run by tests/workbench/test_cases.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from hostwise.answers.facts import Fact, FactType, Origin, Provenance, fixed
from hostwise.flow.knowledge import load_knowledge
from hostwise.flow.panel import Ballot, ballots, run_panel
from hostwise.inference.run import Engine
from hostwise.rulebook.language.conditions import Equals
from hostwise.rulebook.language.rules import Rulebook
from hostwise.rulebook.language.unary_tests import parse_unary

CASES = Path(__file__).parents[1] / "golden" / "panel"
SOURCES = ("S0", "S1", "S2", "S3", "S4")
GIVEN = Provenance(Origin.GIVEN)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_knowledge().rulebook


def read(name: str) -> Any:
    return yaml.safe_load((CASES / name).read_text("utf-8"))


def facts_of(rulebook: Rulebook, written: Mapping[str, Any], unknown: tuple[str, ...] = ()) -> dict[str, Fact]:
    """Facts from values as a rule file writes them; others are unknown. A day is a thirtieth of a month."""
    facts = {name: Fact(name, spec.type, None, GIVEN, spec.label, spec.unit) for name, spec in rulebook.specs.items()}
    for name, raw in written.items():
        if name not in unknown:
            spec = rulebook.specs[name]
            test = parse_unary(str(raw).lower() if isinstance(raw, bool) else str(raw), spec, {})
            assert isinstance(test, Equals)
            facts[name] = Fact(name, spec.type, test.value, GIVEN, spec.label, spec.unit)
    month = facts["tokens_per_month"].value
    if isinstance(month, Decimal):
        day = fixed(month / 30, FactType.TOKENS)
        facts["tokens_per_day"] = Fact("tokens_per_day", FactType.TOKENS, day, GIVEN, unit="tokens/day")
    return facts


def voted(rulebook: Rulebook, facts: Mapping[str, Fact]) -> dict[str, Ballot]:
    return ballots(rulebook, facts, Engine.BOTH)


@pytest.mark.parametrize("entry", read("properties.yaml")["same_vote"], ids=lambda e: e["id"])
def test_what_outranks_the_rest(rulebook: Rulebook, entry: Any) -> None:
    base = read("boundaries.yaml")["base"]
    for values in product(*entry["vary"].values()):
        facts = facts_of(rulebook, {**base, **entry["given"], **dict(zip(entry["vary"], values, strict=True))})
        found = voted(rulebook, facts)
        assert {source: found[source].vote for source in entry["votes"]} == entry["votes"], values


@pytest.mark.parametrize(("gate", "sources"), list(read("properties.yaml")["asks_for"].items()))
def test_an_unanswered_gate_is_asked_for(rulebook: Rulebook, gate: str, sources: list[str]) -> None:
    base = read("boundaries.yaml")["base"]
    found = voted(rulebook, facts_of(rulebook, base, (gate,)))
    asked = [source for source in SOURCES if found[source].vote == "need-facts" and found[source].needs == (gate,)]
    assert asked == sources


def test_taking_an_answer_away_never_narrows_the_votes(rulebook: Rulebook) -> None:
    """But for `measure-first`, which is itself a vote about what is not known."""
    data = read("worked-cases.yaml")
    for case in data["cases"]:
        written = {**data["base"], **case["facts"]}
        before = voted(rulebook, facts_of(rulebook, written))
        for name in written:
            after = voted(rulebook, facts_of(rulebook, written, (name,)))
            for source in SOURCES:
                if after[source].vote != "measure-first":
                    assert set(before[source].possible) <= set(after[source].possible), (
                        case["id"],
                        name,
                        source,
                    )


def test_a_month_and_its_thirtieth_are_one_volume(rulebook: Rulebook) -> None:
    base = read("boundaries.yaml")["base"]
    per_month = voted(rulebook, facts_of(rulebook, {**base, "tokens_per_month": "900M"}))
    per_day = voted(rulebook, facts_of(rulebook, {**base, "tokens_per_month": "900M", "tokens_per_day": "30M"}))
    assert {s: b.vote for s, b in per_month.items()} == {s: b.vote for s, b in per_day.items()}


def test_the_record_words_each_vote(rulebook: Rulebook) -> None:
    data = read("worked-cases.yaml")
    (case,) = (c for c in data["cases"] if c["id"] == "G09")
    panel = run_panel(rulebook, facts_of(rulebook, {**data["base"], **case["facts"]}), Engine.BOTH)
    assert list(panel) == list(SOURCES)
    s1 = panel["S1"]
    assert s1.title == "Self-Hosting LLMs in 2026: When It Pays Off"
    assert (s1.vote, s1.label, s1.rule, s1.basis) == ("api", "stay on an API", "S1-R3", "stated")
    assert "open-model-provider" in s1.agrees_with
    assert "30M" in s1.because
    assert [flag.id for flag in s1.flags] == ["S1-F1", "S1-F2"]


def test_a_reading_of_ours_is_marked(rulebook: Rulebook) -> None:
    base = read("boundaries.yaml")["base"]
    panel = run_panel(rulebook, facts_of(rulebook, {**base, "tokens_per_month": "30M"}), Engine.REFERENCE)
    assert (panel["S3"].vote, panel["S3"].basis) == ("undefined", "reading")


def test_an_open_vote_names_what_it_waits_for(rulebook: Rulebook) -> None:
    base = read("boundaries.yaml")["base"]
    panel = run_panel(rulebook, facts_of(rulebook, base, ("residency",)), Engine.REFERENCE)
    assert panel["S2"].rule is None
    assert panel["S2"].needs == ("residency",)
    assert "data residency" in panel["S2"].because
