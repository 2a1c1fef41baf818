"""A record that came out on this machine is believed without being decided again; any other one is decided again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hostwise.cli.main import cli
from hostwise.record.canonical import identity

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "s3-solo-founder.yaml"
UNSIGNED = "signed with a key that was checked, and computing it again here does not give this record"


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record that this machine wrote, where nothing was written before."""
    monkeypatch.setenv("HOSTWISE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "record.json"
    assert run("decide", EXAMPLE, "-o", path).exit_code == 0
    return path


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose records are decided again."""
    from hostwise.record import verify

    known, files = verify.verify_record, list[str]()

    def counted(recorded: object, file: str, *rest: object) -> object:
        files.append(Path(file).name)
        return known(recorded, file, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(verify, "verify_record", counted)
    return files


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def shown(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_what_was_written_here_is_not_decided_again(record: Path, again: list[str], tmp_path: Path) -> None:
    moved = shutil.copy(record, tmp_path / "moved.json")
    assert UNSIGNED not in shown("explain", record, "--why") + shown("decide", moved)
    report = tmp_path / "report.html"
    assert UNSIGNED not in shown("report", record, "-o", report) + report.read_text(encoding="utf-8")
    assert again == []


def test_what_a_report_carries_is_not_either(record: Path, again: list[str], tmp_path: Path) -> None:
    assert run("report", EXAMPLE, "-o", tmp_path / "report.json").exit_code == 0
    assert UNSIGNED not in shown("explain", tmp_path / "report.json", "--why")
    assert again == []


def test_a_strange_record_is_decided_again_once(record: Path, again: list[str], tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "cache")
    for _ in range(2):
        assert UNSIGNED not in shown("explain", record, "--why")
    assert again == ["record.json"]


def test_a_record_that_somebody_changed_is_decided_again_each_time(
    record: Path, again: list[str], tmp_path: Path
) -> None:
    data = json.loads(record.read_text(encoding="utf-8"))
    data["verdict"]["label"] = "Own GPUs"
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps({**data, "id": identity(data)}), encoding="utf-8")
    for _ in range(2):
        assert UNSIGNED in shown("explain", forged, "--why")
    assert again == ["forged.json", "forged.json"]


def test_other_rules_are_asked_themselves(record: Path, again: list[str], tmp_path: Path) -> None:
    rules = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    pack = rules / "flow" / "8-confirm.yaml"
    pack.write_text(pack.read_text(encoding="utf-8") + "# Another file.\n", encoding="utf-8")
    assert UNSIGNED in shown("explain", record, "--why", "--rules", rules)
    assert again == ["record.json"]


def test_without_a_cache_every_record_is_decided_again(
    record: Path, again: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSTWISE_CACHE", "off")
    for _ in range(2):
        assert UNSIGNED not in shown("explain", record, "--why")
    assert again == ["record.json", "record.json"]


def test_verify_asks_nobody(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> bool:
        raise AssertionError("verify computes every record again")

    monkeypatch.setattr("hostwise.record.computed_before.computed_before", refused)
    assert "computed again" in shown("verify", record)
