"""Evaluate, then move: what it is worth to find out first, beside moving at once and staying.

A move passes where the true gap stays below the limit; the prior of the gap says how often. An evaluation of `n` inputs
shows that gap with an error, and the move is made where what it shows is no more than a cut. For each size and cut the
expected value over the horizon, against staying, is

    mean over the gaps of [chance to be let through × value of moving] − cost of the evaluation

(expected value of sample information, Raiffa and Schlaifer 1961); the best pair is taken. A fixed limit as the cut
would turn good moves away at small sizes.

Once a gap is shown the question is asked again, with what is left to expect: between what is good enough to move on and
what is bad enough to stay on, more inputs may be worth their cost. The formula knows of no second evaluation, so the
cut that is said is not its own but the one that deciding again bears out.
"""

from __future__ import annotations

from bisect import bisect_left
from math import erf, sqrt
from statistics import NormalDist

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from hostwise.economics.catalogue.computed_facts import STAY
from hostwise.economics.catalogue.gap_priors import GapPrior
from hostwise.inference.columns import Floats, Mask

EVALUATE, START_SMALL = "evaluate", "start-small"
FIRST = (EVALUATE, START_SMALL, STAY)
"""What may come first."""
SIZES = (30, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1200)
"""Inputs that are tried."""
GAPS = 200
"""Equally likely gaps that stand for the prior."""
_MIDDLES = [NormalDist().inv_cdf((place + 0.5) / GAPS) for place in range(GAPS)]
CUTS = np.round(np.linspace(-0.05, 0.25, 31), 4)
"""Gaps up to which an evaluation may let a model through: whole points."""
POINT = 0.01
SHOWN = [round(-0.05 + place / 100, 4) for place in range(66)]
"""Gaps that an evaluation may show, after which it is decided again."""
DAYS_A_MONTH = 30
FAR, A_SCORE = 6.0, 500
"""Beyond so many standard deviations lies nothing; each is so many steps of the table."""
_SCORES = np.linspace(-FAR, FAR, int(2 * FAR) * A_SCORE + 1)
_BELOW = np.array([0.5 * (1 + erf(score / sqrt(2))) for score in _SCORES.tolist()])
_SLOPE = np.append(np.diff(_BELOW) / np.diff(_SCORES), 0.0)
"""The normal distribution, read off a table: within one in ten million, at a tenth of the time."""


class Stakes(Struct, frozen=True):
    """What a move is about, in the reporting currency.

    `saving` a month without what is paid once, over `horizon` months; `move` and `harm` are paid once, the harm where a
    move that fails is found out after `noticed` months. An evaluation costs `fixed`, `item` for each input, and `days`
    in which nothing is saved yet.
    """

    saving: float
    horizon: float
    move: float
    harm: float
    noticed: float
    fixed: float
    item: float
    days: float

    @property
    def won(self) -> float:
        """What moving at once gains where the model is good enough."""
        return self.saving * self.horizon - self.move

    @property
    def lost(self) -> float:
        """What it loses where it is not; negative where even that gains."""
        return self.move + self.harm - self.saving * self.noticed

    @property
    def won_later(self) -> float:
        """What moving after an evaluation gains where the model is good enough."""
        return self.won - self.saving * self.days / DAYS_A_MONTH


class TwoSteps(Struct, frozen=True):
    """`good` is the chance that the model is good enough, `confirms` that the evaluation of `items` inputs says so: it
    does where it shows a gap up to `cut`; from `stay_from` on staying is what follows, between the two it is to be
    decided again. `cost` is what it costs, `worth` what finding out first is worth against the
    better of moving at once and staying. From a chance of `evaluate_from` on evaluating beats staying, from `move_from`
    on moving at once beats evaluating, from `now_from` on it beats staying.
    """

    first: str
    good: float
    confirms: float
    items: int
    cut: float
    stay_from: float
    cost: float
    worth: float
    evaluate_from: float
    move_from: float
    now_from: float


def two_steps(prior: GapPrior, limit: float, discordant: float, stakes: Stakes) -> TwoSteps:
    """The best two steps; `limit` is the gap below which a model is good enough, `discordant` the share of inputs that
    only one of the two gets right."""
    found = best_first(prior, limit, discordant, stakes)
    if found.first != EVALUATE:
        return found

    def then(gap: float) -> str:
        error = _error(max(discordant, abs(gap)), found.items)
        return best_first(prior.after(gap, error), limit, discordant, stakes).first

    stays = bisect_left(SHOWN, True, key=lambda gap: then(gap) == STAY)
    moves = bisect_left(SHOWN, True, hi=stays, key=lambda gap: then(gap) != START_SMALL)
    if not moves or stays == len(SHOWN):
        return found
    cut, error = SHOWN[moves - 1], _error(discordant, found.items)
    confirms = float(_normal((cut - _gaps(prior)) / error).mean())
    return replace(found, cut=cut, stay_from=SHOWN[stays], confirms=confirms)


def _gaps(prior: GapPrior) -> Floats:
    return np.array(prior.gaps(_MIDDLES))


def _error(discordant: float, size: int) -> float:
    """The standard error of a gap that so many inputs show."""
    return sqrt(max(discordant, 0.001) / size)


def best_first(prior: GapPrior, limit: float, discordant: float, stakes: Stakes) -> TwoSteps:
    """What comes first, with the cut of the formula: enough where nobody asks what to do once a gap is shown."""
    gaps = _gaps(prior)
    good = gaps < limit
    tried = [_tried(size, gaps, good, discordant, stakes) for size in SIZES]
    value, items, cut, through = max(tried, key=lambda each: (round(each[0], 2), -each[1]))
    power = float(through[good].mean()) if good.any() else 0.0
    false = float(through[~good].mean()) if not good.all() else 0.0
    chance = float(good.mean())
    now = chance * stakes.won - (1 - chance) * stakes.lost
    first = EVALUATE if value >= max(now, 0.0) else START_SMALL if now > 0 else STAY
    cost = stakes.fixed + stakes.item * items
    return TwoSteps(
        first=first,
        good=chance,
        confirms=chance * power + (1 - chance) * false,
        items=items,
        cut=cut,
        stay_from=cut + POINT,
        cost=cost,
        worth=value - max(now, 0.0),
        evaluate_from=evaluating_beats_staying(stakes, power, false, cost),
        move_from=moving_beats_evaluating(stakes, power, false, cost),
        now_from=_chance(stakes.lost, stakes.won + stakes.lost),
    )


def evaluating_beats_staying(stakes: Stakes, power: float, false: float, cost: float) -> float:
    """The chance of a good model from which evaluating first beats staying. `power` is how often a good one passes,
    `false` how often a bad one does."""
    at_risk = false * stakes.lost
    return _chance(at_risk + cost, power * stakes.won_later + at_risk)


def moving_beats_evaluating(stakes: Stakes, power: float, false: float, cost: float) -> float:
    """The chance of a good model from which moving at once beats evaluating first."""
    kept = (1 - false) * stakes.lost
    return _chance(kept - cost, stakes.won - power * stakes.won_later + kept)


def _tried(size: int, gaps: Floats, good: Mask, discordant: float, stakes: Stakes) -> tuple[float, int, float, Floats]:
    """The best cut at a size: its value, and how often it lets a model of each gap through."""
    error = _error(discordant, size)
    through = _normal((CUTS[:, None] - gaps) / error)
    value = np.where(good, stakes.won_later, -stakes.lost)
    values = through @ value / len(gaps)
    best = int(values.argmax())
    cost = stakes.fixed + stakes.item * size
    return float(values[best]) - cost, size, float(CUTS[best]), through[best]


def _normal(scores: Floats) -> Floats:
    """How much of the normal distribution lies below each score.

    It is what `np.interp` gives, to the bit; but the table is even, so its place is counted and not searched.
    """
    kept = np.clip(scores, -FAR, FAR)
    place = ((kept + FAR) * A_SCORE + 1e-6).astype(np.intp)
    low = _SCORES.take(place)
    if (over := kept < low).any():  # counted in floats: it may be one too far
        place -= over
        low = _SCORES.take(place)
    below: Floats = _SLOPE.take(place) * (kept - low) + _BELOW.take(place)
    return below


def _chance(over: float, under: float) -> float:
    """A share between 0 and 1; what no chance reaches is 1."""
    return min(max(over / under, 0.0), 1.0) if under > 0 else 1.0
