"""Rows of a table, and questionnaires of a folder, are doubted as a questionnaire is, each at its own line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml
from tests.answers.test_doubts import BASE, hostwise

GATES = {
    "constraints.external_processing": "allowed",
    "constraints.air_gapped": "no",
    "constraints.edge_or_offline": "no",
    "constraints.residency": "none",
    "constraints.fine_tuning": "none",
    "demand.input_tokens_per_day": "10M",
    "demand.output_tokens_per_day": "1M",
    "current_api.provider": "openai",
    "current_api.model": "gpt-4o",
}
SLIPS = [
    ({"current_api.input_price": "2.5e-06", "current_api.output_price": "$10"}, "current_api.input_price"),
    ({"current_api.input_price": "2.5e-06", "current_api.output_price": "9"}, "current_api.input_price"),
    ({"team.engineer_cost_per_month": "180000"}, "team.engineer_cost_per_month"),
    ({"current_api.spend_per_month": "$40k"}, "current_api.spend_per_month"),
    ({"demand.requests_per_day": "10k", "demand.input_tokens_per_request": "30"}, "demand.input_tokens_per_day"),
    ({"demand.input_share": "20%"}, "demand.input_share"),
    ({"self_host.gpu": "H100", "self_host.gpu_hourly_price": "$24/h"}, "self_host.gpu_hourly_price"),
    ({"self_host.gpu": "H100", "self_host.gpu_hourly_price": "$3/h"}, None),
    ({"demand.input_share": "88%"}, None),
    ({"demand.batch_share": "1", "demand.traffic_mix": "batch"}, "demand.batch_share"),
    ({"demand.batch_share": "100%", "demand.traffic_mix": "batch"}, None),
    ({"workload.currency": "JPY"}, "workload.currency"),
    ({"workload.currency": "JPY", "economics.exchange_rates": "{JPY: {rate: 155, as_of: 2026-11-01}}"},
     "economics.exchange_rates"),
    ({"economics.exchange_rates": "{EUR: 1.1}"}, "economics.exchange_rates"),
    ({"quality.gap": "90%"}, "quality.gap"),
    ({"current_api.input_price": "€2", "current_api.output_price": "€900",
      "economics.exchange_rates": "{EUR: {rate: 1.1, as_of: 2026-11-01}}"}, "current_api.output_price"),
    ({"current_api.input_price": "2.5 cents", "current_api.output_price": "$10"}, "current_api.input_price"),
    ({"current_api.provider": "nobody"}, "current_api.provider"),
    ({"current_api.model": "gpt-40"}, "current_api.model"),
    ({"open_provider.model": "my-own-7b"}, "open_provider.model"),
    ({"current_api.spend_per_month": "0"}, "current_api.spend_per_month"),
    ({"economics.exchange_rates": "{EUR: {rate: 1.1, as_of: 2026-04-01}}"}, "economics.exchange_rates"),
    ({}, None),
    ({"workload.currency": "JPY", "economics.exchange_rates": "{JPY: {rate: 0.0065, as_of: 2026-11-01}}",
      "team.engineer_cost_per_month": "1800000"}, None),
]  # fmt: skip


def table(tmp_path: Path) -> tuple[Path, list[str]]:
    """A table with a row for each slip, and its header."""
    header = list(dict.fromkeys(["workload.name", *GATES, *(key for row, _ in SLIPS for key in row)]))
    file = tmp_path / "t.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, header)
        writer.writeheader()
        for number, (row, _) in enumerate(SLIPS):
            writer.writerow({"workload.name": f"w{number}", **GATES, **row})
    return file, header


def test_each_row_is_warned_of_at_its_line_and_column(tmp_path: Path) -> None:
    import json

    file, header = table(tmp_path)
    found = json.loads(hostwise("check", str(file), "--format", "json").output)
    places = {(each["line"], header[each["column"] - 1]) for each in found}
    assert places == {(line, key) for line, (_, key) in enumerate(SLIPS, 2) if key}


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The table decided, row by row."""
    folder = tmp_path_factory.mktemp("rows")
    hostwise("decide", str(table(folder)[0]), "-o", str(folder / "out.csv"))
    return list(csv.DictReader((folder / "out.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("number", range(len(SLIPS)))
def test_a_row_is_warned_of_as_the_questionnaire_that_it_stands_for(
    number: int, decided: list[dict[str, str]], tmp_path: Path
) -> None:
    sections: dict[str, dict[str, object]] = {"workload": {"name": "w"}}
    for key, value in {**GATES, **SLIPS[number][0]}.items():
        section, _, name = key.partition(".")
        sections.setdefault(section, {})[name] = yaml.safe_load(value) if value.startswith("{") else value
    alone = tmp_path / "w.yaml"
    alone.write_text(yaml.safe_dump(sections, allow_unicode=True), encoding="utf-8")
    codes = hostwise("check", str(alone)).output
    warnings = decided[number]["warnings"]
    for warning in filter(None, warnings.split(" | ")):
        message = warning.partition(": ")[2].partition(" (")[0]
        assert message in codes
    assert bool(warnings) == ("warning:" in codes or "no exchange rate" in codes)


def test_warnings_alike_are_one_and_do_not_stop_a_table(tmp_path: Path) -> None:
    file, _ = table(tmp_path)
    shown = hostwise("decide", str(file))
    assert shown.exit_code == 0
    assert "2 cells such as `2.5e-06` in lines 2 to 3" in shown.output
    checked = hostwise("check", str(file))
    assert checked.exit_code == 0, "a currency without a rate is a warning where no amount is in it"
    assert "2 cells such as `2.5e-06`" in checked.output


def test_strict_refuses_rows_that_are_warned_of_and_no_others(tmp_path: Path) -> None:
    file, _ = table(tmp_path)
    assert hostwise("decide", str(file), "--strict", "-o", str(tmp_path / "out.csv")).exit_code == 1
    rows = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))
    assert [row["verdict"] == "refused" for row in rows] == [key is not None for _, key in SLIPS]
    assert all(bool(row["errors"]) == (row["verdict"] == "refused") for row in rows)
    assert not any(row["warnings"] for row in rows)


def test_a_rate_in_a_row_ages(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    rates = [f'"{{EUR: {{rate: 1.1, as_of: {day}}}}}"' for day in ("2019-01-01", "2026-11-01")]
    file.write_text("workload.name,economics.exchange_rates\n" + "".join(f"w,{rate}\n" for rate in rates))
    shown = hostwise("decide", str(file))
    assert shown.exit_code == 1
    assert "t.csv:2:2: error: the exchange rate EUR is too old" in shown.output
    assert ":3:2:" not in shown.output
    assert hostwise("decide", str(file), "--allow-stale").exit_code == 0


def test_questionnaires_of_a_folder_are_warned_of(tmp_path: Path) -> None:
    slipped = BASE.replace("provider: openai", "input_price: 2.5e-06, output_price: 1e-05, provider: openai")
    (tmp_path / "a.yaml").write_text(slipped, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(BASE, encoding="utf-8")
    shown = hostwise("decide", str(tmp_path))
    assert shown.exit_code == 0 and "a.yaml:4:" in shown.output and "b.yaml:4" not in shown.output
    assert hostwise("decide", str(tmp_path), "--strict").exit_code == 1


def test_a_cell_in_another_unit_is_said_with_what_it_was_read_as(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    rows = "".join(f"w,{volume},80%,openai,gpt-4o\n" for volume in ("900M/month", "30M", "300M a month"))
    head = "workload.name,demand.tokens_per_day,demand.input_share,current_api.provider,current_api.model\n"
    file.write_text(head + rows, encoding="utf-8")
    for command in ("check", "decide"):
        shown = hostwise(command, str(file), "--decimal", "point")
        assert shown.exit_code == 0
        assert "2 cells such as `900M/month` from line 2 to 4: 900M/month is 30M tokens/day" in shown.output
    assert hostwise("check", str(file), "--strict").exit_code == 0, "it is a note"
    hostwise("decide", str(file), "-o", str(tmp_path / "out.csv"))
    assert not any(row["warnings"] for row in csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))


@pytest.mark.parametrize(("name", "asked"), [("Total", True), ("Summe:", True), ("Total rewards", False)])
def test_a_row_that_adds_up_the_others_is_asked_about(name: str, asked: bool, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"workload.name,demand.tokens_per_day\nChat,30M\nSearch,20M\n{name},50M\n", encoding="utf-8")
    for command in ("check", "decide"):
        shown = " ".join(hostwise(command, str(table)).output.split())
        assert ("t.csv:4:1: warning: does this row add up the others?" in shown) is asked
    assert hostwise("check", str(table), "--strict").exit_code == (2 if asked else 0)


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (["Chat,10M,$1000", "Search,20M,$500", "every service,30M,$1500"], 4),
        (["every service,35M,", "Chat,10M,", "Search,20M,", "Mails,5M,"], 2),
        (["Chat,10M,", "Search,20M,", "Mails,30M,"], None),
        (["Chat,10M,$1000", "Search,20M,$500", "Mails,30M,$1400"], None),
        (["Chat,10M,", "Search,20M,", "Mails,5M,", "Tickets,36M,"], None),
    ],
)
def test_a_row_is_a_sum_by_its_figures_too(rows: list[str], line: int | None, tmp_path: Path) -> None:
    """One figure of three rows may be so by chance; two, or one of more rows, hardly ever are."""
    table = tmp_path / "t.csv"
    head = "workload.name,demand.tokens_per_day,current_api.spend_per_month"
    table.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    shown = " ".join(hostwise("check", str(table)).output.split())
    said = "warning: its figures are those of the other rows together: it is counted as one more workload"
    assert (said in shown) is (line is not None)
    assert line is None or f"t.csv:{line}:1: {said}" in shown
