"""`hostwise decide` on folders and tables: what is printed, written, and returned."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.test_commands import hostwise

TABLE = "examples/portfolio.csv"


def test_the_example_portfolio_is_summed_up_and_written(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = hostwise("decide", TABLE, "-o", str(out))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("12 workloads of examples/portfolio.csv\n")
    assert "\x1b" not in result.stdout
    assert all(line == line.rstrip() for line in result.stdout.splitlines())
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len({row["verdict"] for row in rows}) >= 6
    assert [row["needs"] for row in rows if row["verdict"] == "undecided"] == ["constraints.external_processing"]
    euros = [row for row in rows if row["currency"] == "EUR"]
    total = next(line for line in result.stdout.splitlines() if line.startswith("In all"))
    dollars = sum(float(row["monthly"]) for row in rows if row["monthly"] and row["currency"] == "USD")
    assert total.split("  ")[-1] == f"€{float(euros[0]['monthly']):,.0f} + ${dollars:,.0f}"


def test_errors_of_rows_are_printed_counted_and_end_in_1(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"w{number:02}.yaml").write_text(f"workload: {{nam: x{number}}}\n")
    shutil.copy("examples/s0-estimator.yaml", tmp_path / "good.yml")
    result = hostwise("decide", str(tmp_path), "-o", str(tmp_path / "out.csv"))
    assert result.returncode == 1
    assert result.stderr.count("unknown key 'nam'") == 5
    assert "… and 50 more findings" in result.stderr
    assert "With errors, not decided" in result.stdout
    rows = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))
    assert [row["verdict"] for row in rows] == ["managed-api"] + ["refused"] * 30
    assert all("line 1, column 12: unknown key 'nam'" in row["errors"] for row in rows[1:])
    assert all("workload.name is required" in row["errors"] for row in rows[1:])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["absent.csv"], "no such file"),
        (["absent.parquet"], "no such file"),
        (["empty"], "no questionnaire in this folder"),
        (["table.csv", "-o", "out.xlsx"], ".csv or .parquet"),
        (["table.csv", "-o", "table.csv"], "the table that is read"),
        (["table.csv", "-o", "absent/out.csv"], "no file that can be written"),
        (["table.csv", "--json"], "for one questionnaire at a time"),
        (["table.csv", "--engine", "reference"], "for one questionnaire at a time"),
        (["table.csv", "--as-of", "tomorrow"], "2026-11-20"),
        (["broken.parquet"], "not a Parquet file"),
        (["wrong.csv"], "did you mean 'demand.tokens_per_day'"),
    ],
)
def test_bad_usage_ends_in_2_with_a_sentence(arguments: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "table.csv").write_text("workload.name\na\n")
    (tmp_path / "wrong.csv").write_text("workload.name,demand.tokens_per_dy\na,1\n")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    result = hostwise("decide", *arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.glob("*.part"))


def test_the_day_and_the_age_of_what_is_known_count_as_for_one_file(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("workload.name,workload.as_of\na,2026-11-25\nb,2031-01-01\n")
    old = hostwise("decide", "t.csv", cwd=tmp_path)
    assert old.returncode == 1
    assert "too old to decide on" in old.stderr
    assert "With errors, not decided" in old.stdout
    for more in (["--allow-stale"], ["--as-of", "2026-11-25"]):
        assert hostwise("decide", "t.csv", *more, cwd=tmp_path).returncode == 0


def test_csv_needs_no_pyarrow_and_parquet_says_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("workload.name\na\n")
    (tmp_path / "t.parquet").write_bytes(b"PAR1")
    block = "import sys; sys.modules['pyarrow'] = None; from hostwise.cli.main import main; main()"

    def without(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", block, "decide", *args]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    assert without("t.csv", "-o", "out.csv").returncode == 0
    for arguments in (["t.parquet"], ["t.csv", "-o", "out.parquet"]):
        result = without(*arguments)
        assert result.returncode == 2, result.stderr
        assert "pip install 'hostwise[table]'" in result.stderr
