"""Conditions as rows of a decision table: each row a conjunction of cells, the rows joined by `or`.

`rows_true` are the rows in which a condition is true, `rows_false` those in which it is false. Where neither
has a row that holds, the condition is unknown: Kleene's logic is a distributive lattice, so nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from hostwise.answers.facts import FactSpec, FactType
from hostwise.reading.numbers.quantity import NUMERIC
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.tables.cell_algebra import Cell, Knowing, Order, Span, Subject, WordSet, both, denied, within

Row = Mapping[Subject, Cell]
Specs = Mapping[str, FactSpec]


def rows_true(condition: c.Condition, specs: Specs) -> tuple[Row, ...]:
    """The rows in which the condition is true, none of them within another."""
    return _rows_of(condition, _read_of(condition, specs), True)


def rows_false(condition: c.Condition, specs: Specs) -> tuple[Row, ...]:
    """The rows in which the condition is false, none of them within another."""
    return _rows_of(condition, _read_of(condition, specs), False)


def met(one: Row, other: Row) -> Row | None:
    """The row where both hold, or None when they exclude one another."""
    found = dict(one)
    for subject, cell in other.items():
        kept = both(found[subject], cell) if subject in found else cell
        if kept is None:
            return None
        found[subject] = kept
    return found


def row_within(inner: Row, outer: Row) -> bool:
    """Whether `outer` holds wherever `inner` does, fact by fact."""
    for subject, cell in outer.items():
        own = inner.get(subject)
        if own is None or not within(own, cell):
            return False
    return True


def covered(inner: Iterable[Row], outer: Iterable[Row]) -> bool:
    """Whether each row of `inner` lies within a single row of `outer`: a sufficient test, not a necessary one."""
    outside = tuple(outer)
    return all(any(row_within(row, other) for other in outside) for row in inner)


def fewest(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Leave out rows within another one; of equal rows the first stays."""
    kept: list[Row] = []
    for row in rows:
        if not any(row_within(row, other) for other in kept):
            kept = [other for other in kept if not row_within(other, row)]
            kept.append(row)
    return tuple(kept)


def _read_of(condition: c.Condition, specs: Specs) -> tuple[FactSpec, ...]:
    return tuple(specs[name] for name in c.facts_read(condition))


@lru_cache(maxsize=8192)  # checks, tables and documents of one rulebook ask for the same rules again and again
def _rows_of(condition: c.Condition, read: tuple[FactSpec, ...], positive: bool) -> tuple[Row, ...]:
    return _rows(condition, {spec.name: spec for spec in read}, positive)


def _rows(condition: c.Condition, specs: Specs, positive: bool) -> tuple[Row, ...]:
    if isinstance(condition, c.Always):
        return ({},) if positive else ()
    if isinstance(condition, c.Not):
        return _rows(condition.part, specs, not positive)
    if isinstance(condition, c.Test):
        return _of_unary(condition.unary, condition.fact, specs, positive)
    parts = [_rows(part, specs, positive) for part in condition.parts]
    joined = _product(parts) if isinstance(condition, c.All) is positive else (row for part in parts for row in part)
    return fewest(joined)


def _of_unary(unary: c.Unary, fact: str, specs: Specs, positive: bool) -> tuple[Row, ...]:
    if isinstance(unary, c.Negated):
        return _of_unary(unary.test, fact, specs, not positive)
    if isinstance(unary, c.OneOf):
        parts = [_of_unary(test, fact, specs, positive) for test in unary.tests]
        rows = (row for part in parts for row in part) if positive else _product(parts)
        return fewest(_words_joined(rows, Subject(fact)))
    subject, cell = _cell(unary, fact, specs[fact])
    cells = (cell,) if positive else denied(cell)
    return tuple({subject: each} for each in cells if both(each, each) is not None)


def _cell(unary: c.Unary, fact: str, spec: FactSpec) -> tuple[Subject, Cell]:
    subject = Subject(fact)
    if isinstance(unary, (c.Known, c.Unknown)):
        return subject, Knowing(isinstance(unary, c.Known))
    if isinstance(unary, c.Interval):
        return subject, Span(unary.low, unary.high, unary.low_closed, unary.high_closed)
    if isinstance(unary, c.Compare):
        if isinstance(unary.operand, c.FactRef):
            return Subject(fact, unary.operand.name), Order(frozenset(unary.op))
        return subject, _compared(unary.op, unary.operand)
    assert isinstance(unary, c.Equals)
    if spec.type in NUMERIC:
        assert isinstance(unary.value, Decimal)
        return subject, Span(unary.value, unary.value, low_closed=True, high_closed=True)
    every: tuple[c.Literal, ...] = (True, False) if spec.type is FactType.BOOLEAN else spec.values
    return subject, WordSet((unary.value,), every)


def _compared(op: str, value: Decimal) -> Span:
    if op.startswith("<"):
        return Span(None, value, high_closed=op == "<=")
    return Span(value, None, low_closed=op == ">=")


def _product(parts: Iterable[tuple[Row, ...]]) -> tuple[Row, ...]:
    rows: tuple[Row, ...] = ({},)
    for part in parts:
        rows = fewest(row for one in rows for other in part if (row := met(one, other)) is not None)
    return rows


def _words_joined(rows: Iterable[Row], subject: Subject) -> Iterator[Row]:
    """Rows on one enumeration as one row: `[a, b]` is one cell."""
    words: list[WordSet] = []
    for row in rows:
        cell = row.get(subject)
        if len(row) == 1 and isinstance(cell, WordSet):
            words.append(cell)
        else:
            yield row
    if words:
        values = tuple(v for v in words[0].all if any(v in each.values for each in words))
        yield {subject: WordSet(values, words[0].all)}
