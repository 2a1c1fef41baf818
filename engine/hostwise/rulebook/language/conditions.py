"""The syntax tree of conditions: DMN S-FEEL unary tests (OMG DMN 1.5, clause 9) joined by all, any, not.

    Condition = Always | Test(fact, unary) | All(parts) | Any(parts) | Not(part)
    Unary     = Equals | OneOf | Compare | Interval | Negated | Known | Unknown

One tree, several readings of it: evaluated with a trace, compiled to durable-rules, said in English.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

Literal = bool | str | Decimal


class FactRef(Struct, frozen=True):
    """The value of another fact, on the right-hand side of a comparison."""

    name: str


class Equals(Struct, frozen=True):
    """The value itself: `steady`, `true`, `4`."""

    value: Literal


class OneOf(Struct, frozen=True):
    """Any of several tests: `[none, part-time]`."""

    tests: tuple[Unary, ...]


class Compare(Struct, frozen=True):
    """`<`, `<=`, `>`, `>=` or `=` against a number or another fact."""

    op: str
    operand: Decimal | FactRef


class Interval(Struct, frozen=True):
    """From `low` to `high`; a round bracket leaves its end out: `[a..b)`."""

    low: Decimal
    high: Decimal
    low_closed: bool
    high_closed: bool


class Negated(Struct, frozen=True):
    """`not(...)`."""

    test: Unary


class Known(Struct, frozen=True):
    """`-`: any known value."""


class Unknown(Struct, frozen=True):
    """`unknown`: true exactly when the answer is not known. The only test that is never unknown itself but `-`."""


Unary = Equals | OneOf | Compare | Interval | Negated | Known | Unknown


class Test(Struct, frozen=True):
    """One fact under one unary test; `text` is the test as the file writes it."""

    fact: str
    unary: Unary
    text: str


class All(Struct, frozen=True):
    """True when every part is."""

    parts: tuple[Condition, ...]


class Any(Struct, frozen=True):
    """True when some part is."""

    parts: tuple[Condition, ...]


class Not(Struct, frozen=True):
    """True when the part is false; unknown when it is unknown."""

    part: Condition


class Always(Struct, frozen=True):
    """True."""


Condition = Test | All | Any | Not | Always


def facts_read(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition reads, in the order in which it names them."""
    return tuple(dict.fromkeys(_read(condition)))


def _read(condition: Condition) -> Iterator[str]:
    if type(condition) is Test:
        yield condition.fact
        yield from _references(condition.unary)
    elif type(condition) is Not:
        yield from _read(condition.part)
    elif type(condition) is All or type(condition) is Any:
        for part in condition.parts:
            yield from _read(part)


def _references(unary: Unary) -> Iterator[str]:
    if type(unary) is Compare and type(unary.operand) is FactRef:
        yield unary.operand.name
    elif type(unary) is OneOf:
        for test in unary.tests:
            yield from _references(test)
    elif type(unary) is Negated:
        yield from _references(unary.test)


def tests(condition: Condition) -> Iterator[Test]:
    """Every test of a condition."""
    if type(condition) is Test:
        yield condition
    elif type(condition) is Not:
        yield from tests(condition.part)
    elif type(condition) is All or type(condition) is Any:
        for part in condition.parts:
            yield from tests(part)
