"""How sure a decision is: decided again in many plausible futures, and with one thing moved at a time.

Everything uncertain is drawn together (`sampling`), and each future is decided completely, rules and replicas included:
the share of each verdict, and each option's cost. Then one thing at a time goes from its tenth to its ninetieth
percentile, the rest as it is: the tornado.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import numpy as np
from msgspec import Struct

from hostwise.analysis.futures.open_quality import open_gap
from hostwise.analysis.futures.sampling import futures, number
from hostwise.analysis.futures.sobol_points import POINTS, SEED, shipped
from hostwise.analysis.futures.uncertain import Uncertain, uncertainties
from hostwise.answers.facts import Fact, Value
from hostwise.answers.questions.questions import Questionnaire
from hostwise.batch.cases import Population, changed
from hostwise.batch.decide import Outcomes, decide_many
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis, FlowRun
from hostwise.inference.columns import Floats
from hostwise.reading.numbers.currencies import CENT
from hostwise.reading.numbers.fact_types import WIDE

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
"""The percentiles that are shown."""


class Share(Struct, frozen=True):
    """In how many futures a verdict is reached."""

    verdict: str
    count: int
    share: Decimal


class CostBand(Struct, frozen=True):
    """An option's monthly cost over the futures in which it is priced, in the reporting currency."""

    option: str
    priced: int
    p10: Decimal
    p50: Decimal
    p90: Decimal


class Setting(Struct, frozen=True):
    """One thing at one value, the rest as it is: the verdict, and the cost of the option that the decision is about."""

    value: Value
    verdict: str
    cost: Decimal | None
    lead: Decimal | None
    """What the next cheapest option that is left costs more than it; negative where it is the dearer one."""


class Swing(Struct, frozen=True):
    """One row of the tornado. `swing` is how far the lead moves between its settings, in money a month."""

    uncertain: Uncertain
    settings: tuple[Setting, ...]
    swing: Decimal
    flips: bool


class Robustness(Struct, frozen=True):
    """`option` is what the costs are compared for: the verdict, or the commonest one where the decision is open."""

    seed: int
    futures: int
    uncertain: tuple[Uncertain, ...]
    shares: tuple[Share, ...]
    costs: tuple[CostBand, ...]
    option: str | None
    rival: str | None


class Sampled(Struct, frozen=True, eq=False):
    """The futures of a situation and what each comes to."""

    uncertain: tuple[Uncertain, ...]
    population: Population
    outcomes: Outcomes
    seed: int


def sampled(
    run: FlowRun, answers: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire,
    design: Floats | None = None, seed: int = SEED,
) -> Sampled:  # fmt: skip
    """Draw the futures of a decision and decide each. `design` are other points than those shipped, drawn by `seed`."""
    plans = [ledger.capacity for ledger in run.costing.ledgers.values() if ledger.capacity]
    plans = plans or [_supposed_plan(basis.catalogue)]
    uncertain = uncertainties(
        answers, questionnaire, basis.catalogue, plans, open_gap(run.facts, basis.catalogue, run.costing)
    )
    population = futures(answers, uncertain, shipped() if design is None else design)
    return Sampled(uncertain, population, decide_many(population, basis), seed)


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
    bands = tuple(_bands(found.outcomes))
    return Robustness(found.seed, found.population.size, found.uncertain, shares, bands, option, _rival(option, run))


def _shares(outcomes: Outcomes) -> Iterator[Share]:
    counts = np.bincount(outcomes.verdict, minlength=len(outcomes.verdicts))
    for place in sorted(range(len(counts)), key=lambda p: (-counts[p], p)):
        if counts[place]:
            share = (Decimal(int(counts[place])) / len(outcomes.verdict)).quantize(Decimal("0.0001"))
            yield Share(outcomes.verdicts[place], int(counts[place]), share)


def _bands(outcomes: Outcomes) -> Iterator[CostBand]:
    for place, option in enumerate(outcomes.options):
        costs = outcomes.costs[:, place]
        priced = np.sort(costs[~np.isnan(costs)])
        if len(priced):
            yield CostBand(option, len(priced), *(cents(percentile(priced, share)) for share in (LOW, MIDDLE, HIGH)))


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


def tornado(firm: Robustness, run: FlowRun, answers: Mapping[str, Fact], basis: Basis) -> tuple[Swing, ...]:
    """One thing at a time at its ends, the rest as it is: every row in which something moves."""
    return tuple(_tornado(firm, run, answers, basis))


def _tornado(firm: Robustness, run: FlowRun, answers: Mapping[str, Fact], basis: Basis) -> Iterator[Swing]:
    moves = [(each, value) for each in firm.uncertain for value in _ends(each)]
    figures = {e.name: e.base for e in firm.uncertain if e.question is None and isinstance(e.base, Decimal)}
    outcomes = decide_many(
        changed(answers, [dict.fromkeys((each.name, *each.also), value) for each, value in moves], figures), basis
    )
    verdict = run.choice.outcome
    rows: dict[str, list[Setting]] = {}
    for case, (each, value) in enumerate(moves):
        rows.setdefault(each.name, []).append(_setting(value, case, outcomes, firm.option, firm.rival))
    for each in firm.uncertain:
        settings = tuple(rows[each.name])
        money = [s.lead if s.lead is not None else s.cost for s in settings]
        known = [amount for amount in money if amount is not None]
        swing = max(known) - min(known) if len(known) == len(money) else Decimal(0)
        flips = any(s.verdict != verdict for s in settings)
        if flips or swing:
            yield Swing(each, settings, swing, flips)


def _ends(each: Uncertain) -> tuple[Value, ...]:
    if each.words:
        return tuple(each.words)
    return tuple(Decimal(repr(float(value))) for value in number(each, np.array([LOW, HIGH])))


def _setting(value: Value, case: int, outcomes: Outcomes, option: str | None, rival: str | None) -> Setting:
    cost, other = (_cost(outcomes, case, name) for name in (option, rival))
    lead = other - cost if cost is not None and other is not None else None
    return Setting(value, outcomes.of(case)[0], cost, lead)


def _cost(outcomes: Outcomes, case: int, option: str | None) -> Decimal | None:
    value = outcomes.costs[case, outcomes.options.index(option)] if option else np.nan
    return None if np.isnan(value) else cents(float(value))


__all__ = ["POINTS", "Robustness", "Sampled", "robustness", "sampled", "tornado"]
