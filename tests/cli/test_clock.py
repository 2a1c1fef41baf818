"""Where no day is given, a decision is as of the rulebook's: years later every command that decides says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from hostwise.cli.main import cli

EXAMPLE = Path(__file__).parents[2] / "examples" / "support-summariser.yaml"


class Later(date):
    """A day some years on."""

    @classmethod
    def today(cls) -> date:
        return date(2029, 3, 1)


@pytest.fixture(autouse=True)
def _years_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hostwise.cli.shared.inputs.date", Later)


@pytest.fixture
def undated(tmp_path: Path) -> Path:
    lines = [line for line in EXAMPLE.read_text("utf-8").splitlines() if "as_of:" not in line or "price_as_of" in line]
    file = tmp_path / "undated.yaml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("command", [["decide"], ["decide", "--json"], ["explain"], ["explain", "--flips"]])
def test_a_decision_without_a_day_warns_years_later(command: list[str], undated: Path) -> None:
    result = CliRunner().invoke(cli, [*command, str(undated)])
    assert "as of 2026-11-20, the day of the rulebook" in result.stderr
    assert "2029-03-01" in result.stderr and "2029-03-01" not in result.stdout


def test_reports_and_portfolios_warn_too(undated: Path, tmp_path: Path) -> None:
    for args in (["report", str(undated), "-o", str(tmp_path / "r.md")], ["decide", str(undated.parent)]):
        assert "the day of the rulebook" in CliRunner().invoke(cli, args).stderr, args


def test_a_key_that_would_check_nothing_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("workload.name\nx\n", encoding="utf-8")
    for args in (
        ["explain", str(EXAMPLE), "--flips", "--key", "k.pem"],
        ["explain", str(EXAMPLE), "--robustness", "--key", "k.pem"],
        ["report", str(table), "-o", str(tmp_path / "r.md"), "--key", "k.pem"],
    ):
        result = CliRunner().invoke(cli, args)
        assert result.exit_code == 2 and "--key is for" in result.stderr, args


def test_a_portfolio_whose_rows_state_their_days_does_not_warn(tmp_path: Path) -> None:
    (tmp_path / "dated.yaml").write_text(EXAMPLE.read_text("utf-8"), encoding="utf-8")
    result = CliRunner().invoke(cli, ["decide", str(tmp_path)])
    assert result.exit_code == 0 and "day of the rulebook" not in result.stderr


def test_a_day_that_is_given_does_not_warn(undated: Path) -> None:
    result = CliRunner().invoke(cli, ["decide", str(undated), "--as-of", "2026-11-20"])
    assert result.exit_code == 0 and "day of the rulebook" not in result.stderr
