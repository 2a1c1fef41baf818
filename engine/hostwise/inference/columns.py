"""Facts in many cases at once, and the truth of conditions on them: the array reading of the syntax tree.

Three-valued like the rest: a truth is two masks, where it holds and where it does not; in neither it is unknown.
Numbers are counted in the last place of their type, as both engines count them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from hostwise.answers.facts import SCALES, FactSpec, FactType
from hostwise.rulebook.language import conditions as c

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

EXACT = float(2**53)
"""Whole numbers up to here are exact as floats."""


class Column(Struct, frozen=True, eq=False):
    """One fact in many cases. `values` are counted in the last place of the type; words by their place in `words`.

    `doubt` is how far, in last places, the true value may lie from the one that is kept; None where it is exact.
    """

    spec: FactSpec
    known: Mask
    values: Floats
    words: tuple[str, ...] = ()
    doubt: Floats | None = None


class ManyTruths(Struct, frozen=True, eq=False):
    """Where a condition holds, and where it does not."""

    yes: Mask
    no: Mask

    @property
    def unknown(self) -> Mask:
        """Where it is neither."""
        return ~(self.yes | self.no)


class FactTable(Struct, frozen=True, eq=False):
    """Facts by name over the same cases. `doubtful` marks cases that floats cannot decide; they are decided anew."""

    size: int
    columns: dict[str, Column]
    doubtful: Mask
    _tests: dict[tuple[str, c.Unary], ManyTruths] = field(default_factory=dict)

    def truth(self, condition: c.Condition) -> ManyTruths:
        """The truth of a condition in every case."""
        if isinstance(condition, c.Always):
            return ManyTruths(np.ones(self.size, dtype=bool), np.zeros(self.size, dtype=bool))
        if isinstance(condition, c.Test):
            return self._test(condition.fact, condition.unary)
        if isinstance(condition, c.Not):
            part = self.truth(condition.part)
            return ManyTruths(part.no, part.yes)
        parts = [self.truth(part) for part in condition.parts]
        return _all(parts) if isinstance(condition, c.All) else _any(parts)

    def _test(self, fact: str, unary: c.Unary) -> ManyTruths:
        """Rules share tests, so each is computed once."""
        key = fact, unary
        if key not in self._tests:
            self._tests[key] = self._holds(unary, fact)
        return self._tests[key]

    def _holds(self, unary: c.Unary, fact: str) -> ManyTruths:
        if isinstance(unary, c.OneOf):
            return _any([self._test(fact, test) for test in unary.tests])
        if isinstance(unary, c.Negated):
            inner = self._test(fact, unary.test)
            return ManyTruths(inner.no, inner.yes)
        column = self.columns.get(fact)
        known = column.known if column is not None else np.zeros(self.size, dtype=bool)
        if isinstance(unary, c.Unknown):
            return ManyTruths(~known, known)
        if isinstance(unary, c.Known):
            return ManyTruths(known, ~known)
        if column is None:
            return ManyTruths(known, known)
        if isinstance(unary, c.Equals):
            return self._equal(column, unary.value)
        if isinstance(unary, c.Interval):
            low = self._compare(column, ">=" if unary.low_closed else ">", unary.low)
            high = self._compare(column, "<=" if unary.high_closed else "<", unary.high)
            return _all([low, high])
        assert isinstance(unary, c.Compare)
        if isinstance(unary.operand, c.FactRef):
            return self._against(column, unary.op, unary.operand.name)
        return self._compare(column, unary.op, unary.operand)

    def _equal(self, column: Column, value: bool | str | Decimal) -> ManyTruths:
        if isinstance(value, Decimal):
            return self._compare(column, "=", value)
        place = float(value) if isinstance(value, bool) else float(_place(column.words, value))
        return _where(column.known, column.values == place)

    def _compare(self, column: Column, op: str, value: Decimal) -> ManyTruths:
        right = last_places(value, column.spec.type)
        self._mark(column.known, column.values - right, column.doubt)
        return _where(column.known, OPERATORS[op](column.values, right))

    def _against(self, column: Column, op: str, name: str) -> ManyTruths:
        other = self.columns.get(name)
        if other is None:
            nowhere = np.zeros(self.size, dtype=bool)
            return ManyTruths(nowhere, nowhere)
        known = column.known & other.known
        # Both are of one type (the loader sees to it), so both are counted in the same last place.
        for doubt in (column.doubt, other.doubt):
            self._mark(known, column.values - other.values, doubt)
        return _where(known, OPERATORS[op](column.values, other.values))

    def _mark(self, known: Mask, gap: Floats, doubt: Floats | None) -> None:
        """Mark the cases in which the value may lie on the other side."""
        if doubt is not None:
            np.logical_or(self.doubtful, known & (doubt > 0) & (np.abs(gap) <= 2 * doubt), out=self.doubtful)


OPERATORS: Mapping[str, Callable[[Any, Any], Mask]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
}


def last_places(value: Decimal, kind: FactType) -> float:
    """A number counted in the last place of its type."""
    return float(value.scaleb(SCALES[kind]))


def _place(words: tuple[str, ...], word: str) -> int:
    return words.index(word) if word in words else -1


def _where(known: Mask, holds: Mask) -> ManyTruths:
    return ManyTruths(known & holds, known & ~holds)


def _all(parts: list[ManyTruths]) -> ManyTruths:
    """Kleene's and."""
    yes, no = parts[0].yes, parts[0].no
    for part in parts[1:]:
        yes, no = yes & part.yes, no | part.no
    return ManyTruths(yes, no)


def _any(parts: list[ManyTruths]) -> ManyTruths:
    """Kleene's or."""
    yes, no = parts[0].yes, parts[0].no
    for part in parts[1:]:
        yes, no = yes | part.yes, no & part.no
    return ManyTruths(yes, no)
