"""The table of a portfolio: exact amounts, harmless cells, never half a file."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from hostwise.analysis.portfolio.portfolio import Decided
from hostwise.reading.findings.diagnostics import Diagnostic, Place
from hostwise.report.terminal.portfolio_table import harmless, header, table_writer

OPTIONS = ("managed-api", "edge")


def decided(names: list[str], costs: list[list[float]], exact: dict[tuple[int, int], Decimal] | None = None) -> Decided:
    size = len(names)
    wrong = Diagnostic(Place("t.csv", 3, 2), "x", "not a word", found="\x1b[2J", accepted="a, b", suggestion="a")
    return Decided(
        [f"t.csv:{n + 2}" for n in range(size)], names, ["managed-api"] * size, ["choose.a"] * size, ["USD"] * size,
        OPTIONS, np.array(costs) * 1e6, exact or {}, np.ones((size, 2), dtype=bool), {0: ("a.b", "c.d")}, {1: (wrong,)},
    )  # fmt: skip


def written(path: Path, rows: Decided) -> list[dict[str, str]]:
    with table_writer(path, OPTIONS) as write:
        write(rows)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_amounts_are_exact_to_the_cent_half_to_even(tmp_path: Path) -> None:
    costs = [[0.125, 9e9], [0.135, np.nan], [1234567.891, 0], [2.675001, 3]]
    rows = written(tmp_path / "o.csv", decided(list("abcd"), costs, {(3, 1): Decimal("3.005")}))
    assert [row["monthly"] for row in rows] == ["0.12", "0.14", "1234567.89", "2.68"]
    assert [row["monthly.edge"] for row in rows] == ["9000000000.00", "", "0.00", "3.00"]
    assert [(row["cheapest"], row["cheapest_monthly"]) for row in rows[:3]] == [
        ("managed-api", "0.12"),
        ("managed-api", "0.14"),
        ("edge", "0.00"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", " =1", "\t=1", "a;=1+1", "a,=1", "a\n=1", 'x"=1', "＝1+1",
        "'=1",
    ],
)  # fmt: skip
def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(name: str, tmp_path: Path) -> None:
    (row,) = written(tmp_path / "o.csv", decided([name], [[1, 2]]))
    cell = row["workload"]
    for part in [cell, *cell.replace(";", ",").replace('"', ",").replace("|", ",").split(",")]:
        assert part.strip()[:1] not in tuple("=+-@＝＋－＠"), cell
    assert "\n" not in cell


def test_ordinary_names_stay_as_they_are() -> None:
    for name in ("Support - level 1", "R&D (a+b)", "me@example.org", "50M=a lot", "Ümläut; x"):
        assert harmless(name) == name


def test_findings_are_kept_with_their_row_and_cannot_move_a_cursor(tmp_path: Path) -> None:
    rows = written(tmp_path / "o.csv", decided(["a", "b"], [[1, 2], [3, 4]]))
    assert [row["needs"] for row in rows] == ["a.b; c.d", ""]
    assert rows[1]["errors"] == ("line 3, column 2: not a word (found: \\x1b[2J; accepted: a, b; did you mean 'a'?)")


def test_parquet_holds_the_same_with_decimals(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    rows = decided(["=a", "b"], [[0.125, 9e9], [2, np.nan]], {(0, 1): Decimal("123456789012345678901.235")})
    with table_writer(tmp_path / "o.parquet", OPTIONS) as write:
        write(rows)
        write(rows)
    found = pq.read_table(tmp_path / "o.parquet")
    assert found.schema.names == header(OPTIONS)
    assert str(found.schema.field("monthly").type) == "decimal128(38, 2)"
    assert found["workload"].to_pylist() == ["=a", "b"] * 2
    assert found["monthly"].to_pylist() == [Decimal("0.12"), Decimal("2.00")] * 2
    assert found["monthly.edge"].to_pylist() == [Decimal("123456789012345678901.24"), None] * 2


def test_a_run_that_fails_leaves_the_old_table_and_no_half_of_a_new_one(tmp_path: Path) -> None:
    out = tmp_path / "o.csv"
    out.write_text("old")

    def run() -> None:
        with table_writer(out, OPTIONS) as write:
            write(decided(["a"], [[1, 2]]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]
