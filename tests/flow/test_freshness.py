"""Dated knowledge: fresh, past its review, and too old to decide on."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.records import as_data

from hostwise.cli.main import cli
from hostwise.flow.freshness import OutOfDate
from hostwise.reading.numbers.months import months_later
from hostwise.record.decide import decide, first_answer, load_answers
from hostwise.record.verify import verify_record
from hostwise.report.terminal.decision import decision_text

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "support-summariser.yaml"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, args)))


def test_fresh_knowledge_is_not_spoken_of() -> None:
    record = first_answer(load_answers(EXAMPLE))
    assert as_data(record)["rulebook"]["overdue"] == as_data(record)["catalogue"]["overdue"] == []
    assert as_data(record)["hostwise"]["allow_stale"] is False


def test_past_its_review_the_decision_stands_and_says_so() -> None:
    record = first_answer(load_answers(EXAMPLE), as_of=date(2027, 5, 21))
    packs = {entry["name"] for entry in as_data(record)["rulebook"]["overdue"]}
    assert {"house-gate", "s4"} <= packs
    assert not any(entry["too_old"] for entry in as_data(record)["rulebook"]["overdue"])
    text = " ".join(decision_text(record).split())
    assert "Past review: rule packs house-derive, house-gate" in text
    assert "were to be reviewed by 20 May 2027" in text
    assert as_data(first_answer(load_answers(EXAMPLE), as_of=date(2027, 5, 20)))["rulebook"]["overdue"] == []


def test_beyond_the_second_limit_it_refuses_at_the_line_of_each_entry() -> None:
    with pytest.raises(OutOfDate) as caught:
        first_answer(load_answers(EXAMPLE), as_of=date(2028, 5, 21))
    found = {Path(d.place.file).name: d for d in caught.value.diagnostics}
    assert {"1-derive.yaml", "2-gate.yaml", "3-choose.yaml"} <= set(found)
    assert found["2-gate.yaml"].place.line > 1
    assert "s4.yaml" not in found  # what a document said does not age
    assert first_answer(load_answers(EXAMPLE), as_of=date(2028, 5, 20)).verdict.option


def test_it_decides_where_it_is_told_to_and_the_record_says_so() -> None:
    record = decide(load_answers(EXAMPLE), as_of=date(2030, 1, 1), allow_stale=True)
    assert as_data(record)["hostwise"]["allow_stale"] is True
    assert any(entry["too_old"] for entry in as_data(record)["rulebook"]["overdue"])
    assert "--allow-stale was given" in decision_text(record)
    assert verify_record(record, "record.json").same


def _aged(gpus: str, name: str) -> str:
    """The GPUs with one of them last looked at in 2020."""
    before, found, entry = gpus.partition(f"\n  {name}:\n")
    return before + found + entry.replace("as_of: 2026-11-20", "as_of: 2020-01-01", 1)


def test_only_what_the_decision_used_blocks_it(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", rules)
    gpus = rules / "catalogue" / "gpus.yaml"
    text = gpus.read_text("utf-8")
    gpus.write_text(_aged(text, "MI300X"), encoding="utf-8")
    assert as_data(first_answer(load_answers(EXAMPLE, rules=rules), rules=rules))["catalogue"]["overdue"] == []
    gpus_old = tmp_path / "old"
    shutil.copytree(rules, gpus_old)
    (gpus_old / "catalogue" / "gpus.yaml").write_text(_aged(text, "H100"), encoding="utf-8")
    with pytest.raises(OutOfDate, match="the GPU H100 is too old to decide on"):
        first_answer(load_answers(EXAMPLE, rules=gpus_old), rules=gpus_old)


def test_the_check_lists_everything_overdue_on_a_day() -> None:
    result = run("rules", "check", "--as-of", "2027-06-01", "--format", "json")
    assert result.exit_code == 0
    overdue = [f for f in json.loads(result.output) if f["code"] == "overdue"]
    assert {"gate.yaml" in f["file"] or "prices.yaml" in f["file"] for f in overdue} == {True, False}
    assert any("token price S2 GPT-4o is past its review" in f["message"] for f in overdue)
    late = run("rules", "check", "--as-of", "2035-01-01", "--format", "json")
    assert late.exit_code == 1
    assert "too-old" in {f["code"] for f in json.loads(late.output)}


def test_months_are_calendar_months() -> None:
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2026, 11, 20), 14) == date(2028, 1, 20)
