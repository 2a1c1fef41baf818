"""A canary for a limit of durable-rules: 64 open matches, beyond which it corrupts its memory."""

from __future__ import annotations

from decimal import Decimal

from hostwise.answers.facts import Fact, FactSpec, FactType, Origin, Provenance
from hostwise.inference.run import Engine, infer
from hostwise.reading.findings.diagnostics import Place
from hostwise.rulebook.language.conditions import All, Any, Compare, Condition, Test
from hostwise.rulebook.language.rules import Advice, Rule

SPECS = {name: FactSpec(name, FactType.COUNT) for name in ("a", "b")}


def rule(number: int, when: Condition) -> Rule:
    return Rule(
        id=f"r{number}",
        pack="p",
        source="house",
        stage="advise",
        title="t",
        when=when,
        then=Advice("note", "n"),
        because="b",
        cites=(),
        status="house",
        place=Place("f"),
        reads=("a", "b"),
    )


def above(fact: str, number: int) -> Test:
    return Test(fact, Compare(">", Decimal(number)), f"> {number}")


def test_hundreds_of_rules_hold_at_once() -> None:
    facts = {n: Fact(n, FactType.COUNT, Decimal(1000), Provenance(Origin.GIVEN)) for n in SPECS}
    single = [rule(n, above("a", n)) for n in range(200)]
    joined = [rule(n, All((above("a", n), Any((above("b", n), above("b", n + 1)))))) for n in range(200, 400)]
    for _ in range(3):
        inference = infer([*single, *joined], facts, Engine.BOTH, SPECS)
        assert all(trace.truth is True for trace in inference.traces)
