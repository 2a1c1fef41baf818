"""Several numbers side by side in each case of a tape, such as what each plan of a search costs: the plan is the row.

The formulas are then recorded and replayed once for all plans, and the cheapest is picked case by case.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

CLOSE = Decimal("1e-9")
"""A plan is cheaper by this share at least: what the order of a sum leaves in the last digits decides nothing."""
NEAR = Decimal("1e-6")
"""The same in dollars, where what is compared may be a saving."""

_CLOSE, _NEAR = float(CLOSE), float(NEAR)
_SAME = 1e-12
"""What floats leave of a difference, as a share: well below what counts as one."""
Rows = NDArray[np.float64]


def beside(*numbers: Any) -> Rows:
    """Numbers of the cases, a row each; those that are alike in every case are single ones."""
    rows = np.empty((len(numbers), max(getattr(each, "size", 1) for each in numbers)))
    for row, each in enumerate(numbers):
        rows[row] = each
    return rows


def picked(row: NDArray[np.intp], rows: Rows) -> Rows:
    """The number of one row in each case."""
    if rows.shape[1] == 1:
        found: Rows = rows[row, 0]
    else:
        found = rows[row[0]] if len(row) == 1 else rows[row, np.arange(len(row))]
    return found


def cheapest(costs: Rows) -> NDArray[np.intp]:
    """The first row that none is cheaper than by `CLOSE`."""
    found: NDArray[np.intp] = (costs * (1 - _CLOSE) <= costs.min(axis=0)).argmax(axis=0)
    return found


def cheapest_by_far(costs: Rows) -> NDArray[np.intp]:
    """The first row that none is cheaper than by `NEAR`."""
    found: NDArray[np.intp] = (costs - _NEAR <= costs.min(axis=0)).argmax(axis=0)
    return found


def all_but_close(costs: Rows) -> NDArray[np.bool_]:
    """Where a row is dearer than the cheapest by about `CLOSE`: floats do not tell whether that counts."""
    least = costs.min(axis=0)
    more = costs - least
    found: NDArray[np.bool_] = ((more > _SAME * np.absolute(least)) & (more < 2 * _CLOSE * np.absolute(least))).any(
        axis=0
    )
    return found


def all_but_near(costs: Rows) -> NDArray[np.bool_]:
    """The same of `NEAR`."""
    least = costs.min(axis=0)
    more, slack = costs - least, _SAME * np.absolute(least)
    found: NDArray[np.bool_] = ((more > _NEAR / 2 - slack) & (more > 0) & (more < 2 * _NEAR + slack)).any(axis=0)
    return found
