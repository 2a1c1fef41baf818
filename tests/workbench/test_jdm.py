"""The exported rulebook, run by an engine that nobody here wrote (GoRules ZEN), agrees on every verdict."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.inference.rulebooks import facts as small_facts
from tests.inference.rulebooks import rulebook
from tests.inference.strategies import conditions, some_facts
from tests.workbench.random_questionnaires import random_cases
from tests.workbench.zen_facts import nested

from hostwise.cli.main import cli
from hostwise.flow.flow import Basis, choose_costed
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.flow.panel import ballots
from hostwise.inference.run import Engine, infer
from hostwise.rulebook.language.rules import Rulebook
from hostwise.workbench.exchange.zen_write import as_jdm

zen = pytest.importorskip("zen")

QUESTIONNAIRES = int(os.environ.get("HOSTWISE_ZEN_QUESTIONNAIRES", "1000"))
PARTS = 4


def decision(book: Rulebook, options: tuple[str, ...]) -> Any:
    return zen.ZenEngine().create_decision(json.dumps(as_jdm(book, options)))


def compared(part: int) -> tuple[dict[str, int], list[str]]:
    """One part of the questionnaires: how often each verdict came up, and every disagreement."""
    sys.settrace(None)  # under coverage this would take minutes; what runs here is covered elsewhere
    knowledge = load_knowledge()
    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.REFERENCE)
    exported = decision(knowledge.rulebook, basis.options)
    counts: dict[str, int] = {}
    wrong = []
    for facts, costing in random_cases(knowledge, seed=20261121 + part, count=QUESTIONNAIRES // PARTS):
        run = choose_costed(facts, costing, basis)
        choice = run.choice
        ours = {
            "verdict": choice.outcome,
            "possible": list(choice.possible) if run.gates.feasible else None,
            "votes": {s: b.vote for s, b in ballots(knowledge.rulebook, run.facts, Engine.REFERENCE).items()},
        }
        result = exported.evaluate(nested(facts))["result"]
        theirs = {
            "verdict": result["verdict"],
            "possible": list(dict.fromkeys(result["possible"])) if run.gates.feasible else None,
            "votes": result["votes"],
        }
        counts[ours["verdict"]] = counts.get(ours["verdict"], 0) + 1
        if ours != theirs:
            wrong.append(f"{ours} {theirs} on {nested(facts)}")
    return counts, wrong


def test_zen_agrees_on_random_questionnaires() -> None:
    # Not forked: a child of a process with threads, such as those of ZEN, may hang for ever.
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(compared, range(PARTS)))
    wrong = [text for _, found in parts for text in found]
    assert not wrong, f"{len(wrong)} disagreements, the first: {wrong[0]}"
    counts: dict[str, int] = {}
    for part, _ in parts:
        for verdict, number in part.items():
            counts[verdict] = counts.get(verdict, 0) + number
    assert sum(counts.values()) == QUESTIONNAIRES // PARTS * PARTS
    assert set(counts) == {*load_knowledge().catalogue.options, "undecided", "infeasible"}, counts


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def test_the_command_writes_what_zen_reads(tmp_path: Path, knowledge: Knowledge) -> None:
    file = tmp_path / "rules.json"
    result = CliRunner().invoke(cli, ["rules", "export", "--to", "jdm", "-o", str(file)])
    assert result.exit_code == 0
    graph = json.loads(file.read_text("utf-8"))
    assert graph == as_jdm(knowledge.rulebook, tuple(knowledge.catalogue.options))
    ids = {node["id"] for node in graph["nodes"]}
    assert len(ids) == len(graph["nodes"])
    assert {end for edge in graph["edges"] for end in (edge["sourceId"], edge["targetId"])} == ids
    zen.ZenEngine().create_decision(file.read_text("utf-8")).validate()


POLICIES = ("unique", "any", "first", "priority", "collect sum", "collect min", "collect max", "collect count")


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    policy=st.sampled_from(POLICIES[2:]),
    rules=st.lists(conditions(depth=1), min_size=1, max_size=4),
    values=st.lists(st.sampled_from([1, 2, 3]), min_size=4, max_size=4),
    default=st.sampled_from([None, 2]),
    case=some_facts,
)
def test_zen_agrees_on_every_hit_policy(
    tmp_path: Path, policy: str, rules: list[Any], values: list[int], default: int | None, case: dict[str, Any]
) -> None:
    words = policy == "priority"
    fact: dict[str, Any] = {"type": "enum", "values": ["w3", "w1", "w2"]} if words else {"type": "count"}
    fact["hit_policy"] = policy
    if default is not None:
        fact["default"] = f"w{default}" if words else default
    entries = [
        {
            "id": f"r{n}",
            "stage": "derive",
            "when": when,
            "then": {"set": {"it": f"w{values[n]}" if words else values[n]}},
        }
        for n, when in enumerate(rules)
    ]
    last = {"id": "last", "stage": "choose", "when": {"always": True}, "then": {"verdict": "edge"}}
    book = rulebook(tmp_path, [*entries, last], {"it": fact})
    known = small_facts(**case)
    ours = (
        infer(book.stage("derive", "house"), known, Engine.BOTH, book.specs, book.defaults("house")).facts["it"].value
    )
    graph = as_jdm(book, ("managed-api", "hybrid", "edge"))
    (node,) = (n for n in graph["nodes"] if n["id"] == "it")
    graph["edges"] = [e for e in graph["edges"] if e["targetId"] != "decision"]
    graph["edges"].append({"id": "x", "type": "edge", "sourceId": node["id"], "targetId": "decision"})
    result = zen.ZenEngine().create_decision(json.dumps(graph)).evaluate(nested(known))["result"]
    theirs = result.get("it")
    assert (Decimal(str(theirs)) if isinstance(theirs, (int, float)) else theirs) == ours
