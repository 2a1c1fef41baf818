"""Plausible futures: what is uncertain, drawn together many times.

Numbers take a point of the design each. Words are drawn in `WORLDS` blocks, since each combination of words goes its
own way through the economics: within a block the words stay and the numbers vary. Drawn numbers keep `DIGITS` digits:
nobody knows more, and the last bits of a logarithm differ from one processor to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np
from msgspec.structs import replace

from hostwise.analysis.futures.uncertain import TAIL, Uncertain
from hostwise.answers.facts import Fact
from hostwise.batch.cases import FactColumn, Population, numbers_of, repeated, replaced, words_of
from hostwise.inference.columns import Floats

WORLDS = 32
"""Combinations of words in one sample. The first 32 points of the design, as of any power of two, hold one in each 32nd
of every coordinate: a word comes up as often as its weight says, to a thirty-second."""
DIGITS = 4
NORMAL = NormalDist()


def futures(
    facts: Mapping[str, Fact], uncertain: Sequence[Uncertain], design: Floats, worlds: int = WORLDS
) -> Population:
    """One case for each point of the design. Things beyond its coordinates stay as they are."""
    size = len(design)
    kept = uncertain[: design.shape[1]]
    column = {each.name: design[:, place] for place, each in enumerate(kept)}
    block = np.arange(size) * worlds // size
    spreads: dict[str, FactColumn] = {}
    figures: dict[str, Floats] = {}
    for each in kept:
        if each.words:
            spreads[each.name] = _words(each, facts[each.name], column[each.name][:worlds][block])
            continue
        values = number(each, _at_levels(each, _following(each, column)))
        if each.question is None:
            figures[each.name] = values
        else:
            spreads |= {name: numbers_of(facts[name], values) for name in (each.name, *each.also)}
    return replace(replaced(repeated(facts, size), spreads), figures=figures)


def number(each: Uncertain, shares: Floats) -> Floats:
    """The values at some shares (0 to 1) of its distribution, to four digits."""
    if each.prior is not None:
        return _digits(np.array(each.prior.gaps(NORMAL.inv_cdf(share) for share in shares.tolist())))
    low, likely, high = float(each.low), float(each.likely), float(each.high)
    if each.shape == "lognormal":
        scores = np.array([NORMAL.inv_cdf(TAIL + (1 - 2 * TAIL) * share) for share in shares])
        reach = NORMAL.inv_cdf(1 - TAIL)
        ratio = np.where(scores < 0, likely / low, high / likely)
        return _digits(likely * ratio ** (scores / reach))
    turn = (likely - low) / (high - low)
    rising = low + np.sqrt(shares * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - shares) * (high - low) * (high - likely))
    return _digits(np.where(shares < turn, rising, falling))


def _words(each: Uncertain, fact: Fact, shares: Floats) -> FactColumn:
    return words_of(fact, list(each.words), _places(each, shares))


def _places(each: Uncertain, shares: Floats) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    weights = np.array([float(weight) for weight in each.words.values()])
    edges = np.cumsum(weights)[:-1] / weights.sum()
    return np.searchsorted(edges, shares, side="right")


def _following(each: Uncertain, column: Mapping[str, Floats]) -> Floats:
    """The coordinate of one thing, drawn towards that of another which it follows (a Gaussian copula)."""
    own = column[each.name]
    if each.follows is None or each.follows[0] not in column:
        return own
    leader, closeness = column[each.follows[0]], float(each.follows[1])
    scores = [
        NORMAL.cdf(closeness * NORMAL.inv_cdf(lead) + (1 - closeness**2) ** 0.5 * NORMAL.inv_cdf(alone))
        for lead, alone in zip(leader, own, strict=True)
    ]
    return np.array(scores)


def _at_levels(each: Uncertain, shares: Floats) -> Floats:
    """The middle of the level that each share lies in, where the question has levels."""
    levels = each.question and each.question.spread and each.question.spread.levels
    return (np.minimum(np.floor(shares * levels), levels - 1) + 0.5) / levels if levels else shares


def _digits(values: Floats) -> Floats:
    """Rounded to four significant digits."""
    size = np.where(values == 0, 1.0, np.abs(values))
    unit = 10.0 ** (np.floor(np.log10(size)) - DIGITS + 1)
    return np.rint(values / unit) * unit
