"""DMN hit policies, three-valued."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.inference.rulebooks import facts, rulebook

from hostwise.answers.facts import Value
from hostwise.inference.hit_policies import FactConflict, collect, first
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


def derived(folder: Path, policy: str, **values: Any) -> Value | None:
    """A fact that three rules derive, under a hit policy."""
    rules = [
        {"id": name, "stage": "derive", "when": when, "then": {"set": {"kind": kind}}}
        for name, when, kind in (
            ("many", {"tokens": ">= 100"}, "b"), ("some", {"tokens": ">= 10"}, "a"),
            ("steady", {"shape": "steady"}, "b"),
        )
    ]  # fmt: skip
    book = rulebook(folder, rules, {"kind": {"type": "enum", "values": ["a", "b"], "hit_policy": policy}})
    return infer(book.rules, facts(**values), Engine.BOTH, book.specs, book.defaults("house")).facts["kind"].value


def test_unique_refuses_overlap(tmp_path: Path) -> None:
    with pytest.raises(FactConflict, match="some and steady"):
        derived(tmp_path, "unique", tokens=50, shape="steady")
    assert derived(tmp_path, "unique", tokens=50, shape="bursty") == "a"


def test_any_refuses_disagreement(tmp_path: Path) -> None:
    assert derived(tmp_path, "any", tokens=50, shape="bursty") == "a"
    with pytest.raises(FactConflict, match="many and some both hold and give different values"):
        derived(tmp_path, "any", tokens=500, shape="bursty")


def test_priority_follows_the_order_of_values_and_first_the_written_one(tmp_path: Path) -> None:
    assert derived(tmp_path, "priority", tokens=500, shape="steady") == "a"
    assert derived(tmp_path, "first", tokens=500, shape="steady") == "b"
    assert derived(tmp_path, "first", tokens=50, shape="steady") == "a"
