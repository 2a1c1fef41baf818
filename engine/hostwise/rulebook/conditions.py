"""The syntax tree of conditions: DMN S-FEEL unary tests (OMG DMN 1.5, clause 9) joined by all, any, not.

    Condition = Always | Test(fact, unary) | All(parts) | Any(parts) | Not(part)
    Unary     = Equals | OneOf | Compare | Interval | Negated | Known | Unknown

One tree, several readings of it: evaluated with a trace, compiled to durable-rules, said in English.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

Literal = bool | str | Decimal


@dataclass(frozen=True, slots=True)
class FactRef:
    """The value of another fact, on the right-hand side of a comparison."""

    name: str


@dataclass(frozen=True, slots=True)
class Equals:
    """The value itself: `steady`, `true`, `4`."""

    value: Literal


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of several tests: `[none, part-time]`."""

    tests: tuple[Unary, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """`<`, `<=`, `>`, `>=` or `=` against a number or another fact."""

    op: str
    operand: Decimal | FactRef


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`; a round bracket leaves its end out: `[a..b)`."""

    low: Decimal
    high: Decimal
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class Negated:
    """`not(...)`."""

    test: Unary


@dataclass(frozen=True, slots=True)
class Known:
    """`-`: any known value."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """`unknown`: true exactly when the answer is not known. The only test that is never unknown itself but `-`."""


Unary = Equals | OneOf | Compare | Interval | Negated | Known | Unknown


@dataclass(frozen=True, slots=True)
class Test:
    """One fact under one unary test; `text` is the test as the file writes it."""

    fact: str
    unary: Unary
    text: str


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True when some part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when the part is false; unknown when it is unknown."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Always:
    """True."""


Condition = Test | All | Any | Not | Always


def facts_read(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition reads, in the order in which it names them."""
    return tuple(dict.fromkeys(_read(condition)))


def _read(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Test):
        yield condition.fact
        yield from _references(condition.unary)
    elif isinstance(condition, Not):
        yield from _read(condition.part)
    elif isinstance(condition, (All, Any)):
        for part in condition.parts:
            yield from _read(part)


def _references(unary: Unary) -> Iterator[str]:
    if isinstance(unary, Compare) and isinstance(unary.operand, FactRef):
        yield unary.operand.name
    elif isinstance(unary, OneOf):
        for test in unary.tests:
            yield from _references(test)
    elif isinstance(unary, Negated):
        yield from _references(unary.test)


def tests(condition: Condition) -> Iterator[Test]:
    """Every test of a condition."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from tests(condition.part)
    elif isinstance(condition, (All, Any)):
        for part in condition.parts:
            yield from tests(part)
