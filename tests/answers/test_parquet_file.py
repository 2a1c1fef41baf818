"""Parquet: a typed value means what a questionnaire would have written, in the question's own unit."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.batch.tables import Row, rows_of, write_csv
from tests.commands import hostwise

from hostwise.reading.findings.diagnostics import InputError

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def decided(path: Path, **columns: Any) -> list[Row]:
    named = {"workload.name": pa.array(["a", "b"]), **{k.replace("__", "."): v for k, v in columns.items()}}
    pq.write_table(pa.table(named), path)
    return rows_of(path)


def test_typed_columns_are_what_the_same_cells_of_a_csv_are(tmp_path: Path) -> None:
    found = decided(
        tmp_path / "t.parquet",
        demand__tokens_per_day=pa.array([30_000_000, 9_000_000_000], pa.int64()),
        demand__batch_share=pa.array([0.1, None], pa.float32()),
        demand__latency_p95=pa.array([800.0, 1e3]),
        current_api__input_price=pa.array([Decimal("2.50"), None], pa.decimal128(9, 2)),
        current_api__output_price=pa.array([10, None], pa.int8()),
        current_api__tier=pa.array(["mid", "frontier"]).dictionary_encode(),
        constraints__air_gapped=pa.array([False, True]),
        constraints__regulations=pa.array([["gdpr", "hipaa"], []], pa.list_(pa.string())),
        workload__as_of=pa.array([date(2026, 11, 20), None]),
        current_api__price_as_of=pa.array([datetime(2026, 11, 1), None]),
        workload__summary=pa.nulls(2),
    )
    first = {
        "workload.name": "a", "demand.tokens_per_day": "30M", "demand.batch_share": "10%",
        "demand.latency_p95": "800ms", "current_api.input_price": "2.5", "current_api.output_price": "10",
        "current_api.tier": "mid", "constraints.air_gapped": "no", "constraints.regulations": "gdpr;hipaa",
        "workload.as_of": "2026-11-20", "current_api.price_as_of": "2026-11-01",
    }  # fmt: skip
    second = {
        "workload.name": "b", "demand.tokens_per_day": "9B", "demand.latency_p95": "1s",
        "current_api.tier": "frontier", "constraints.air_gapped": "yes", "constraints.regulations": "[]",
    }  # fmt: skip
    alike = rows_of(write_csv(tmp_path / "t.csv", [first, second]))
    assert [row.errors for row in found] == [(), ()]
    for one, other in zip(found, alike, strict=True):
        assert (one.verdict, one.rule, one.costs, one.needs) == (other.verdict, other.rule, other.costs, other.needs)
    assert [row.id.rpartition(":")[2] for row in found] == ["1", "2"]


def test_a_number_of_a_column_of_texts_is_what_it_is_in_a_questionnaire(tmp_path: Path) -> None:
    """`30.000` was thirty tokens a day where CSV and YAML have thirty thousand, and a number of that size is one."""
    texts = decided(tmp_path / "t.parquet", demand__tokens_per_day=pa.array(["30.000", "30.000"]))
    coded = pa.array(["30.000", "30.000"]).dictionary_encode()
    csv = rows_of(
        write_csv(tmp_path / "t.csv", [{"workload.name": n, "demand.tokens_per_day": "30.000"} for n in "ab"])
    )
    for rows in (texts, decided(tmp_path / "c.parquet", demand__tokens_per_day=coded)):
        assert [row.costs for row in rows] == [row.costs for row in csv]
    checked = hostwise("check", str(tmp_path / "t.parquet"))
    assert "is read as 30000: its point is taken to part the thousands" in " ".join(checked.stderr.split())
    decided(tmp_path / "n.parquet", demand__tokens_per_day=pa.array([30.125, 30.125]))
    assert "thousands" not in hostwise("check", str(tmp_path / "n.parquet")).stderr


def test_values_that_no_questionnaire_could_hold_are_findings_in_their_rows(tmp_path: Path) -> None:
    rows = decided(
        tmp_path / "t.parquet",
        demand__batch_share=pa.array([float("nan"), float("inf")]),
        workload__as_of=pa.array([datetime(2026, 11, 1, 12), None]),
        constraints__air_gapped=pa.array([2, None]),
    )
    assert [error.split(": ")[0] for error in rows[0].errors] == [
        "1:2 not-finite",
        "1:3 not-a-date",
        "1:4 not-yes-or-no",
    ]
    assert [error.split(": ")[0] for error in rows[1].errors] == ["2:2 not-finite"]


def test_columns_of_a_kind_that_no_answer_has_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as problem:
        decided(
            tmp_path / "t.parquet",
            demand__tokens_per_day=pa.array([{"low": 1}, None]),
            quality__gap=pa.array([b"x", None]),
        )
    assert [(d.place.column, d.code) for d in problem.value.diagnostics] == [(2, "column-type"), (3, "column-type")]


def test_a_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "t.parquet"
    decided(table)
    table.write_bytes(table.read_bytes()[:-9])
    with pytest.raises(InputError, match="not a Parquet file"):
        rows_of(table)
