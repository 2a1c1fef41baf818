"""What all ledgers of one costing share: prices, rates, and the values that any formula may name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.bands import Band
from hostwise.economics.catalogue import Catalogue
from hostwise.economics.currency import Exchange, NoRate, currency_of
from hostwise.economics.demand import Demand
from hostwise.economics.ledger import Ledger, NoValue, closed, lines, unpriced
from hostwise.economics.prices import NoPrice, TokenPrice
from hostwise.economics.values import Sourced, figure, given
from hostwise.reading.quantity import CURRENCIES
from hostwise.reading.said import fill, prose

AMOUNTS_GIVEN = {"infrastructure": "infrastructure_per_month", "egress_stated": "egress_per_month"}
"""Names in formulas that only an answer gives a value."""


class Case(Struct, frozen=True):
    """One costing. `factor` turns dollars into the reporting currency.

    `shared` holds what any formula may name; `without_rate` names what could not be turned into dollars,
    with the message that says which rate is missing.
    """

    facts: Mapping[str, Fact]
    catalogue: Catalogue
    as_of: date
    currency: str
    factor: Band
    rates: Exchange
    prices: Mapping[str, TokenPrice | NoPrice]
    shared: Mapping[str, Sourced]
    without_rate: Mapping[str, str]


def make_case(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    as_of: date,
    currency: str,
    rates: Exchange,
    prices: Mapping[str, TokenPrice | NoPrice],
) -> Case:
    """Gather the shared values. Raises `NoRate` when the reporting currency has no rate."""
    factor = rates.convert(Band.exactly(1), "USD", currency)
    found = {name: figure(name, catalogue, facts) for name in catalogue.figures if "." not in name}
    for name, fact in AMOUNTS_GIVEN.items():
        stated = given(fact, facts)
        if stated is not None:
            found[name] = stated
    shared: dict[str, Sourced] = {}
    without_rate: dict[str, str] = {}
    for name, value in found.items():
        try:
            shared[name] = in_dollars(value, rates)
        except NoRate as problem:
            without_rate[name] = problem.args[0]
    whole = prose("no ML platform shares the work, or the engineering was given")
    platform = facts["existing_ml_platform"].value is True and given("operations_fte", facts) is None
    alone = Sourced(Band.exactly(1), "derived", whole, (), "share")
    shared["platform_share"] = shared["platform_factor"] if platform else alone
    return Case(facts, catalogue, as_of, currency, factor, rates, prices, shared, without_rate)


def ledger_of(
    option: str,
    case: Case,
    demand: Demand,
    own: Mapping[str, Sourced],
    *,
    variant: str = "",
    in_use: bool = False,
    capacity: Mapping[str, str] | None = None,
) -> Ledger:
    """An option's ledger from its own values beside the shared ones; not priced where a value is missing."""
    values = {**case.shared, **_demand_values(case, demand), **own}
    flags = _flags(case, demand) - ({"switching"} if in_use else set())
    try:
        items = lines(option, values, flags, case.catalogue, case.factor)
    except NoValue as problem:
        why = case.without_rate.get(problem.name, fill("{name} is not known", name=problem.name))
        return unpriced(option, case.catalogue, case.currency, fill("{why}.", why=why), ("exchange_rates",))
    tokens = demand.tokens.band.likely
    return closed(option, case.catalogue, items, case.currency, tokens, capacity=capacity, variant=variant)


def _demand_values(case: Case, demand: Demand) -> dict[str, Sourced]:
    return {
        "input_tokens": replace(demand.input_tokens, unit="tokens/month"),
        "output_tokens": replace(demand.output_tokens, unit="tokens/month"),
        "cached_share": _ratio(demand.cached_share, "cached_input_share", case),
        "batch_share": _ratio(demand.batch_share, "batch_share", case),
    }


def in_dollars(value: Sourced, rates: Exchange) -> Sourced:
    """The same value in dollars, if it is money. Raises `NoRate`."""
    currency = currency_of(value.unit)
    if currency in CURRENCIES and currency != "USD":
        band = rates.convert(value.band, currency, "USD")
        return replace(value, band=band, unit=value.unit.replace(currency, "USD"))
    return value


def _ratio(value: Decimal, fact: str, case: Case) -> Sourced:
    origin = case.facts[fact].provenance
    return Sourced(
        Band.exactly(value),
        origin.origin.value,
        origin.source or (str(origin.place) if origin.place else ""),
        (fact,),
        "share",
    )


def _flags(case: Case, demand: Demand) -> frozenset[str]:
    """What leaves lines in or out of a ledger; see `catalogue/ledger.yaml`."""
    facts = case.facts
    held = {
        "switching": True,
        "caching": demand.cached_share > 0,
        "operations_given": given("operations_fte", facts) is not None,
        "infrastructure_given": given("infrastructure_per_month", facts) is not None,
        "egress_given": given("egress_per_month", facts) is not None,
        "rota_exists": facts["on_call"].value is True,
        "fine_tuned": facts["fine_tuning"].value in ("own-weights", "data-cannot-leave"),
        "regulated": _at_least_one(facts["regulations.count"]),
    }
    return frozenset(name for name, holds in held.items() if holds)


def _at_least_one(fact: Fact) -> bool:
    return isinstance(fact.value, Decimal) and fact.value >= 1
