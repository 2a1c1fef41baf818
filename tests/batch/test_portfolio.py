"""A portfolio decides each row as `hostwise.decide` decides the same answers by themselves."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.batch.tables import Row, cells, rows_of, write_csv
from tests.records import as_data

import hostwise
from hostwise.analysis.futures.confirm import confirmed_flow
from hostwise.answers.questions.load_questions import load_questions
from hostwise.answers.questions.questions import Question
from hostwise.economics.plans.competing.tier import known_facts
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis
from hostwise.flow.knowledge import load_knowledge
from hostwise.flow.why.needs import open_questions
from hostwise.inference.run import Engine
from hostwise.reading.files.folders import rules_dir
from hostwise.record.decide import answers_from_text, first_answer, load_answers

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def records() -> dict[str, dict[str, Any]]:
    return {path.name: as_data(first_answer(load_answers(path))) for path in EXAMPLES}


def agrees(row: Row, record: dict[str, Any]) -> None:
    verdict = record["verdict"]
    assert row.verdict == (verdict["option"] or verdict["status"])
    assert row.rule == verdict["rule"]
    facts = {fact["name"]: fact["value"] for fact in record["facts"]}
    for option, cost in row.costs.items():
        value = facts[monthly(option)]
        assert cost == (None if value is None else Decimal(value).quantize(CENT, ROUND_HALF_EVEN)), option
    assert row.needs == tuple(need["key"] for need in verdict["needs"])


def test_a_folder_decides_every_questionnaire_as_by_itself(records: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    for path in EXAMPLES:
        shutil.copy(path, tmp_path)
    (tmp_path / "notes.txt").write_text("not a questionnaire")
    rows = rows_of(tmp_path)
    assert [Path(row.id).name for row in rows] == [path.name for path in EXAMPLES]
    for row in rows:
        agrees(row, records[Path(row.id).name])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_decides_every_row_as_a_questionnaire(
    records: dict[str, dict[str, Any]], tmp_path: Path, separator: str
) -> None:
    table = write_csv(tmp_path / "all.csv", [cells(path) for path in EXAMPLES], separator)
    rows = rows_of(table, decimal="point")
    assert [row.id for row in rows] == [f"{table}:{line}" for line in range(2, len(EXAMPLES) + 2)]
    for row, path in zip(rows, EXAMPLES, strict=True):
        agrees(row, records[path.name])


def test_parquet_decides_text_and_typed_columns_as_a_questionnaire(
    records: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = [cells(path) for path in EXAMPLES]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    columns = {key: [row.get(key) for row in rows] for key in keys}
    pq.write_table(pa.table(columns), tmp_path / "text.parquet")
    typed = {key: _typed(key, column) for key, column in columns.items()}
    assert {str(column.type) for column in typed.values()} >= {"string", "bool", "double", "date32[day]"}
    pq.write_table(pa.table(typed), tmp_path / "typed.parquet")
    for name in ("text", "typed"):
        for row, path in zip(rows_of(tmp_path / f"{name}.parquet"), EXAMPLES, strict=True):
            agrees(row, records[path.name])


def _typed(key: str, texts: list[str | None]) -> Any:
    """The column as numbers, truths, dates or lists, where every cell of it can be."""
    import pyarrow as pa

    question = load_questions(rules_dir()).by_key[key]
    if question.type == "boolean" and not {"unknown"} & set(texts):
        return pa.array([None if text is None else text in ("yes", "true") for text in texts], pa.bool_())
    if question.type == "date":
        return pa.array([None if text is None else date.fromisoformat(text) for text in texts], pa.date32())
    if question.type == "set":
        return pa.array([None if text is None else [w for w in text.split(";") if w != "[]"] for text in texts])
    if question.type == "ratio" and all(text is None or (text.endswith("%") and ".." not in text) for text in texts):
        return pa.array([None if text is None else float(Decimal(text[:-1]) / 100) for text in texts], pa.float64())
    return pa.array(texts, pa.string())


WORDS = {
    "demand.tokens_per_day": ["", "30M", "2M..9M", "unknown", "{low: 1M, likely: 2M, high: 40M}", "500000000"],
    "demand.tokens_per_month": ["", "", "", "900M"],
    "demand.batch_share": ["", "0", "25%", "1", "unknown"],
    "demand.traffic_shape": ["", "steady", "bursty"],
    "demand.traffic_mix": ["", "", "batch", "interactive"],
    "constraints.external_processing": ["allowed", "allowed", "forbidden", "unknown", ""],
    "constraints.regulations": ["", "gdpr", "gdpr;hipaa", "[]", "[gdpr]"],
    "constraints.fine_tuning": ["none", "none", "provider-service", "own-weights", ""],
    "workload.currency": ["", "EUR", "EUR", "unknown"],
    "workload.as_of": ["", "2026-11-25"],
    "economics.exchange_rates": ["{EUR: 1.1}", "{EUR: {rate: 1.15, as_of: 2026-11-02}}", ""],
    "current_api.input_price": ["", "$2.50", "3 EUR", "4", "1..2"],
    "current_api.output_price": ["", "$10", "9 EUR", "12"],
    "current_api.provider": ["", "openai", "Anthropic"],
    "current_api.model": ["", "gpt-4o"],
    "team.engineer_cost_per_month": ["", "9000", "8000 EUR"],
    "team.gpu_operations": ["", "none", "platform-team"],
    "quality.gap": ["", "3%", "unknown", "12%"],
    "quality.evaluation_days": ["", "2"],
}
WRONG = {
    "demand.tokens_per_day": "many",
    "demand.batch_share": "120%",
    "demand.traffic_shape": "stedy",
    "constraints.regulations": "gpdr",
    "workload.as_of": "2026-13-01",
    "current_api.input_price": "£2",  # without a rate: fine to read, not to price
    "self_host.gpu": "abacus",
}
good_rows = st.fixed_dictionaries({key: st.sampled_from(words) for key, words in WORDS.items()})
wrong_cells = st.one_of(st.just({}), st.just({}), st.sampled_from([{key: word} for key, word in WRONG.items()]))
some_rows = st.lists(st.builds(lambda row, wrong: {**row, **wrong}, good_rows, wrong_cells), min_size=2, max_size=8)


@settings(max_examples=25, deadline=None)
@given(rows=some_rows)
def test_random_rows_of_text_come_to_what_the_questionnaires_come_to(
    rows: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("random")
    named = [{"workload.name": f"Row {number}", **row} for number, row in enumerate(rows)]
    for row, answers in zip(rows_of(write_csv(folder / "random.csv", named)), named, strict=True):
        alone(row, answers)


BASE = {
    "workload.name": "Row",
    "constraints.external_processing": "allowed",
    "constraints.air_gapped": "no",
    "constraints.edge_or_offline": "no",
    "constraints.residency": "none",
    "constraints.fine_tuning": "none",
}
VOLUMES = {
    "demand.tokens_per_day": ["30M", "2B"],
    "demand.developers": ["40"],
    "demand.chat_users": ["3000"],
    "demand.pages": ["4M"],
    "demand.documents_per_day": ["200k"],
    "demand.calls_per_day": ["12k"],
    "current_api.spend_per_month": ["$4200"],
}
PARTS_OF_RULES = {
    "demand.runs_once": ["yes", "no", "unknown"],
    "self_host.gpus_owned": ["8", "0"],
    "self_host.gpus_reserved": ["8"],
    "self_host.gpu": ["H100", "L40S"],
    "self_host.model": ["Llama-3.3-70B"],
    "current_api.model": ["gpt-4o", "claude-sonnet-4-6"],
    "demand.input_tokens_per_request": ["2000"],
    "demand.output_tokens_per_request": ["300"],
    "demand.input_share": ["90%"],
    "demand.cached_input_share": ["unknown", "40%"],
    "team.gpu_operations": ["platform-team", "none"],
}


def _answers_to(question: Question) -> list[str]:
    if question.numeric:
        return [*([question.example] if question.example else []), "unknown"]
    words = ["yes" if word is True else "no" if word is False else str(word) for word in question.choices]
    return [*words, "unknown"] if question.type in ("boolean", "enum") else ["unknown"]


@st.composite
def rows_of_any_answers(draw: st.DrawFn) -> dict[str, str]:
    """A volume, and answers to a few questions of all that there are: what those left out count as depends on them."""
    volume = draw(st.sampled_from(sorted(VOLUMES)))
    any_question = {q.key: _answers_to(q) for q in load_knowledge().questionnaire.questions if q.section != "workload"}
    pool = {**any_question, **PARTS_OF_RULES}
    keys = draw(st.lists(st.sampled_from([*PARTS_OF_RULES, *sorted(pool)]), max_size=7, unique=True))
    row = {**BASE, volume: draw(st.sampled_from(VOLUMES[volume]))}
    return row | {key: draw(st.sampled_from(pool[key])) for key in keys if key not in VOLUMES}


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(rows_of_any_answers(), min_size=2, max_size=8))
def test_rows_with_any_answers_come_to_what_the_questionnaires_come_to(
    rows: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What a question counts as that a row leaves out follows from its other answers: a job that runs once may wait."""
    folder = tmp_path_factory.mktemp("any")
    for row, answers in zip(rows_of(write_csv(folder / "any.csv", rows), decimal="point"), rows, strict=True):
        alone(row, answers)


def alone(row: Row, answers: dict[str, str]) -> None:
    """Assert that a row is what its cells are as a questionnaire."""
    knowledge = load_knowledge()
    text = _yaml(answers)
    refused: list[str] = []
    try:
        answers_alone = answers_from_text(text, "alone.yaml")
        facts = known_facts(answers_alone, knowledge.questionnaire, knowledge.catalogue)
        stated = facts["as_of"].value
        day = date.fromisoformat(stated) if isinstance(stated, str) else knowledge.as_of
        basis = Basis(knowledge.rulebook, knowledge.catalogue, day, Engine.REFERENCE)
        run = confirmed_flow(facts, basis, knowledge.questionnaire)
    except hostwise.InputError as problem:
        refused = sorted(finding.code for finding in problem.diagnostics)
    assert sorted(error.split(" ", 1)[1].split(":")[0] for error in row.errors) == refused
    if refused:
        assert row.verdict == "refused"
        return
    choice = run.choice
    assert (row.verdict, row.rule) == (
        choice.outcome,
        choice.rule_id,
    )
    for option, cost in row.costs.items():
        amount = run.facts[monthly(option)].value
        assert cost == (amount.quantize(CENT, ROUND_HALF_EVEN) if isinstance(amount, Decimal) else None), option
    questions = open_questions(choice.needs, run.facts, knowledge.questionnaire)
    assert row.needs == tuple(question.key for question in questions)


def _yaml(answers: dict[str, str]) -> str:
    """The same scalars in a questionnaire; several words of a set as a list."""
    sections: dict[str, list[str]] = {}
    for key, cell in answers.items():
        section, _, name = key.partition(".")
        text = f"[{cell.replace(';', ', ')}]" if ";" in cell else cell
        sections.setdefault(section, []).append(f"  {name}: {text}".rstrip())
    return "".join(f"{section}:\n" + "\n".join(lines) + "\n" for section, lines in sections.items())
