"""The contenders of the benchmarks come to the same verdicts: speed is compared only between those who agree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.benchmarks import many, raw_durable, single
from tests.benchmarks.__main__ import main
from tests.benchmarks.effort import QUICK
from tests.benchmarks.measure import PYTHON, Used, used_by
from tests.benchmarks.packs import synthetic
from tests.benchmarks.questionnaires import Case, basis, portfolio, random_questionnaires
from tests.examples import examples

from hostwise.batch.cases import population
from hostwise.batch.decide import decide_many
from hostwise.flow.flow import choose_costed
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.inference.run import Engine

pytest.importorskip("zen")
pytest.importorskip("datalogic_py")

MOST = examples(400)
"""Random questionnaires: drawn and costed once."""


@pytest.mark.parametrize("rules", [None, 60], ids=["the rulebook", "a made-up pack"])
def test_every_contender_decides_alike(rules: int | None) -> None:
    knowledge = synthetic(rules) if rules else load_knowledge()
    cases = random_questionnaires(MOST)[: None if rules else 40]  # the made-up rules are less even
    on = basis(knowledge, Engine.BOTH)
    expected = [_verdict(case, knowledge) for case in cases]
    assert len(set(expected)) > 3, "these cases tell nobody apart"
    for name, decide in many.deciders(on).items():
        assert [decide(case) for case in cases] == expected, name
    given = many.columns(population([case.answers for case in cases]), on)
    assert many.verdicts(given, on) == expected


def _verdict(case: Case, knowledge: Knowledge) -> str:
    choice = choose_costed(case.facts, case.costing, basis(knowledge, Engine.BOTH)).choice
    return choice.outcome


def test_the_portfolio_is_decided_as_its_workloads_are_one_by_one() -> None:
    on, everything = basis(load_knowledge(), Engine.BOTH), portfolio(60)
    outcomes = decide_many(everything, on)
    one_by_one = [_verdict(case, load_knowledge()) for case in many.cases_of(everything, load_knowledge())]
    assert [outcomes.of(case)[0] for case in range(60)] == one_by_one
    assert len(set(one_by_one)) > 3


def test_raw_durable_rules_fire_what_a_decision_finds() -> None:
    on = basis(load_knowledge(), Engine.BOTH)
    raw = raw_durable.raw_rules(on, single.CHOICE)
    for case in random_questionnaires(MOST)[:5]:
        facts = choose_costed(case.facts, case.costing, on).facts
        for seen in raw.fired:
            seen.clear()
        raw.run(raw.messages(facts))
        assert [*raw.fired] == [group.fired(facts) for group in raw.groups]


def test_a_benchmark_runs_and_says_what_it_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small = replace(QUICK, many=50, singles=2, repetitions=1)
    monkeypatch.setattr("tests.benchmarks.__main__.QUICK", small)
    monkeypatch.setattr(many, "MIXED_CASES", 2)
    monkeypatch.setattr("tests.benchmarks.questionnaires.random_questionnaires", lambda _: random_questionnaires(MOST))
    monkeypatch.setattr(many, "alone", lambda module, name, cases: Used(0.0, 1_000_000))
    code = main(["--quick", "many"])
    printed = capsys.readouterr().out
    assert code == 1, "fifty cases cannot reach the goal of a hundred thousand"
    assert "missed by" in printed and all(f"| {name} " in printed for name in (*many.RULES, *many.WHOLE))


def test_a_process_of_its_own_is_measured_by_itself() -> None:
    """Not by the peak of the process that starts it, which Linux hands down."""
    held = bytearray(300_000_000)
    used = used_by([PYTHON, "-c", "x = bytearray(50_000_000)"])
    assert 50e6 < used.peak < 150e6 < len(held)
