"""How sure a decision is over other futures than those shipped: as many as one likes, another seed, Sobol indices."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import asdict

from hostwise.analysis.futures.confirm import future_facts
from hostwise.analysis.futures.first_steps import concluded
from hostwise.analysis.futures.robustness import robustness, sampled
from hostwise.analysis.futures.sobol_indices import sobol_indices
from hostwise.analysis.futures.sobol_points import DIMENSIONS, POINTS, SEED, drawn
from hostwise.analysis.futures.tornado import tornado
from hostwise.analysis.futures.worth_asking import doubt
from hostwise.analysis.situation import Situation
from hostwise.economics.numbers.currency import reporting_currency
from hostwise.economics.plans.competing.tier import known_facts
from hostwise.flow.flow import Basis, choose_flow
from hostwise.inference.run import Engine
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.record.format.robustness import DecidedFutures
from hostwise.record.parts.robustness import futures_part, widest

SOBOL_POINTS = 256
"""Points of the Sobol indices, each decided once more for each thing that is weighed."""


class VarianceShare(Struct, frozen=True):
    """What one uncertain thing carries of the variance, by itself and with all that it acts together with."""

    name: str
    label: str
    first: Decimal
    total: Decimal


class OtherFutures(DecidedFutures, frozen=True):
    """What a record keeps of its own futures, for others; Sobol indices where they were asked for."""

    sobol: tuple[VarianceShare, ...]
    currency: str


def robustness_of(situation: Situation, samples: int, seed: int | None, *, sobol: bool = False) -> OtherFutures:
    """Decide a situation in so many futures. Raises `InputError` where that needs scipy, and it is not installed."""
    try:
        return _robustness(situation, samples, seed, sobol)
    except ImportError:
        message = "other futures and Sobol indices need scipy, which is not installed: pip install 'hostwise[sample]'"
        raise InputError([Diagnostic(Place("robustness"), "no-scipy", message)]) from None


def _robustness(situation: Situation, samples: int, seed: int | None, sobol: bool) -> OtherFutures:
    knowledge = situation.knowledge
    given = known_facts(situation.answers, knowledge.questionnaire, knowledge.catalogue)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, situation.as_of, Engine.BOTH)
    run, own = choose_flow(given, basis), SEED if seed is None else seed
    design = None if samples == POINTS and seed is None else drawn(samples, DIMENSIONS, own)
    found = sampled(run, given, basis, knowledge.questionnaire, design, own)
    run = concluded(run, future_facts(run, found, basis), basis)
    firm, open_ = robustness(found, run, basis), doubt(found, run.choice.outcome)
    swings = widest(tornado(firm, run, given, basis))

    weighed = [swing.uncertain for swing in swings] if sobol else []
    carried = (
        sobol_indices(weighed, given, basis, firm.option, firm.rival, SOBOL_POINTS, own)
        if weighed and firm.option is not None
        else ()
    )
    return OtherFutures(
        **asdict(futures_part(firm, open_, swings, knowledge)),
        sobol=tuple(VarianceShare(i.uncertain.name, i.uncertain.label, i.first, i.total) for i in carried),
        currency=reporting_currency(given),
    )
