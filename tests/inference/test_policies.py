"""DMN hit policies, three-valued."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.inference.rulebooks import facts, rulebook

from hostwise.inference.policies import Overlap, any_, collect, first, output_order, priority, unique
from hostwise.inference.run import Engine, infer
from hostwise.inference.trace import RuleTrace

RULES = [
    {"id": "many", "stage": "choose", "when": {"tokens": ">= 100"}, "then": {"verdict": "hybrid"}},
    {"id": "steady", "stage": "choose", "when": {"shape": "steady"}, "then": {"verdict": "edge"}},
    {"id": "some", "stage": "choose", "when": {"tokens": ">= 10"}, "then": {"verdict": "managed-api"}},
    {"id": "otherwise", "stage": "choose", "when": {"always": True}, "then": {"verdict": "managed-api"}},
]


def traces(folder: Path, **values: Any) -> tuple[RuleTrace, ...]:
    book = rulebook(folder, RULES)
    return infer(book.rules, facts(**values), Engine.BOTH, book.specs).traces


def ids(found: tuple[RuleTrace, ...]) -> list[str]:
    return [trace.rule.id for trace in found]


def verdict(rule: Any) -> Any:
    return rule.then.options


def test_first_takes_the_written_order(tmp_path: Path) -> None:
    result = first(traces(tmp_path, tokens=500, shape="steady"))
    assert result.chosen is not None
    assert (result.chosen.rule.id, ids(result.possible), result.needs) == ("many", ["many"], ())


def test_first_forks_on_an_unknown_rule(tmp_path: Path) -> None:
    result = first(traces(tmp_path, tokens=50))
    assert result.chosen is not None
    assert result.chosen.rule.id == "some"
    assert ids(result.possible) == ["steady", "some"]
    assert result.needs == ("shape",)


def test_first_passes_over_rules_that_are_not_allowed(tmp_path: Path) -> None:
    result = first(traces(tmp_path, tokens=500, shape="steady"), lambda rule: "hybrid" not in rule.then.options)
    assert result.chosen is not None
    assert result.chosen.rule.id == "steady"


def test_collect_keeps_all_that_hold(tmp_path: Path) -> None:
    assert ids(collect(traces(tmp_path, tokens=50, shape="steady"))) == ["steady", "some", "otherwise"]


def test_unique_refuses_overlap(tmp_path: Path) -> None:
    with pytest.raises(Overlap, match="some and otherwise"):
        unique(traces(tmp_path, tokens=50, shape="bursty"))
    only = unique(traces(tmp_path, tokens=1, shape="bursty"))
    assert only is not None
    assert only.rule.id == "otherwise"


def test_any_refuses_disagreement(tmp_path: Path) -> None:
    agreed = any_(traces(tmp_path, tokens=50, shape="bursty"), verdict)
    assert agreed is not None
    assert agreed.rule.id == "some"
    with pytest.raises(Overlap, match="disagree"):
        any_(traces(tmp_path, tokens=50, shape="steady"), verdict)


def test_priority_and_output_order_follow_the_outputs(tmp_path: Path) -> None:
    order = [("managed-api",), ("edge",), ("hybrid",)]
    found = traces(tmp_path, tokens=500, shape="steady")
    highest = priority(found, verdict, order)
    assert highest is not None
    assert highest.rule.id == "some"
    assert ids(output_order(found, verdict, order)) == ["some", "otherwise", "steady", "many"]
