"""The log of decisions: a chain that breaks where a line was touched, and decides again to the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from hostwise.cli.main import cli
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decision_log import add, head_of, holds, read_log, replay
from hostwise.record.format.record import Record

EXAMPLE = Path(__file__).parents[2] / "examples" / "s3-solo-founder.yaml"
AT = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, args)))


@pytest.fixture(scope="module")
def record(decided_record: Callable[[str], Record]) -> Record:
    return decided_record(EXAMPLE.stem)


@pytest.fixture
def log(record: Record, tmp_path: Path) -> Path:
    file = tmp_path / "decisions.log"
    for _ in range(3):
        add(file, [record], AT)
    return file


def test_each_entry_holds_the_one_before(log: Path, record: Record) -> None:
    entries = read_log(log)
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert len({entry.before for entry in entries}) == 3
    assert {entry.record for entry in entries} == {record.id}


def test_what_is_added_leaves_every_byte_that_was_there(log: Path, record: Record) -> None:
    before = log.read_bytes()
    added = add(log, [record, record], AT)
    assert added == read_log(log)[3:]
    assert log.read_bytes().startswith(before)
    assert len(read_log(log)) == 5


def test_a_line_that_was_touched_is_named(log: Path) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    changed = lines[1].replace(b'"managed-api"', b'"self-host"').replace(b'"number":2', b'"number": 2')
    assert changed != lines[1]
    for touched, at in (
        ([lines[0], changed, lines[2]], (2, 3)),
        ([lines[0], lines[2]], (2,)),
        ([lines[1], lines[0], lines[2]], (1,)),
        ([*lines, lines[2]], (4,)),
        ([*lines[:2], lines[2][:-1]], (3,)),
        ([lines[0], b"{}\n", lines[2]], (2,)),
        ([b"[" * 5000 + b"\n"], (1,)),
        ([b"\xff\n"], (1,)),
    ):
        log.write_bytes(b"".join(touched))
        with pytest.raises(InputError) as refused:
            read_log(log)
        place = refused.value.diagnostics[0].place
        assert place.line in at and place.column == 1


def test_a_cut_end_shows_against_a_kept_hash(log: Path) -> None:
    head = head_of(log)
    assert run("log", log, "--head", head).exit_code == 0
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:2]))
    assert len(read_log(log)) == 2
    assert not holds(log, head)
    cut = run("log", log, "--head", head)
    assert cut.exit_code == 1
    assert "the log was cut off" in cut.output


def test_a_decision_is_taken_again_to_the_same(log: Path) -> None:
    assert [found.why for found in replay(read_log(log)[:1])] == [""]


def test_a_decision_that_was_another_is_named(tmp_path: Path, record: Record) -> None:
    log = tmp_path / "decisions.log"
    other = replace(record, id="0" * 64)
    older = replace(other, hostwise=replace(record.hostwise, version="0.0.1"))
    asked = replace(other, answers=replace(record.answers, text="later:\n  question: 5\n"))
    add(log, [other, older, asked], AT)
    why, why_older, why_asked = (found.why for found in replay(read_log(log)))
    assert why == f"it is another record: {record.verdict.outcome}, {record.id}"
    assert why_older == f"{why}; it was decided by another version, rulebook or catalogue"
    assert why_asked.startswith("it cannot be decided again here: ")


def test_a_log_that_is_full_or_nowhere_takes_nothing(
    log: Path, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = log.read_bytes()
    line = len(before.splitlines(keepends=True)[2])
    monkeypatch.setattr("hostwise.record.decision_log.LARGEST", len(before) + line)
    with pytest.raises(InputError, match="the log is full"):
        add(log, [record, record], AT)
    assert log.read_bytes() == before
    add(log, [record], AT)  # to its last byte
    with pytest.raises(InputError, match="cannot write it"):
        add(tmp_path / "nowhere" / "decisions.log", [record], AT)


def test_the_command_adds_lists_and_refuses(tmp_path: Path, record: Record) -> None:
    file, log = tmp_path / "record.json", tmp_path / "decisions.log"
    file.write_text(record.json, encoding="utf-8")
    added = run("log", log, file)
    assert added.exit_code == 0, added.output
    assert head_of(log) in added.output
    assert record.id[:12] in run("log", log).output
    file.write_text(json.dumps({**json.loads(record.json), "as_of": "2026-11-19"}), encoding="utf-8")
    assert isinstance(run("log", log, file).exception, InputError)
    assert len(read_log(log)) == 1


def test_two_at_once_both_come_in(tmp_path: Path, record: Record) -> None:
    from concurrent.futures import ThreadPoolExecutor

    log = tmp_path / "decisions.log"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: add(log, [record], AT), range(8)))
    assert len(read_log(log)) == 8
