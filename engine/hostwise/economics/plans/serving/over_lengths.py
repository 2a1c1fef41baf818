"""Replicas worth a look where the lengths of requests, or what of them is cached, differ from case to case on a tape.

What a replica serves is then a formula of these. It is computed as plain numbers at the corners of the lengths
that the cases have, and between them: what others beat at all of these is left out, and only the rest is recorded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import chain, product

from msgspec import Struct
from msgspec.structs import astuple, replace

from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.numbers import at_least
from hostwise.economics.numbers.tape import Tape, Traced
from hostwise.economics.plans.serving.asked import asked_of, requests_of
from hostwise.economics.plans.serving.candidate import CandidateReplica, candidate
from hostwise.economics.plans.serving.shapes import ReplicaShape, every_shape
from hostwise.economics.plans.wanted import SearchWanted

APART = 4
"""Lengths are looked at so many times apart, at most."""
MOST = 32
"""Corners that are looked at: where lengths are further apart, every replica is recorded."""
ROOM = Decimal("0.01")
"""How much beyond the lengths of the cases their bounds lie at least: on a bound, floats do not tell on which side."""
SHARES = (Decimal(0), Decimal(1))
"""Shares of the input that are cached, where that differs: at all that there may be, so that no case lies beyond."""
BEATEN = Decimal("0.95")
"""What serves less than this share of another at every corner serves less between them too: rates bend slowly."""


class OverLengths(Struct, frozen=True):
    """A replica over the lengths of the cases: `each` at the corners and between them.

    `requests` are those a second at each, at either end of what reasoning adds; `everywhere` where it may serve all.
    """

    shape: ReplicaShape
    each: tuple[CandidateReplica, ...]
    requests: tuple[Decimal, ...]
    everywhere: bool

    @property
    def middle(self) -> CandidateReplica:
        """The one in the middle."""
        return self.each[len(self.each) // 2]


def looked_over(
    catalogue: Catalogue, demand: Demand, searched: SearchWanted, tape: Tape | None
) -> tuple[OverLengths, ...]:
    """The replicas that are worth recording for a demand whose lengths differ from case to case.

    None of them where the lengths do not, or are too far apart, or more than they differs. What is left out is told of
    single cases alone, which have no such lengths.
    """
    plain = (demand.reasoning, searched.adapters, *astuple(searched.target))
    if searched.size is not None or searched.measured is not None or any(isinstance(each, Traced) for each in plain):
        return ()
    demands = _corners(demand, tape)
    models = searched.models if demands else ()
    return tuple(one for model in models for one in _of_model(model, catalogue, demands, searched))


def _of_model(
    model: str, catalogue: Catalogue, demands: Sequence[Demand], searched: SearchWanted
) -> tuple[OverLengths, ...]:
    """The same of one model; remembered, as the models that compete differ from case to case."""
    one = demands[0]
    lengths = ((each.input_length, each.output_length, each.cached_share) for each in demands)
    key = ("over lengths", model, searched.gpus, searched.precision, searched.at_once, searched.room,
           searched.beside, one.reasoning, searched.adapters, *astuple(searched.target),
           *chain.from_iterable(lengths))  # fmt: skip
    known = catalogue.remembered.get(key)
    if not isinstance(known, tuple):
        known = catalogue.remembered[key] = tuple(_kept(model, catalogue, demands, searched))
    return known


def _corners(demand: Demand, tape: Tape | None) -> tuple[Demand, ...]:
    """The demand at the corners of its lengths and between them. The cases part by whether they lie between these."""
    lengths, cached = (demand.input_length, demand.output_length), demand.cached_share
    if tape is None or not any(isinstance(each, Traced) for each in (*lengths, cached)):
        return ()
    spans = [_span(each, tape) for each in lengths]
    points = [*(_between(low, high) for low, high in spans), SHARES if isinstance(cached, Traced) else (cached,)]
    if math.prod(map(len, points)) > MOST:
        return ()
    for length, (low, high) in zip(lengths, spans, strict=True):
        if low <= 0 or (low < high and not (at_least(length, low) and at_least(high, length))):
            return ()
    return tuple(
        replace(
            demand, input_lengths=Band.exactly(inputs), output_length=outputs, lengths_at_ends=(),
            cached=replace(demand.cached, band=Band.exactly(share)),
        )
        for inputs, outputs, share in product(*points)
    )  # fmt: skip


def _between(low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    """Lengths from one to the other, each as many times the one before."""
    if low == high or low <= 0:
        return (low,)
    steps = max(2, math.ceil(math.log(high / low, APART)))
    times = float(high / low) ** (1 / steps)
    return (low, *(Decimal(round(float(low) * times**step)) for step in range(1, steps)), high)


def _span(length: Decimal, tape: Tape) -> tuple[Decimal, Decimal]:
    """What a length lies well between, in two digits: so that the cases of another sample lie there too."""
    if not isinstance(length, Traced):
        return length, length
    low, high = tape.span(length)
    if not (low.is_finite() and high.is_finite()):
        return Decimal(0), Decimal(0)
    return _two_digits(low * (1 - ROOM), ROUND_FLOOR), _two_digits(high * (1 + ROOM), ROUND_CEILING)


def _two_digits(number: Decimal, rounding: str) -> Decimal:
    return number.quantize(Decimal(1).scaleb(number.adjusted() - 1), rounding)


def _kept(model: str, catalogue: Catalogue, demands: Sequence[Demand], searched: SearchWanted) -> Iterator[OverLengths]:
    asked = [asked_of(model, demand, catalogue) for demand in demands]
    smaller: dict[tuple[str, str, str], list[tuple[Decimal, ...]]] = {}
    for shape in every_shape(catalogue, replace(searched, models=(model,))):
        each = tuple(
            candidate((model, shape.gpu), shape.rates, one.request, shape.rows, searched, catalogue) for one in asked
        )
        if shape.never or not any(one.fits for one in each):
            continue
        requests = chain.from_iterable(requests_of(one, asks) for one, asks in zip(each, asked, strict=True))
        found = OverLengths(shape, each, tuple(requests), all(one.fits for one in each))
        by_gpu = tuple(served / each[0].replica.gpus for served in found.requests)
        if found.everywhere and catalogue.gpus[shape.gpu].least_let == 1:
            # Of cards that are let by the node, half a node costs as much as all of it: every size is compared.
            others = smaller.setdefault(each[0].cards, [])
            if any(all(own <= its * BEATEN for own, its in zip(by_gpu, other, strict=True)) for other in others):
                continue
            others.append(by_gpu)
        yield found
