"""DMN hit policies, three-valued."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.inference.rulebooks import facts, rulebook

from hostwise.answers.facts import Fact, Origin, Value
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


def derived_by(folder: Path, rules: list[dict[str, Any]], declared: dict[str, Any], **values: Any) -> Fact:
    """The fact `kind` that these rules derive."""
    derive = [{"stage": "derive", **rule, "then": {"set": {"kind": rule["then"]}}} for rule in rules]
    book = rulebook(folder, derive, {"kind": declared})
    return infer(book.rules, facts(**values), Engine.BOTH, book.specs, book.defaults("house")).facts["kind"]


LETTERS: list[dict[str, Any]] = [
    {"id": "many", "when": {"tokens": ">= 100"}, "then": "b"},
    {"id": "some", "when": {"tokens": ">= 10"}, "then": "a"},
    {"id": "steady", "when": {"shape": "steady"}, "then": "b"},
]
NUMBERS: list[dict[str, Any]] = [
    {"id": "many", "when": {"tokens": ">= 100"}, "then": 7},
    {"id": "some", "when": {"tokens": ">= 10"}, "then": 2},
    {"id": "steady", "when": {"shape": "steady"}, "then": 4},
]


def letter(folder: Path, policy: str, *, default: str | None = None, **values: Any) -> Fact:
    """A letter that three rules derive, under a hit policy."""
    declared = {"type": "enum", "values": ["a", "b"], "hit_policy": policy}
    return derived_by(folder, LETTERS, declared if default is None else {**declared, "default": default}, **values)


def number(folder: Path, policy: str, *, default: int | None = None, **values: Any) -> Fact:
    """A number that three rules derive, under a hit policy."""
    declared = {"type": "count", "hit_policy": policy}
    return derived_by(folder, NUMBERS, declared if default is None else {**declared, "default": default}, **values)


def derived(folder: Path, policy: str, **values: Any) -> Value | None:
    return letter(folder, policy, **values).value


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


@pytest.mark.parametrize("policy", ["unique", "any", "first", "priority"])
def test_what_no_rule_gives_is_the_default_or_unknown(tmp_path: Path, policy: str) -> None:
    given = letter(tmp_path, policy, default="b", tokens=1, shape="bursty")
    assert (given.value, given.provenance.source) == ("b", "default: no rule for it holds")
    assert given.provenance.inputs == ("tokens", "shape")
    none = letter(tmp_path, policy, tokens=1, shape="bursty")
    assert (none.value, none.provenance.formula, none.provenance.inputs) == (None, "no rule settles it", ())


@pytest.mark.parametrize("policy", ["unique", "any", "first", "priority"])
def test_the_rule_that_gives_it_is_its_source(tmp_path: Path, policy: str) -> None:
    given = letter(tmp_path, policy, tokens=50, shape="bursty")
    assert (given.value, given.provenance.origin) == ("a", Origin.DERIVED)
    assert (given.provenance.source, given.provenance.inputs) == ("some", ("tokens",))


def test_any_takes_what_all_that_hold_agree_on_whatever_else_is_unknown(tmp_path: Path) -> None:
    assert derived(tmp_path, "any", tokens=50) == "a"
    agreed = derived_by(tmp_path, [LETTERS[0], LETTERS[2]], {"type": "enum", "values": ["a", "b"]},
                        tokens=500, shape="steady")  # fmt: skip
    assert (agreed.value, agreed.provenance.source) == ("b", "many")


def test_unique_refuses_two_that_hold_also_where_they_agree(tmp_path: Path) -> None:
    with pytest.raises(FactConflict, match="many and steady both hold, and its hit policy is unique") as refused:
        derived_by(tmp_path, [LETTERS[0], LETTERS[2]], {"type": "enum", "values": ["a", "b"], "hit_policy": "unique"},
                   tokens=500, shape="steady")  # fmt: skip
    assert (refused.value.fact, refused.value.rules) == ("kind", ("many", "steady"))


def test_an_unknown_rule_counts_only_where_it_could_still_change_the_value(tmp_path: Path) -> None:
    open_ = letter(tmp_path, "any", tokens=1, default="a")
    assert (open_.value, open_.provenance.inputs) == (None, ("shape",))
    behind = letter(tmp_path, "priority", tokens=50)  # steady could give b, which stands behind a
    assert (behind.value, behind.provenance.source) == ("a", "some")
    before = letter(tmp_path, "first", tokens=None, shape="steady")  # many would give b as well, some would not
    assert (before.value, before.provenance.inputs) == (None, ("tokens",))
    alike = derived_by(tmp_path, [LETTERS[0], LETTERS[2]], {"type": "enum", "values": ["a", "b"],
                       "hit_policy": "first"}, shape="steady")  # fmt: skip
    assert (alike.value, alike.provenance.source) == ("b", "steady")
    nothing_after = letter(tmp_path, "first", tokens=1, default="a")
    assert (nothing_after.value, nothing_after.provenance.inputs) == (None, ("shape",))


@pytest.mark.parametrize(
    ("policy", "all_three", "two", "none"),
    [
        ("collect sum", 13, 6, None),
        ("collect min", 2, 2, None),
        ("collect max", 7, 4, None),
        ("collect count", 3, 2, 0),
    ],
)
def test_collect_makes_one_number_of_all_that_hold(
    tmp_path: Path, policy: str, all_three: int, two: int, none: int | None
) -> None:
    every = number(tmp_path, policy, tokens=500, shape="steady")
    assert (every.value, every.provenance.inputs) == (all_three, ("tokens", "shape"))
    assert every.provenance.source == f"{policy}: many, some, steady"
    assert number(tmp_path, policy, tokens=50, shape="steady").value == two
    waiting = number(tmp_path, policy, tokens=50, default=9)
    assert (waiting.value, waiting.provenance.inputs) == (None, ("shape",))
    assert number(tmp_path, policy, tokens=1, shape="bursty").value == none
    given = number(tmp_path, policy, default=9, tokens=1, shape="bursty")
    assert given.value == (9 if none is None else 0)
    assert given.provenance.source == ("default: no rule for it holds" if none is None else f"{policy}: no rule holds")


@pytest.mark.parametrize(("policy", "kept"), [("collect sum", "0.300000000"), ("collect count", "2.000000000")])
def test_a_derived_number_is_kept_at_the_precision_of_its_type(tmp_path: Path, policy: str, kept: str) -> None:
    rules = [{"id": f"r{share}", "when": {"always": True}, "then": share} for share in (0.1, 0.2)]
    assert str(derived_by(tmp_path, rules, {"type": "ratio", "hit_policy": policy}).value) == kept
