"""The house flow on facts given directly: every case of `tests/decisions/gates.yaml` and `choice.yaml`.

Costs are given, not computed, so that each case is about the rules alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from hostwise.answers.facts import Fact, FactSpec, FactType, Origin, Provenance, fixed
from hostwise.decision.basis import Knowledge, load_knowledge
from hostwise.decision.flow import Basis, Course, continue_flow
from hostwise.inference.run import Engine
from hostwise.reading.quantity import NUMERIC, parse_quantity

CASES = Path(__file__).parents[1] / "decisions"
FILES = ("gates.yaml", "choice.yaml")
NO_COSTING: Any = SimpleNamespace(ledgers={}, facts=(), break_evens=(), notes=())


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def read(name: str) -> Any:
    return yaml.safe_load((CASES / name).read_text("utf-8"))


def cases() -> Iterator[Any]:
    for name in FILES:
        data = read(name)
        base = data["base"] if "base" in data else read(data["base_of"])["base"]
        for case in data["cases"]:
            yield pytest.param({**base, **case["facts"]}, case, id=f"{name.removesuffix('.yaml')}-{case['id']}")


def facts_of(knowledge: Knowledge, written: Mapping[str, Any], unknown: tuple[str, ...] = ()) -> dict[str, Fact]:
    """Facts from plain values; every other fact is unknown. A day is a thirtieth of the month."""
    specs = knowledge.rulebook.specs
    derived = {fact.spec.name for pack in knowledge.rulebook.packs for fact in pack.facts}
    facts = {name: given(spec, None) for name, spec in specs.items() if name not in derived}
    for name, raw in written.items():
        if name not in unknown:
            facts[name] = given(specs[name], raw)
    month = facts["tokens_per_month"].value
    if isinstance(month, Decimal):
        facts["tokens_per_day"] = given(specs["tokens_per_day"], str(fixed(month / 30, FactType.TOKENS)))
    return facts


def given(spec: FactSpec, raw: Any) -> Fact:
    """A fact as an answer would give it. Money is in dollars, whatever the specification leaves open."""
    value: Any = raw
    if raw is not None and spec.type in NUMERIC:
        value = fixed(parse_quantity(str(raw), spec.type, spec.unit).likely, spec.type)
    unit = "USD/month" if spec.type is FactType.MONEY and spec.name.endswith(".monthly") else spec.unit
    return Fact(spec.name, spec.type, value, Provenance(Origin.GIVEN), spec.label, unit)


def run(knowledge: Knowledge, facts: Mapping[str, Fact], engine: Engine = Engine.BOTH) -> Course:
    as_of = knowledge.as_of
    return continue_flow(facts, NO_COSTING, Basis(knowledge.rulebook, knowledge.catalogue, as_of, engine))


def fired(course: Course) -> set[str]:
    return {trace.rule.id for trace in course.traces if trace.truth is True}


@pytest.mark.parametrize(("written", "case"), list(cases()))
def test_the_flow_decides(knowledge: Knowledge, written: Any, case: Any) -> None:
    course = run(knowledge, facts_of(knowledge, written, tuple(case.get("unknown", ()))))
    expected = case["expect"]
    choice = course.choice
    assert (choice.option or choice.status.value) == expected["verdict"]
    assert (choice.rule.rule.id if choice.rule else None) == expected["rule"]
    known = {rule.id for rule in knowledge.rulebook.rules}
    assert set(expected.get("fired", ())) | set(expected.get("not_fired", ())) <= known
    assert set(expected.get("fired", ())) <= fired(course)
    assert not set(expected.get("not_fired", ())) & fired(course)
    assert list(choice.needs) == expected.get("needs", [])


def test_every_house_rule_is_seen_to_hold_and_not_to_hold(knowledge: Knowledge) -> None:
    held: set[str] = set()
    failed: set[str] = set()
    for param in cases():
        written, case = param.values
        course = run(knowledge, facts_of(knowledge, written, tuple(case.get("unknown", ()))), Engine.REFERENCE)
        held |= fired(course)
        failed |= {trace.rule.id for trace in course.traces if trace.truth is False}
    house = {rule.id for rule in knowledge.rulebook.rules if rule.source == "house"}
    assert house - held == set()
    assert house - failed == {"choose.managed-api"}  # the last rule always holds


@pytest.mark.parametrize(("identity", "card"), list(read("card.yaml").items()))
def test_the_worked_cases_after_the_cost_veto(knowledge: Knowledge, identity: str, card: Any) -> None:
    data = read("panel/worked-cases.yaml")
    (case,) = (c for c in data["cases"] if c["id"] == identity)
    written = {**read("gates.yaml")["base"], **data["base"], **case["facts"], "required_margin": 0}
    written["regulations.count"] = int(written.pop("regulated"))
    api = written.get("api_spend_usd_month", 0)
    written |= {"cost.managed_api.monthly": api, "cost.open_model_provider.monthly": card.get("open", api)}
    written |= {f"cost.self_host_{kind}.monthly": card["own"] for kind in ("cloud", "owned")}
    written["cost.hybrid.monthly"] = card.get("hybrid", card["own"])
    course = run(knowledge, facts_of(knowledge, written))
    assert course.choice.option == card["verdict"], course.choice
    assert set(card.get("fired", ())) <= fired(course)
