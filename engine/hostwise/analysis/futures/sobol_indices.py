"""Sobol indices: how much of the variance of what is compared each uncertain thing carries, alone and with the others.

An option for those who want it (`scipy.stats.sobol_indices`); the tornado says the same one at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
from msgspec import Struct

from hostwise.analysis.futures.sampling import futures
from hostwise.analysis.futures.uncertain import Uncertain
from hostwise.answers.facts import Fact
from hostwise.batch.decide import decide_many
from hostwise.flow.flow import Basis
from hostwise.inference.columns import Floats

MOST = 24
"""Things that are looked at: those with the widest swings. The method decides futures × (things + 2) times."""


class Index(Struct, frozen=True):
    """Shares of the variance: `first` is what it carries by itself, `total` with all that it acts together with."""

    uncertain: Uncertain
    first: Decimal
    total: Decimal


def sobol_indices(
    uncertain: Sequence[Uncertain], facts: Mapping[str, Fact], basis: Basis, option: str, rival: str | None,
    points: int, seed: int,
) -> tuple[Index, ...]:  # fmt: skip
    """Of the lead of an option over its rival (of its cost, where it has none), the weightiest first.

    `points` is a power of two. Raises `ImportError` where scipy is not installed.
    """
    from scipy.stats import sobol_indices as indices
    from scipy.stats import uniform

    kept = uncertain[:MOST]

    def lead(shares: Floats) -> Floats:
        outcomes = decide_many(futures(facts, kept, shares.T, worlds=shares.shape[1]), basis)
        costs = outcomes.costs[:, outcomes.options.index(option)]
        if rival is not None:
            costs = outcomes.costs[:, outcomes.options.index(rival)] - costs
        return np.nan_to_num(costs, nan=0.0)[None]

    found = indices(func=lead, n=points, dists=[uniform()] * len(kept), rng=seed)
    first, total = (np.atleast_1d(np.squeeze(order)) for order in (found.first_order, found.total_order))
    pairs = zip(kept, first, total, strict=True)
    ranked = sorted(pairs, key=lambda pair: (-pair[2], pair[0].name))
    return tuple(Index(each, _share(first), _share(total)) for each, first, total in ranked)


def _share(value: float) -> Decimal:
    return Decimal(repr(float(value))).quantize(Decimal("0.001")) if np.isfinite(value) else Decimal(0)
