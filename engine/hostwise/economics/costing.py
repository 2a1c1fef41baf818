"""Every option's ledger for one set of facts, the break-evens, and the facts that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.apis import APIS, api_ledger, option_prices
from hostwise.economics.capacity import CapacityPlan, check_names, hardware, plan
from hostwise.economics.case import Case, ledger_of, make_case
from hostwise.economics.catalogue import Catalogue
from hostwise.economics.crossing import BreakEven, break_evens
from hostwise.economics.currency import Exchange, NoRate, exchange
from hostwise.economics.demand import Demand, Unmeasured, read_demand
from hostwise.economics.facts import derived_facts
from hostwise.economics.hybrid import Parts, hybrid_ledger
from hostwise.economics.ledger import Ledger, unpriced
from hostwise.economics.outlooks import with_outlooks
from hostwise.economics.own import own_ledger
from hostwise.economics.prices import NoPrice, TokenPrice
from hostwise.economics.variants import with_variants
from hostwise.reading.said import fill, prose

OWN = ("self-host-cloud", "self-host-owned")


class Costing(Struct, frozen=True):
    """All ledgers by option, break-evens, and derived facts in a fixed order."""

    facts: tuple[Fact, ...]
    ledgers: Mapping[str, Ledger]
    break_evens: tuple[BreakEven, ...]
    notes: tuple[str, ...]
    prices: Mapping[str, TokenPrice | NoPrice] = field(default_factory=dict)


class _Priced(Struct, frozen=True):
    """What the ledgers were made from, for what is looked into beyond them."""

    case: Case
    demand: Demand
    planned: CapacityPlan


def cost_options(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> Costing:
    """Cost every option, with other ways to pay, the outlook over the horizon, and the break-evens.

    An option that cannot be priced has a ledger that says why. Raises `InputError` for a GPU, model or throughput
    that cannot be.
    """
    costing, priced = _costed(facts, catalogue, as_of)
    if priced is None:
        return costing
    case, demand, planned = priced.case, priced.demand, priced.planned
    ledgers = dict(costing.ledgers)
    ledgers["self-host-cloud"] = with_variants(ledgers["self-host-cloud"], case, demand, planned)
    ordered = with_outlooks(ledgers, case, demand)
    return replace(costing, ledgers=MappingProxyType(ordered), break_evens=break_evens(case, demand, planned, ordered))


def cost_ledgers(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> Costing:
    """Cost every option as far as a decision needs: the ledgers and the facts that follow from them."""
    return _costed(facts, catalogue, as_of)[0]


def _costed(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> tuple[Costing, _Priced | None]:
    check_names(facts, catalogue)
    demand = read_demand(facts, catalogue)
    stated = facts["currency"].value
    currency = stated if isinstance(stated, str) else "USD"
    rates = exchange(facts)
    if isinstance(demand, Unmeasured):
        why = prose("The volume is not known: measure one week.")
        ledgers = {option: unpriced(option, catalogue, currency, why, demand.needs) for option in catalogue.options}
        return _costing(facts, catalogue, as_of, currency, rates, None, None, None, ledgers), None
    try:
        prices = option_prices(facts, catalogue, rates, as_of, demand)
        case = make_case(facts, catalogue, as_of, currency, rates, prices)
    except NoRate as problem:
        ledgers = {
            o: unpriced(o, catalogue, currency, fill("{why}.", why=problem.args[0]), ("exchange_rates",))
            for o in catalogue.options
        }
        return _costing(facts, catalogue, as_of, currency, rates, demand, None, None, ledgers), None
    one = hardware(facts, catalogue, demand, catalogue.candidates[_candidate(facts)], use_answers=True)
    planned = plan(facts, catalogue, demand, one)
    ledgers = {option: api_ledger(option, case, demand) for option in APIS}
    ledgers |= {option: own_ledger(option, case, demand, planned) for option in OWN}
    ledgers["hybrid"] = hybrid_ledger(case, demand, _priced_parts(case))
    ledgers["edge"] = ledger_of("edge", case, demand, {})
    ordered = {option: ledgers[option] for option in catalogue.options}
    price = prices["managed-api"]
    costing = _costing(facts, catalogue, as_of, currency, rates, demand, planned, price, ordered)
    return replace(costing, prices=prices), _Priced(case, demand, planned)


def _costing(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    as_of: date,
    currency: str,
    rates: Exchange,
    demand: Demand | None,
    planned: CapacityPlan | None,
    price: TokenPrice | NoPrice | None,
    ledgers: Mapping[str, Ledger],
) -> Costing:
    found = derived_facts(facts, catalogue, as_of, currency, rates, demand, planned, price, ledgers)
    notes = [price.note] if isinstance(price, TokenPrice) and price.note else []
    return Costing(found, MappingProxyType(dict(ledgers)), (), tuple(notes))


def _candidate(facts: Mapping[str, Fact]) -> str:
    return "small" if facts["current_tier"].value in ("small", "open-model") else "default"


def _priced_parts(case: Case) -> Parts:
    def own(demand: Demand, triage: bool) -> tuple[Ledger, CapacityPlan]:
        candidate = case.catalogue.candidates["triage" if triage else _candidate(case.facts)]
        one = hardware(case.facts, case.catalogue, demand, candidate, use_answers=not triage)
        planned = plan(case.facts, case.catalogue, demand, one)
        option = "self-host-owned" if case.facts["purchase"].value == "owned" else "self-host-cloud"
        return own_ledger(option, case, demand, planned), planned

    # A closed API cannot serve weights that somebody else owns (S1-22), not even the rest of a mix.
    own_weights = case.facts["fine_tuning"].value == "own-weights"
    rest = ("open-model-provider",) if own_weights else ("managed-api", "open-model-provider")
    priced = tuple(option for option in rest if isinstance(case.prices[option], TokenPrice))
    return Parts(lambda option, demand: api_ledger(option, case, demand), own, priced)
