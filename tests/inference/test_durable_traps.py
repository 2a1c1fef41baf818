"""One canary for each trap of durable-rules that was measured: the adapter makes it impossible."""

from __future__ import annotations

import sys
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.inference.rulebooks import SPECS, facts, rulebook

from hostwise.answers.facts import FactSpec, FactType
from hostwise.inference.durable import MAX_NODES, DurableRules, EngineUnavailable, engine_module
from hostwise.inference.durable_patterns import LIMIT, encode, size_of
from hostwise.inference.run import Engine, engines_used, infer
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
    one_of_many = {"any": [{"tokens": f"[{n}..{n}]"} for n in range(70)]}
    assert truths(tmp_path, {"tokens": 69}, one_of_many, {"not": one_of_many}) == [True, False]
    assert truths(tmp_path, {"tokens": 70}, one_of_many, {"not": one_of_many}) == [False, True]
    all_of_many = {"all": [{"tokens": f">= {n}"} for n in range(70)]}
    assert truths(tmp_path, {"tokens": 69}, all_of_many, {"not": all_of_many}) == [True, False]
    assert truths(tmp_path, {"tokens": 68}, all_of_many, {"not": all_of_many}) == [False, True]
    tens = [{"all": [{"tokens": f">= {n * k}"} for n in range(10)]} for k in range(1, 9)]
    for group in DurableRules(book_of(tmp_path, wide, one_of_many, all_of_many, *tens).rules, SPECS)._groups:
        patterns = [rule["all"][0]["m"] for name, rule in group.definition().items() if name != "always"]
        assert sum(size_of(pattern)[0] for pattern in patterns) <= MAX_NODES


def test_alternatives_count_once_for_each_path_to_them() -> None:
    two = {"$or": [{"a": 1}, {"b": 1}]}
    assert size_of({"a": 1}) == (1, 1) and size_of(two) == (2, 2)
    assert size_of({"$and": [{"a": 1}, {"b": 1}]}) == (2, 1)
    assert size_of({"$and": [two, two, two]}) == (2 + 4 + 8, 8)


def test_a_rule_that_is_true_and_false_at_once_is_no_decision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No pattern of ours does it: should the engine ever say so, nothing is decided."""
    engine = DurableRules(book_of(tmp_path, {"closed": True}).rules, SPECS)
    monkeypatch.setattr(type(engine._groups[0]), "fired", lambda *_: {"e0", "e1"})
    with pytest.raises(RuntimeError, match="r0 both true and false"):
        engine.truths(facts(closed=True))


def test_without_the_engine_it_says_so_and_the_reference_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = book_of(tmp_path, {"closed": True})
    used, note = engines_used(Engine.BOTH)
    assert (len(used), note) == (2, None)
    engine_module.cache_clear()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "durable_rules_engine", None)
        with pytest.raises(EngineUnavailable, match="cannot be imported"):
            engine_module()
        used, note = engines_used(Engine.BOTH)
        assert used == ("reference",) and note is not None and "cannot be imported" in note
        assert infer(book.rules, facts(closed=True), Engine.BOTH, SPECS).traces[0].truth is True
    assert engines_used(Engine.REFERENCE) == (("reference",), None)
    assert len(engines_used(Engine.DURABLE)[0]) == 1


def test_an_engine_that_matches_nothing_at_all_is_no_decision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One pattern matches always: where it does not, the engine has not looked."""
    group = DurableRules(book_of(tmp_path, {"closed": True}).rules, SPECS)._groups[0]

    class Idle:
        def __getattr__(self, name: str) -> Any:
            return getattr(engine_module(), name)

        def start_action_for_state(self, *_: Any) -> None:
            return None

    monkeypatch.setattr(group, "_core", Idle())
    with pytest.raises(RuntimeError, match="not even the one that always does"):
        group.fired(facts(closed=True))


def test_no_thread_is_started(tmp_path: Path) -> None:
    before = threading.active_count()
    truths(tmp_path, {"closed": True}, {"closed": True})
    assert threading.active_count() == before


def test_importing_the_engine_leaves_the_loader_flags_alone() -> None:
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
