"""Every option's ledger for one set of facts, the break-evens, and the facts that follow from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.capacity import CapacityPlan
from hostwise.economics.capacity.demand import PARTS, Demand, Unmeasured, read_demand, worked_demand
from hostwise.economics.catalogue.answered.desk import as_at_desk
from hostwise.economics.catalogue.answered.stated_model import with_stated_model
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.catalogue.options import SEATED
from hostwise.economics.cost_facts import Derived, derive, fact_of
from hostwise.economics.every_plan import plans_told
from hostwise.economics.in_use_facts import in_use_facts, seated_facts
from hostwise.economics.ledgers.api import (
    known_prices,
    option_prices,
)
from hostwise.economics.ledgers.at_ends import over_ends
from hostwise.economics.ledgers.bill import billed_ledger, demand_of_bill, stated_bill
from hostwise.economics.ledgers.by_family import NoPlan, OwnPlans, option_ledgers, own_plans
from hostwise.economics.ledgers.context import LedgerCase, make_case
from hostwise.economics.ledgers.ledger import Ledger, NoValue, shown_a_month, unpriced
from hostwise.economics.ledgers.purchase_variants import with_variants
from hostwise.economics.licence_duty import licence_duties
from hostwise.economics.numbers.currency import Exchange, NoRate, exchange, reporting_currency, stated_currency
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.outlook.crossing import BreakEven, break_evens
from hostwise.economics.outlook.outlooks import with_outlooks
from hostwise.economics.plans.competing.api_models import api_plans
from hostwise.economics.plans.competing.contenders import Contenders, contenders
from hostwise.economics.plans.competing.elsewhere import open_model_in_use, rivals
from hostwise.economics.plans.competing.seated import seated_price
from hostwise.economics.plans.competing.written import reasoning_counted_with, reasoning_in_use
from hostwise.economics.plans.own import OwnSearch, own_option, own_search
from hostwise.economics.plans.refused import check_names
from hostwise.economics.plans.told.of_gpus import mix_plan_told
from hostwise.economics.plans.told.option_plans import OptionPlans
from hostwise.economics.plans.tuned import own_weights, tuned_search
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.economics.prices.sellers import RESIDENCY
from hostwise.economics.quality_interval import quality_interval
from hostwise.reading.findings.diagnostics import InputError
from hostwise.reading.translatable import fill, prose


class Costing(Struct, frozen=True):
    """All ledgers by option, break-evens, and derived facts in a fixed order."""

    facts: tuple[Fact, ...]
    ledgers: Mapping[str, Ledger]
    break_evens: tuple[BreakEven, ...]
    notes: tuple[str, ...]
    prices: Mapping[str, TokenPrice | NoPrice] = field(default_factory=dict)
    plans: Mapping[str, OptionPlans] = field(default_factory=dict)
    """What each priced option competes with, of those that are bought or paid by the token."""
    replacement: TokenPrice | None = None
    """What replaces the model in use on the day it leaves, or would: what its maker names, where that is sold."""
    moves_to: str | None = None
    """The other proprietary model that competes with staying."""


class _Costed(Struct, frozen=True):
    """The ledgers, and what they were made from. `case` is None where nothing could be priced."""

    currency: str
    rates: Exchange
    ledgers: Mapping[str, Ledger]
    demand: Demand | None = None
    plans: Mapping[str, CapacityPlan] = {}
    search: OwnSearch | None = None
    case: LedgerCase | None = None
    contenders: Contenders | None = None
    closed: TokenPrice | NoPrice | None = None
    """The price of the closed API."""
    list_cost: Decimal | None = None
    """What the tokens of a bill come to without it, in dollars a month."""


def cost_options(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> Costing:
    """Cost every option, with other ways to pay, the outlook over the horizon, and the break-evens.

    An option that cannot be priced has a ledger that says why. Raises `InputError` for a GPU, model or throughput
    that cannot be.
    """
    catalogue = _as_answered(facts, catalogue)
    costed = _costed(facts, catalogue, as_of)
    wide = over_ends(costed.ledgers, facts, catalogue, lambda ends: _costed(ends, catalogue, as_of).ledgers)
    costed = replace(costed, ledgers=wide)
    costing, case, demand, plans = _costing(costed, facts, catalogue, as_of), costed.case, costed.demand, costed.plans
    if case is None or demand is None:
        return replace(costing, ledgers=MappingProxyType(_floored(costed, facts, catalogue, as_of)))
    ledgers = dict(costing.ledgers)
    for option in catalogue.kinds["rented"]:
        if option in plans:
            ledgers[option] = with_variants(ledgers[option], case, demand, plans[option])
    ordered = with_outlooks(ledgers, case, demand)
    crossings = break_evens(case, demand, plans, ordered)
    found = costed.contenders or Contenders((), ())
    told = {each.option: each for each in plans_told(case, demand, ordered, found, costed.search, plans)}
    for option in catalogue.kinds["mix"]:
        total, capacity = ordered[option].total, ordered[option].capacity
        if total is not None and capacity is not None:
            told[option] = mix_plan_told(option, capacity, told.get(capacity["rest"]), total.likely, facts, catalogue)
    return replace(costing, ledgers=MappingProxyType(ordered), break_evens=crossings, plans=MappingProxyType(told))


def cost_ledgers(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> Costing:
    """Cost every option as far as a decision needs: the ledgers and the facts that follow from them."""
    catalogue = _as_answered(facts, catalogue)
    return _costing(_costed(facts, catalogue, as_of), facts, catalogue, as_of)


def cost_values(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> Iterator[Derived]:
    """What follows from the ledgers, not rounded yet: what a tape is recorded of."""
    catalogue = _as_answered(facts, catalogue)
    return _derived(_costed(facts, catalogue, as_of), facts, catalogue, as_of)


def _as_answered(facts: Mapping[str, Fact], catalogue: Catalogue) -> Catalogue:
    """The catalogue with the model that the answers describe, at the desk that they speak of."""
    return with_stated_model(facts, as_at_desk(facts, catalogue))


def _costed(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> _Costed:
    check_names(facts, catalogue)
    demand = read_demand(facts, catalogue)
    currency = reporting_currency(facts)
    rates = exchange(facts)
    if isinstance(demand, Unmeasured):
        with suppress(NoRate):
            demand = demand_of_bill(facts, catalogue, rates, as_of)
    in_use = reasoning_in_use(facts, catalogue)
    if isinstance(demand, Unmeasured):
        demand = worked_demand(facts, catalogue)
        in_use = reasoning_counted_with(facts, in_use)
    if isinstance(demand, Unmeasured):
        why = prose("The volume is not known: measure one week.")
        ledgers = {option: unpriced(option, catalogue, currency, why, demand.needs) for option in catalogue.options}
        with suppress(NoRate, NoValue):
            ledgers |= _billed(facts, catalogue, as_of, currency, rates)
        return _Costed(currency, rates, ledgers)
    stays = says(facts, RESIDENCY, "met-by-provider-region")
    demand = replace(demand, reasoning=in_use, region=stated_currency(facts) if stays else "")
    try:
        found = contenders(facts, catalogue, demand, as_of)
        found = replace(found, own=()) if _shapeless(facts, catalogue) else found
        known = known_prices(facts, catalogue, rates, as_of, demand, found)
        held_against = rivals(facts, catalogue, rates, as_of, demand, found)
        api = api_plans(facts, catalogue, as_of, demand, known["closed"])
        # A cloud of one's own jurisdiction sells what is there: what leaves, with what replaces it.
        instead = held_against.same or held_against.another
        stays = isinstance(api.stay, TokenPrice) or open_model_in_use(facts, catalogue) is not None
        lasting = {**known, "closed": api.stay if stays else api.move or api.stay}
        lasting["open"] = known["open"] if isinstance(known["open"], TokenPrice) else instead or known["open"]
        lasting[SEATED] = seated_price(facts, catalogue, as_of, demand, found, api, known["open"])
        prices = {
            **option_prices(lasting, catalogue), catalogue.in_use.closed: api.stay, catalogue.in_use.open: known["open"]
        }  # fmt: skip
        case = replace(
            make_case(facts, catalogue, as_of, currency, rates, prices), api=api,
            rivals=held_against,
        )  # fmt: skip
    except NoRate as problem:
        ledgers = {
            o: unpriced(o, catalogue, currency, fill("{why}.", why=problem.args[0]), ("exchange_rates",))
            for o in catalogue.options
        }
        return _Costed(currency, rates, ledgers, demand)
    if own_weights(facts) and isinstance(known["open"], NoPrice) and found.own:
        with suppress(NoRate):
            tuned = tuned_search(facts, catalogue, rates, as_of, demand, case.likely, found.own)
            case = replace(case, tuned=tuned)
    own = _own(facts, catalogue, rates, demand, case, found)
    best, search = (own.best, own.search) if isinstance(own, OwnPlans) else ({}, None)
    ledgers = option_ledgers(case, demand, own)
    return _Costed(currency, rates, ledgers, demand, best, search, case, found, known["closed"], _list_cost(known))


def _own(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    rates: Exchange,
    demand: Demand,
    case: LedgerCase,
    found: Contenders,
) -> OwnPlans | NoPlan:
    if not found.own and _shapeless(facts, catalogue):
        return NoPlan(prose("The shape of the model that is named is not known, so no GPU can be sized for it."), ())
    if not found.own:
        why = prose(
            "No open model of the class asked for has a shape that is known, and a licence that allows its use."
        )
        return NoPlan(why, ("own_model",))
    try:
        return own_plans(case, demand, own_search(facts, catalogue, rates, demand, case.likely, found.own))
    except NoRate as problem:
        return NoPlan(fill("{why}.", why=problem.args[0]), ("exchange_rates",))


def _shapeless(facts: Mapping[str, Fact], catalogue: Catalogue) -> bool:
    """Whether a model is named that no GPU can be sized for: on devices it is taken all the same (`check_names`)."""
    named = facts["own_model"].value
    return isinstance(named, str) and find_named(named, catalogue.models) is None


LEAST_VOLUME = Decimal(1_000_000)
"""Tokens a month that one replica of any model serves: what it costs for them it costs at any volume."""
OTHER_COUNTS = ("stated_requests_per_day", *PARTS)


def _floored(costed: _Costed, facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> dict[str, Ledger]:
    """The ledgers, with the least that own GPUs cost where the volume is open and a model or a GPU is named."""
    ledgers = dict(costed.ledgers)
    named = any(facts[name].value is not None for name in ("own_model", "gpu"))
    counted = any(facts[name].value is not None for name in OTHER_COUNTS)
    if costed.demand is not None or not named or counted or facts["runs_once"].value is True:
        return ledgers
    stated = replace(facts["stated_tokens_per_month"], value=LEAST_VOLUME)
    try:
        least = _costed({**facts, stated.name: stated}, catalogue, as_of).ledgers
    except InputError:  # which is said of every volume once there is one
        return ledgers
    for option in catalogue.kinds["own"]:
        floor = least[option].total
        if floor is not None:
            amount = shown_a_month(floor, costed.currency)
            ledgers[option] = replace(ledgers[option], floor=floor, why_not=fill(FLOOR, amount=amount))
    return ledgers


FLOOR = prose(
    "The volume is not known: measure one week. One replica and its people are {amount} a month at any volume."
)


def _billed(
    facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date, currency: str, rates: Exchange
) -> dict[str, Ledger]:
    """The ledger that a bill alone gives: that of the API in use."""
    bill = stated_bill(facts, rates)
    if bill is None:
        return {}
    ledger = billed_ledger(make_case(facts, catalogue, as_of, currency, rates, {}), bill)
    return {ledger.option: ledger}


def _list_cost(known: Mapping[str, TokenPrice | NoPrice]) -> Decimal | None:
    """Of the API in use, whichever of the two it is."""
    costs = (price.list_cost for price in known.values() if isinstance(price, TokenPrice))
    return next((cost for cost in costs if cost is not None), None)


def _costing(costed: _Costed, facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> Costing:
    derived = {each.name: each for each in _derived(costed, facts, catalogue, as_of)}
    found = tuple(fact_of(derived[name], computed, costed.currency) for name, computed in catalogue.facts.costs.items())
    closed, prices = costed.closed, costed.case.prices if costed.case else {}
    notes = (closed.note,) if isinstance(closed, TokenPrice) and closed.note else ()
    in_use = {name: price.first or price if isinstance(price, TokenPrice) else price for name, price in prices.items()}
    api = costed.case.api if costed.case else None
    return Costing(
        found, MappingProxyType(dict(costed.ledgers)), (), notes, in_use, replacement=_replacement(costed.case),
        moves_to=api.move.model if api and api.move else None,
    )  # fmt: skip


def _replacement(case: LedgerCase | None) -> TokenPrice | None:
    api = case.api if case is not None else None
    stay = api.stay if api is not None else None
    return (stay.then if isinstance(stay, TokenPrice) else None) or (api.named if api is not None else None)


def _derived(costed: _Costed, facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> Iterator[Derived]:
    plans = costed.plans
    planned = plans[own_option(facts, catalogue, tuple(plans))] if plans else None
    yield from derive(
        facts, catalogue, as_of, costed.rates, costed.demand, planned, costed.closed, costed.list_cost, costed.ledgers
    )
    opened = costed.case.prices.get(catalogue.in_use.open) if costed.case else None
    yield from licence_duties(opened, planned, facts, catalogue)
    yield from seated_facts(costed.case, catalogue)
    yield from in_use_facts(costed.case, costed.demand, facts, catalogue, as_of)
    yield from quality_interval(facts, catalogue)
