"""What formulas ask of a number, so that they can be recorded: the smaller of two, a whole number, one or the other.

The economics are written once, on decimals, and run on those of one case. When they are recorded (`tape`), a question
of Python's (`if`, `min`, `int`) is answered for that case alone; what is asked here is answered case by case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct

from hostwise.economics.numbers.tape import TapedTruth, Traced

T = TypeVar("T")
Test = bool | TapedTruth
"""Whether something holds: in one case, or in each case that a tape is replayed on."""


def number(value: Decimal | int) -> Decimal:
    """The number as a `Decimal`."""
    return value if isinstance(value, Decimal) else Decimal(value)


def whole(value: Decimal) -> Decimal:
    """A number without what stands after its point."""
    return value.whole() if isinstance(value, Traced) else Decimal(int(value))


def least(one: Decimal, *others: Decimal) -> Decimal:
    """The smallest."""
    found = one
    for other in others:
        if isinstance(found, Traced):
            found = found.least(other)
        else:
            found = other.least(found) if isinstance(other, Traced) else min(found, other)
    return found


def most(one: Decimal, *others: Decimal) -> Decimal:
    """The largest."""
    found = one
    for other in others:
        if isinstance(found, Traced):
            found = found.most(other)
        else:
            found = other.most(found) if isinstance(other, Traced) else max(found, other)
    return found


def above(one: Decimal, other: Decimal) -> Test:
    """Whether one is more than the other."""
    if isinstance(one, Traced):
        return one.above(other)
    return other.below(one) if isinstance(other, Traced) else one > other


def at_least(one: Decimal, other: Decimal) -> Test:
    """Whether one is no less than the other."""
    if isinstance(one, Traced):
        return one.at_least(other)
    return other.at_most(one) if isinstance(other, Traced) else one >= other


def both(one: Test, other: Test) -> Test:
    """Whether two things hold."""
    if isinstance(one, TapedTruth) and isinstance(other, TapedTruth):
        return one.tape.both(one, other)
    if isinstance(one, TapedTruth):
        return one if other else False
    return other if one else False


def where(test: Test, yes: Decimal, no: Decimal) -> Decimal:
    """One number where a test holds, another where not."""
    if isinstance(test, TapedTruth):
        return test.tape.chosen(test, yes, no)
    return yes if test else no


def either_of(test: Test, yes: Test, no: Test) -> Test:
    """One thing that may hold where a test does, another where not."""
    if yes is no:
        return yes
    if isinstance(test, bool):
        return yes if test else no
    one, zero = Decimal(1), Decimal(0)
    return at_least(where(test, where(yes, one, zero), where(no, one, zero)), one)


def first(cases: Iterable[tuple[Test, Decimal]], otherwise: Callable[[], Decimal]) -> Decimal:
    """The number of the first test that holds. What comes after a test that holds in every case is not looked at."""
    open_: list[tuple[TapedTruth, Decimal]] = []
    found: Decimal | None = None
    for test, value in cases:
        if isinstance(test, TapedTruth):
            open_.append((test, value))
        elif test:
            found = value
            break
    found = otherwise() if found is None else found
    for test, value in reversed(open_):
        found = where(test, value, found)
    return found


class Word(Struct, frozen=True):
    """One of several words in each case that a tape is replayed on, by its place among them."""

    words: tuple[str, ...]
    place: Traced


def word(place: Decimal, words: Sequence[str]) -> str | Word:
    """The word at a place."""
    return Word(tuple(words), place) if isinstance(place, Traced) else words[int(place)]


def looked_up(find: Callable[..., T], *numbers: Decimal) -> T:
    """What a table says for some numbers, each without what stands after its point."""
    traced = next((each for each in numbers if isinstance(each, Traced)), None)
    return find(*(int(each) for each in numbers)) if traced is None else traced.tape.looked_up(find, numbers)
