"""What all ledgers of one costing share: prices, rates, and the values that any formula may name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import ONE_CARD, Catalogue
from hostwise.economics.catalogue.sourced import Sourced, chosen, figure, given
from hostwise.economics.ledgers.ledger import Ledger, NoValue, closed, lines, unpriced
from hostwise.economics.numbers.bands import Band, smaller
from hostwise.economics.numbers.currency import Exchange, NoRate
from hostwise.economics.numbers.numbers import Test, above, both
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.competing.api_models import ApiPlans
from hostwise.economics.plans.competing.elsewhere import Rivals
from hostwise.economics.plans.line_flags import shared_flags
from hostwise.economics.plans.rents import horizon, in_dollars
from hostwise.economics.plans.tuned import TunedSearch
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.reading.translatable import fill, prose

WITHDRAWN = "withdrawn"
"""The value that a ledger has where its model may be withdrawn on a day that nobody has announced."""
AMOUNTS_GIVEN = {"infrastructure": "infrastructure_per_month", "egress_stated": "egress_per_month"}
"""Names in formulas that only an answer gives a value."""


class LedgerCase(Struct, frozen=True):
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
    likely: Mapping[str, Decimal]
    """What is shared, at its likely values: what plans are compared by."""
    tuned: TunedSearch | None = None
    """What weights of one's own are served by at a provider, where they are and no price was given for it."""
    api: ApiPlans | None = None
    """What else the closed API in use may be."""
    rivals: Rivals = Rivals()
    """What an open model in use is held against."""


def option_in_use(case: LedgerCase) -> str:
    """The option that the API in use is; a proprietary one where nothing says otherwise."""
    in_use = case.catalogue.in_use
    return in_use.open if says(case.facts, "current_tier", "open-model") else in_use.closed


def make_case(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    as_of: date,
    currency: str,
    rates: Exchange,
    prices: Mapping[str, TokenPrice | NoPrice],
) -> LedgerCase:
    """Gather the shared values. Raises `NoRate` when the reporting currency has no rate."""
    factor = rates.convert(Band.exactly(1), "USD", currency)
    found = {name: figure(name, catalogue, facts) for name in catalogue.figures if "." not in name}
    found["horizon_months"] = horizon(facts, catalogue)
    # Hardware that is bought for one job is paid for by that job.
    found["hardware_months"] = chosen(says(facts, "runs_once", True), found["horizon_months"], found["hardware_months"])
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
    # The two are uncertain apart from one another, but nothing that one card asks of people is more than several do.
    one_card = figure(ONE_CARD, catalogue, facts)
    shared[ONE_CARD] = replace(one_card, band=smaller(one_card.band, shared["operations_fte"].band))
    whole = prose("no ML platform shares the work, or the engineering was given")
    platform = both(says(facts, "existing_ml_platform", True), given("operations_fte", facts) is None)
    alone = Sourced(Band.exactly(1), "derived", whole, (), "share")
    shared["platform_share"] = chosen(platform, shared["platform_factor"], alone)
    likely = {name: value.band.likely for name, value in shared.items()}
    return LedgerCase(facts, catalogue, as_of, currency, factor, rates, prices, shared, without_rate, likely)


def ledger_of(
    option: str,
    case: LedgerCase,
    demand: Demand,
    own: Mapping[str, Sourced],
    *,
    variant: str = "",
    in_use: bool = False,
    deployed: bool = False,
    replacing: Test = False,
    same_model: bool = False,
    capacity: Mapping[str, str] | None = None,
) -> Ledger:
    """An option's ledger from its own values beside the shared ones; not priced where a value is missing.

    `deployed` where a provider is paid for its GPUs, not by the token; `same_model` where it is the one in use, which
    nobody has to evaluate.
    """
    values = {**case.shared, **_demand_values(case, demand), **own}
    caching = False if deployed else above(demand.cached_share, Decimal(0))
    flags = {**shared_flags(case.facts), "caching": caching, "switching": not in_use}
    flags["evaluating"] = not in_use and not same_model
    flags |= {"by_token": not deployed, "deployed": deployed}
    flags["replacing"] = replacing
    flags["withdrawing"] = WITHDRAWN in own
    tokens = demand.tokens.band.likely
    return priced_ledger(option, case, values, flags, tokens, variant=variant, capacity=capacity)


def priced_ledger(
    option: str,
    case: LedgerCase,
    values: Mapping[str, Sourced],
    flags: Mapping[str, Test],
    tokens: Decimal | None,
    *,
    variant: str = "",
    capacity: Mapping[str, str] | None = None,
) -> Ledger:
    """A ledger from all its values; not priced where one is missing. `tokens` a month, None where nobody knows."""
    try:
        items = lines(option, values, flags, case.catalogue, case.factor)
    except NoValue as problem:
        why = case.without_rate.get(problem.name, fill("{name} is not known", name=problem.name))
        return unpriced(option, case.catalogue, case.currency, fill("{why}.", why=why), ("exchange_rates",))
    return closed(option, case.catalogue, items, case.currency, tokens, capacity=capacity, variant=variant)


def _demand_values(case: LedgerCase, demand: Demand) -> dict[str, Sourced]:
    return {
        "input_tokens": replace(demand.input_tokens, unit="tokens/month"),
        "output_tokens": replace(demand.output_tokens, unit="tokens/month"),
        "cached_share": replace(demand.cached, unit="share"),
        "batch_share": _ratio(demand.batch, "batch_share", case),
    }


def _ratio(band: Band, fact: str, case: LedgerCase) -> Sourced:
    origin = case.facts[fact].provenance
    return Sourced(
        band,
        origin.origin.value,
        origin.source or (str(origin.place) if origin.place else ""),
        (fact,),
        "share",
    )
