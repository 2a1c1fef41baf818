"""What the quality gap of an open model could be (`rules/catalogue/gap-priors.yaml`): a normal in log-odds.

A gap is a share of right answers, positive where the open model is worse: 0.05 is five points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from math import exp, log, sqrt
from statistics import NormalDist

from msgspec import Struct

from hostwise.reading.files.strict import Strict

Normal = tuple[Decimal, Decimal]
"""A mean and a standard deviation, in log-odds."""
NEAREST, FARTHEST = 0.001, 0.999
"""Qualities beyond are taken as these: a logit of 0 or 1 is infinite."""


class TaskPrior(Strict, frozen=True):
    """The log-odds of one task, by how far the open model's class stands below the API's."""

    same: Normal
    one_below: Normal
    two_below: Normal


class EvaluationFigures(Strict, frozen=True):
    """What an evaluation costs and a failed move does: dollars an item, working days, times the cost of
    staying, months."""

    source: str
    as_of: date
    item_cost: Decimal
    days: int
    harm: Decimal
    noticed_months: Decimal
    because: str


class GapPriors(Strict, frozen=True):
    """All priors, and what adds to them."""

    source: str
    as_of: date
    review_by: date
    because: str
    api_quality: Decimal
    widening: Decimal
    tasks: Mapping[str, TaskPrior]
    other_tasks: str
    class_of_tier: Mapping[str, str]
    evaluation: EvaluationFigures
    host: Normal
    tuned: Normal
    precisions: Mapping[str, Normal]

    def prior(self, task: str | None, below: int, factors: list[Normal]) -> GapPrior:
        """Of a task, with the open model so many classes below the API, and what else adds to the log-odds."""
        entry = self.tasks.get(task or "") or self.tasks[self.other_tasks]
        mean, deviation = (entry.same, entry.one_below, entry.two_below)[min(abs(below), 2) if below >= 0 else 1]
        if below < 0:
            mean = -mean / 2
        every = [(mean, deviation), *factors]
        variance = sum(float(each[1]) ** 2 for each in every)
        wide = sqrt(variance) * float(self.widening)
        return GapPrior(float(sum(each[0] for each in every)), wide, float(self.api_quality))


class GapPrior(Struct, frozen=True):
    """A normal of the log-odds `logit(api) − logit(open)`, at a quality of the API."""

    mean: float
    deviation: float
    api_quality: float

    def gap(self, share: float) -> float:
        """The gap that this share of all gaps does not exceed."""
        return self.gaps((NormalDist().inv_cdf(share),))[0]

    def gaps(self, scores: Iterable[float]) -> list[float]:
        """The gaps at some standard scores of the log-odds: at 0 the one that half of all gaps do not exceed."""
        quality, odds, mean, deviation = self.api_quality, _logit(self.api_quality), self.mean, self.deviation
        return [quality - 1 / (1 + exp(-(odds - (mean + score * deviation)))) for score in scores]

    def after(self, gap: float, error: float) -> GapPrior:
        """What is left to expect once an evaluation showed a gap, with its standard error."""
        quality = min(max(self.api_quality - gap, NEAREST), FARTHEST)
        seen = _logit(self.api_quality) - _logit(quality)
        noise = (error / (quality * (1 - quality))) ** 2
        weight = self.deviation**2 / (self.deviation**2 + noise)
        return GapPrior(self.mean + weight * (seen - self.mean), sqrt(weight * noise), self.api_quality)

    def within(self, limit: float) -> float:
        """The chance that the gap does not exceed a limit."""
        quality = min(max(self.api_quality - limit, NEAREST), FARTHEST)
        return NormalDist(self.mean, self.deviation).cdf(_logit(self.api_quality) - _logit(quality))


def _logit(quality: float) -> float:
    return log(quality / (1 - quality))
