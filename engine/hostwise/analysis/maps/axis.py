"""The values that one answer takes across a map: evenly spaced numbers, or the words of a choice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from hostwise.analysis.maps.letter_map import LINEAR, LOG, WORDS
from hostwise.answers.facts import FactType, Value, fixed
from hostwise.answers.questions.questions import Question
from hostwise.reading.numbers.fact_types import WIDE

DECADE = Decimal(10)
"""Numbers that span more than this, from above zero, are spaced by ratio."""
DIGITS = 6
"""Significant digits of a value between the ends; every type of answer can hold so many."""


class Axis(Struct, frozen=True):
    """An answer and the values tried for it, in rising order. `now` is what it is, None where that is not known."""

    question: Question
    scale: str
    values: tuple[Value, ...]
    now: Value | None

    @property
    def today(self) -> int | None:
        """The place of `now` among the values."""
        return self.values.index(self.now) if self.now in self.values else None


def words_axis(question: Question, now: Value | None) -> Axis:
    """Every word of a choice; yes and no of a yes-or-no."""
    return Axis(question, WORDS, question.choices, now)


def is_choice(question: Question) -> bool:
    """Whether its answers are words that can be tried one by one."""
    return question.type in (FactType.BOOLEAN, FactType.ENUM)


def number_axis(question: Question, now: Value | None, low: Decimal, high: Decimal, steps: int) -> Axis:
    """So many numbers from `low` to `high`; today's stands among them where it lies between."""
    kind = FactType(question.type)
    scale = LOG if low > 0 and high / low >= DECADE else LINEAR
    inside = isinstance(now, Decimal) and low < now < high and steps > 2
    middle = now if inside and isinstance(now, Decimal) else None
    values = [fixed(value, kind) for value in _spaced(low, high, middle, steps, scale)]
    return Axis(question, scale, tuple(dict.fromkeys(values)), now if now is None else _kept(now, kind))


def _kept(now: Value, kind: FactType) -> Value:
    return fixed(now, kind) if isinstance(now, Decimal) else now


def _spaced(low: Decimal, high: Decimal, middle: Decimal | None, steps: int, scale: str) -> Iterator[Decimal]:
    """Both ends, and `middle` between them; as evenly spaced on either side of it as so few steps can be."""
    gaps = steps - 1
    if middle is None:
        yield from _between(low, high, gaps, scale)
    else:
        share = _share(low, middle, high, scale)
        below = min(max(round(share * gaps), 1), gaps - 1)
        yield from _between(low, middle, below, scale)
        yield from _between(middle, high, gaps - below, scale)
    yield high


def _between(low: Decimal, high: Decimal, gaps: int, scale: str) -> Iterator[Decimal]:
    """From `low` on, without `high`."""
    yield low
    for number in range(1, gaps):
        share = Decimal(number) / gaps
        yield _rounded(low * (high / low) ** share if scale == LOG else low + (high - low) * share)


def _share(low: Decimal, value: Decimal, high: Decimal, scale: str) -> Decimal:
    if scale == LOG:
        return (value / low).ln() / (high / low).ln()
    return (value - low) / (high - low)


def _rounded(value: Decimal) -> Decimal:
    """To six significant digits."""
    place = Decimal(1).scaleb(max(value.adjusted() - DIGITS + 1, -DIGITS))
    return value if not value else value.quantize(place, context=WIDE)
