"""The stage `confirm`: a choice held against its own futures, by rules that read shares, regret and the open gap."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from msgspec.structs import replace

from hostwise.analysis.futures.open_quality import open_gap
from hostwise.analysis.futures.robustness import Sampled
from hostwise.analysis.futures.worth_asking import regrets_in
from hostwise.answers.facts import Fact, FactType, Origin, Provenance, Value, fixed
from hostwise.economics.catalogue.computed_facts import ComputedFact
from hostwise.economics.numbers.currency import reporting_currency
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis, FlowRun, run_stage


def confirmed(run: FlowRun, found: Sampled, basis: Basis) -> FlowRun:
    """The run with what its futures say of it: the facts, and the traces of the rules that read them."""
    values = dict(_values(run, found, basis))
    currency = reporting_currency(run.facts)
    facts = {name: _fact(spec, values.get(name), currency) for name, spec in basis.catalogue.facts.futures.items()}
    stage = run_stage("confirm", {**run.facts, **facts}, basis)
    return replace(run, facts=stage.facts, traces=run.traces + stage.traces)


def _values(run: FlowRun, found: Sampled, basis: Basis) -> Iterator[tuple[str, Value]]:
    outcomes, option = found.outcomes, run.choice.option
    gap = open_gap(run.facts, basis.catalogue, run.costing)
    if gap is not None:
        yield "priors_as_of", basis.catalogue.gap_priors.as_of.isoformat()
        yield "pass_chance", Decimal(repr(round(gap.within(float(basis.catalogue.figures["gap_worse"].likely)), 4)))
    if option is None:
        return
    counts = np.bincount(outcomes.verdict, minlength=len(outcomes.verdicts))[: len(outcomes.options)]
    place, leader = outcomes.options.index(option), int(counts.argmax())
    yield "verdict_share", _share(counts[place], found.population.size)
    yield "futures_leader", basis.catalogue.options[outcomes.options[leader]].label
    yield "futures_leader_share", _share(counts[leader], found.population.size)
    lost = regrets_in(found).mean(axis=0)
    yield "regret_lead", Decimal(repr(round(float(lost[place] - lost[leader]), 2)))
    cost, margin = run.facts[monthly(option)].value, run.facts["required_margin"].value
    if isinstance(cost, Decimal) and isinstance(margin, Decimal):
        yield "regret_margin", cost * margin


def _share(count: int, of: int) -> Decimal:
    return (Decimal(int(count)) / of).quantize(Decimal("0.0001"))


def _fact(computed: ComputedFact, value: Value | None, currency: str) -> Fact:
    spec = computed.spec
    kept = fixed(value, spec.type) if isinstance(value, Decimal) else value
    origin = Provenance(Origin.DERIVED, formula=computed.formula)
    unit = spec.unit.replace("reporting", currency) if spec.type is FactType.MONEY else spec.unit
    return Fact(spec.name, spec.type, kept, origin, spec.label, unit)
