"""Revisit triggers: what would have to change, by how much, and when at the stated growth it will have.

A trigger is a counterfactual that can come about by itself. What the asker chooses (a margin, a purchase, a precision;
`chosen` in `questions.yaml`) is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.facts import Fact, Value
from hostwise.answers.questions import Question
from hostwise.decision.flips import Flip

MONTHS = 120
"""Growth is followed for ten years at most."""
ABOVE, BELOW, IS = "above", "below", "is"


class Trigger(Struct, frozen=True):
    """The verdict is another one once the answer is `above` or `below` a number, or `is` a word.

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


def triggers(flips: Sequence[Flip], facts: Mapping[str, Fact], as_of: date) -> Iterator[Trigger]:
    """The triggers among the flips: numbers by their distance, then words, in the order of the questions."""
    found = [_trigger(flip, facts, as_of) for flip in flips if not flip.question.chosen]
    yield from sorted((t for t in found if t.distance is not None), key=lambda t: abs(t.distance or Decimal(0)))
    yield from (t for t in found if t.distance is None)


def _trigger(flip: Flip, facts: Mapping[str, Fact], as_of: date) -> Trigger:
    sense = IS
    if isinstance(flip.changed, Decimal) and isinstance(flip.now, Decimal):
        sense = ABOVE if flip.changed > flip.now else BELOW
    months = _months(flip, facts)
    reached = _month_after(as_of, months) if months is not None else None
    return Trigger(
        flip.question, sense, flip.changed, flip.now, flip.distance, flip.verdict, flip.rule, months, reached
    )


def _months(flip: Flip, facts: Mapping[str, Fact]) -> int | None:
    """Months until a volume that grows as stated has passed the threshold."""
    growth = facts["growth_per_month"].value
    if not flip.question.grows or not isinstance(growth, Decimal) or not growth:
        return None
    if not isinstance(flip.changed, Decimal) or not isinstance(flip.now, Decimal) or flip.now <= 0:
        return None
    volume = flip.now
    for month in range(1, MONTHS + 1):
        volume *= 1 + growth
        if volume >= flip.changed > flip.now or volume <= flip.changed < flip.now:
            return month
    return None


def _month_after(day: date, months: int) -> str:
    years, month = divmod(day.month - 1 + months, 12)
    return f"{day.year + years:04d}-{month + 1:02d}"
