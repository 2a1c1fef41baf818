"""Tables as people and spreadsheets write them: every cell found again by line and column, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.batch.tables import Row, rows_of
from tests.commands import hostwise

from hostwise.answers.questions.load_questions import load_questions
from hostwise.answers.tables.checked_rows import columns_of
from hostwise.answers.tables.csv_file import csv_table
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.findings.diagnostics import InputError

HEAD = "workload.name,demand.tokens_per_day,constraints.external_processing\n"


def decided(tmp_path: Path, content: str | bytes) -> list[Row]:
    table = tmp_path / "t.csv"
    table.write_bytes(content if isinstance(content, bytes) else content.encode())
    return rows_of(table)


def told(tmp_path: Path, content: str | bytes) -> list[str]:
    """The findings about a file that is not read at all."""
    with pytest.raises(InputError) as problem:
        decided(tmp_path, content)
    return [
        f"{d.place.line}:{d.place.column} {d.code} {d.message} {d.suggestion or ''}" for d in problem.value.diagnostics
    ]


def lines(rows: list[Row]) -> list[int]:
    return [int(row.id.rpartition(":")[2]) for row in rows]


def test_every_wrong_column_of_the_header_is_named_at_once(tmp_path: Path) -> None:
    header = "workload.name,demand.tokens_per_dy,tokens_per_day,workload.name,zzzzzz\n"
    found = told(tmp_path, header + "a,1,2,3,4\n")
    assert [finding.split(" ", 2)[:2] for finding in found] == [
        ["1:2", "unknown-column"],
        ["1:3", "unknown-column"],
        ["1:4", "duplicate-column"],
        ["1:5", "unknown-column"],
    ]
    assert all(finding.endswith("demand.tokens_per_day") for finding in found[:2])


def test_a_table_without_names_is_refused_once_and_not_row_by_row(tmp_path: Path) -> None:
    assert told(tmp_path, "demand.tokens_per_day\n1\n2\n") == [
        "1:1 missing-column there is no column workload.name: it is required "
    ]


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty"), (b"\n\n", "empty"), ("a,b".encode("utf-16"), "encoding")]
)
def test_a_file_that_holds_no_table_is_refused(content: bytes, code: str, tmp_path: Path) -> None:
    assert code in told(tmp_path, content)[0]


def test_a_file_that_is_no_csv_has_few_findings(tmp_path: Path) -> None:
    assert len(told(tmp_path, b"PK\x03\x04" + b"\x00,\xff\xfe," * 5000 + b"\n")) <= 20


def test_a_spreadsheets_own_habits_are_understood(tmp_path: Path) -> None:
    """A byte order mark, semicolons, CRLF, quoted everything, empty columns and rows at the end."""
    content = "\ufeff" + '"workload.name";"demand.tokens_per_day";"constraints.regulations";\r\n'
    content += '"Ümläut; or not";3,0E7;"gdpr;hipaa";\r\n"b";"30M";gdpr;;;\r\n;;;\r\n\r\n'
    first, second = decided(tmp_path, content)
    assert (first.name, first.errors, second.errors) == ("Ümläut; or not", (), ())
    assert first.verdict == second.verdict
    assert decided(tmp_path, content.replace("3,0E7", "3,000"))[0].errors == (
        "2:2 ambiguous-number: demand.tokens_per_day: the comma before three digits may be a decimal mark or part the"
        " thousands",
    )


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    """Line breaks within quotation marks and blank lines count."""
    rows = decided(tmp_path, HEAD + '"two\nlines",many,allowed\n\n\n"x\r\ny\rz",1M,allowed\nlast,many,allowed\n')
    assert lines(rows) == [2, 6, 9]
    assert [row.errors for row in rows] == [
        ("2:2 not-a-quantity: demand.tokens_per_day: not a quantity",),
        (),
        ("9:2 not-a-quantity: demand.tokens_per_day: not a quantity",),
    ]


def test_all_findings_of_a_row_are_kept_and_the_other_rows_go_on(tmp_path: Path) -> None:
    rows = decided(tmp_path, HEAD + "a,-1,alowed\n,1M,allowed\nunknown,1M,allowed\nc,1M,allowed\n")
    assert rows[0].errors == (
        "2:2 out-of-bounds: demand.tokens_per_day: too small",
        "2:3 not-a-choice: constraints.external_processing: not one of the choices",
    )
    assert rows[1].errors == ("3:1 missing-answer: workload.name is required",)
    assert rows[2].errors == ("4:1 missing-answer: workload.name is required",)
    assert rows[3].errors == ()


def test_answers_that_contradict_each_other_are_found_in_each_row(tmp_path: Path) -> None:
    head = "workload.name,demand.tokens_per_day,demand.tokens_per_month,demand.traffic_mix,demand.batch_share\n"
    rows = decided(tmp_path, head + "a,1M,30M,batch,100%\nb,1M,32M,batch,50%\nc,1M,,interactive,\n")
    assert [row.errors for row in rows] == [
        (),
        (
            "3:3 contradiction: demand.tokens_per_month contradicts demand.tokens_per_day in column 2: they differ: a"
            " day times 28 to 31 is 28,000,000 to 31,000,000 a month, not 32,000,000",
            "3:5 contradiction: demand.batch_share contradicts demand.traffic_mix in column 4: all traffic is batch,"
            " but only 50% may wait",
        ),
        (),
    ]


def test_ragged_rows_are_findings_and_keep_their_names(tmp_path: Path) -> None:
    rows = decided(tmp_path, HEAD + "short,1M\nlong,1M,allowed,more\npadded,1M,allowed,,\n")
    assert [(row.name, row.errors) for row in rows] == [
        ("short", ("2:1 csv: the row has 2 cells and the header 3",)),
        ("long", ("3:1 csv: the row has 4 cells and the header 3",)),
        ("padded", ()),
    ]


def test_a_cell_under_no_name_is_a_finding(tmp_path: Path) -> None:
    rows = decided(tmp_path, "workload.name,,demand.tokens_per_day\na,,1M\nb,lost,1M\n")
    assert [row.errors for row in rows] == [(), ("3:2 csv: the column has no name",)]


def test_a_quotation_mark_that_is_not_closed_swallows_no_row(tmp_path: Path) -> None:
    rows = decided(tmp_path, HEAD + 'a,1M,allowed\n"b,1M,allowed\nc,1M,allowed\nd,"1M",allowed\ne,1M,allowed\n')
    assert lines(rows) == [2, 3, 4, 5, 6]
    assert [bool(row.errors) for row in rows] == [False, True, False, False, False]
    (last,) = decided(tmp_path, HEAD + '"b,1M,allowed\n')
    assert last.errors == ("2:1 csv: a quotation mark is opened and not closed",)


def test_text_after_a_quotation_mark_is_a_finding(tmp_path: Path) -> None:
    rows = decided(tmp_path, HEAD + '"a"b,1M,allowed\n5" disk,1M,allowed\n"say ""x""",1M,allowed\n')
    assert [bool(row.errors) for row in rows] == [True, False, False]
    assert [row.name for row in rows[1:]] == ['5" disk', 'say "x"']


def test_cells_and_rows_of_megabytes_are_findings_in_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    table = tmp_path / "t.csv"
    huge = "x" * 10_000_000
    table.write_text(
        HEAD + f'{huge},1M,allowed\n"{huge}\n{huge}",1M,allowed\n{"y" * 11_000},1M,allowed\nz,1M,allowed\n'
    )
    del huge
    rows_of(tmp_path / "t.csv")
    tracemalloc.start()
    rows = rows_of(table)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines(rows) == [2, 3, 4, 5, 6]
    assert [row.errors[0].split(":")[1].split()[1] if row.errors else "" for row in rows] == [
        "csv", "csv", "csv", "too-long", "",
    ]  # fmt: skip
    assert peak < 25_000_000


def test_bytes_that_are_no_text_are_findings_in_their_own_cells(tmp_path: Path) -> None:
    content = HEAD.encode() + b"a\x00,1M,allowed\nb\xff,1M,allowed\nc,1M\x1b[31m,allowed\nd,1M,allowed\n"
    rows = decided(tmp_path, content)
    assert [row.errors for row in rows] == [
        ("2:1 control-character: workload.name: control character",),
        ("3:1 encoding: workload.name: the cell is not UTF-8",),
        ("4:2 control-character: demand.tokens_per_day: control character",),
        (),
    ]


def test_what_only_the_catalogue_knows_is_found_at_its_cell(tmp_path: Path) -> None:
    keys = ("gpu", "model", "gpus_per_replica", "precision")
    head = "workload.name,demand.tokens_per_day," + ",".join(f"self_host.{key}" for key in keys) + "\n"
    rows = decided(tmp_path, head + "a,1M,H100,Llama-3.3-70B,1,bf16\n\nb,1M,abacus,,,\nc,1M,,,,\n")
    assert [row.errors for row in rows] == [
        ("2:5 does-not-fit: self_host.gpus_per_replica: 1 × H100 cannot hold Llama-3.3-70B at 16 bits",),
        ("4:3 unknown-gpu: self_host.gpu: not in the catalogue",),
        (),
    ]


def test_the_order_and_the_blocks_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "".join(f"n{n},{n + 1}M,{'allowed' if n % 3 else 'forbidden' if n % 2 else 'alowed'}\n" for n in range(50))
    whole = decided(tmp_path, HEAD + body)
    monkeypatch.setattr("hostwise.answers.tables.csv_file.BLOCK", 7)
    monkeypatch.setattr("hostwise.analysis.portfolio.portfolio.TOGETHER", 5)
    monkeypatch.setattr("hostwise.analysis.portfolio.portfolio.WINDOW", 20)
    assert decided(tmp_path, HEAD + body) == whole
    assert [row.name for row in whole] == [f"n{n}" for n in range(50)]


def test_a_header_is_read_by_the_separator_that_makes_it_keys(tmp_path: Path) -> None:
    questionnaire = load_questions(rules_dir())
    for separator in ",;\t":
        (tmp_path / "t.csv").write_text(f"workload.name{separator}demand.tokens_per_day\n")
        table = csv_table(tmp_path / "t.csv", frozenset(questionnaire.by_key))
        assert columns_of(table, questionnaire) == {"workload.name": 1, "demand.tokens_per_day": 2}


def test_a_column_named_like_several_questions_offers_all_of_them(tmp_path: Path) -> None:
    """`model` was offered as self_host.model alone: followed, the API's model became the one to host."""
    table = tmp_path / "t.csv"
    table.write_text("workload.name,provider,model\nA,openai,gpt-4o\n")
    said = " ".join(hostwise("check", str(table)).stderr.split())
    assert "accepted: current_api.model or open_provider.model or self_host.model;" in said
    assert "accepted: current_api.provider or open_provider.provider;" in said and "did you mean" not in said
