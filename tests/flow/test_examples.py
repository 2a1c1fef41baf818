"""The examples, decided completely: `tests/golden/examples.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.records import as_data

from hostwise.record.decide import first_answer, load_answers
from hostwise.record.format.record import Record

ROOT = Path(__file__).parents[2]
Recorded = Callable[[str], Record]
EXPECTED: dict[str, Any] = yaml.safe_load((ROOT / "tests" / "golden" / "examples.yaml").read_text("utf-8"))


@pytest.fixture
def record(decided_record: Recorded) -> Recorded:
    return decided_record


def test_every_example_has_its_expectation() -> None:
    assert {path.stem for path in (ROOT / "examples").glob("*.yaml")} == set(EXPECTED)


def test_the_table_of_examples_is_right() -> None:
    table = (ROOT / "examples" / "README.md").read_text("utf-8")
    for name, expected in EXPECTED.items():
        assert f"| [{name}]({name}.yaml) | {expected['verdict']} |" in table


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_is_decided_as_expected(name: str, record: Recorded) -> None:
    expected, found = EXPECTED[name], record(name)
    verdict = found.verdict
    assert (verdict.option or verdict.status) == expected["verdict"]
    assert verdict.rule == expected["rule"]
    assert set(expected["fired"]) <= set(as_data(found)["firings"])
    assert set(expected["conditions"]) <= {condition.rule for condition in verdict.conditions}
    assert [need.key for need in verdict.needs] == expected.get("needs", [])
    panel = as_data(found)["panel"]
    assert {source: panel[source]["vote"] for source in expected["panel"]} == expected["panel"]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_decided_example_says_why_and_when_to_look_again(name: str, record: Recorded) -> None:
    verdict = record(name).verdict
    assert verdict.sentence
    assert verdict.reasons
    if verdict.status == "decided":
        assert verdict.alternatives
        assert verdict.revisit or verdict.option == "edge"
    for part in ("reasons", "conditions", "risks", "next_steps", "revisit"):
        for entry in getattr(verdict, part):
            assert "{" not in entry.text


def test_both_engines_agree_on_every_example(record: Recorded) -> None:
    for name in EXPECTED:
        alone = first_answer(load_answers(ROOT / "examples" / f"{name}.yaml"), engine="reference")
        assert as_data(alone)["firings"] == as_data(record(name))["firings"], name


def tokens_bill(record: Record, option: str) -> Decimal:
    (ledger,) = (entry for entry in as_data(record)["ledgers"] if entry["option"] == option)
    items = [Decimal(item["amount"]["likely"]) for item in ledger["items"] if item["group"] == "tokens"]
    return sum(items, Decimal(0)).quantize(Decimal(1))


def monthly(record: Record, option: str) -> Decimal:
    (ledger,) = (entry for entry in as_data(record)["ledgers"] if entry["option"] == option)
    return Decimal(ledger["total"]["likely"])


def test_the_worked_example_of_s1_keeps_its_money(record: Recorded) -> None:
    """$36,000, $6,000, and more than the $7,000 that leaves out what S1 lists elsewhere."""
    assert tokens_bill(record("support-summariser"), "managed-api") == 36_000
    assert tokens_bill(record("support-summariser"), "open-model-provider") == 6_000
    assert monthly(record("support-summariser"), "self-host-cloud") > 7_000


def test_the_estimator_of_s0_keeps_its_money(record: Recorded) -> None:
    assert tokens_bill(record("s0-estimator"), "managed-api") == 45
    assert monthly(record("s0-estimator"), "self-host-cloud") > 2_918


def test_the_other_documents_keep_their_bills(record: Recorded) -> None:
    facts = as_data(record("s2-70b-vs-gpt4o"))["facts"]
    (spend,) = (fact["value"] for fact in facts if fact["name"] == "api_spend_usd_month")
    assert Decimal(spend) == 13_125  # 3B at $4.375, which S2 rounds to $4.40
    assert tokens_bill(record("s4-50m-a-day"), "managed-api") == 2_250


def test_the_unanswered_gate_shows_what_each_answer_would_settle(record: Recorded) -> None:
    (need,) = record("unanswered-gate").verdict.needs
    assert "allowed" in need.settles
    assert "forbidden" in need.settles
