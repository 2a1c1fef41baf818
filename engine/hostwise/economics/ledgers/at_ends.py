"""The bands of own GPUs where answers are ranges: wide enough for the plans at the ends of these.

A ledger is that of one plan, the cheapest at the likely values. At the end of a wide range another one may cost less,
or more of other GPUs may be needed: a band that did not know of it would be left by the futures it speaks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import product

from msgspec.structs import replace

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.ledgers.ledger import Ledger, shown_a_month
from hostwise.economics.numbers.bands import Band
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.translatable import fill, joined, prose

EVERY_CORNER = 4
"""So many ranges are costed at each end with each of the others; of more, each by itself, and then together, each at
the end at which an option costs most by itself, and at that at which it costs least."""
Answers = Mapping[str, Fact]
Corner = tuple[Fact, ...]


def over_ends(
    ledgers: Mapping[str, Ledger],
    facts: Answers,
    catalogue: Catalogue,
    cost: Callable[[Answers], Mapping[str, Ledger]],
) -> dict[str, Ledger]:
    """The ledgers, those of own GPUs and of mixes with bands that hold what they cost at the ends of answered ranges.

    `cost` gives the ledgers of other answers. Nothing is costed where no answer is a range.
    """
    found = dict(ledgers)
    planned = [o for kind in ("own", "mix") for o in catalogue.kinds[kind] if found[o].total is not None]
    ranges = [fact for fact in facts.values() if _is_range(fact)] if planned else []
    ends = [_ends(fact) for fact in ranges]
    alone = _costed([(end,) for both in ends for end in both], facts, cost)
    for corner, there in (*alone, *_costed(_together(ends, alone, planned), facts, cost)):
        for option in planned:
            found[option] = _wider(found[option], there[option], corner)
    return found


def _costed(
    corners: Iterable[Corner], facts: Answers, cost: Callable[[Answers], Mapping[str, Ledger]]
) -> list[tuple[Corner, Mapping[str, Ledger]]]:
    """What each option costs at each corner."""
    found = []
    for corner in corners:
        with suppress(InputError):  # which is said where it is decided at that end
            found.append((corner, cost({**facts, **{fact.name: fact for fact in corner}})))
    return found


def _is_range(fact: Fact) -> bool:
    """Whether somebody answered it with a range."""
    ends = fact.low is not None and fact.high is not None and fact.low < fact.high
    return ends and fact.provenance.place is not None


def _ends(fact: Fact) -> Corner:
    """The answer as the low end of its range, and as the high one."""
    return tuple(replace(fact, value=end, low=None, high=None) for end in (fact.low, fact.high))


def _together(
    ends: Sequence[Corner], alone: Sequence[tuple[Corner, Mapping[str, Ledger]]], options: Sequence[str]
) -> Iterable[Corner]:
    """Several answers at ends of their ranges at once; the rest as it is answered."""
    if len(ends) < 2:
        return ()
    if len(ends) <= EVERY_CORNER:
        return product(*ends)
    return dict.fromkeys(
        tuple(pick(both, key=lambda end: _alone(end, alone, option)) for both in ends)
        for option in options
        for pick in (min, max)
    )


def _alone(end: Fact, alone: Sequence[tuple[Corner, Mapping[str, Ledger]]], option: str) -> Decimal:
    """What an option costs with one answer at an end; nothing where that is refused."""
    total = next((there[option].total for corner, there in alone if corner == (end,)), None)
    return total.likely if total is not None else Decimal(0)


def _wider(ledger: Ledger, there: Ledger, corner: Corner) -> Ledger:
    whole, its = ledger.total, there.total
    assert whole is not None
    if its is None or (its.low >= whole.low and its.high <= whole.high):
        return ledger
    wide = Band(min(whole.low, its.low), whole.likely, max(whole.high, its.high))
    per = ledger.per_million
    if per is not None:
        tokens = whole.likely / per.likely
        per = Band(wide.low / tokens, per.likely, wide.high / tokens)
    capacity = {**(ledger.capacity or {})}
    said = (capacity[AT_ENDS],) if AT_ENDS in capacity else ()
    capacity[AT_ENDS] = joined([*said, _said(there, its, corner)], "; ")
    return replace(ledger, total=wide, per_million=per, capacity=capacity)


AT_ENDS = "at_ends"
"""What of a capacity plan says which other plans its band takes in."""
_PLAN = prose("at {answers}: {amount} a month on {gpus} × {gpu} ({model})")
_ANSWER = prose("{value} ({question})")


def _said(there: Ledger, total: Band, corner: Corner) -> str:
    answers = [
        fill(_ANSWER, value=format_value(fact.value, fact.type, fact.unit), question=fact.label or fact.name)
        for fact in corner
        if isinstance(fact.value, Decimal)
    ]
    its = there.capacity or {}
    amount = shown_a_month(total, there.currency)
    return fill(
        _PLAN, answers=joined(answers, ", "), amount=amount, gpus=its["gpus"], gpu=its["gpu"], model=its["model"]
    )
