"""What keeps a replica from serving the requests, in each case of a tape."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hostwise.economics.capacity.capacity import Hardware
from hostwise.economics.numbers.numbers import Test, above, both, first
from hostwise.economics.throughput.replica import ONE


def obstacle_of(one: Hardware, room: Test, ids: Sequence[str]) -> Decimal:
    """The place of the first obstacle in `ids`: `none`, `context`, `memory`, `desk` or `latency`.

    `room` holds where there is room for as many as it takes.
    """
    request = one.load.request
    context = Decimal(one.load.rates.replica.model.context)
    # On a tape one hardware stands for several: whether it serves is known in each case, and first.
    tests = {
        "none": both(one.fits, room),
        "context": above(request.input_length + request.output_length, context),
        "memory": above(ONE, one.load.at_most),
        "desk": one.fits,
    }
    found = ((test, Decimal(ids.index(each))) for each, test in tests.items())
    return first(found, lambda: Decimal(ids.index("latency")))
