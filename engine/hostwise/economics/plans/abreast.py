"""Replicas side by side on a tape: one whose numbers are those of all, and the one of them that each case picks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from msgspec.structs import replace

from hostwise.economics.capacity.capacity import Hardware
from hostwise.economics.catalogue.sourced import Sourced
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.numbers import Test, at_least, where
from hostwise.economics.numbers.tape import PickedRow, Tape

ZERO, ONE = Decimal(0), Decimal(1)
Merge = Callable[[Sequence[Decimal]], Decimal]
"""Makes one number of one for each replica."""


def abreast(hardware: Sequence[Hardware], tape: Tape) -> Hardware:
    """All of them as one, to compute what each costs; nothing may be asked of its numbers."""
    return _merged(hardware[0], hardware, tape.beside)


def picked(row: PickedRow, hardware: Sequence[Hardware], tape: Tape) -> Hardware:
    """The one that each case picks; its names are those of the case that is recorded."""
    shown = hardware[row.shown]
    return shown if row.steady else _merged(shown, hardware, lambda numbers: tape.picked(row, numbers))


def _merged(shown: Hardware, hardware: Sequence[Hardware], merge: Merge) -> Hardware:
    costs = [one.cost for one in hardware]
    return replace(
        shown,
        gpus_per_replica=merge([one.gpus_per_replica for one in hardware]),
        throughput=_sourced(shown.throughput, [one.throughput for one in hardware], merge),
        work=_band([one.work for one in hardware], merge),
        cost=replace(
            shown.cost,
            rent=_sourced(shown.cost.rent, [cost.rent for cost in costs], merge),
            purchase=_sourced(shown.cost.purchase, [cost.purchase for cost in costs], merge),
            committed=_test([cost.committed for cost in costs], merge),
            allowed=_test([cost.allowed for cost in costs], merge),
            place=merge([cost.place for cost in costs]),
            least=merge([cost.least for cost in costs]),
        ),
        watts=_known([one.watts for one in hardware], merge),
        parameters=merge([one.parameters for one in hardware]),
        fits=_test([one.fits for one in hardware], merge),
    )


def _known(numbers: Sequence[Decimal | None], merge: Merge) -> Decimal | None:
    """One number, where each has one."""
    known = [each for each in numbers if each is not None]
    return merge(known) if len(known) == len(numbers) else None


def _sourced(shown: Sourced | None, values: Sequence[Sourced | None], merge: Merge) -> Sourced | None:
    bands = [each.band for each in values if each is not None]
    if shown is None or len(bands) < len(values):
        return None
    return replace(shown, band=_band(bands, merge))


def _band(bands: Sequence[Band], merge: Merge) -> Band:
    likely = merge([band.likely for band in bands])
    if all(band.exact for band in bands):
        return Band(likely, likely, likely)
    return Band(merge([band.low for band in bands]), likely, merge([band.high for band in bands]))


def _test(tests: Sequence[Test], merge: Merge) -> Test:
    first, *others = tests
    if all(each is first for each in others):
        return first
    return at_least(merge([where(each, ONE, ZERO) for each in tests]), ONE)
