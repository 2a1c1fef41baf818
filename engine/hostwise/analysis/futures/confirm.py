"""What the futures of a choice say of it, as facts for the stage `confirm`: shares, expected costs, regret, the gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import numpy as np
from msgspec.structs import replace

from hostwise.analysis.futures.first_steps import chosen_first_facts
from hostwise.analysis.futures.open_quality import api_gap, open_gap
from hostwise.analysis.futures.robustness import Sampled, cents, sampled
from hostwise.analysis.futures.worth_asking import regrets_in
from hostwise.answers.facts import Fact, FactType, Origin, Provenance, Value, fixed
from hostwise.answers.questions.questions import Questionnaire
from hostwise.batch.cases import Population
from hostwise.batch.outcomes import Outcomes
from hostwise.economics.catalogue.computed_facts import (
    EACH_FUTURE,
    EXPECTED_COST,
    FUTURE_SHARE,
    LEAST_REGRET,
    OF_CHOSEN_FIRST,
    REGRET,
    UNCHANGED,
    ComputedFact,
    name_for,
)
from hostwise.economics.numbers.currency import reporting_currency
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis, FlowRun, confirm, supposed_flow, waits_for_futures
from hostwise.reading.numbers.number_format import HUNDRED, of_hundred


def confirmed_flow(answers: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire) -> FlowRun:
    """Run the flow as far as the verdict. Futures are drawn only where a rule that confirms could replace a choice."""
    run = supposed_flow(answers, basis)
    run = replace(run, facts={**run.facts, **chosen_first_facts(run, basis)})
    if not waits_for_futures(run, basis):
        return run
    found = sampled(run, answers, basis, questionnaire)
    return confirm(replace(run, facts={**run.facts, **future_facts(run, found, basis)}), basis)


def settled(outcomes: Outcomes, population: Population, basis: Basis, questionnaire: Questionnaire) -> Outcomes:
    """Outcomes with the verdicts of the cases that wait for their futures: equal to `confirmed_flow`, case by case."""
    verdict, rule = outcomes.verdict.copy(), outcomes.rule.copy()
    for case in np.flatnonzero(outcomes.waits).tolist():
        choice = confirmed_flow(population.at(case), basis, questionnaire).choice
        verdict[case] = outcomes.verdicts.index(choice.outcome)
        rule[case] = outcomes.rules.index(choice.rule_id) if choice.rule_id else -1
    return replace(outcomes, verdict=verdict, rule=rule, waits=np.zeros(len(verdict), dtype=bool))


def future_facts(run: FlowRun, found: Sampled, basis: Basis) -> dict[str, Fact]:
    """The facts of a choice that its futures give."""
    computed, currency = basis.catalogue.facts, reporting_currency(run.facts)
    names = [name_for(name, o) for name in EACH_FUTURE for o in basis.options]
    specs = {name: computed.of_options[name] for name in names} | dict(computed.futures)
    values = dict(_values(run, found, basis))
    facts = {name: _fact(name, spec, values.get(name), currency) for name, spec in specs.items()}
    known = {name: run.facts[name] for name in OF_CHOSEN_FIRST if name in run.facts}
    return facts | (known or chosen_first_facts(run, basis))


def _values(run: FlowRun, found: Sampled, basis: Basis) -> Iterator[tuple[str, Value]]:
    outcomes, chosen = found.outcomes, run.choice.option
    gap = open_gap(run.facts, basis.catalogue, run.costing)
    if gap is not None or api_gap(run.facts, basis.catalogue) is not None:
        yield "priors_as_of", basis.catalogue.gap_priors.as_of.isoformat()
    if gap is not None:
        yield "pass_chance", Decimal(repr(round(gap.within(float(basis.catalogue.figures["gap_worse"].likely)), 4)))
    counts = np.bincount(outcomes.verdict, minlength=len(outcomes.verdicts))[: len(outcomes.options)]
    shares = {o: _share(counts[place], found.population.size) for place, o in enumerate(outcomes.options)}
    lost = dict(zip(outcomes.options, map(cents, regrets_in(found).mean(axis=0).tolist()), strict=True))
    for place, option in enumerate(outcomes.options):
        costs = outcomes.costs[:, place]
        priced = costs[~np.isnan(costs)]
        yield name_for(FUTURE_SHARE, option), shares[option]
        if len(priced):
            yield name_for(EXPECTED_COST, option), cents(float(priced.mean()))
            yield name_for(REGRET, option), lost[option]
    if chosen is None:
        return
    label = {o: entry.label for o, entry in basis.catalogue.options.items()}
    reached = [o for o in run.gates.feasible if shares[o]] or [chosen]
    least = min(reached, key=lambda o: (lost[o], o != chosen))
    yield "chosen.share", _as_said(shares[chosen])
    yield "chosen.name", label[chosen]
    yield LEAST_REGRET, least
    yield "least_regret.name", label[least]
    yield "least_regret.share", _as_said(shares[least])
    yield "regret_lead", max(lost[chosen] - lost[least], Decimal(0))
    unchanged = run.facts[UNCHANGED].value
    if isinstance(unchanged, str):
        yield "least_change.name", label[unchanged]
        yield "least_change.lead", max(lost[unchanged] - lost[least], Decimal(0))
        yield "change_worth", lost[unchanged] - lost[chosen]
    cost, margin = run.facts[monthly(chosen)].value, run.facts["required_margin"].value
    if isinstance(cost, Decimal) and isinstance(margin, Decimal):
        yield "regret_margin", cost * margin


def _share(count: int, of: int) -> Decimal:
    return (Decimal(int(count)) / of).quantize(Decimal("0.0001"))


def _as_said(share: Decimal) -> Decimal:
    """In whole hundredths, as the report says shares; what is nearly none or all stays as it is."""
    whole = Decimal(of_hundred(share)) / HUNDRED
    return whole if 0 < whole < 1 else share


def _fact(name: str, computed: ComputedFact, value: Value | None, currency: str) -> Fact:
    spec = computed.spec
    kept = fixed(value, spec.type) if isinstance(value, Decimal) else value
    origin = Provenance(Origin.DERIVED, formula=computed.formula)
    unit = spec.unit.replace("reporting", f"{currency}/month") if spec.type is FactType.MONEY else spec.unit
    return Fact(name, spec.type, kept, origin, spec.label, unit)
