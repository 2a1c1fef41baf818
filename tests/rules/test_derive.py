"""What the house flow derives, at and beside every threshold: `tests/decisions/derive.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hostwise.answers.facts import Fact, Origin, Provenance, fixed
from hostwise.decision.basis import Knowledge, load_knowledge
from hostwise.inference.run import Engine, infer
from hostwise.reading.quantity import NUMERIC, parse_quantity

TABLE = Path(__file__).parents[1] / "decisions" / "derive.yaml"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def rows() -> Iterator[Any]:
    for fact, lines in yaml.safe_load(TABLE.read_text("utf-8")).items():
        for number, (written, expected) in enumerate(lines):
            yield pytest.param(fact, written, expected, id=f"{fact}-{number}")


@pytest.mark.parametrize(("fact", "written", "expected"), list(rows()))
def test_a_threshold_from_both_sides(knowledge: Knowledge, fact: str, written: Any, expected: Any) -> None:
    rulebook = knowledge.rulebook
    derived = rulebook.defaults("house")
    given = Provenance(Origin.GIVEN)
    facts = {n: Fact(n, s.type, None, given) for n, s in rulebook.specs.items() if n not in derived}
    for name, raw in written.items():
        spec = rulebook.specs[name]
        numeric = spec.type in NUMERIC
        value = fixed(parse_quantity(str(raw), spec.type, spec.unit).likely, spec.type) if numeric else raw
        facts[name] = Fact(name, spec.type, value, given, unit=spec.unit)
    found = infer(rulebook.stage("derive", "house"), facts, Engine.BOTH, rulebook.specs, derived).facts[fact]
    assert found.value == expected


def test_every_derived_fact_has_its_table(knowledge: Knowledge) -> None:
    assert set(yaml.safe_load(TABLE.read_text("utf-8"))) == set(knowledge.rulebook.defaults("house"))
