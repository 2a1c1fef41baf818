"""The exported rulebook, run by an engine that nobody here wrote (GoRules ZEN), agrees on every verdict."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from decimal import Decimal
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
from tests.verified.engines import tally
from tests.workbench.random_questionnaires import RandomCase
from tests.workbench.zen_facts import nested

from hostwise.cli.main import cli
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.inference.run import Engine, infer
from hostwise.workbench.exchange.zen_write import as_jdm

zen = pytest.importorskip("zen")

QUESTIONNAIRES = examples(1250)
"""By day 200, which come to all verdicts but the rarest; `make verified` tries ten thousand."""


def test_three_engines_agree_on_random_questionnaires(
    knowledge: Knowledge, first_cases: Callable[[int], list[RandomCase]]
) -> None:
    """durable-rules, the reference and ZEN, every document's vote too; what is open says what would settle it."""
    sys.settrace(None)  # under coverage this would take minutes; what runs here is covered elsewhere
    found = tally(knowledge, first_cases(QUESTIONNAIRES))
    assert {kind: each[:1] for kind, each in found.faults.items() if each} == {}
    assert sum(found.verdicts.values()) == QUESTIONNAIRES
    never = {*knowledge.catalogue.options, "undecided", "infeasible"} - set(found.verdicts)
    assert len(never) <= 1, found.verdicts


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
