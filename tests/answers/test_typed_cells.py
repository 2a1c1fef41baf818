"""What people type into cells and questionnaires: read the same in both, or refused in both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from hostwise.analysis.portfolio.table import table_windows
from hostwise.answers.files.load import load_answers_document
from hostwise.answers.questions.load_questions import load_questions
from hostwise.answers.tables.checked_rows import columns_of
from hostwise.answers.tables.csv_file import csv_table
from hostwise.answers.tables.row_file import row_file
from hostwise.answers.to_facts import answer_facts
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import InputError

QUESTIONNAIRE = load_questions(rules_dir())
TOKENS, PRICE, DAY = "demand.tokens_per_day", "current_api.input_price", "workload.as_of"
GAPPED, STAGE, RULES = "constraints.air_gapped", "workload.stage", "constraints.regulations"


def as_file(cells: dict[str, str]) -> Any:
    """The facts of a questionnaire with these texts, or its codes; the same form as `as_row`."""
    sections: dict[str, dict[str, str]] = {"workload": {"name": "w"}}
    for key, text in cells.items():
        section, _, name = key.partition(".")
        sections.setdefault(section, {})[name] = text
    try:
        answers = load_answers_document(
            read_document(Path("q.yaml"), data=json.dumps(sections).encode()), QUESTIONNAIRE
        )
    except InputError as problem:
        return {finding.code for finding in problem.diagnostics}
    return values(answer_facts(answers, QUESTIONNAIRE))


def as_row(
    folder: Path,
    cells: dict[str, str],
    separator: str = ",",
    decimal: Any = None,
    above: str = "",
    code: str = "utf-8",
) -> Any:
    table_file = folder / "t.csv"
    head, row = ["workload.name", *cells], ["w", *(f'"{text}"' for text in cells.values())]
    table_file.write_bytes((above + "\n".join(separator.join(line) for line in (head, row)) + "\n").encode(code))
    table = csv_table(table_file, frozenset(QUESTIONNAIRE.by_key), decimal)
    (window,) = table_windows(table, columns_of(table, QUESTIONNAIRE), QUESTIONNAIRE, 10)
    if window.findings:
        return {finding.code for finding in window.findings[0]}
    return values(window.facts(0))


def values(facts: Any) -> dict[str, Any]:
    return {name: (fact.value, fact.low, fact.high, fact.unit, fact.provenance.origin) for name, fact in facts.items()}


SPELLINGS = [
    (TOKENS, ["30M", "30 million", "30 Mio.", "30000000", "30_000_000", "30e6"]),
    # Both marks, the comma last: nothing need be stated.
    (TOKENS, ["1200.5", "1.200,5", "1.200,50", "1,200.5"]),
    (TOKENS, ["1200.5..2300.75", "1.200,50..2.300,75", "1.200,5 – 2.300,75"]),
    (PRICE, ["€1150", "1.150,00 €", "€1.150,0"]),
    (TOKENS, ["20M..40M", "20M-40M", "20M - 40M", "20M – 40M", "20M to 40M"]),
    *(
        (key, ["unknown", "N/A", "n/a", "-", "–", "?", "tbd", "TBC", "Unknown", "unbekannt"])
        for key in (TOKENS, PRICE, DAY, GAPPED, STAGE, RULES, "current_api.model")
    ),
    (GAPPED, ["yes", "Yes", "Y", "1", "TRUE", "ja", "true"]),
    (GAPPED, ["no", "No", "n", "0", "False", "nein"]),
    (STAGE, ["production", "Production", "PRODUCTION"]),
    (RULES, ["gdpr", "GDPR"]),
    (DAY, ["2026-11-20", "20.11.2026", "11/20/2026", "20/11/2026"]),
]
REFUSED = [
    (TOKENS, "~40M", "not-a-quantity"),
    (TOKENS, "ca. 40M", "not-a-quantity"),
    (DAY, "03/04/2026", "not-a-date"),
    (DAY, "31.02.2026", "not-a-date"),
    (GAPPED, "2", "not-yes-or-no"),
    (STAGE, "productive", "not-a-choice"),
]


@pytest.mark.parametrize(("key", "spellings"), SPELLINGS)
def test_spellings_of_one_answer_give_the_same_facts_in_a_file_and_in_a_table(
    key: str, spellings: list[str], tmp_path: Path
) -> None:
    first = as_file({key: spellings[0]})
    assert not isinstance(first, set)
    for text in spellings:
        assert as_file({key: text}) == first, text
        for separator in ",;\t":
            assert as_row(tmp_path, {key: text}, separator) == first, (text, separator)


@pytest.mark.parametrize(("key", "text", "code"), REFUSED)
def test_what_can_be_read_two_ways_is_refused_in_both(key: str, text: str, code: str, tmp_path: Path) -> None:
    assert as_file({key: text}) == as_row(tmp_path, {key: text}) == {code}


def test_an_open_answer_takes_no_default(tmp_path: Path) -> None:
    assert as_row(tmp_path, {"demand.batch_share": "n/a"}) == as_file({"demand.batch_share": "unknown"})
    assert as_row(tmp_path, {"demand.batch_share": "n/a"}) != as_row(tmp_path, {"demand.batch_share": ""})


@pytest.mark.parametrize(
    ("text", "separator", "code"),
    [
        ("1.200", ";", "ambiguous-number"),
        ("1.200", "\t", "ambiguous-number"),
        ("1,200", "\t", "ambiguous-number"),
        ("1,200", ",", "ambiguous-number"),
        ("1.200..2.400", ";", "ambiguous-number"),
        ("1,200", ";", "ambiguous-number"),
        ("1,500M", "\t", "ambiguous-number"),
    ],
)
def test_a_number_of_two_readings_is_refused_until_the_mark_is_stated(
    text: str, separator: str, code: str, tmp_path: Path
) -> None:
    assert as_row(tmp_path, {TOKENS: text}, separator) == {code}
    for decimal in ("comma", "point"):
        by_option = as_row(tmp_path, {TOKENS: text}, separator, decimal)
        assert by_option == as_row(tmp_path, {TOKENS: text}, separator, None, f"# decimal: {decimal}\n")
        assert code not in by_option


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize(
    ("key", "text", "plain"),
    [
        (TOKENS, "3,5 Mio.", "3.5M"),
        (TOKENS, "0,125B", "125M"),
        (TOKENS, "1,5M..12,75M", "1.5M..12.75M"),
        (TOKENS, "12,34,567", "1234567"),
        (PRICE, "€2,50", "€2.50"),
    ],
)
def test_a_comma_that_parts_no_thousands_is_a_decimal_one(
    key: str, text: str, plain: str, separator: str, tmp_path: Path
) -> None:
    """`3,5 Mio.` was refused as if it could be 35 million, with `0.5, or 1500` for what is accepted."""
    assert as_row(tmp_path, {key: text}, separator) == as_file({key: plain})


def test_a_band_in_braces_is_asked_too(tmp_path: Path) -> None:
    band = "{low: 1.200, high: 2.400}"
    assert as_row(tmp_path, {TOKENS: band}, ";") == {"ambiguous-number"}
    assert as_row(tmp_path, {TOKENS: band}, ";", "comma") == as_file({TOKENS: "1200..2400"})


@pytest.mark.parametrize(
    ("key", "text", "plain"),
    [
        (TOKENS, "1.200", "1200"),
        (TOKENS, "1.200,5", "1200.5"),
        (TOKENS, "1.200.000", "1200000"),
        (TOKENS, "0,5M..1,5M", "0.5M..1.5M"),
        (PRICE, "€1.234,56", "€1234.56"),
        (PRICE, "$2,50 / 1.000", "$2.50 / 1000"),
        ("demand.input_share", "12,5 %", "12.5%"),
    ],
)
def test_numbers_with_a_decimal_comma_are_read_where_the_table_has_them(
    key: str, text: str, plain: str, tmp_path: Path
) -> None:
    for separator in ",;\t":
        assert as_row(tmp_path, {key: text}, separator, "comma") == as_file({key: plain})


def test_a_decimal_point_in_a_table_with_decimal_commas_is_refused(tmp_path: Path) -> None:
    for text in ("2.5", "1,200,000", "1.20", "0.125"):
        assert as_row(tmp_path, {TOKENS: text}, ";", "comma") == {"decimal-comma"}


def test_a_price_for_a_thousand_is_no_price_for_one(tmp_path: Path) -> None:
    assert as_row(tmp_path, {PRICE: "$0.0025 per 1,000"}) == as_file({PRICE: "$2.50"})


@given(st.integers(1, 10**9), st.integers(0, 99), st.sampled_from(";,\t"))
@settings(max_examples=examples(60), deadline=None)
def test_a_row_with_decimal_commas_and_a_questionnaire_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, whole: int, cents: int, separator: str
) -> None:
    english = f"{whole:,}.{cents:02d}"
    german = english.translate(str.maketrans(",.", ".,"))
    folder = tmp_path_factory.mktemp("t")
    assert as_row(folder, {TOKENS: german}, separator, "comma") == as_file({TOKENS: english})
    assert as_row(folder, {TOKENS: english}, separator, "point") == as_file({TOKENS: english})


def test_the_first_line_of_excel_and_a_comment_may_stand_above_the_header(tmp_path: Path) -> None:
    for above in ("sep=;\n# decimal: comma\n", "\ufeff# decimal: comma;;;\r\nsep=;\r\n", '"# decimal: comma"\n\n'):
        assert as_row(tmp_path, {TOKENS: "1.200,5"}, ";", None, above) == as_file({TOKENS: "1200.5"})


@pytest.mark.parametrize(
    ("above", "decimal", "code"), [("# from SAP\n", None, "comment"), ("# decimal: comma\n", "point", "decimal")]
)
def test_a_comment_that_says_something_else_is_refused(above: str, decimal: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as problem:
        as_row(tmp_path, {TOKENS: "1"}, ";", decimal, above)
    assert [(found.code, found.place.line) for found in problem.value.diagnostics] == [(code, 1)]


def test_lines_above_the_header_count(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sep=;\nworkload.name;demand.tokens_per_day\na;many\n")
    table = csv_table(tmp_path / "t.csv", frozenset(QUESTIONNAIRE.by_key))
    (window,) = table_windows(table, columns_of(table, QUESTIONNAIRE), QUESTIONNAIRE, 10)
    assert (table.line, window.findings[0][0].place.line) == (2, 3)


def test_a_file_of_windows_is_read_and_said_once(tmp_path: Path) -> None:
    cells = {"workload.owner": "Müller – “Köln”", PRICE: "€2.50"}
    assert as_row(tmp_path, cells, ";", None, "", "cp1252") == as_file(cells)
    notes = csv_table(tmp_path / "t.csv", frozenset(QUESTIONNAIRE.by_key)).notes
    assert [(note.code, note.severity) for note in notes] == [("windows-1252", "note")]
    as_row(tmp_path, cells, ";")
    assert csv_table(tmp_path / "t.csv", frozenset(QUESTIONNAIRE.by_key)).notes == ()


@pytest.mark.parametrize(
    ("cells", "separator", "decimal"),
    [
        ({TOKENS: "1.200,5", PRICE: "€1.234,56", GAPPED: "Y", STAGE: "PILOT", DAY: "20.11.2026"}, ";", "comma"),
        ({TOKENS: "{low: 20M, likely: 30M, high: 40M}", RULES: "GDPR; hipaa", PRICE: "-"}, ",", None),
        (
            {"economics.exchange_rates": "{EUR: {rate: 1.1, as_of: 2026-11-01}}", "workload.owner": "- a: b #c"},
            ",",
            None,
        ),
        ({TOKENS: "", "demand.batch_share": "null", RULES: "[]"}, "\t", None),
    ],
)
def test_the_questionnaire_of_a_row_gives_the_facts_of_the_row(
    cells: dict[str, str], separator: str, decimal: Any, tmp_path: Path
) -> None:
    found = as_row(tmp_path, cells, separator, decimal)
    assert not isinstance(found, set)
    table = csv_table(tmp_path / "t.csv", frozenset(QUESTIONNAIRE.by_key), decimal)
    text = row_file(table, QUESTIONNAIRE, "2").text
    answers = load_answers_document(read_document(Path("q.yaml"), data=text.encode()), QUESTIONNAIRE)
    assert values(answer_facts(answers, QUESTIONNAIRE)) == found
