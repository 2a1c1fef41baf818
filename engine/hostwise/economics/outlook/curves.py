"""What an option costs at other volumes: its ledger, sampled along the volume axis for a chart.

    cost(v) = what stays + tokens × v/today + one replica × (⌈load × v/today⌉ + spares)

What stays is less while one card serves alone: it takes fewer people.

Each end of the band has its own load: a slower replica or a higher peak needs the next one sooner. The volume
itself has no band here, since it is the axis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from msgspec import Struct

from hostwise.economics.ledgers.gpu import by_the_hour, may_be_alone
from hostwise.economics.ledgers.ledger import Ledger, LineItem
from hostwise.economics.numbers.bands import Band
from hostwise.economics.outlook.crossing import BreakEven
from hostwise.reading.numbers.currencies import CENT
from hostwise.reading.numbers.fact_types import WIDE

ENDS = ("low", "likely", "high")
REACH = 300
"""Volumes beyond so many times today's are not sampled: nobody plans for them."""
STEPS = 8
"""Steps that are sampled one by one; from there on a replica is a small part of the whole."""


class Point(Struct, frozen=True):
    """Cost a month at a volume, in the ledger's currency. Two points at one volume are a step."""

    tokens: Decimal
    low: Decimal
    likely: Decimal
    high: Decimal


class _Growth(Struct, frozen=True):
    """One end of a ledger's band, by how its lines grow: not at all, with tokens, with whole replicas."""

    stays: Decimal
    per_token: Decimal
    per_replica: Decimal
    load: Decimal  # replicas in fractions a token
    spare: Decimal
    alone_saves: Decimal

    def cost(self, tokens: Decimal) -> Decimal:
        """The cost at a volume."""
        replicas = max(Decimal(1), (self.load * tokens).to_integral_value(ROUND_CEILING)) + self.spare
        stays = self.stays - self.alone_saves if replicas == 1 else self.stays
        return stays + self.per_token * tokens + self.per_replica * replicas


def curves(
    ledgers: Mapping[str, Ledger], today: Band, break_evens: Iterable[BreakEven]
) -> dict[str, tuple[Point, ...]]:
    """The curve of every priced option whose cost moves with the volume, around today's and the break-evens.

    Empty where the volume may be nothing at all.
    """
    if today.low <= 0:
        return {}
    crossings = {b.tokens_per_month for b in break_evens if b.tokens_per_month}
    near = {v for v in crossings if today.likely / REACH <= v <= today.likely * REACH}
    volumes = {today.likely, *near}
    grid = {*volumes, *rounded_volumes(min(volumes) / 4, max(volumes) * 3)}
    sampled = {option: _curve(ledger, today, grid) for option, ledger in ledgers.items() if ledger.priced}
    return {option: points for option, points in sampled.items() if points}


def rounded_volumes(low: Decimal, high: Decimal) -> Iterator[Decimal]:
    """1, 2 and 5 times powers of ten, from the last one below `low` to the first one above `high`.

    >>> [int(v) for v in rounded_volumes(Decimal(3), Decimal(40))]
    [2, 5, 10, 20, 50]
    """
    ladder = [Decimal(f).scaleb(p) for p in range(low.adjusted() - 1, high.adjusted() + 2) for f in (1, 2, 5)]
    first = max(v for v in ladder if v <= low)
    last = min(v for v in ladder if v >= high)
    yield from (v for v in ladder if first <= v <= last)


def _curve(ledger: Ledger, today: Band, grid: set[Decimal]) -> tuple[Point, ...]:
    ends = [_growth(ledger, end, today) for end in ENDS]
    if not any(growth.per_token or growth.per_replica for growth in ends):
        return ()  # nothing is counted by volume, as on devices
    steps = {v for growth in ends for v in _steps(growth, min(grid), max(grid))}
    found: list[Point] = []
    for tokens in sorted(grid | steps):
        # A step has two points at one volume: what the replicas so far still carry, and one token more.
        for carried in (tokens, tokens + 1) if tokens in steps else (tokens,):
            found.append(Point(tokens, *(growth.cost(carried).quantize(CENT, context=WIDE) for growth in ends)))
    return tuple(found)


def _steps(growth: _Growth, low: Decimal, high: Decimal) -> Iterator[Decimal]:
    """The volumes that fill the replicas so far, rounded to a token."""
    if growth.load > 0 and growth.per_replica > 0:
        full = ((k / growth.load).to_integral_value(ROUND_FLOOR) for k in range(1, STEPS + 1))
        yield from (volume for volume in full if low < volume < high)


def _growth(ledger: Ledger, end: str, today: Band) -> _Growth:
    whole, tokens, gpus = (_sum(ledger.items, end, kind) for kind in (_any, _per_token, _per_gpu))
    capacity = ledger.capacity or {}
    suffix = "" if end == "likely" else f"_{end}"
    several, saves = whole, Decimal(0)
    if capacity and may_be_alone(capacity):
        several, alone = (sum((i.as_if(each, end) for i in ledger.items), Decimal(0)) for each in (True, False))
        saves = several - alone
    if by_the_hour(ledger.capacity):
        tokens, gpus = tokens + gpus, Decimal(0)
    return _Growth(
        stays=several - tokens - gpus,
        per_token=tokens / getattr(today, end),
        per_replica=gpus / Decimal(capacity.get(f"replicas{suffix}", 1)),
        load=Decimal(capacity.get(f"load{suffix}", 0)) / today.likely,
        spare=Decimal(capacity.get("spare_replicas", 0)),
        alone_saves=saves,
    )


def _sum(items: Iterable[LineItem], end: str, wanted: Callable[[LineItem], bool]) -> Decimal:
    return sum((getattr(item.amount, end) for item in items if wanted(item)), Decimal(0))


def _any(_item: LineItem) -> bool:
    return True


def _per_token(item: LineItem) -> bool:
    return item.per_token


def _per_gpu(item: LineItem) -> bool:
    return item.per_gpu
