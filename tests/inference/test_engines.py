"""Two engines that share nothing but the syntax tree find the same truth for every rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.inference.rulebooks import SPECS, facts, rulebook
from tests.inference.strategies import conditions, some_facts

from hostwise.inference.reference import evaluate, truth_of
from hostwise.inference.run import Engine, EnginesDisagree, FactConflict, infer


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rules=st.lists(conditions(), min_size=1, max_size=12), cases=st.lists(some_facts, min_size=1, max_size=12))
def test_random_rulebooks_and_facts(tmp_path: Path, rules: list[dict[str, Any]], cases: list[dict[str, Any]]) -> None:
    noted = [{"id": f"r{n}", "stage": "advise", "when": w, "then": {"note": "x"}} for n, w in enumerate(rules)]
    book = rulebook(tmp_path, noted)
    for case in cases:
        inference = infer(book.rules, facts(**case), Engine.BOTH, book.specs)  # raises when they disagree
        assert [truth_of(trace.rule.when, facts(**case)) for trace in inference.traces] == [
            trace.truth for trace in inference.traces
        ]
        assert len(inference.traces) == len(rules)


DERIVING = [
    {"id": "d1", "stage": "derive", "when": {"tokens": ">= 50M"}, "then": {"set": {"large": True}}},
    {"id": "d2", "stage": "derive", "when": {"large": True, "shape": "steady"}, "then": {"set": {"fit": "yes"}}},
    {"id": "d3", "stage": "derive", "when": {"not": {"large": True}}, "then": {"set": {"fit": "no"}}},
]
DERIVED = {
    "large": {"type": "boolean", "default": False},
    "fit": {"type": "enum", "values": ["yes", "no", "maybe"], "default": "maybe"},
}


@pytest.mark.parametrize(
    ("case", "large", "fit"),
    [
        ({"tokens": 60_000_000, "shape": "steady"}, True, "yes"),
        ({"tokens": 60_000_000, "shape": "bursty"}, True, "maybe"),
        ({"tokens": 1, "shape": "steady"}, False, "no"),
        ({"shape": "steady"}, None, None),
        ({"tokens": 60_000_000}, True, None),
    ],
)
@pytest.mark.parametrize("engine", list(Engine))
def test_rules_build_on_each_other_in_layers(
    tmp_path: Path, case: dict[str, Any], large: bool | None, fit: str | None, engine: Engine
) -> None:
    book = rulebook(tmp_path, DERIVING, DERIVED)
    inference = infer(book.rules, facts(**case), engine, book.specs, book.defaults("house"))
    assert inference.facts["large"].value is large
    assert inference.facts["fit"].value == fit


def test_a_trace_says_what_each_test_saw(tmp_path: Path) -> None:
    when = {"all": [{"tokens": ">= 50M"}, {"not": {"shape": "steady"}}, {"closed": True}]}
    (rule,) = rulebook(tmp_path, [{"id": "r", "stage": "advise", "when": when, "then": {"note": "x"}}]).rules
    trace = evaluate(rule, facts(tokens=60_000_000, shape="bursty"), SPECS)
    large, negated, closed = trace.condition.children
    assert (trace.condition.op, trace.truth, trace.unknown) == ("all", None, ("closed",))
    assert (large.op, large.fact, large.seen, large.truth) == ("test", "tokens", "60M", True)
    assert (negated.op, negated.truth, negated.children[0].seen) == ("not", True, "bursty")
    assert (closed.seen, closed.truth) == ("unknown", None)
    assert large.threshold == 50_000_000 and closed.threshold is None
    settled = evaluate(rule, facts(tokens=60_000_000, shape="bursty", closed=False), SPECS)
    assert (settled.truth, settled.unknown) == (False, ())
    missing = evaluate(rule, {}, SPECS)  # not there at all: unknown as well
    assert (missing.truth, missing.unknown) == (None, ("tokens", "shape", "closed"))
    assert missing.condition.children[0].seen == "unknown"
    either = rulebook(
        tmp_path, [{"id": "e", "stage": "advise", "when": {"any": when["all"]}, "then": {"note": "x"}}]
    ).rules
    assert evaluate(either[0], {}, SPECS).condition.op == "any"


def test_an_unknown_rule_names_what_would_settle_it(tmp_path: Path) -> None:
    when = {"any": [{"tokens": ">= 50M", "shape": "steady"}, {"closed": True}]}
    book = rulebook(tmp_path, [{"id": "r", "stage": "advise", "when": when, "then": {"note": "x"}}])
    (trace,) = infer(book.rules, facts(tokens=60_000_000, closed=False), Engine.BOTH, book.specs).traces
    assert trace.truth is None
    assert trace.unknown == ("shape",)


def test_two_rules_that_contradict_each_other_stop_the_decision(tmp_path: Path) -> None:
    rules = [
        {"id": "a", "stage": "derive", "when": {"tokens": ">= 1"}, "then": {"set": {"large": True}}},
        {"id": "b", "stage": "derive", "when": {"tokens": ">= 2"}, "then": {"set": {"large": False}}},
    ]
    book = rulebook(tmp_path, rules, {"large": {"type": "boolean"}})
    with pytest.raises(FactConflict, match="a and b"):
        infer(book.rules, facts(tokens=5), Engine.BOTH, book.specs, book.defaults("house"))


def test_a_disagreement_stops_the_decision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = rulebook(tmp_path, [{"id": "r", "stage": "advise", "when": {"closed": True}, "then": {"note": "x"}}])
    monkeypatch.setattr("hostwise.inference.durable.DurableRules.truths", lambda *_: {"r": False})
    with pytest.raises(EnginesDisagree, match=r"r: durable-rules says False, the reference True"):
        infer(book.rules, facts(closed=True), Engine.BOTH, book.specs)
