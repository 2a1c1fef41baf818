"""One row of a table as the questionnaire that it stands for: what is done with a file can be done with a row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from msgspec import Struct

from hostwise.answers.files.values import Refused
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.tables.checked_rows import NAME, columns_of
from hostwise.answers.tables.column_reader import cell_words, is_flow
from hostwise.answers.tables.decimal_mark import pointed
from hostwise.answers.tables.table import Table
from hostwise.reading.files.yaml_scalars import Unusable, scalar
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.findings.suggest import nearest


class RowFile(Struct, frozen=True):
    """The questionnaire of a row: the file and line of the row, as findings name them, and its text as YAML."""

    file: str
    text: str


def row_file(table: Table, questionnaire: Questionnaire, row: str) -> RowFile:
    """The row at a line, or the one workload of a name. Raises `InputError` where it is not one row."""
    columns = columns_of(table, questionnaire)
    line, cells = _found(table, columns[NAME], row)
    answers = {key: cells[number - 1].strip() for key, number in columns.items()}
    try:
        return RowFile(f"{table.file}:{line}", _yaml(answers, table, questionnaire))
    except Refused as refusal:
        place = Place(table.file, line, 1)
        raise InputError([Diagnostic(place, refusal.code, str(refusal), **refusal.more)]) from None


def _found(table: Table, name: int, row: str) -> tuple[int, Sequence[str]]:
    named: list[tuple[int, Sequence[str]]] = []
    names: dict[str, None] = {}
    for block in table.blocks():
        for place, (line, cells) in enumerate(zip(block.lines, zip(*block.columns, strict=True), strict=True)):
            if row in (str(line), cells[name - 1].strip()):
                if place in block.findings:
                    raise InputError([block.findings[place]])
                named.append((line, cells))
            names[cells[name - 1].strip()] = None
    if len(named) == 1:
        return named[0]
    message = f"{len(named) or 'no'} rows have that name or line"
    lines = ", ".join(str(line) for line, _ in named[:20])
    accepted = f"the line of one of them: {lines}" if lines else "the line of a row, or its workload.name"
    whole = Place(table.file)
    raise InputError([Diagnostic(whole, "row", message, row[:60], accepted, None if lines else nearest(row, names))])


def _yaml(answers: Mapping[str, str], table: Table, questionnaire: Questionnaire) -> str:
    return (
        "\n".join(
            line
            for section in questionnaire.sections
            if (lines := list(_section(section, answers, table, questionnaire)))
            for line in (f"{section}:", *lines)
        )
        + "\n"
    )


def _section(section: str, answers: Mapping[str, str], table: Table, questionnaire: Questionnaire) -> Iterator[str]:
    for question in questionnaire.of(section):
        text = answers.get(question.key, "")
        with suppress(Unusable):
            if scalar(text) is None:
                continue
        yield f"  {question.name}: {_value(question, text, table)}"


def _value(question: Question, text: str, table: Table) -> str:
    if is_flow(question, text):
        return text
    if question.numeric:
        text = pointed(text, table.marks)
    words = cell_words(text) if question.type == "set" else None
    return json.dumps(words if words is not None else text, ensure_ascii=False)
