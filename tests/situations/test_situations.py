"""Real situations, and what is right in each: the whole decision, from the file to the plan and its cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hostwise.record.decide import first_answer, load_answers
from hostwise.record.format.record import Record

HERE = Path(__file__).parent
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yaml").read_text())


def test_every_situation_says_what_is_right() -> None:
    assert {path.stem for path in HERE.glob("*.yaml")} == {*EXPECTED, "expected"}


def _plan(record: Record, option: str) -> str:
    return next((plan.best.text for plan in record.plans if plan.option == option), "")


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_right_is_what_is_decided(name: str) -> None:
    expected, record = EXPECTED[name], first_answer(load_answers(HERE / f"{name}.yaml"))
    assert record.verdict.option == expected["verdict"], expected["right"]
    plans = expected.get("plans", {}) | ({expected["verdict"]: expected["plan"]} if "plan" in expected else {})
    for option, words in plans.items():
        assert words in _plan(record, option)
    totals = {ledger.option: ledger.total for ledger in record.ledgers}
    for option, (least, most) in expected.get("costs", {}).items():
        total = totals[option]
        assert total is not None
        assert least <= total.likely <= most, option
    priced = {option for option, total in totals.items() if total is not None}
    assert priced >= {*expected.get("fits", ())}
    assert not priced & {*expected.get("fits_not", ())}
    if "first" in expected:
        assert next(fact.value for fact in record.facts if fact.name == "two_steps.first") == expected["first"]
