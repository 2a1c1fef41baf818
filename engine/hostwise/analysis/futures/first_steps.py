"""The first step of a move to another model, as facts: an evaluation, a start with little traffic, or staying."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import asdict, replace

from hostwise.analysis.futures.open_quality import api_gap, open_gap
from hostwise.analysis.futures.two_steps import Stakes, TwoSteps, best_first, two_steps
from hostwise.answers.facts import Fact, Origin, Provenance, Value, fixed
from hostwise.economics.catalogue.computed_facts import OF_CHOSEN_FIRST, OF_TWO_STEPS, STAY
from hostwise.economics.catalogue.gap_priors import GapPrior
from hostwise.economics.catalogue.sourced import figure
from hostwise.economics.ledgers.ledger import Ledger
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.currency import NoRate, exchange, reporting_currency
from hostwise.economics.plans.competing.class_wanted import nothing_in_use
from hostwise.economics.plans.rents import horizon
from hostwise.economics.plans.told.price_words import with_effort
from hostwise.flow.choice_facts import monthly, unchanged_option
from hostwise.flow.flow import Basis, FlowRun, conclude, confirm
from hostwise.reading.numbers.currencies import CENT

ONE_TIME = "one-time"
"""The group of ledger lines that are paid once."""
AMOUNTS = ("cost", "worth")
"""What is an amount of money in all; other money is a month's."""


def concluded(run: FlowRun, futures: Mapping[str, Fact], basis: Basis) -> FlowRun:
    """Confirm a choice by what its futures say, find its first step, and advise."""
    confirmed = confirm(replace(run, facts={**run.facts, **futures}), basis)
    return conclude(run, {**futures, **first_step_facts(confirmed, basis)}, basis)


def chosen_first_facts(run: FlowRun, basis: Basis) -> dict[str, Fact]:
    """What would come first of a choice that is not confirmed yet, for the rules that confirm. No future is drawn."""
    found = _steps(run, basis, best_first)
    return _facts(OF_CHOSEN_FIRST, _said(found[0]) if found else (), run, basis)


def first_step_facts(run: FlowRun, basis: Basis) -> dict[str, Fact]:
    """What to do first about the verdict of a run; every fact unknown where it moves nothing, or nothing is open."""
    return _facts(OF_TWO_STEPS, _values(run, basis), run, basis)


def _facts(names: Iterable[str], values: Iterable[tuple[str, Value]], run: FlowRun, basis: Basis) -> dict[str, Fact]:
    found, currency = dict(values), reporting_currency(run.facts)
    facts = {}
    for name in names:
        computed = basis.catalogue.facts.futures[name]
        spec, value = computed.spec, found.get(name.partition(".")[2])
        kept = fixed(value, spec.type) if isinstance(value, Decimal) else value
        unit = spec.unit.replace("reporting", currency if name.partition(".")[2] in AMOUNTS else f"{currency}/month")
        origin = Provenance(Origin.DERIVED, formula=computed.formula)
        facts[name] = Fact(name, spec.type, kept, origin, spec.label, unit)
    return facts


def _values(run: FlowRun, basis: Basis) -> Iterator[tuple[str, Value]]:
    then = run.costing.replacement
    if then is not None and then.model is not None:
        yield "replacement", with_effort(then.model, then.written.effort)
        yield "writes", then.written.times.likely
        closed = run.choice.option == basis.catalogue.in_use.closed
        yield "anyway", closed and run.facts["api_model_moves"].value is True and run.costing.moves_to == then.model
    found = _steps(run, basis, two_steps)
    if found is None:
        return
    steps, stakes, otherwise = found
    yield from _said(steps)
    yield "days", Decimal(basis.catalogue.gap_priors.evaluation.days)
    yield "stay", otherwise.cost
    yield "to_open", otherwise.scored
    yield "saving", Decimal(repr(stakes.saving)).quantize(CENT)


class Otherwise(Struct, frozen=True):
    """What follows where the model to move to is not good enough: what is in use, or an open model that was `scored`.

    `cost` is a month's.
    """

    cost: Decimal
    scored: bool


def _steps(
    run: FlowRun, basis: Basis, best: Callable[[GapPrior, float, float, Stakes], TwoSteps]
) -> tuple[TwoSteps, Stakes, Otherwise] | None:
    """The best two steps of what a run comes to, and what they are about; None where nothing moves, or is open."""
    prior = _prior(run, basis)
    if prior is None:
        return None
    limit, discordant = (
        float(figure(name, basis.catalogue, run.facts).band.likely) for name in ("gap_worse", "discordant_share")
    )
    for otherwise in _otherwise(run, basis):
        stakes = _stakes(run, basis, otherwise.cost)
        found = best(prior, limit, discordant, stakes) if stakes is not None else None
        # Where it is not worth finding out beside the one that was scored, it is held against staying.
        if stakes is not None and found is not None and not (otherwise.scored and found.first == STAY):
            return found, stakes, otherwise
    return None


def _otherwise(run: FlowRun, basis: Basis) -> Iterator[Otherwise]:
    """An open model that was scored well, where a proprietary one that was not is moved to; then staying."""
    stay, option = _staying(run, basis), basis.catalogue.in_use.open
    if stay is None:
        return
    scored, cost = (run.facts[name].value for name in ("open_scored_well", monthly(option)))
    moves = run.choice.option == basis.catalogue.in_use.closed and run.facts["api_model_moves"].value is True
    if moves and scored is True and option in run.gates.feasible and isinstance(cost, Decimal) and cost < stay:
        yield Otherwise(cost, True)
    yield Otherwise(stay, False)


def _said(found: TwoSteps) -> Iterator[tuple[str, Value]]:
    for name, value in asdict(found).items():
        if isinstance(value, float):
            yield name, Decimal(repr(round(value, 2 if name in AMOUNTS else 4)))
        else:
            yield name, Decimal(value) if isinstance(value, int) else value


def _prior(run: FlowRun, basis: Basis) -> GapPrior | None:
    """What the gap of the model that is moved to is drawn from; None where nothing moves to another model."""
    option = run.choice.option
    if option is None:
        return None
    if basis.catalogue.options[option].weights == "open":
        stays = option == _in_use(run, basis) and run.facts["open_model_moves"].value is not True
        return None if stays else open_gap(run.facts, basis.catalogue, run.costing)
    return api_gap(run.facts, basis.catalogue) if option == basis.catalogue.in_use.closed else None


def _in_use(run: FlowRun, basis: Basis) -> str | None:
    """The option that the API in use is; None where none is in use, or a gate excludes it."""
    if nothing_in_use(run.facts):
        return None
    in_use = unchanged_option(run.facts, basis.catalogue)
    return in_use if in_use in run.gates.feasible else None


def _staying(run: FlowRun, basis: Basis) -> Decimal | None:
    """What it costs a month to stay: only where what is in use may, and its own price is known."""
    option = _in_use(run, basis)
    if option is None:
        return None
    # The ledger of a closed API may be that of another model: one that was scored, and is near enough, is there to stay
    # with; of one that was not nobody knows.
    closed, scored = option == basis.catalogue.in_use.closed, run.facts["api_scored_well"].value is True
    stays = "api_in_use_monthly" if closed else "open_in_use_monthly"
    fact = run.facts.get(monthly(option) if closed and scored else stays)
    return fact.value if fact is not None and isinstance(fact.value, Decimal) else None


def _stakes(run: FlowRun, basis: Basis, stay: Decimal) -> Stakes | None:
    """What the move is about beside what follows without it; None where it is not priced, or saves nothing."""
    ledger = run.costing.ledgers.get(run.choice.option or "")
    if ledger is None or ledger.total is None:
        return None
    evaluation, move = _paid_once(ledger)
    kept = run.facts["open_kept_monthly"].value  # at another seller it may cost less than where it is
    saving = (min(stay, kept) if isinstance(kept, Decimal) else stay) - (ledger.total.likely - evaluation - move)
    if saving <= 0:
        return None
    months, figures = horizon(run.facts, basis.catalogue).band.likely, basis.catalogue.gap_priors.evaluation
    try:
        factor = (
            exchange(run.facts).convert(Band.exactly(figures.item_cost), "USD", reporting_currency(run.facts)).likely
        )
    except NoRate:
        return None
    return Stakes(
        saving=float(saving),
        horizon=float(months),
        move=float(move * months),
        harm=float(move * months + stay * figures.noticed_months * figures.harm),
        noticed=float(figures.noticed_months),
        fixed=float(evaluation * months),
        item=float(factor),
        days=float(figures.days),
    )


def _paid_once(ledger: Ledger) -> tuple[Decimal, Decimal]:
    """What a month carries of the evaluation, and of everything else that is paid once."""
    once = [line for line in ledger.items if line.group == ONE_TIME]
    evaluation = sum((line.amount.likely for line in once if line.id.endswith("evaluation")), Decimal(0))
    return evaluation, sum((line.amount.likely for line in once), Decimal(0)) - evaluation
