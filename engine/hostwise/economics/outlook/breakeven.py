"""Break-even on the real step function of replicas.

An API costs `fixed + price × volume`. Own GPUs cost `fixed + replicas × step`, and replicas are whole:
each carries so many tokens a month at the planned load and no more. So the two lines may cross never,
once, or several times: after the first crossing the next replica can make the API cheaper again.

With `F` the difference of the fixed costs, `c` a replica, `q` the tokens that it carries and `p` the API's
price less what own tokens cost apart, own hosting is cheaper within step `k` from `(F + k·c) / p` on.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from msgspec import Struct

MILLION = Decimal(1_000_000)


class TokenBill(Struct, frozen=True):
    """What an API costs a month: `fixed` whatever the volume, `per_million` for each million tokens."""

    fixed: Decimal
    per_million: Decimal


class SteppedBill(Struct, frozen=True):
    """What own GPUs cost a month.

    `fixed` holds people, platform and spare replicas; `per_replica` one more replica, above zero;
    `tokens_per_replica` what it carries a month at the planned load, above zero; `per_million` what
    grows with the tokens themselves, such as egress; `share` the part of the traffic that runs there.
    `alone_saves` is what the fixed part is less by while one replica serves, since one card takes fewer people.
    """

    fixed: Decimal
    per_replica: Decimal
    tokens_per_replica: Decimal
    per_million: Decimal = Decimal(0)
    share: Decimal = Decimal(1)
    alone_saves: Decimal = Decimal(0)


class Crossings(Struct, frozen=True):
    """Where own GPUs become cheaper, in tokens a month of the whole traffic.

    `first` and `lasting` are None when no volume breaks even. `naive` divides the cost of one replica by
    the API's price, as most comparisons do; None when that price does not cover what own tokens cost
    apart. `marginal` is what a full replica costs per million tokens.
    """

    first: Decimal | None
    lasting: Decimal | None
    naive: Decimal | None
    marginal: Decimal

    @property
    def never(self) -> bool:
        """Whether no volume breaks even."""
        return self.first is None


def crossings(own: SteppedBill, api: TokenBill) -> Crossings:
    """Find the first and the lasting crossing, and the naive one.

    >>> s2 = SteppedBill(Decimal(9625), Decimal(3600), Decimal("1244.16") * 1_000_000)
    >>> found = crossings(s2, TokenBill(Decimal(0), Decimal("4.40")))
    >>> [round(v / 1_000_000, 2) for v in (found.first, found.lasting, found.naive)]
    [Decimal('7096.59'), Decimal('8732.95'), Decimal('3005.68')]
    """
    price = (api.per_million - own.per_million) / MILLION
    marginal = own.per_replica / own.tokens_per_replica * MILLION + own.per_million
    extra = own.fixed - api.fixed
    gain = price * own.tokens_per_replica - own.per_replica
    naive = _naive(own, extra - own.alone_saves, price)
    if gain <= 0:
        return Crossings(None, None, naive, marginal)
    step = max(1, _ceiling(extra / gain))
    last = max(step, _ceiling((extra + price * own.tokens_per_replica) / gain) - 1)
    alone = _within(own, extra - own.alone_saves, price, 1)
    if alone > own.tokens_per_replica / own.share:
        return Crossings(_within(own, extra, price, step), _within(own, extra, price, last), naive, marginal)
    # The one replica is cheaper from there on; whether the second is from its start, the last step says.
    return Crossings(alone, alone if last == 1 else _within(own, extra, price, last), naive, marginal)


def _within(own: SteppedBill, extra: Decimal, price: Decimal, step: int) -> Decimal:
    """The volume within a step from which own GPUs are cheaper; not before the step begins."""
    crossing = (extra + step * own.per_replica) / price
    return max(crossing, (step - 1) * own.tokens_per_replica, Decimal(0)) / own.share


def _naive(own: SteppedBill, extra: Decimal, price: Decimal) -> Decimal | None:
    return max(Decimal(0), (extra + own.per_replica) / price / own.share) if price > 0 else None


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))
