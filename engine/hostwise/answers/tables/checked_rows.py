"""A table of questionnaires, checked: its header against the questions, each row as a questionnaire of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from hostwise.answers.as_read import conversion
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.contradictions import checks, contradiction
from hostwise.answers.files.days import DECISION, RATES, later_than, stated_day
from hostwise.answers.files.no_volume import nothing_to_serve
from hostwise.answers.files.values import BASE, CURRENCY, Refused
from hostwise.answers.questions.contradictions import Contradictions, Volumes
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.tables.column_reader import WRONG, AnswerBlock, Cells
from hostwise.answers.tables.doubtful_rows import doubted_keys, doubtful_rows, sums_among, sums_by_figures
from hostwise.answers.tables.table import Block, Table
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place, Severity
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.numbers.currencies import currencies

NAME = "workload.name"
LABELS = (NAME, "workload.summary", "workload.owner")
"""What names a workload and decides nothing."""
NEAR = 0.75
"""How like a question's key a column must be to be taken for a slip of it, from 0 to 1."""
MOST = 200
"""Columns that are no question: with more of them it is no table of questionnaires."""
SHOWN = 20
"""Findings about a header that are shown: a file of another kind has hundreds."""


class Batch(Struct, frozen=True, eq=False):
    """Some checked rows: the line of each, its name, its answers by question, and what is wrong or doubtful with it."""

    lines: Sequence[int]
    names: Sequence[str]
    given: Mapping[str, AnswerBlock]
    findings: Mapping[int, tuple[Diagnostic, ...]]
    doubts: Mapping[int, tuple[Diagnostic, ...]]
    converted: Mapping[int, tuple[Diagnostic, ...]]
    """Notes on the answers of sound rows that were read in another unit."""
    extra: Sequence[Sequence[str]]
    read: float


class WrongHeader(InputError):
    """A header with wrong names: every finding about it, and the columns that it names rightly."""

    def __init__(self, findings: Sequence[Diagnostic], columns: Mapping[str, int]) -> None:
        self.columns = columns
        super().__init__(findings)


def columns_of(table: Table, questionnaire: Questionnaire) -> dict[str, int]:
    """The number of each question's column, from 1. Raises `WrongHeader` with every finding about the header."""
    keys = [question.key for question in questionnaire.questions]
    found: dict[str, int] = {}
    findings: list[Diagnostic] = []
    for number, name in enumerate(table.header, 1):
        if len(findings) > MOST:
            many = f"more than {MOST} columns are no question"
            raise WrongHeader([_header(table, 1, "unknown-column", many)], {})
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
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise WrongHeader(findings[:SHOWN], found)
    return found


def extra_columns(table: Table, questionnaire: Questionnaire) -> dict[int, str]:
    """The columns that are no question, by number: they are passed on as they are."""
    return {n: name for n, name in enumerate(table.header, 1) if name and name not in questionnaire.by_key}


def extra_note(table: Table, extra: Mapping[int, str]) -> Diagnostic:
    """That some columns are passed on."""
    names = ", ".join(name[:60] for name in list(extra.values())[:SHOWN])
    message = f"no question, passed on as {'it is' if len(extra) == 1 else 'they are'}: {names}"
    return _header(table, min(extra), "unknown-column", message, severity=Severity.NOTE)


def _unknown(table: Table, number: int, name: str, keys: Sequence[str]) -> Diagnostic:
    """A column that is no question: a finding where it is much like one, or named as one; else a note."""
    end = nearest(name, [key.partition(".")[2] for key in keys], NEAR)
    ending = [key for key in keys if key.partition(".")[2] == end]
    near = nearest(name, keys, NEAR) or (ending[0] if len(ending) == 1 else None)
    message = f"column {number} is no question"
    if not near and not ending and name.partition(".")[0] not in {key.partition(".")[0] for key in keys}:
        return _header(table, number, "unknown-column", f"{message}: it is passed on", severity=Severity.NOTE)
    several = " or ".join(ending) if ending and not near else "keys such as demand.tokens_per_day"
    accepted = f"{several}; `hostwise start --blank` prints them all"
    return _header(table, number, "unknown-column", message, found=name[:60], accepted=accepted, suggestion=near)


def _header(table: Table, number: int, code: str, message: str, **more: Any) -> Diagnostic:
    return Diagnostic(Place(table.file, table.line, number), code, message, **more)


def cells_of(table: Table, columns: Mapping[str, int], questionnaire: Questionnaire) -> dict[str, Cells]:
    """A reader for each column, that knows no answers yet."""
    checked = {key for check in checks(questionnaire.contradictions) for key in check.keys} | doubted_keys(
        questionnaire
    )
    return {
        key: Cells(
            questionnaire.by_key[key],
            table.file,
            number,
            marks=table.marks,
            numbers=key in table.numbers,
            label=key in LABELS,
            checked=key in checked,
            rated=RATES in columns,
        )
        for key, number in columns.items()
    }


def batch(
    block: Block, table: Table, columns: Mapping[str, int], cells: Mapping[str, Cells], questionnaire: Questionnaire
) -> Batch:
    """The rows of one block, checked."""
    known = questionnaire.contradictions
    own = _own_currencies(block, columns)
    given = {key: cells[key].block(block.columns[number - 1], own) for key, number in columns.items()}
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
    # What cannot be read hides nothing of what can, as in a questionnaire.
    sound = np.ones(len(block.lines), dtype=bool)
    sound[list(broken)] = False
    for row, finding in _contradictions(given, cells, columns, sound, known):
        find(row, finding)
    for row, finding in _without_volume(given, cells, columns, sound, known.volumes):
        find(row, finding)
    for row, finding in _read_too_late(given, cells, columns, sound):
        find(row, finding)
    sound[list(findings)] = False
    names = [text.strip() for text in block.columns[columns[NAME] - 1]]
    doubts: dict[int, list[Diagnostic]] = {}
    summed = [each for each in sums_among(names, columns[NAME], questionnaire) if sound[each[0]]]
    summed = summed or [*sums_by_figures(given, names, columns[NAME], sound, questionnaire)]
    for row, finding in chain(summed, doubtful_rows(given, cells, sound, questionnaire)):
        place = replace(finding.place, file=table.file, line=block.lines[row])
        doubts.setdefault(row, []).append(replace(finding, place=place))
    notes: dict[int, list[Diagnostic]] = {}
    for row, note in _converted(given, cells, sound):
        notes.setdefault(row, []).append(replace(note, place=replace(note.place, line=block.lines[row])))
    extra = [block.columns[n - 1] for n, name in enumerate(table.header, 1) if name and name not in columns]
    wrong, doubtful, said = (_by_column(each) for each in (findings, doubts, notes))
    return Batch(block.lines, names, given, wrong, doubtful, said, extra, block.read)


def _converted(
    given: Mapping[str, AnswerBlock], cells: Mapping[str, Cells], sound: NDArray[np.bool_]
) -> Iterator[tuple[int, Diagnostic]]:
    """A note for each cell that was converted; each different text is looked at once."""
    for key, column in given.items():
        if not cells[key].converts:
            continue
        read = ((place, cells[key].read[place]) for place in np.unique(column.places).tolist())
        notes = {
            place: note
            for place, answer in read
            if isinstance(answer, Answer) and (note := conversion(answer, cells[key].question))
        }
        for row in np.flatnonzero(np.isin(column.places, [*notes]) & sound).tolist() if notes else ():
            yield row, notes[int(column.places[row])]


def _by_column(findings: Mapping[int, Sequence[Diagnostic]]) -> dict[int, tuple[Diagnostic, ...]]:
    return {row: tuple(sorted(each, key=lambda f: f.place.column)) for row, each in findings.items()}


def _own_currencies(block: Block, columns: Mapping[str, int]) -> list[str]:
    """The currency of each row; nothing where all of them are in dollars."""
    if CURRENCY not in columns:
        return []
    own = [text.strip() for text in block.columns[columns[CURRENCY] - 1]]
    known = {code: code if code in currencies().codes else BASE for code in dict.fromkeys(own)}
    return [known[code] for code in own] if set(known.values()) - {BASE} else []


def _missing(cells: Cells, column: AnswerBlock) -> list[int]:
    """Rows without an answer that is known."""
    open_ = [kind for kind, answer in enumerate(cells.kinds) if answer is None or answer.unknown]
    return [int(row) for row in np.flatnonzero(np.isin(column.which, open_))]


def _required(question: Question, number: int) -> Diagnostic:
    return Diagnostic(Place("", 0, number), "missing-answer", f"{question.key} is required", accepted=question.help)


def _without_volume(
    given: Mapping[str, AnswerBlock],
    cells: Mapping[str, Cells],
    columns: Mapping[str, int],
    sound: NDArray[np.bool_],
    volumes: Volumes,
) -> Iterator[tuple[int, Diagnostic]]:
    """Rows that say that no token is served."""
    asked = [key for key in columns if key in volumes.keys]
    zero = [(given[key].which > 0) & (given[key].numbers["value"] == 0) for key in asked]
    for row in np.flatnonzero(np.any(zero, axis=0) & sound) if zero else ():
        answers = ((key, cells[key].read[given[key].places[row]]) for key in asked)
        values = {key: answer for key, answer in answers if isinstance(answer, Answer)}
        yield from ((int(row), finding) for finding in nothing_to_serve(values, volumes))


def _read_too_late(
    given: Mapping[str, AnswerBlock], cells: Mapping[str, Cells], columns: Mapping[str, int], sound: NDArray[np.bool_]
) -> Iterator[tuple[int, Diagnostic]]:
    """Rows with a price or a rate that was read after the day of the decision, where the row states one."""
    dated = [key for key in columns if cells[key].question.type in ("date", "rates")]
    if DECISION not in dated or len(dated) < 2:
        return
    questions = {key: cells[key].question for key in dated}
    rows = np.flatnonzero((given[DECISION].which > 0) & sound)
    which = np.column_stack([given[key].which[rows] for key in dated])
    different, whose = np.unique(which, axis=0, return_inverse=True)
    for number, kinds in enumerate(different.tolist()):
        answers = ((key, cells[key].kinds[kind]) for key, kind in zip(dated, kinds, strict=True) if kind != WRONG)
        values = {key: answer for key, answer in answers if answer is not None}
        for finding in later_than(values, questions, stated_day(values) or date.max):
            yield from ((int(row), finding) for row in rows[whose.ravel() == number])


def _contradictions(
    given: Mapping[str, AnswerBlock],
    cells: Mapping[str, Cells],
    columns: Mapping[str, int],
    sound: NDArray[np.bool_],
    known: Contradictions,
) -> Iterator[tuple[int, Diagnostic]]:
    """Answers of a row that cannot both be true. Rows that say the same are checked once."""
    for check in checks(known):
        asked = [key for key in columns if key in check.keys]
        if len(asked) < check.least:
            continue
        several = np.sum([given[key].which > 0 for key in asked], axis=0) >= check.least
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
            for pair in check.pairs(values):
                place = Place("", 0, columns[pair[1]])
                finding = contradiction(pair, values, place, None, f" in column {columns.get(pair[0])}")
                for row in rows[whose.ravel() == number]:
                    yield int(row), finding
