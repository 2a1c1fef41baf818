"""Where the line is: the curves of a record that compete, and the crossings that can be marked on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from hostwise.record.format.record import RecordedLedger
from hostwise.report.language.language import ENGLISH, Language
from hostwise.report.model.report import CostLine, Crossing, Curve, OptionLine

BEYOND = 60
"""A crossing so many times beyond today's volume is written, not drawn: the axis is logarithmic, and further decades
would press what lies near today into a corner."""


def line_of(
    ledgers: Iterable[RecordedLedger],
    options: Sequence[OptionLine],
    crossings: Sequence[Crossing],
    today: Decimal | None,
    language: Language = ENGLISH,
) -> CostLine | None:
    """The options that compete over the volume, or None where there are not two to compare.

    Where a constraint leaves one kind of hosting alone, the cheapest of the other kind is drawn beside it, as
    ruled out: what the constraint costs.
    """
    drawable = [ledger for ledger in ledgers if ledger.curve]
    points = {ledger.option: ledger.curve for ledger in drawable}
    on_replicas = {ledger.option for ledger in drawable if ledger.capacity}
    all_curves = [
        Curve(option.id, option.label, option.chosen, option.feasible, points[option.id])
        for option in options
        if option.id in points and option.monthly
    ]
    if today is None or not any(curve.feasible for curve in all_curves):
        return None
    drawn = [curve for curve in all_curves if curve.feasible]
    for kind in (False, True):
        if not any((curve.id in on_replicas) is kind for curve in drawn):
            others = [curve for curve in all_curves if (curve.id in on_replicas) is kind]
            drawn += sorted(others, key=lambda curve: curve.at(today).likely)[:1]
    if len(drawn) == 1:
        return None
    shown = {curve.id for curve in drawn}
    marked = tuple(c for c in crossings if {c.option_id, c.against_id} <= shown)
    near = [v for c in marked for v in (c.first_at, c.naive_at) if v and today / BEYOND <= v <= today * BEYOND]
    low, high = min([today, *near]) / 3, max([today, *near]) * Decimal("2.5")
    # What is drawn ends at sampled volumes, so that no point is made up.
    volumes = sorted({p.tokens for p in drawn[0].points if _round(p.tokens)} | {today})
    first = max((v for v in volumes if v <= low), default=volumes[0])
    last = min((v for v in volumes if v >= high), default=volumes[-1])
    cropped = tuple(_cropped(curve, first, last) for curve in drawn)
    currency = next(option.currency for option in options if option.monthly)
    return CostLine(cropped, marked, today, currency, tuple(v for v in volumes if first <= v <= last), language)


def _cropped(curve: Curve, first: Decimal, last: Decimal) -> Curve:
    kept = tuple(point for point in curve.points if first <= point.tokens <= last)
    return Curve(curve.id, curve.label, curve.chosen, curve.feasible, kept)


def _round(tokens: Decimal) -> bool:
    """Whether a volume is 1, 2 or 5 times a power of ten."""
    return tokens.normalize().as_tuple().digits in {(1,), (2,), (5,)}
