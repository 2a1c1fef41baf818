"""Two engines that share nothing but the syntax tree find the same truth for every rule."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.inference.rulebooks import facts, rulebook

from hostwise.inference.run import Engine, EnginesDisagree, FactConflict, infer

NUMBERS = {
    "tokens": ["0", "1", "49999999.999", "50M", "50000000.001", "1.5B", "100T"],
    "share": ["0%", "5%", "10%", "0.000000001", "100%"],
    "price": ["$0", "$0.15", "0.000001", "$2.50", "$10000"],
    "people": ["0", "1", "2", "99"],
}
VALUES: dict[str, list[Any]] = {
    "tokens": [Decimal(v) for v in ("0", "1", "49999999.999", "50000000", "50000000.001", "1500000000", "1E+14")],
    "other_tokens": [Decimal(v) for v in ("0", "50000000", "1500000000")],
    "share": [Decimal(v) for v in ("0", "0.05", "0.1", "1E-9", "1")],
    "price": [Decimal(v) for v in ("0", "0.15", "0.000001", "2.50", "10000")],
    "people": [Decimal(v) for v in (0, 1, 2, 99)],
    "closed": [True, False],
    "shape": ["steady", "bursty", "unpredictable"],
}


@st.composite
def unary(draw: st.DrawFn, fact: str) -> Any:
    special = draw(st.sampled_from(["", "", "", "", "-", "unknown"]))
    if special:
        return special
    if fact == "closed":
        return draw(st.booleans())
    if fact == "shape":
        words = draw(st.lists(st.sampled_from(VALUES["shape"]), min_size=1, max_size=3, unique=True))
        return draw(st.sampled_from([words, words[0], f"not({', '.join(words)})"]))
    numbers = NUMBERS[fact]
    low, high = sorted(draw(st.tuples(*[st.integers(0, len(numbers) - 1)] * 2)), key=lambda i: VALUES[fact][i])
    comparison = draw(st.sampled_from(["<", "<=", ">", ">=", "="])) + " " + draw(st.sampled_from(numbers))
    interval = f"{draw(st.sampled_from('[('))}{numbers[low]}..{numbers[high]}{draw(st.sampled_from('])'))}"
    reference = "<= other_tokens" if fact == "tokens" else comparison
    return draw(st.sampled_from([comparison, interval, f"not({comparison})", reference, [comparison, interval]]))


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> dict[str, Any]:
    kind = draw(st.sampled_from(["test", "test", "all", "any", "not"])) if depth else "test"
    if kind == "test":
        fact = draw(st.sampled_from([*NUMBERS, "closed", "shape"]))
        return {fact: draw(unary(fact))}
    if kind == "not":
        return {"not": draw(conditions(depth - 1))}
    return {kind: draw(st.lists(conditions(depth - 1), min_size=1, max_size=3))}


some_facts = st.fixed_dictionaries({name: st.sampled_from([*values, None]) for name, values in VALUES.items()})


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rules=st.lists(conditions(), min_size=1, max_size=12), cases=st.lists(some_facts, min_size=1, max_size=12))
def test_random_rulebooks_and_facts(tmp_path: Path, rules: list[dict[str, Any]], cases: list[dict[str, Any]]) -> None:
    noted = [{"id": f"r{n}", "stage": "advise", "when": w, "then": {"note": "x"}} for n, w in enumerate(rules)]
    book = rulebook(tmp_path, noted)
    for case in cases:
        inference = infer(book.rules, facts(**case), Engine.BOTH, book.specs)  # raises when they disagree
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
