"""The parts that drawn answers are cut into are those of numpy's quantiles, digit for digit."""

from __future__ import annotations

import numpy as np
import pytest

from hostwise.analysis.futures.worth_asking import PARTS, _edges


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 64, 511, 512])
@pytest.mark.parametrize("places", [0, 3, 15])
def test_edges_are_numpys_quantiles(size: int, places: int) -> None:
    drawn = np.random.default_rng(size)
    for scale in (1e-3, 1.0, 1e9):
        values = np.round(drawn.lognormal(size=size) * scale, places)
        assert _edges(values).tolist() == np.quantile(values, np.arange(1, PARTS) / PARTS).tolist()
