"""Cells and columns of decision tables as people read them: `≥ 50M`, `none, part-time`, `unknown`."""

from __future__ import annotations

from collections.abc import Mapping

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactSpec
from hostwise.rulebook.tables.cell_algebra import Cell, Knowing, Order, Span, Subject, WordSet

_SIGNS: Mapping[frozenset[str], str] = {
    frozenset("<"): "<", frozenset("<="): "≤", frozenset("="): "=", frozenset(">="): "≥", frozenset(">"): ">",
    frozenset("<>"): "≠", frozenset("<=>"): "known",
}  # fmt: skip


def cell_text(cell: Cell, spec: FactSpec) -> str:
    """What a cell asks of the fact of its column."""
    if isinstance(cell, WordSet):
        return ", ".join(format_value(value, spec.type) for value in cell.values)
    if isinstance(cell, Knowing):
        return "known" if cell.known else "unknown"
    if isinstance(cell, Order):
        return _SIGNS[cell.signs]
    return _span(cell, spec)


def _span(span: Span, spec: FactSpec) -> str:
    low, high = (None if end is None else format_value(end, spec.type, spec.unit) for end in (span.low, span.high))
    if span.low is not None and span.low == span.high:
        return str(low)
    ends = []
    if low is not None:
        ends.append(f"{'≥' if span.low_closed else '>'} {low}")
    if high is not None:
        ends.append(f"{'≤' if span.high_closed else '<'} {high}")
    return ", ".join(ends) or "known"


def column_text(subject: Subject, specs: Mapping[str, FactSpec]) -> str:
    """The heading of a column: the fact, or the two facts that it compares."""
    label = specs[subject.fact].label or subject.fact
    if subject.other is None:
        return label
    return f"{label}, against {specs[subject.other].label or subject.other}"
