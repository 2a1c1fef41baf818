"""What a bill says of the price: what was paid for the tokens, against what the list makes of them.

paid = _paid(price, demand, bill, catalogue)      # the bill sets the price
tokens = _billed_tokens(price, demand, bill, catalogue) # no volume was given: the bill and the list give it
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import VOLUME_FACTS, Demand, Unmeasured, read_demand
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.sourced import Sourced, given
from hostwise.economics.ledgers.context import LedgerCase, option_in_use, priced_ledger
from hostwise.economics.ledgers.ledger import Ledger, lines
from hostwise.economics.numbers.bands import Band, total
from hostwise.economics.numbers.currency import Exchange, currency_of
from hostwise.economics.numbers.numbers import above
from hostwise.economics.plans.line_flags import shared_flags
from hostwise.economics.prices.answered_price import token_price
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.economics.prices.stated import CURRENT
from hostwise.reading.translatable import fill, prose

BILL = "stated_api_spend"
TOKENS = "tokens"
"""The group of lines that a bill of an API pays for."""


def stated_bill(facts: Mapping[str, Fact], rates: Exchange) -> Sourced | None:
    """The bill a month in dollars, where one is given. Raises `NoRate`."""
    stated = given(BILL, facts)
    if stated is None:
        return None
    return replace(stated, band=rates.convert(stated.band, currency_of(stated.unit), "USD"), unit="USD/month")


def price_in_use(
    facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, as_of: date, demand: Demand
) -> TokenPrice | NoPrice:
    """The price of the API in use: what the bill says was paid, where there is one. Raises `NoRate`."""
    price, bill = token_price(CURRENT, facts, catalogue, rates, as_of, demand), stated_bill(facts, rates)
    if isinstance(price, NoPrice) or bill is None or BILL in demand.tokens.inputs:
        return price
    return _paid(price, _token_cost(catalogue.in_use.closed, price, demand, catalogue), bill)


def demand_of_bill(
    facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, as_of: date
) -> Demand | Unmeasured:
    """The demand that a bill pays for at the price of the model in use. Raises `NoRate`."""
    unit = Sourced(Band.exactly(1_000_000), "derived", "", (BILL,), "tokens/month")
    bill, demand = stated_bill(facts, rates), read_demand(facts, catalogue, unit)
    if bill is None or isinstance(demand, Unmeasured):
        return Unmeasured(VOLUME_FACTS)
    price = token_price(CURRENT, facts, catalogue, rates, as_of, demand)
    cost = Decimal(0) if isinstance(price, NoPrice) else _token_cost(catalogue.in_use.closed, price, demand, catalogue)
    if isinstance(price, NoPrice) or cost <= 0:
        return Unmeasured(VOLUME_FACTS)
    return read_demand(facts, catalogue, _billed_tokens(price.source, demand, cost, bill))


def billed_ledger(case: LedgerCase, bill: Sourced) -> Ledger:
    """What the API in use costs where nothing but its bill is known."""
    option = option_in_use(case)
    flags = {
        **shared_flags(case.facts),
        "caching": False,
        "switching": False,
        "evaluating": False,
        "billed": True,
        "by_token": False,
    }
    return priced_ledger(option, case, {**case.shared, "bill": bill}, flags, None, variant=bill.source)


def _token_cost(option: str, price: TokenPrice, demand: Demand, catalogue: Catalogue) -> Decimal:
    """Dollars a month for the likely tokens alone, by the lines of an API's ledger."""
    parts = {
        "price_input": price.input, "price_output": price.output, "price_cached": price.cached,
        "batch_ratio": price.batch_ratio, "input_tokens": demand.input_tokens.band,
        "output_tokens": demand.output_tokens.band, "cached_share": demand.cached.band, "batch_share": demand.batch,
        "written": price.written.times,
    }  # fmt: skip
    values = {name: Sourced(Band.exactly(band.likely), "", "") for name, band in parts.items()}
    flags = {"caching": above(demand.cached_share, Decimal(0)), "billed": False, "by_token": True}
    only = replace(catalogue, items=tuple(item for item in catalogue.items if item.group == TOKENS))
    return total([line.amount for line in lines(option, values, flags, only, Band.exactly(1))]).likely


def _paid(price: TokenPrice, cost: Decimal, bill: Sourced) -> TokenPrice:
    """The price that makes a bill of what comes to `cost` at the list; one that is given stays, with that cost."""
    if price.origin == "given" or cost <= 0:
        return replace(price, list_cost=cost)
    factor = bill.band / Band.exactly(cost)
    message = prose("the bill of {bill} over what the tokens cost at the price of: {source}")
    return replace(
        price, input=price.input * factor, output=price.output * factor, cached=price.cached * factor,
        origin="derived", source=fill(message, bill=bill.source, source=price.source), apart={}, list_cost=cost,
        before_bill=price,
    )  # fmt: skip


def _billed_tokens(source: str, demand: Demand, cost: Decimal, bill: Sourced) -> Sourced:
    """Tokens a month: as many as the bill pays for where those of `demand` cost so much."""
    band = bill.band / Band.exactly(cost) * Band.exactly(demand.tokens.band.likely)
    message = prose("the bill over the price of a token: {source}")
    return Sourced(band, "derived", fill(message, source=source), (BILL, "current_model"), "tokens/month")
