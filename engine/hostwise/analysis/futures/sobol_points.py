"""The points that futures are sampled at: a scrambled Sobol sequence, the same on every machine.

`sobol.npy` is what `scipy.stats.qmc.Sobol` drew once (`scripts/sobol`; a test draws it again). It is kept because a
record must come out the same under any version of scipy, and because importing scipy takes longer than deciding.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from hostwise.inference.columns import Floats

TABLE = Path(__file__).with_name("sobol.npy")
SEED = 20261121
POINTS = 512
DIMENSIONS = 128
LEVELS = 65536
"""A coordinate is kept to so many levels."""


def shipped() -> Floats:
    """512 points of 128 coordinates, each above 0 and below 1."""
    return _table()


@lru_cache(maxsize=1)
def _table() -> Floats:
    table: Floats = (np.load(TABLE, allow_pickle=False).astype(np.float64) + 0.5) / LEVELS
    return table


def drawn(points: int, dimensions: int, seed: int) -> Floats:
    """Other points: a power of two of them, drawn by scipy. Raises `ImportError` where it is not installed."""
    from scipy.stats import qmc

    raw = qmc.Sobol(d=dimensions, scramble=True, rng=seed).random(points)
    table: Floats = (np.floor(raw * LEVELS) + 0.5) / LEVELS
    return table
