"""The answer most worth finding out: how much of what is uncertain about the verdict each open answer carries.

From the futures alone (no further decision is made): knowing an answer means deciding in each part of its range by
what is commonest there. What that takes off the chance of a wrong verdict, and off the expected regret in money, is its
worth (the expected value of partial perfect information).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hostwise.analysis.futures.robustness import Sampled, cents
from hostwise.analysis.futures.uncertain import Uncertain
from hostwise.answers.questions.questions import Question
from hostwise.inference.columns import Floats

PARTS = 4
"""A number's futures are parted into so many by its size: enough to see a trend, few enough not to see noise."""
LITTLE = 0.01
"""Of a month's cost: what is worth less is not worth an answer."""
Labels = NDArray[np.intp]


class Worth(Struct, frozen=True):
    """What an answer is worth: by how much knowing it lowers the chance of a wrong verdict, and the regret a month."""

    question: Question
    uncertain: Uncertain
    wrong: Decimal
    regret: Decimal


class Provisional(Struct, frozen=True):
    """What an open decision would be today: what most futures come to; of equals what fewest rule out, of least regret.

    `share` of the futures come to it and `barred` rule it out; `regret` is its mean in the others, a month. `open` of
    them settle nothing, where these are more: it is then the cheapest that has a price, and `regret` is against such.
    """

    option: str
    share: Decimal
    barred: Decimal
    regret: Decimal
    open: Decimal = Decimal(0)


class Doubt(Struct, frozen=True):
    """What stands to be gained: the chance that the verdict is not that of the future that comes, what that would cost
    a month, and each open answer by its worth, the best to find out first.

    `today` is None where no option is left and priced in any future.
    """

    wrong: Decimal
    regret: Decimal
    today: Provisional | None
    questions: tuple[Worth, ...]


def doubt(found: Sampled, verdict: str) -> Doubt:
    """What is in doubt about a verdict, and which answers carry it."""
    outcomes = found.outcomes
    reached = [place for place in sorted(set(outcomes.verdict.tolist())) if place < len(outcomes.options)]
    place = outcomes.verdicts.index(verdict)
    wrong = float((outcomes.verdict != place).mean())
    every = regrets_in(found)
    # Only an option that some future leads to is worth waiting for.
    regrets = every[:, reached] if reached else np.zeros((len(every), 1))
    best = float(regrets.mean(axis=0).min())
    regret = float(every[:, place].mean()) if place < every.shape[1] else best
    least = _least_said(found, wrong)
    said = (w for w in _worths(found, regrets, best) if float(w.wrong) > least[0] or float(w.regret) > least[1])
    worths = sorted(said, key=lambda w: (-w.wrong, -w.regret, w.uncertain.name))
    return Doubt(_share(wrong), cents(regret), _today(found, every, reached), tuple(worths))


def _least_said(found: Sampled, wrong: float) -> tuple[float, float]:
    """What no answer is worth asking for: a chance within the error of so many futures, and a hundredth of the cost."""
    outcomes = found.outcomes
    decided = np.flatnonzero(outcomes.verdict < len(outcomes.options))
    costs = outcomes.costs[decided, outcomes.verdict[decided]]
    costs = costs[~np.isnan(costs)]
    error = (wrong * (1 - wrong) / len(outcomes.verdict)) ** 0.5
    return error, LITTLE * float(costs.mean()) if len(costs) else 0.0


def _today(found: Sampled, regrets: Floats, reached: list[int]) -> Provisional | None:
    outcomes, size = found.outcomes, found.population.size
    priced = outcomes.left & ~np.isnan(outcomes.costs)
    with_price = [place for place in range(len(outcomes.options)) if priced[:, place].any()]
    if not with_price:
        return None
    undecided = int(((outcomes.verdict >= len(outcomes.options)) & priced.any(axis=1)).sum())
    places = [place for place in reached or with_price if place in with_price]
    if not places:  # the few futures that wait for nothing come to an option that has no price
        return _cheapest_priced(found, undecided)
    there = outcomes.left.sum(axis=0)
    lost = {place: float(regrets[outcomes.left[:, place], place].mean()) for place in places}
    cost = {place: float(outcomes.costs[priced[:, place], place].mean()) for place in places}
    comes = np.bincount(outcomes.verdict, minlength=len(outcomes.options))
    best = min(places, key=lambda place: (-comes[place], -there[place], lost[place], cost[place]))
    if undecided > comes[best]:
        return _cheapest_priced(found, undecided)
    barred = 1 - int(there[best]) / size
    return Provisional(outcomes.options[best], _share(int(comes[best]) / size), _share(barred), cents(lost[best]))


def _cheapest_priced(found: Sampled, undecided: int) -> Provisional:
    """Where most futures wait for what is not drawn, as a price that nobody knows, the few that do not say little: the
    cheapest on average of what fewest rule out, against the cheapest of each future."""
    outcomes, size = found.outcomes, found.population.size
    priced = outcomes.left & ~np.isnan(outcomes.costs)
    least = np.where(priced, outcomes.costs, np.inf).min(axis=1)
    there = outcomes.left.sum(axis=0)
    places = [place for place in range(len(outcomes.options)) if priced[:, place].any()]
    lost = {place: float((outcomes.costs[:, place] - least)[priced[:, place]].mean()) for place in places}
    best = min(places, key=lambda place: (-there[place], lost[place]))
    comes, barred = int((outcomes.verdict == best).sum()), 1 - int(there[best]) / size
    return Provisional(
        outcomes.options[best], _share(comes / size), _share(barred), cents(lost[best]), _share(undecided / size)
    )


def _worths(found: Sampled, regrets: Floats, best: float) -> Iterator[Worth]:
    verdicts = found.outcomes.verdict.astype(np.intp)
    ignorant = _misses(verdicts)
    for each in found.uncertain:
        question, parts = each.question or each.asks, _parts_of(each, found)
        if question is None or parts is None:
            continue
        there = np.flatnonzero(np.bincount(parts))
        missed = sum(_misses(verdicts[parts == part]) for part in there)
        regret = sum(regrets[parts == part].sum(axis=0).min() for part in there) / len(parts)
        wrong, saved = _share((ignorant - missed) / len(parts)), cents(max(0.0, best - float(regret)))
        if wrong or saved:
            yield Worth(question, each, wrong, saved)


def _misses(verdicts: Labels) -> int:
    """In how many futures the commonest verdict is not the right one."""
    return len(verdicts) - int(np.bincount(verdicts).max()) if len(verdicts) else 0


def _parts_of(each: Uncertain, found: Sampled) -> Labels | None:
    """The futures by what was drawn; None where nothing was."""
    spread = found.population.spreads.get(each.name)
    if spread is not None and each.words:
        return spread.which
    values = spread.numbers["value"] if spread is not None else found.population.figures.get(each.name)
    return None if values is None else np.searchsorted(_edges(values), values)


def _edges(values: Floats) -> Floats:
    """What `np.quantile` gives for equal parts, digit for digit; that loads numpy's masked arrays, 4% of a decision."""
    ordered, at = np.sort(values), (len(values) - 1) * (np.arange(1, PARTS) / PARTS)
    below = at.astype(np.intp)
    low, high = ordered[below], ordered[np.minimum(below + 1, len(ordered) - 1)]
    share = at - below
    return np.where(share < 0.5, low + (high - low) * share, high - (high - low) * (1 - share))


def regrets_in(found: Sampled) -> Floats:
    """What each option would cost more than the right one, in each future. Nothing where either is not priced.

    Nor where the other model of a closed API fails its evaluation: the right one is then taken instead, as it is where
    an open model fails, and the ledgers count the evaluation.
    """
    outcomes = found.outcomes
    costs = outcomes.costs
    right = outcomes.verdict
    priced = np.minimum(right, costs.shape[1] - 1)
    own = np.where(right < costs.shape[1], costs[np.arange(len(right)), priced], np.nan)
    lost = np.maximum(np.nan_to_num(costs - own[:, None], nan=0.0), 0.0)
    if found.api_fails is not None:
        lost[found.api_fails, outcomes.options.index(found.closed)] = 0.0
    return lost


def _share(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal("0.0001"))
