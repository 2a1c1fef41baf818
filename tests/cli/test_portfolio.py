"""`hostwise decide` on folders and tables: what is printed, written, and returned."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.commands import hostwise

pytestmark = pytest.mark.usefixtures("decided_once")

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


def test_a_table_between_tabs_is_one_by_its_name_too(tmp_path: Path) -> None:
    head, row = "workload.name\tworkload.as_of\tdemand.tokens_per_day\n", "A\t2026-11-20\t30M\n"
    for name in ("t.tsv", "t.csv"):
        (tmp_path / name).write_text(head + row, encoding="utf-8")
    tabs, commas = (hostwise("check", str(tmp_path / name)) for name in ("t.tsv", "t.csv"))
    assert tabs.returncode == commas.returncode == 0
    assert "1 workload" in tabs.stdout and tabs.stdout == commas.stdout.replace("t.csv", "t.tsv")


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
        (["table.csv", "-o", "table.csv"], "this is the file that is read"),
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
    assert not list(tmp_path.glob(".*"))


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


def test_a_slip_in_many_cells_is_one_finding(tmp_path: Path) -> None:
    rows = "".join(f"w{n};1.200\n" for n in range(180))
    (tmp_path / "t.csv").write_text(f"workload.name;demand.tokens_per_day\n{rows}x;many\n")
    result = hostwise("decide", "t.csv", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.count(": error: ") == 2
    assert (
        "t.csv:2:2: error: column 2, demand.tokens_per_day: 180 cells such as `1.200` in lines 2 to 181"
        in result.stderr
    )
    assert "1.2 or 1200?" in result.stderr
    assert hostwise("decide", "t.csv", "--decimal", "comma", cwd=tmp_path).stderr.count(": error: ") == 1


def test_other_columns_are_passed_on_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("verdict,workload.name,cost centre\nold,a,-5\n,b,=1+1\n\nold,unknown,007\n")
    result = hostwise("decide", "t.csv", "-o", "o.csv", cwd=tmp_path)
    assert "note: no question, passed on as they are: verdict, cost centre" in result.stderr
    rows = list(csv.DictReader((tmp_path / "o.csv").open(encoding="utf-8")))
    assert [row["cost centre"] for row in rows] == ["-5", "'=1+1", "007"]
    assert [row["input.verdict"] for row in rows] == ["old", "", "old"]
    assert rows[2]["verdict"] == "refused"


@pytest.mark.parametrize(("decimal", "separator", "mark"), [([], ",", "."), (["--decimal", "comma"], ";", ",")])
def test_a_table_for_excel_opens_in_it(decimal: list[str], separator: str, mark: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("workload.name,demand.tokens_per_day\nMünchen,30M\n")
    assert hostwise("decide", "t.csv", "-o", "o.csv", "--excel", *decimal, cwd=tmp_path).returncode == 0
    content = (tmp_path / "o.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 2
    (row,) = csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=separator)
    assert row["workload"] == "München"
    assert row["monthly.open-model-provider"][-3] == mark
    assert hostwise("decide", "t.csv", "--excel", cwd=tmp_path).returncode == 2


def test_a_table_is_checked_by_kind_of_finding_and_each_in_json(tmp_path: Path) -> None:
    rows = "".join(f"w{n};1.200\n" for n in range(30))
    (tmp_path / "t.csv").write_text(f"workload.name;demand.tokens_per_day\n{rows}x;many\n")
    result = hostwise("check", "t.csv", cwd=tmp_path)
    assert result.returncode == 2
    assert "30 cells such as `1.200` in lines 2 to 31" in result.stderr
    assert "31 finding(s)." in result.stderr
    each = json.loads(hostwise("check", "t.csv", "--format", "json", cwd=tmp_path).stdout)
    assert [finding["line"] for finding in each] == list(range(2, 33))
    fine = hostwise("check", TABLE)
    waits = "  not answered: constraints.external_processing in 1. A decision waits for each.\n"
    assert (fine.returncode, fine.stdout, fine.stderr) == (0, f"{TABLE}: fine. 12 workload(s).\n{waits}", "")


def test_the_report_on_a_row_is_that_on_its_questionnaire(tmp_path: Path) -> None:
    out = tmp_path / "o.csv"
    assert hostwise("decide", TABLE, "-o", str(out)).returncode == 0
    for row in list(csv.DictReader(out.open(encoding="utf-8")))[1:3]:
        line, name = row["row"].rpartition(":")[2], row["workload"]
        for which in (line, name):
            record = tmp_path / f"{which}.json"
            assert hostwise("report", TABLE, "--row", which, "-o", str(record)).returncode == 0
        verdict = json.loads(record.read_text())["verdict"]
        assert row["verdict"] == (verdict["option"] or verdict["status"])
        assert record.read_bytes() == (tmp_path / f"{line}.json").read_bytes()


def test_a_report_on_a_row_wants_one(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("workload.name\nchat\nchat\nbroken\n")
    for arguments, said in (
        (["--row", "chat"], "2, 3"),
        (["--for", "leadership"], "--row"),
        (["--row", "chatt"], "did you mean 'chat'"),
        (["--row", "9"], "no rows have that name or line"),
    ):
        result = hostwise("report", "t.csv", *arguments, "-o", "r.md", cwd=tmp_path)
        assert result.returncode == 2
        assert said in " ".join(result.stderr.split())
    assert not (tmp_path / "r.md").exists()


def test_a_report_on_a_table_has_every_row_and_what_they_come_to(tmp_path: Path) -> None:
    rows = "<b>chat</b>,30M,2.5e-06,$8\nmail,many,$2,$8\nsearch,20M,$2,$8\n"
    columns = "workload.name,demand.tokens_per_day,current_api.input_price,current_api.output_price"
    (tmp_path / "t.csv").write_text(f"{columns}\n{rows}")
    written = hostwise("report", "t.csv", "-o", "r.html", "-o", "r.md", "-o", "r.pdf", cwd=tmp_path)
    assert written.returncode == 0, written.stderr
    html, markdown = ((tmp_path / name).read_text(encoding="utf-8") for name in ("r.html", "r.md"))
    assert "3 workloads of t.csv" in html and "3 workloads of t.csv" in markdown
    assert "&lt;b&gt;chat&lt;/b&gt;" in html and "\\<b\\>chat" in markdown
    for said in ("Undecided", "With errors, not decided", "the least that is usual", "33%", "mail"):
        assert said in html and said in markdown
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF-")
    first = (tmp_path / "r.pdf").read_bytes()
    hostwise("report", "t.csv", "-o", "r.pdf", cwd=tmp_path)
    assert (tmp_path / "r.pdf").read_bytes() == first
    hostwise("report", "t.csv", "-o", "r.md", "--lang", "de", cwd=tmp_path)
    german = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert "3 Anwendungen aus t.csv" in german and "das Wenigste, was üblich ist" in german


def test_a_report_on_many_has_no_record(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("workload.name\nchat\n")
    refused = hostwise("report", "t.csv", "-o", "r.json", cwd=tmp_path)
    assert refused.returncode == 2 and "hostwise decide -o table.csv" in " ".join(refused.stderr.split())


def test_a_report_on_a_folder_names_each_file(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    (folder / "a.yaml").write_text("workload: {name: chat}\n")
    (folder / "b.yaml").write_text("workload: {nam: chat}\n")
    assert hostwise("report", "all", "-o", "r.md", cwd=tmp_path).returncode == 0
    text = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert "| a.yaml | chat | Undecided |" in text and "| b.yaml |" in text
