"""Cells and small formulas in FEEL, the expression language of DMN (OMG DMN 1.5, clauses 9 and 10).

FEEL is three-valued where it counts: a comparison with null is null, and a row with a null cell does not match.
"""

from __future__ import annotations

from collections.abc import Sequence

from hostwise.rulebook.language.conditions import Literal
from hostwise.rulebook.tables.cell_algebra import Cell, Knowing, Order, Span, WordSet

SIGNS = {
    frozenset("<"): "< {}", frozenset("<="): "<= {}", frozenset(">"): "> {}", frozenset(">="): ">= {}",
    frozenset("="): "{}", frozenset("<>"): "not({})",
}  # fmt: skip


def name_of(fact: str) -> str:
    """A fact's name as a FEEL name: dots and hyphens would read as paths and differences."""
    return fact.replace(".", "_").replace("-", "_")


def literal(value: Literal | None) -> str:
    """A value as FEEL writes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else format(value.normalize(), "f")


def cell(content: Cell, other: str | None = None) -> str:
    """A cell as a unary test; `other` is the fact that the column's fact is compared with."""
    if isinstance(content, Knowing):
        return "not(null)" if content.known else "null"
    if isinstance(content, WordSet):
        return ", ".join(literal(value) for value in content.values)
    if isinstance(content, Order):
        return SIGNS[content.signs].format(name_of(str(other)))
    return _span(content)


def _span(span: Span) -> str:
    low, high = (None if end is None else literal(end) for end in (span.low, span.high))
    if low is not None and high is not None:
        return (
            low if low == high else f"{'[' if span.low_closed else '('}{low}..{high}{']' if span.high_closed else ')'}"
        )
    if low is not None:
        return f"{'>=' if span.low_closed else '>'} {low}"
    return f"{'<=' if span.high_closed else '<'} {high}" if high is not None else "not(null)"


def chosen(cases: Sequence[tuple[str, str]], otherwise: str) -> str:
    """The value of the first case whose condition holds."""
    text = otherwise
    for condition, value in reversed(cases):
        text = f"if {condition} then {value} else {text}"
    return text


def any_true(truths: Sequence[str]) -> str:
    """Whether some rule holds."""
    return f'list contains([{", ".join(truths)}], "true")' if truths else "false"


def least(costs: Sequence[str]) -> str:
    """The least of some costs; null where none is known."""
    return f"min([{', '.join(costs)}][item != null])"
