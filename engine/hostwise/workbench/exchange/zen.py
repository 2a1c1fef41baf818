"""Cells and small formulas in the expression language of GoRules ZEN.

ZEN is two-valued and stops at a comparison with null, so every comparison asks first whether its fact is there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from hostwise.rulebook.language.conditions import Literal
from hostwise.rulebook.tables.cell_algebra import Cell, Knowing, Order, Span, Subject, WordSet


def literal(value: Literal | None) -> str:
    """A value as ZEN writes it."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, str):
        return quoted(value)
    return json.dumps(value)


def quoted(text: str) -> str:
    """A word in single quotes. Words of rulebooks are identifiers; anything else cannot be written in ZEN."""
    if "'" in text or "\\" in text:
        raise ValueError(f"ZEN has no way to write the word {text!r}")
    return f"'{text}'"


def cell(subject: Subject, content: Cell) -> str:
    """A cell of a table: about `$`, the column's fact, or about two facts where they are compared."""
    if isinstance(content, Knowing):
        return "$ != null" if content.known else "$ == null"
    if isinstance(content, WordSet):
        return f"$ in [{', '.join(literal(value) for value in content.values)}]"
    if isinstance(content, Order):
        signs = " or ".join(f"{subject.fact} {_SIGN[sign]} {subject.other}" for sign in sorted(content.signs))
        return f"{subject.fact} != null and {subject.other} != null and ({signs})"
    return _span(content)


_SIGN = {"<": "<", "=": "==", ">": ">"}


def _span(span: Span) -> str:
    if span.low == span.high and span.low is not None:
        return f"$ == {literal(span.low)}"
    parts = ["$ != null"]
    if span.low is not None:
        parts.append(f"$ {'>=' if span.low_closed else '>'} {literal(span.low)}")
    if span.high is not None:
        parts.append(f"$ {'<=' if span.high_closed else '<'} {literal(span.high)}")
    return " and ".join(parts)


def chosen(cases: Sequence[tuple[str, str]], otherwise: str) -> str:
    """The value of the first case whose condition holds: nested `? :`."""
    text = otherwise
    for condition, value in reversed(cases):
        text = f"({condition} ? {value} : {text})"
    return text


class OpenRule(Struct, frozen=True):
    """A rule under `first`: its truth and what it gives, as expressions; null when it cannot be taken."""

    truth: str
    value: str


def possible(candidates: Sequence[OpenRule]) -> str:
    """The values that `first` could still give, in written order: those not false, up to the first that is true."""
    entries = []
    before: list[str] = []
    for candidate in candidates:
        open_ = f"({' and '.join(before)})" if before else "true"
        entries.append(f"{{v: {candidate.value}, p: {open_} and {candidate.truth} != 'false'}}")
        before.append(f"not ({candidate.truth} == 'true' and {candidate.value} != null)")
    return f"map(filter([{', '.join(entries)}], #.p and #.v != null), #.v)"


def alike(values: str) -> str:
    """Whether a list holds one value and no other."""
    return f"(len({values}) > 0 and all({values}, # == {values}[0]))"
