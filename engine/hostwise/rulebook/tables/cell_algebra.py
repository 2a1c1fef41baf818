"""What a row of a decision table asks of one fact: a set of words, a span of numbers, being known, or a comparison.

Cells of one subject can be intersected, denied and compared: that is all that decision tables, overlap and
subsumption need. A cell other than `Knowing(False)` holds of known values only.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from hostwise.rulebook.language.conditions import Literal


class Subject(Struct, frozen=True):
    """What a cell is about: a fact, or how a fact compares with another."""

    fact: str
    other: str | None = None


class WordSet(Struct, frozen=True):
    """One of these values of an enumeration or a yes-or-no fact, in the order of the fact's values."""

    values: tuple[Literal, ...]
    all: tuple[Literal, ...]


class Span(Struct, frozen=True):
    """Between two numbers; None leaves an end open."""

    low: Decimal | None
    high: Decimal | None
    low_closed: bool = False
    high_closed: bool = False


class Knowing(Struct, frozen=True):
    """Known, whatever it is; or not known."""

    known: bool


class Order(Struct, frozen=True):
    """How two known numbers compare: some of `<`, `=`, `>`."""

    signs: frozenset[str]


Cell = WordSet | Span | Knowing | Order
SIGNS = frozenset("<=>")


def both(one: Cell, other: Cell) -> Cell | None:
    """What both cells allow, or None when nothing is left."""
    if isinstance(one, WordSet) and isinstance(other, WordSet):
        kept = tuple([value for value in one.values if value in other.values])
        return WordSet(kept, one.all) if kept else None
    if isinstance(one, Knowing) or isinstance(other, Knowing):
        if isinstance(one, Knowing) and isinstance(other, Knowing):
            return one if one == other else None
        knowing, rest = (one, other) if isinstance(one, Knowing) else (other, one)
        assert isinstance(knowing, Knowing)
        return rest if knowing.known else None
    if isinstance(one, Order) and isinstance(other, Order):
        signs = one.signs & other.signs
        return Order(signs) if signs else None
    assert isinstance(one, Span) and isinstance(other, Span)
    return _met(one, other)


def _met(one: Span, other: Span) -> Span | None:
    low, low_closed = _tighter(one.low, one.low_closed, other.low, other.low_closed, largest=True)
    high, high_closed = _tighter(one.high, one.high_closed, other.high, other.high_closed, largest=False)
    if low is not None and high is not None and (low > high or (low == high and not (low_closed and high_closed))):
        return None
    return Span(low, high, low_closed, high_closed)


def _tighter(
    a: Decimal | None, a_closed: bool, b: Decimal | None, b_closed: bool, *, largest: bool
) -> tuple[Decimal | None, bool]:
    if a is None or b is None:
        return (b, b_closed) if a is None else (a, a_closed)
    if a == b:
        return a, a_closed and b_closed
    return (a, a_closed) if (a > b) is largest else (b, b_closed)


def denied(cell: Cell) -> tuple[Cell, ...]:
    """The cells that together hold where a test of the cell is false; unknown values are in neither."""
    if isinstance(cell, Knowing):
        return (Knowing(not cell.known),)
    if isinstance(cell, WordSet):
        rest = tuple(value for value in cell.all if value not in cell.values)
        return (WordSet(rest, cell.all),) if rest else ()
    if isinstance(cell, Order):
        signs = SIGNS - cell.signs
        return (Order(signs),) if signs else ()
    found: list[Cell] = []
    if cell.low is not None:
        found.append(Span(None, cell.low, high_closed=not cell.low_closed))
    if cell.high is not None:
        found.append(Span(cell.high, None, low_closed=not cell.high_closed))
    return tuple(found)


def within(inner: Cell, outer: Cell) -> bool:
    """Whether every value that `inner` allows is allowed by `outer`.

    Classes are compared, not `isinstance`: on a class of msgspec's that takes three times as long.
    """
    if type(inner) is WordSet and type(outer) is WordSet:
        return set(inner.values) <= set(outer.values)
    if type(outer) is Knowing:
        return inner == outer if type(inner) is Knowing else outer.known
    return type(inner) is not Knowing and both(inner, outer) == inner
