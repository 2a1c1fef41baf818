"""Round numbers along an axis, and how they are written there."""

from __future__ import annotations

from decimal import Decimal

from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.number_format import format_bare
from hostwise.report.words.words import Words

LADDERS = ((1,), (1, 3), (1, 2, 5))
STEPS = (1, 2, 5)


def log_ticks(low: Decimal, high: Decimal, most: int) -> list[Decimal]:
    """As many as fit on a logarithmic axis: tens, then 1 and 3, then 1, 2 and 5.

    >>> [str(t) for t in log_ticks(Decimal(4), Decimal(250), 4)]
    ['10', '30', '100']
    """
    found: list[Decimal] = []
    for factors in LADDERS:
        ladder = [Decimal(f).scaleb(p) for p in range(low.adjusted(), high.adjusted() + 1) for f in factors]
        within = [_plain(v) for v in ladder if low <= v <= high]
        if len(found) >= 2 and len(within) > most:
            break
        found = within
    return found


def linear_ticks(low: Decimal, high: Decimal, most: int) -> list[Decimal]:
    """As many as fit at even distances.

    >>> [str(t) for t in linear_ticks(Decimal(0), Decimal(1), 6)]
    ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']
    """
    if high <= low:
        return [low]
    raw = (high - low) / max(most - 1, 1)
    power = Decimal(1).scaleb(raw.adjusted())
    step = next(power * factor for factor in (*STEPS, 10) if power * factor >= raw)
    first = int((low / step).to_integral_value(rounding="ROUND_CEILING"))
    last = int((high / step).to_integral_value(rounding="ROUND_FLOOR"))
    return [step * n for n in range(first, last + 1)]


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value >= 1 else value


def tick(value: Decimal, kind: str, unit: str, words: Words) -> str:
    """A number for an axis, without the unit that the title of the axis has."""
    return format_bare(value, FactType(kind), unit, words.language)
