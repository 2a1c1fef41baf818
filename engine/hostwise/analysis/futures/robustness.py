"""How sure a decision is: decided again in many plausible futures.

Everything uncertain is drawn together (`sampling`), and each future is decided completely, rules and replicas included:
the share of each verdict, and each option's cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import numpy as np
from msgspec import Struct

from hostwise.analysis.futures.open_quality import api_gap, open_gap
from hostwise.analysis.futures.sampling import futures
from hostwise.analysis.futures.sobol_points import SEED, shipped
from hostwise.analysis.futures.uncertain import API_GAP, Uncertain, uncertainties
from hostwise.answers.facts import Fact
from hostwise.answers.questions.questions import Questionnaire
from hostwise.batch.cases import Population
from hostwise.batch.decide import decide_many
from hostwise.batch.outcomes import IN_USE, Outcomes
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis, FlowRun
from hostwise.inference.columns import Floats, Mask
from hostwise.reading.numbers.currencies import CENT
from hostwise.reading.numbers.fact_types import WIDE

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
"""The percentiles that are shown."""
TAIL = 0.05
"""The share of futures left out at each end of a difference between two options: nine of ten lie between."""


class Share(Struct, frozen=True):
    """In how many futures a verdict is reached."""

    verdict: str
    count: int
    share: Decimal
    error: Decimal
    """One standard error of the share, as drawing so many futures at random would have."""


class CostBand(Struct, frozen=True):
    """An option's monthly cost over the futures in which it is priced, in the reporting currency."""

    option: str
    priced: int
    p10: Decimal
    p50: Decimal
    p90: Decimal


class SavingBand(Struct, frozen=True):
    """What an option saves a month in at least nine of ten futures, in the reporting currency.

    It is against another option or, by the name of a fact of `IN_USE`, against staying on the model in use. Each
    future prices both: what makes both dear, a volume or a wage, is no difference between them.
    """

    against: str
    low: Decimal
    high: Decimal


class Robustness(Struct, frozen=True):
    """`priors_as_of` is the day of the priors that a quality gap is drawn from; None where it is not drawn.

    `option` is what the costs are compared for: the verdict, or the commonest one where the decision is open;
    `savings` what it saves against each other one that is priced with it.
    `api_stays` is the share of futures that come to the closed API and in which the other model that it would move to
    fails its evaluation: the model in use stays. None where none is moved to, or nothing can be stayed with.
    """

    seed: int
    futures: int
    priors_as_of: date | None
    uncertain: tuple[Uncertain, ...]
    shares: tuple[Share, ...]
    costs: tuple[CostBand, ...]
    savings: tuple[SavingBand, ...]
    option: str | None
    rival: str | None
    api_stays: Decimal | None


class Sampled(Struct, frozen=True, eq=False):
    """The futures of a situation and what each comes to. `api_fails` marks those in which the other proprietary model
    that the closed API would move to fails its evaluation; None where it would move to none."""

    uncertain: tuple[Uncertain, ...]
    population: Population
    outcomes: Outcomes
    seed: int
    closed: str
    api_fails: Mask | None


def sampled(
    run: FlowRun, answers: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire,
    design: Floats | None = None, seed: int = SEED,
) -> Sampled:  # fmt: skip
    """Draw the futures of a decision and decide each. `design` are other points than those shipped, drawn by `seed`."""
    plans = [ledger.capacity for ledger in run.costing.ledgers.values() if ledger.capacity]
    plans = plans or [_supposed_plan(basis.catalogue)]
    gap, api = open_gap(run.facts, basis.catalogue, run.costing), api_gap(run.facts, basis.catalogue)
    uncertain = uncertainties(answers, questionnaire, basis.catalogue, plans, gap, api, run.facts)
    population = futures(answers, uncertain, shipped() if design is None else design)
    gaps, limit = population.figures.get(API_GAP), float(basis.catalogue.figures["gap_worse"].likely)
    fails = None if gaps is None else gaps >= limit
    return Sampled(uncertain, population, decide_many(population, basis), seed, basis.catalogue.in_use.closed, fails)


def _supposed_plan(catalogue: Catalogue) -> Mapping[str, str]:
    """What is costed in futures where nothing could be planned, for want of a volume: the default card."""
    error = catalogue.physics.errors["estimated-dense"]
    low, high = (str(end * 100) for end in (error.low, error.high))
    gpu = catalogue.candidates["default"].gpu
    return {"gpu": gpu, "throughput_low": low, "throughput": "100", "throughput_high": high}


def robustness(found: Sampled, run: FlowRun, basis: Basis) -> Robustness:
    """Shares and cost bands."""
    shares = tuple(_shares(found.outcomes))
    option = run.choice.option or next((s.verdict for s in shares if s.verdict in basis.options), None)
    bands, savings = tuple(_bands(found.outcomes)), tuple(_savings(found, option))
    drawn = any(each.prior is not None for each in found.uncertain)
    day = basis.catalogue.gap_priors.as_of if drawn else None
    size, rival = found.population.size, _rival(option, run)
    stays = _api_stays(found) if run.facts["api_in_use_monthly"].known else None
    return Robustness(found.seed, size, day, found.uncertain, shares, bands, savings, option, rival, stays)


def _api_stays(found: Sampled) -> Decimal | None:
    if found.api_fails is None:
        return None
    closed = found.outcomes.verdict == found.outcomes.verdicts.index(found.closed)
    return (Decimal(int((closed & found.api_fails).sum())) / len(closed)).quantize(Decimal("0.0001"))


def _shares(outcomes: Outcomes) -> Iterator[Share]:
    counts = np.bincount(outcomes.verdict, minlength=len(outcomes.verdicts))
    for place in sorted(range(len(counts)), key=lambda p: (-counts[p], p)):
        if counts[place]:
            share = (Decimal(int(counts[place])) / len(outcomes.verdict)).quantize(Decimal("0.0001"))
            error = (share * (1 - share) / len(outcomes.verdict)).sqrt().quantize(Decimal("0.0001"))
            yield Share(outcomes.verdicts[place], int(counts[place]), share, error)


def _bands(outcomes: Outcomes) -> Iterator[CostBand]:
    for place, option in enumerate(outcomes.options):
        costs = outcomes.costs[:, place]
        priced = np.sort(costs[~np.isnan(costs)])
        if len(priced):
            yield CostBand(option, len(priced), *(cents(percentile(priced, share)) for share in (LOW, MIDDLE, HIGH)))


def _savings(found: Sampled, option: str | None) -> Iterator[SavingBand]:
    """None against what more than one future in twenty cannot price.

    What another model of the closed API saves is that of the futures in which it passes its evaluation.
    """
    outcomes = found.outcomes
    if option is None:
        return
    ours = outcomes.costs[:, outcomes.options.index(option)]
    theirs = np.column_stack((outcomes.costs, outcomes.staying))
    for other, costs in zip((*outcomes.options, *IN_USE), theirs.T, strict=True):
        moves = found.api_fails is not None and option == found.closed and other in IN_USE
        among = ~found.api_fails if moves and found.api_fails is not None else slice(None)
        saved = np.sort(np.nan_to_num(costs - ours, nan=np.inf)[among])
        if other == option or not len(saved):
            continue
        low, high = percentile(saved, TAIL), percentile(saved, 1 - TAIL)
        if high < np.inf:
            yield SavingBand(other, cents(low), cents(high))


def percentile(ordered: Floats, share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    return float(ordered[max(0, int(np.ceil(share * len(ordered))) - 1)])


def cents(value: float) -> Decimal:
    """An amount to the cent."""
    return Decimal(repr(value)).quantize(CENT, context=WIDE)


def _rival(option: str | None, run: FlowRun) -> str | None:
    """The cheapest of the other options that are left and priced."""
    costs = {
        other: value
        for other in run.gates.feasible
        if other != option and isinstance(value := run.facts[monthly(other)].value, Decimal)
    }
    return min(costs, key=lambda other: costs[other]) if costs else None
