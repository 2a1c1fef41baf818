"""One canary for each trap of durable-rules that was measured: the adapter makes it impossible."""

from __future__ import annotations

import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.inference.rulebooks import SPECS, facts, rulebook

from hostwise.answers.facts import FactSpec, FactType
from hostwise.inference.durable import DurableRules, engine_module
from hostwise.inference.durable_patterns import LIMIT, encode
from hostwise.rulebook.language.rules import Rulebook


def book_of(folder: Path, *conditions: dict[str, Any]) -> Rulebook:
    rules = [{"id": f"r{n}", "stage": "advise", "when": w, "then": {"note": "x"}} for n, w in enumerate(conditions)]
    return rulebook(folder, rules)


def truths(folder: Path, values: dict[str, Any], *conditions: dict[str, Any]) -> list[bool | None]:
    book = book_of(folder, *conditions)
    return list(DurableRules(book.rules, SPECS).truths(facts(**values)).values())


def message_of(engine: DurableRules, **values: Any) -> dict[str, int]:
    message = engine._groups[0].message(facts(**values))
    return {name: value for name, value in message.items() if name not in ("id", "one")}


def test_no_rule_matching_is_no_error(tmp_path: Path) -> None:
    assert truths(tmp_path, {"closed": False}, {"closed": True}) == [False]


def test_nothing_known_is_no_error(tmp_path: Path) -> None:
    assert truths(tmp_path, {}, {"closed": True}, {"tokens": "> 1"}) == [None, None]


def test_the_same_facts_may_be_decided_again_and_again(tmp_path: Path) -> None:
    engine = DurableRules(book_of(tmp_path, {"tokens": ">= 50M"}).rules, SPECS)
    case = facts(tokens=60_000_000)
    assert {engine.truths(case)["r0"] for _ in range(50)} == {True}


def test_more_decisions_than_sessions_fit_into_memory(tmp_path: Path) -> None:
    engine = DurableRules(book_of(tmp_path, {"tokens": ">= 50M"}).rules, SPECS)
    assert sum(engine.truths(facts(tokens=n * 100_000))["r0"] is True for n in range(1100)) == 600


def test_a_failed_decision_does_not_reach_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DurableRules(book_of(tmp_path, {"tokens": ">= 50M"}).rules, SPECS)
    group = engine._groups[0]
    left = group._ruleset

    class Broken:
        """Stops with matches that were not taken."""

        def __getattr__(self, name: str) -> Any:
            return getattr(engine_module(), name)

        def complete_and_start_action(self, *_: Any) -> None:
            raise OSError("it broke")

    with monkeypatch.context() as patch:
        patch.setattr(group, "_core", Broken())
        with pytest.raises(RuntimeError, match="it broke"):
            engine.truths(facts(tokens=60_000_000))
    assert group._ruleset != left
    assert engine.truths(facts(tokens=1)) == {"r0": False}


def test_alternatives_that_are_both_true_fire_one_rule_once(tmp_path: Path) -> None:
    both = {"any": [{"tokens": "> 1"}, {"people": "> 1"}], "closed": True}
    assert truths(tmp_path, {"tokens": 5, "people": 5, "closed": True}, both) == [True]


def test_a_rule_on_absence_does_not_fire_before_the_fact_comes(tmp_path: Path) -> None:
    assert truths(tmp_path, {"closed": True}, {"not": {"closed": True}}) == [False]
    assert truths(tmp_path, {}, {"not": {"closed": True}}) == [None]


def test_a_word_is_never_compared_with_a_number(tmp_path: Path) -> None:
    engine = DurableRules(book_of(tmp_path, {"tokens": ">= 50M"}, {"shape": "bursty"}).rules, SPECS)
    message = message_of(engine, tokens=1, shape="bursty", closed=True, share=Decimal("1E-9"))
    assert all(type(value) is int for value in message.values())


@pytest.mark.parametrize("small", ["0.000001", "0.00001", "0.0001"])
def test_small_prices_have_no_exponent(tmp_path: Path, small: str) -> None:
    case = {"price": Decimal(small)}
    tests = ({"price": "> 0"}, {"price": f"<= {small}"}, {"price": f"< {small}"})
    assert truths(tmp_path, case, *tests) == [True, True, False]


def test_values_beyond_64_bits_keep_their_order() -> None:
    huge = encode(Decimal(10) ** 30, SPECS["tokens"])
    assert huge == LIMIT
    assert huge > encode(Decimal(10) ** 14, SPECS["tokens"])
    assert encode(-(Decimal(10) ** 30), SPECS["tokens"]) == -LIMIT


def test_large_integers_differ_in_their_last_digit(tmp_path: Path) -> None:
    one = {"tokens": Decimal("100000000000000.001")}
    assert truths(tmp_path, one, {"tokens": "> 100000000000000"}, {"tokens": "> 100000000000000.001"}) == [True, False]


def test_unknown_facts_are_left_out_not_sent_as_null(tmp_path: Path) -> None:
    engine = DurableRules(book_of(tmp_path, {"tokens": ">= 50M", "shape": "steady"}).rules, SPECS)
    assert len(message_of(engine, tokens=1)) == 1


def test_more_facts_than_a_message_takes(tmp_path: Path) -> None:
    specs = {f"f{n}": FactSpec(f"f{n}", FactType.COUNT, f"fact {n}") for n in range(400)}
    import json

    pack = {
        "pack": "wide", "version": "1", "title": "Wide", "source": "house",
        "as_of": "2026-11-20", "review_by": "2027-05-20",
        "rules": [
            {
                "id": f"r{n}", "stage": "advise", "when": {f"f{n}": ">= 1"}, "then": {"note": "x"},
                "because": "x", "status": "house",
            }
            for n in range(400)
        ],
    }  # fmt: skip
    (tmp_path / "flow").mkdir()
    (tmp_path / "flow" / "wide.yaml").write_text(json.dumps(pack))
    from hostwise.answers.facts import Fact, Origin, Provenance
    from hostwise.rulebook.loading.packs import load_rulebook

    book = load_rulebook(tmp_path, specs)
    values = {n: Fact(n, FactType.COUNT, Decimal(int(n[1:]) % 2), Provenance(Origin.GIVEN)) for n in specs}
    found = DurableRules(book.rules, specs).truths(values)
    assert sum(truth is True for truth in found.values()) == 200


def test_more_matches_at_once_than_the_matcher_holds(tmp_path: Path) -> None:
    many = [{"tokens": f">= {n}"} for n in range(300)]
    assert truths(tmp_path, {"tokens": 1000}, *many) == [True] * 300


def test_a_condition_wider_than_the_matcher_is_split(tmp_path: Path) -> None:
    wide = {"all": [{"any": [{"tokens": f"> {n * k}"} for n in range(1, 6)]} for k in range(1, 5)]}
    assert truths(tmp_path, {"tokens": 1000}, wide, {"not": wide}) == [True, False]
    assert truths(tmp_path, {"tokens": 0}, wide, {"not": wide}) == [False, True]
    assert truths(tmp_path, {}, wide, {"not": wide}) == [None, None]


def test_no_thread_is_started(tmp_path: Path) -> None:
    before = threading.active_count()
    truths(tmp_path, {"closed": True}, {"closed": True})
    assert threading.active_count() == before


def test_importing_the_engine_leaves_the_loader_flags_alone() -> None:
    import sys

    before = sys.getdlopenflags()
    engine_module.cache_clear()
    engine_module()
    assert sys.getdlopenflags() == before


def test_a_message_that_is_not_taken_is_no_decision(tmp_path: Path) -> None:
    """The same session and id again: durable-rules has seen it, and would say that nothing matches."""
    group = DurableRules(book_of(tmp_path, {"closed": True}).rules, SPECS)._groups[0]
    message = {"sid": "mine", **group.message(facts(closed=True))}
    assert len(group._matches(message)) == 2
    with pytest.raises(RuntimeError, match="not taken"):
        group._matches(message)
