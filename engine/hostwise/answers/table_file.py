"""A table of questionnaires, checked: its header against the questions, each row as a questionnaire of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from hostwise.answers.cells import WRONG, Cells, Given
from hostwise.answers.consistency import CHECKS, contradiction
from hostwise.answers.load import Answer
from hostwise.answers.questions import Question, Questionnaire
from hostwise.answers.table import Block, Table
from hostwise.answers.values import Refused
from hostwise.reading.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.suggest import nearest

NAME = "workload.name"
LABELS = (NAME, "workload.summary", "workload.owner")
"""What names a workload and decides nothing."""
SHOWN = 20
"""Findings about a header that are shown: a file of another kind has hundreds."""


class Batch(Struct, frozen=True, eq=False):
    """Some checked rows: the line of each, its name, its answers by question, and what is wrong with it."""

    lines: Sequence[int]
    names: Sequence[str]
    given: Mapping[str, Given]
    findings: Mapping[int, tuple[Diagnostic, ...]]
    read: float


def columns_of(table: Table, questionnaire: Questionnaire) -> dict[str, int]:
    """The number of each question's column, from 1. Raises `InputError` with every finding about the header."""
    keys = [question.key for question in questionnaire.questions]
    found: dict[str, int] = {}
    findings: list[Diagnostic] = []
    for number, name in enumerate(table.header, 1):
        if len(findings) == SHOWN:
            break
        if not name:
            continue  # its cells must be empty, which each row is asked
        if name not in keys:
            findings.append(_unknown(table, number, name, keys))
        elif name in found:
            message = f"column {number} is {name} again"
            findings.append(_header(table, number, "duplicate-column", message, found=f"first in column {found[name]}"))
        else:
            found[name] = number
    for question in questionnaire.questions:
        if question.required and question.key not in found:
            findings.append(_header(table, 1, "missing-column", f"there is no column {question.key}: it is required"))
    if findings:
        raise InputError(findings[:SHOWN])
    return found


def _unknown(table: Table, number: int, name: str, keys: Sequence[str]) -> Diagnostic:
    ends = {key.partition(".")[2]: key for key in keys}
    near = nearest(name, keys) or ends.get(nearest(name, ends) or "")
    message = f"column {number} is no question"
    return _header(
        table, number, "unknown-column", message, found=name[:60], accepted="keys such as demand.tokens_per_day; "
        "`hostwise init` prints them all", suggestion=near,
    )  # fmt: skip


def _header(table: Table, number: int, code: str, message: str, **more: Any) -> Diagnostic:
    return Diagnostic(Place(table.file, table.line, number), code, message, **more)


def cells_of(table: Table, columns: Mapping[str, int], questionnaire: Questionnaire) -> dict[str, Cells]:
    """A reader for each column, that knows no answers yet."""
    return {
        key: Cells(
            questionnaire.by_key[key], table.file, number, decimal_comma=table.decimal_comma, label=key in LABELS
        )
        for key, number in columns.items()
    }


def batches(table: Table, columns: Mapping[str, int], cells: Mapping[str, Cells]) -> Iterator[Batch]:
    """The rows of a table, checked, as they are read."""
    for block in table.blocks():
        yield batch(block, table, columns, cells)


def batch(block: Block, table: Table, columns: Mapping[str, int], cells: Mapping[str, Cells]) -> Batch:
    """The rows of one block, checked."""
    given = {key: cells[key].block(block.columns[number - 1]) for key, number in columns.items()}
    findings: dict[int, list[Diagnostic]] = {row: [finding] for row, finding in block.findings.items()}
    broken = frozenset(findings)

    def find(row: int, finding: Diagnostic) -> None:
        if row not in broken:
            place = replace(finding.place, file=table.file, line=block.lines[row])
            findings.setdefault(row, []).append(replace(finding, place=place))

    for key, column in given.items():
        for row in np.flatnonzero(column.which == WRONG).tolist():
            refusal = cells[key].read[column.places[row]]
            assert isinstance(refusal, Refused)
            message = f"{key}: {refusal}"
            find(row, Diagnostic(Place("", 0, columns[key]), refusal.code, message, **refusal.more))
        if cells[key].question.required:
            for row in _missing(cells[key], column):
                find(row, _required(cells[key].question, columns[key]))
    for number, name in enumerate(table.header, 1):
        if not name:
            for row, text in enumerate(block.columns[number - 1]):
                if text.strip():
                    find(row, Diagnostic(Place("", 0, number), "csv", "the column has no name", found=text[:60]))
    sound = np.ones(len(block.lines), dtype=bool)
    sound[list(findings)] = False
    for row, finding in _contradictions(given, cells, columns, sound):
        find(row, finding)
    names = [text.strip() for text in block.columns[columns[NAME] - 1]]
    every = {row: tuple(sorted(each, key=lambda f: f.place.column)) for row, each in findings.items()}
    return Batch(block.lines, names, given, every, block.read)


def _missing(cells: Cells, column: Given) -> list[int]:
    """Rows without an answer that is known."""
    open_ = [kind for kind, answer in enumerate(cells.kinds) if answer is None or answer.unknown]
    return [int(row) for row in np.flatnonzero(np.isin(column.which, open_))]


def _required(question: Question, number: int) -> Diagnostic:
    return Diagnostic(Place("", 0, number), "missing-answer", f"{question.key} is required", accepted=question.help)


def _contradictions(
    given: Mapping[str, Given], cells: Mapping[str, Cells], columns: Mapping[str, int], sound: NDArray[np.bool_]
) -> Iterator[tuple[int, Diagnostic]]:
    """Answers of a row that cannot both be true. Rows that say the same are checked once."""
    for keys, check in CHECKS:
        asked = [key for key in columns if key in keys]
        if len(asked) < 2:
            continue
        several = np.sum([given[key].which > 0 for key in asked], axis=0) > 1
        rows = np.flatnonzero(several & sound)
        if not len(rows):
            continue
        said = np.column_stack([np.asarray(given[key].places)[rows] for key in asked])
        different, whose = np.unique(said, axis=0, return_inverse=True)
        for number, places in enumerate(different.tolist()):
            values: dict[str, Answer] = {}
            for key, place in zip(asked, places, strict=True):
                answer = cells[key].read[place]
                if isinstance(answer, Answer):
                    values[key] = answer
            for pair in check(values):
                place = Place("", 0, columns[pair[1]])
                finding = contradiction(pair, values, place, None, f" in column {columns[pair[0]]}")
                for row in rows[whose.ravel() == number]:
                    yield int(row), finding
