"""The bands of own GPUs where answers are ranges: wide enough for the plans at the ends of these.

A ledger is that of one plan, the cheapest at the likely values. At the end of a wide range another one may cost less,
or more of other GPUs may be needed: a band that did not know of it would be left by the futures it speaks for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Literal

from msgspec.structs import replace

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.ledgers.ledger import Ledger, shown_a_month
from hostwise.economics.numbers.bands import Band
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.translatable import fill, joined, prose

EVERY_CORNER = 6
"""So many ranges are costed at each end with each of the others: 64 corners, about half a second. Of more, an option's
dearest and cheapest corner are looked for: from the ends at which it costs most or least by itself, one after another
is turned to its other end, and stays there where that is further out."""
Answers = Mapping[str, Fact]
Corner = tuple[Fact, ...]
Side = Literal[1, -1]
SIDES: tuple[Side, Side] = (-1, 1)
"""The low and the high end of a band."""


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
    if not ranges:
        return found
    ends = [_ends(fact) for fact in ranges]
    costed: dict[Corner, Mapping[str, Ledger]] = {}

    def out(corner: Corner, option: str, side: Side) -> Decimal:
        if corner not in costed:
            costed[corner] = {}
            with suppress(InputError):  # which is said where it is decided at that end
                costed[corner] = cost({**facts, **{fact.name: fact for fact in corner}})
        return _out(costed[corner], option, side)

    alone = [(end,) for both in ends for end in both]
    every = product(*ends) if 1 < len(ends) <= EVERY_CORNER else ()
    for corner in (*alone, *every):
        out(corner, planned[0], 1)
    for option in planned if len(ends) > EVERY_CORNER else ():
        for side in SIDES:
            _climb(ends, partial(out, option=option, side=side))
    for option in planned:
        furthest = {max(costed, key=lambda corner: _out(costed[corner], option, side)) for side in SIDES}
        for corner in filter(furthest.__contains__, costed):
            found[option] = _wider(found[option], costed[corner][option], corner)
    return found


def _out(there: Mapping[str, Ledger], option: str, side: Side) -> Decimal:
    """How far out an option's band reaches to a side, in a currency a month; least of all where it has none."""
    total = there[option].total if there else None
    if total is None:
        return Decimal("-Infinity")
    return total.high if side == 1 else -total.low


def _climb(ends: Sequence[Corner], out: Callable[[Corner], Decimal]) -> None:
    """Ask for corners ever further out: the ends furthest out alone, then answers turned until none goes out."""
    corner, before = tuple(max(both, key=lambda end: out((end,))) for both in ends), None
    while corner != before:
        before = corner
        for place, both in enumerate(ends):
            turned = (*corner[:place], both[corner[place] == both[0]], *corner[place + 1 :])
            corner = max(corner, turned, key=out)


def _is_range(fact: Fact) -> bool:
    """Whether somebody answered it with a range."""
    ends = fact.low is not None and fact.high is not None and fact.low < fact.high
    return ends and fact.provenance.place is not None


def _ends(fact: Fact) -> Corner:
    """The answer as the low end of its range, and as the high one."""
    return tuple(replace(fact, value=end, low=None, high=None) for end in (fact.low, fact.high))


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
