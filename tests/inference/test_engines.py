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


@pytest.mark.parametrize(
    ("condition", "true", "false", "unknown"),
    [
        ({"people": 4}, [4], [3, 5], [None]),
        ({"people": "= 4"}, [4], [3, 5], [None]),
        ({"people": "< 4"}, [3], [4, 5], [None]),
        ({"people": "<= 4"}, [3, 4], [5], [None]),
        ({"people": "> 4"}, [5], [3, 4], [None]),
        ({"people": ">= 4"}, [4, 5], [3], [None]),
        ({"people": "[4..6]"}, [4, 5, 6], [3, 7], [None]),
        ({"people": "(4..6]"}, [5, 6], [4, 7], [None]),
        ({"people": "[4..6)"}, [4, 5], [3, 6], [None]),
        ({"people": "(4..6)"}, [5], [4, 6], [None]),
        ({"people": "not([4..6])"}, [3, 7], [4, 6], [None]),
        ({"people": "not(> 4)"}, [3, 4], [5], [None]),
        ({"people": [1, "[4..6)"]}, [1, 4], [2, 6], [None]),
        ({"people": "-"}, [0, 4], [None], []),
        ({"people": "unknown"}, [None], [0, 4], []),
        ({"any": [{"people": "unknown"}, {"people": 4}]}, [None, 4], [5], []),
        ({"all": [{"people": "> 4"}, {"always": True}]}, [5], [4], [None]),
        ({"any": [{"people": "> 4"}, {"not": {"always": True}}]}, [5], [4], [None]),
        ({"any": [{"people": "> 4"}, {"always": True}]}, [5, 4, None], [], []),
        ({"all": [{"people": "> 4"}, {"not": {"always": True}}]}, [], [5, 4, None], []),
        ({"any": [{"not": {"always": True}}, {"not": {"always": True}}]}, [], [4, None], []),
        ({"all": [{"people": "> 4"}, {"any": [{"not": {"always": True}}] * 2}]}, [], [5, 4, None], []),
        ({"not": {"all": [{"people": "> 4"}, {"people": "< 6"}]}}, [4, 6], [5], [None]),
    ],
    ids=str,
)
def test_every_test_at_and_beside_its_threshold(
    tmp_path: Path, condition: dict[str, Any], true: list[Any], false: list[Any], unknown: list[Any]
) -> None:
    (rule,) = rulebook(tmp_path, [{"id": "r", "stage": "advise", "when": condition, "then": {"note": "x"}}]).rules
    for expected, values in ((True, true), (False, false), (None, unknown)):
        for people in values:
            (trace,) = infer([rule], facts(people=people), Engine.BOTH, SPECS).traces
            assert (trace.truth, truth_of(rule.when, facts(people=people))) == (expected, expected), people


@pytest.mark.parametrize(
    ("test", "tokens", "other", "truth"),
    [
        ("< other_tokens", 1, 2, True), ("< other_tokens", 2, 2, False), ("<= other_tokens", 2, 2, True),
        ("> other_tokens", 2, 2, False), ("> other_tokens", 3, 2, True), (">= other_tokens", 1, 2, False),
        ("= other_tokens", 2, 2, True), ("= other_tokens", 2, 3, False), ("= other_tokens", 3, 2, False),
        ("not(< other_tokens)", 2, 2, True),
        ("< other_tokens", None, 2, None), ("< other_tokens", 1, None, None), ([7, "> other_tokens"], 7, None, True),
        ([7, "> other_tokens"], 1, None, None), ([7, "> other_tokens"], 1, 1, False),
    ],
)  # fmt: skip
def test_a_fact_is_held_against_another(
    tmp_path: Path, test: Any, tokens: int | None, other: int | None, truth: bool | None
) -> None:
    (rule,) = rulebook(
        tmp_path, [{"id": "r", "stage": "advise", "when": {"tokens": test}, "then": {"note": "x"}}]
    ).rules
    known = facts(tokens=tokens, other_tokens=other)
    (trace,) = infer([rule], known, Engine.BOTH, SPECS).traces
    assert trace.truth is truth
    missing = {name: fact for name, fact in known.items() if fact.known}  # not there at all: unknown as well
    (same,) = infer([rule], missing, Engine.BOTH, SPECS).traces
    assert (same.truth, same.unknown) == (truth, trace.unknown)
    assert trace.unknown == (() if truth is not None else ("other_tokens",) if tokens else ("tokens",))


def test_a_trace_says_what_a_fact_was_held_against(tmp_path: Path) -> None:
    when = {"all": [{"tokens": "not(>= 50M)"}, {"tokens": "< other_tokens"}, {"always": True}]}
    (rule,) = rulebook(tmp_path, [{"id": "r", "stage": "advise", "when": when, "then": {"note": "x"}}]).rules
    small, beside, always = evaluate(rule, facts(tokens=5_000_000, other_tokens=6_000_000), SPECS).condition.children
    assert (small.threshold, small.truth) == (50_000_000, True)
    assert (beside.seen, beside.threshold, beside.truth) == ("5M, against 6M", None, True)
    assert (always.op, always.truth, always.fact) == ("always", True, None)


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


@pytest.mark.parametrize(("tokens", "fit"), [(5, "yes"), (60_000_000, "no"), (1, "maybe")])
def test_a_fact_waits_for_all_rules_that_derive_it_whatever_they_build_on(
    tmp_path: Path, tokens: int, fit: str
) -> None:
    few = {"id": "d0", "stage": "derive", "when": {"tokens": 5}, "then": {"set": {"fit": "yes"}}}
    large = {"id": "d2", "stage": "derive", "when": {"large": True}, "then": {"set": {"fit": "no"}}}
    book = rulebook(tmp_path, [few, DERIVING[0], large], DERIVED)
    found = infer(book.rules, facts(tokens=tokens), Engine.BOTH, book.specs, book.defaults("house"))
    assert found.facts["fit"].value == fit


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
    (trace,) = infer(book.rules, facts(tokens=1), Engine.BOTH, book.specs).traces
    assert trace.unknown == ("closed",)  # the shape would not matter any more


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
    said = r"r: durable-rules says False, the reference True, on \{'closed': True\}"
    with pytest.raises(EnginesDisagree, match=said) as found:
        infer(book.rules, facts(closed=True), Engine.BOTH, book.specs)
    assert found.value.rule.id == "r"
    assert infer(book.rules, facts(closed=True), Engine.REFERENCE, book.specs).traces[0].truth is True  # asked alone
    monkeypatch.setattr("hostwise.inference.durable.DurableRules.truths", lambda *_: {"r": True})
    with pytest.raises(EnginesDisagree, match=r"says True, the reference None, on \{'closed': None\}"):
        infer(book.rules, {}, Engine.DURABLE, book.specs)  # not there at all
