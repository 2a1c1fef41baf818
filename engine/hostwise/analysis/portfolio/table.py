"""Rows of a table as cases: columns of answers straight to columns of facts, without a set of facts for each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from hostwise.answers.facts import SCALES, Fact, FactType
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.days import RATES
from hostwise.answers.questions.contradictions import COMPARE, AnswerTest
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.answers.tables.checked_rows import Batch, batch, cells_of
from hostwise.answers.tables.column_reader import Cells
from hostwise.answers.tables.table import Table
from hostwise.answers.to_facts import counted_as_implied, question_facts
from hostwise.batch.cases import ENDS, FactColumn, Places, Population, distinct
from hostwise.batch.cases import spread as spread_of
from hostwise.economics.numbers.currency import BASE
from hostwise.inference.columns import Floats, Mask
from hostwise.reading.findings.diagnostics import Diagnostic

CURRENCY, AS_OF = "workload.currency", "workload.as_of"


class TableWindow(Struct, frozen=True, eq=False):
    """Some consecutive rows of a table, some of them with findings. The columns are as long as there are rows."""

    file: str
    lines: Sequence[int]
    names: Sequence[str]
    findings: Mapping[int, tuple[Diagnostic, ...]]
    doubts: Mapping[int, tuple[Diagnostic, ...]]
    converted: Mapping[int, tuple[Diagnostic, ...]]
    which: Mapping[str, NDArray[np.int32]]
    numbers: Mapping[str, Mapping[str, Floats]]
    cells: Mapping[str, Cells]
    questionnaire: Questionnaire
    extra: Sequence[Sequence[str]]
    read: float

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.lines)

    def id_of(self, row: int) -> str:
        """File and line of a row."""
        return f"{self.file}:{self.lines[row]}"

    @property
    def currencies(self) -> tuple[tuple[str, ...], Places]:
        """The reporting currencies, and which of them each row has."""
        return self._words(CURRENCY, BASE)

    @property
    def days(self) -> tuple[tuple[date | None, ...], Places]:
        """The days that the rows state, and which of them each row has."""
        words, which = self._words(AS_OF, "")
        return tuple(date.fromisoformat(word) if word else None for word in words), which

    @property
    def rates(self) -> tuple[tuple[Answer | None, ...], Places]:
        """The exchange rates that the rows state, and which of them each row has."""
        if RATES not in self.cells:
            return (None,), np.zeros(len(self.lines), dtype=np.intp)
        return tuple(self.cells[RATES].kinds), np.maximum(self.which[RATES], 0)

    def _words(self, key: str, absent: str) -> tuple[tuple[str, ...], Places]:
        if key not in self.cells:
            return (absent,), np.zeros(len(self.lines), dtype=np.intp)
        kinds = self.cells[key].kinds
        words = [absent if kind is None or kind.unknown else str(kind.value) for kind in kinds]
        kept, place = distinct(words)
        return kept, place[np.maximum(self.which[key], 0)]

    def population(self, cases: Places) -> Population:
        """The facts of some rows, all of them without findings."""
        currencies, base = self.currencies
        spreads: dict[str, FactColumn] = {}
        for question in self.questionnaire.questions:
            spreads |= self._spreads(question, cases, currencies, base[cases])
        return Population(len(cases), spreads)

    def facts(self, case: int) -> dict[str, Fact]:
        """The facts of one row, each at its own place in the file."""
        found = self.population(np.array([case], dtype=np.intp)).at(0)
        return {name: _placed(fact, self.lines[case]) for name, fact in found.items()}

    def words(self, cases: Places, names: frozenset[str]) -> list[NDArray[np.int32]]:
        """What parts rows from one another: the kinds of their answers to the questions that give some facts, and what
        those count as where they are not answered."""
        read = [key for key, cells in self.cells.items() if cells.question.fact in names]
        parted = [self.which[key][cases] for key in read if len(self.cells[key].kinds) > 1]
        ways = (self._counts_as(q, cases)[1] for q in self.questionnaire.questions if q.fact in names)
        return parted + [way.astype(np.int32) for way in ways if way.any()]

    def _spreads(
        self, question: Question, cases: Places, currencies: Sequence[str], base: Places
    ) -> Iterator[tuple[str, FactColumn]]:
        kinds = self.cells[question.key].kinds if question.key in self.cells else [None]
        which = self.which[question.key][cases].astype(np.intp) if question.key in self.cells else np.zeros_like(base)
        if question.type == "money" and len(currencies) > 1:
            # An amount without a currency is in that of its row.
            pairs = which * len(currencies) + base
        else:
            pairs, currencies = which, currencies[:1]
        counts, counted = self._counts_as(question, cases)
        present, place = _distinct(pairs * len(counts) + counted)
        made = [
            {
                f.name: f
                for f in question_facts(counts[way], kinds[pair // len(currencies)], currencies[pair % len(currencies)])
            }
            for pair, way in (divmod(code, len(counts)) for code in present)
        ]
        for name in dict.fromkeys(name for each in made for name in each):
            facts = [each.get(name) for each in made]
            if question.numeric:
                yield name, self._numeric(question, facts, place, cases)
            else:
                yield name, spread_of(facts).taken(place)

    def _counts_as(self, question: Question, cases: Places) -> tuple[Sequence[Question], Places]:
        """What a question counts as where a row does not answer it, by its other answers, as in `answer_facts`."""
        implied, others = question.implied, question.default.unless if question.default else ()
        if implied is None and not others:
            return (question,), np.zeros(len(cases), dtype=np.intp)
        replaced = np.zeros(len(cases), dtype=bool)
        for key in others:
            replaced |= self._known(key, cases)
        follows = np.full(len(cases), implied is not None)
        for key, test in (implied.when if implied else {}).items():
            follows &= self._holds(key, test, cases)
        return (question, replace(question, default=None), counted_as_implied(question)), np.where(follows, 2, replaced)

    def _known(self, key: str, cases: Places) -> Mask:
        """Which rows answer a question."""
        if key not in self.cells:
            return np.zeros(len(cases), dtype=bool)
        known = np.array([kind is not None and not kind.unknown for kind in self.cells[key].kinds])
        return np.asarray(known[self.which[key][cases]])

    def _holds(self, key: str, test: AnswerTest, cases: Places) -> Mask:
        """Which rows give an answer that passes a test."""
        if key not in self.cells:
            return np.full(len(cases), test.holds(None))
        cells = self.cells[key]
        if test.compare:
            number = float(test.number.scaleb(SCALES[FactType(cells.question.type)]))
            return self._known(key, cases) & COMPARE[test.compare](self.numbers[key]["value"][cases], number)
        held = [test.holds(None if kind is None or kind.unknown else kind.value) for kind in cells.kinds]
        return np.asarray(np.array(held)[self.which[key][cases]])

    def _numeric(self, question: Question, facts: Sequence[Fact | None], place: Places, cases: Places) -> FactColumn:
        if not any(fact is not None and fact.known for fact in facts):
            return FactColumn(tuple(facts), place, {})
        stated = self.numbers.get(question.key)
        numbers = {end: stated[end][cases] if stated else np.zeros(len(cases)) for end in ENDS}
        for number, fact in enumerate(facts):
            if fact is not None and fact.provenance.place is None and isinstance(fact.value, Decimal):
                # The default, for rows that do not answer.
                scale = SCALES[FactType(question.type)]
                numbers["value"] = np.where(place == number, float(fact.value.scaleb(scale)), numbers["value"])
        return FactColumn(tuple(facts), place, numbers)


def _distinct(codes: Places) -> tuple[list[int], Places]:
    """The codes that occur, from small to large, and which of them stands in each row."""
    if not len(codes):
        return [], codes
    held = np.zeros(int(codes.max()) + 1, dtype=bool)
    held[codes] = True
    return np.flatnonzero(held).tolist(), (np.cumsum(held) - 1)[codes]


def _placed(fact: Fact, line: int) -> Fact:
    place = fact.provenance.place
    if place is None:
        return fact
    return replace(fact, provenance=replace(fact.provenance, place=replace(place, line=line)))


def table_windows(
    table: Table, columns: Mapping[str, int], questionnaire: Questionnaire, size: int
) -> Iterator[TableWindow]:
    """The rows of a table, `size` or a few more at a time. Only these are held."""
    parts: list[Batch] = []
    cells = cells_of(table, columns, questionnaire)
    for block in table.blocks():
        parts.append(batch(block, table, columns, cells, questionnaire))
        if sum(len(part.lines) for part in parts) >= size:
            yield _gathered(parts, cells, table.file, questionnaire)
            parts, cells = [], cells_of(table, columns, questionnaire)
    if parts:
        yield _gathered(parts, cells, table.file, questionnaire)


def _gathered(
    parts: Sequence[Batch], cells: Mapping[str, Cells], file: str, questionnaire: Questionnaire
) -> TableWindow:
    """Batches that were read with the same cells, as one window."""
    for column in cells.values():
        column.forget()
    findings: dict[int, tuple[Diagnostic, ...]] = {}
    doubts: dict[int, tuple[Diagnostic, ...]] = {}
    converted: dict[int, tuple[Diagnostic, ...]] = {}
    start = 0
    for part in parts:
        findings |= {start + row: found for row, found in part.findings.items()}
        doubts |= {start + row: found for row, found in part.doubts.items()}
        converted |= {start + row: found for row, found in part.converted.items()}
        start += len(part.lines)

    def joined(key: str, end: str) -> Floats:
        numbers = [part.given[key].numbers.get(end) for part in parts]
        sizes = [len(part.lines) for part in parts]
        if all(each is None for each in numbers):
            return np.broadcast_to(0.0, sum(sizes))  # takes no memory
        return np.concatenate([np.zeros(n) if each is None else each for each, n in zip(numbers, sizes, strict=True)])

    return TableWindow(
        file,
        [line for part in parts for line in part.lines],
        [name for part in parts for name in part.names],
        findings,
        doubts,
        converted,
        {key: np.concatenate([part.given[key].which for part in parts]) for key in cells},
        {key: {end: joined(key, end) for end in ENDS} for key, each in cells.items() if each.question.numeric},
        cells,
        questionnaire,
        [[text for part in parts for text in part.extra[n]] for n in range(len(parts[0].extra))],
        parts[-1].read,
    )
