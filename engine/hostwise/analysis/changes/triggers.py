"""Revisit triggers: what would have to change, by how much, and when at the stated growth it will have.

A trigger is a counterfactual that can come about by itself. What the asker chooses (a margin, a purchase, a precision;
`chosen` in `questions.yaml`) is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from hostwise.answers.facts import Fact, Value
from hostwise.answers.questions.questions import Question
from hostwise.reading.json_values import Plain, one_of
from hostwise.reading.numbers.months import months_later

if TYPE_CHECKING:
    from hostwise.analysis.changes.changed_answers import Flip

MONTHS = 120
"""Growth is followed for ten years at most."""
ABOVE, BELOW, IS = "above", "below", "is"


class Trigger(Struct, frozen=True):
    """The verdict is another one once the answer is `above` or `below` a number, or `is` a word.

    `close_from` is where it becomes a close call on the way, which its futures decide; None where it is none.
    `distance` is how far the number is from today's, as a share of it. `months` until it is reached at the stated
    growth, and `reached` the month, as 2027-03; None where it is not on the way.
    """

    question: Question
    sense: str
    value: Value
    now: Value | None
    distance: Decimal | None
    verdict: str
    rule: str | None
    months: int | None
    reached: str | None
    close_from: Decimal | None


class RevisitTrigger(Struct, frozen=True):
    """The same in words, as a record keeps it; numbers are the digits of their decimal."""

    key: str
    fact: str
    label: str
    sense: Annotated[str, one_of(ABOVE, BELOW, IS)]
    value: Plain
    shown: str
    now: Plain | None
    now_shown: str | None
    distance: Decimal | None
    in_points: bool
    months: int | None
    reached: str | None
    verdict: str
    verdict_label: str
    rule: str | None
    close_from: Decimal | None
    sentence: str


def triggers(flips: Sequence[Flip], facts: Mapping[str, Fact], as_of: date) -> Iterator[Trigger]:
    """The triggers among the flips: numbers by their distance, then shares, then words as the questions stand."""
    found = [_trigger(flip, facts, as_of) for flip in flips if not flip.question.asker_decides]
    numbers = (t for t in found if t.distance is not None)
    yield from sorted(numbers, key=lambda t: (t.question.in_points, abs(t.distance or Decimal(0))))
    yield from (t for t in found if t.distance is None)


def _trigger(flip: Flip, facts: Mapping[str, Fact], as_of: date) -> Trigger:
    sense = IS
    if isinstance(flip.changed, Decimal) and isinstance(flip.now, Decimal):
        sense = ABOVE if flip.changed > flip.now else BELOW
    months = _months(flip, facts)
    reached = months_later(as_of, months).isoformat()[:7] if months is not None else None
    return Trigger(
        flip.question, sense, flip.changed, flip.now, flip.distance, flip.verdict, flip.rule, months, reached,
        flip.close_from,
    )  # fmt: skip


def _months(flip: Flip, facts: Mapping[str, Fact]) -> int | None:
    """Months until a volume that grows as stated has passed the threshold."""
    growth = facts["growth_per_month"].value
    if not flip.question.grows_with_demand or not isinstance(growth, Decimal) or not growth:
        return None
    if not isinstance(flip.changed, Decimal) or not isinstance(flip.now, Decimal) or flip.now <= 0:
        return None
    volume = flip.now
    for month in range(1, MONTHS + 1):
        volume *= 1 + growth
        if volume >= flip.changed > flip.now or volume <= flip.changed < flip.now:
            return month
    return None
