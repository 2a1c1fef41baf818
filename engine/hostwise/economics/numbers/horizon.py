"""Money over months: total, present value, payback. Forrester's convention: the first outlay is not discounted.

Growth and the decline of API prices compound monthly. Every month is costed at its own volume, so that
a replica is added in the month in which it is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

HORIZONS = (12, 36)
"""Months that are always shown."""


class Outlook(Struct, frozen=True):
    """An option over `months`: all that is paid, its present value, and both against the option of today.

    `payback` is the first month in which the money spent so far is no more than that of the reference;
    None when there is none within the horizon.
    """

    option: str
    against: str
    months: int
    total: Decimal
    present_value: Decimal
    saving: Decimal
    net_present_value: Decimal
    payback: int | None


def monthly_rate(yearly: Decimal) -> Decimal:
    """The rate a month that compounds to `yearly`: `(1 + r)^(1/12) − 1`.

    >>> round(monthly_rate(Decimal("0.10")), 6)
    Decimal('0.007974')
    """
    return (1 + yearly) ** (Decimal(1) / 12) - 1


def grown(start: Decimal, rate: Decimal, month: int) -> Decimal:
    """A quantity in a month (from 1), with `rate` a month from month 2 on.

    >>> grown(Decimal(100), Decimal("0.10"), 3)
    Decimal('121.0000')
    """
    return start * (1 + rate) ** (month - 1)


def outlook(
    option: str, against: str, costs: Sequence[Decimal], reference: Sequence[Decimal],
    once: Decimal, reference_once: Decimal, yearly_rate: Decimal,
) -> Outlook:  # fmt: skip
    """Compare two series of monthly costs of one length; `once` is paid before the first month.

    >>> year = outlook("own", "api", [Decimal(50)] * 12, [Decimal(100)] * 12, Decimal(200), Decimal(0), Decimal(0))
    >>> year.total, year.saving, year.payback
    (Decimal('800'), Decimal('400'), 4)
    """
    rate = monthly_rate(yearly_rate)
    value, reference_value = (_present(c, rate, o) for c, o in ((costs, once), (reference, reference_once)))
    total, reference_total = once + sum(costs), reference_once + sum(reference)
    return Outlook(
        option=option,
        against=against,
        months=len(costs),
        total=total,
        present_value=value,
        saving=reference_total - total,
        net_present_value=reference_value - value,
        payback=_payback(costs, reference, once - reference_once),
    )


def _present(costs: Sequence[Decimal], rate: Decimal, once: Decimal) -> Decimal:
    value, factor = once, Decimal(1)
    for cost in costs:
        factor *= 1 + rate
        value += cost / factor
    return value


def _payback(costs: Sequence[Decimal], reference: Sequence[Decimal], behind: Decimal) -> int | None:
    """Also None when the lead is lost again before the end."""
    first: int | None = None
    for month, (cost, base) in enumerate(zip(costs, reference, strict=True), 1):
        behind += cost - base
        if behind > 0:
            first = None
        elif first is None:
            first = month
    return first
