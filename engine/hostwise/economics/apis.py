"""Options that are paid per token: the price of each, and its ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.bands import Band
from hostwise.economics.case import Case, ledger_of
from hostwise.economics.catalogue import Catalogue
from hostwise.economics.currency import Exchange
from hostwise.economics.demand import Demand
from hostwise.economics.ledger import Ledger, unpriced
from hostwise.economics.prices import CURRENT, OPEN, NoPrice, TokenPrice, look_up, token_price
from hostwise.economics.values import Sourced
from hostwise.reading.said import fill, prose

APIS = ("managed-api", "sovereign-api", "open-model-provider")


def option_prices(
    facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, as_of: date, demand: Demand
) -> dict[str, TokenPrice | NoPrice]:
    """The price at each kind of API. Raises `NoRate`."""
    current = token_price(CURRENT, facts, catalogue, rates, as_of, demand)
    opened = token_price(OPEN, facts, catalogue, rates, as_of, demand)
    on_open_model = facts["current_tier"].value == "open-model"
    if isinstance(opened, NoPrice) and not _names_open_provider(facts):
        fallback = catalogue.default_open_model
        listed = look_up(fallback.provider, fallback.model, catalogue, as_of, demand)
        if isinstance(listed, TokenPrice):
            opened = replace(
                listed,
                origin="assumed",
                source=fill("{source}. {because}", source=listed.source, because=fallback.because),
            )
    if on_open_model:
        # The API in use is an open-model provider: it is that option, and no proprietary one is known.
        opened = current if isinstance(current, TokenPrice) else opened
        current = NoPrice(
            prose("the API in use serves an open model; no proprietary price is given"), ("current_tier",)
        )
    return {
        "managed-api": current,
        "sovereign-api": _sovereign(current, opened, catalogue),
        "open-model-provider": opened,
    }


def _names_open_provider(facts: Mapping[str, Fact]) -> bool:
    return facts["open_model"].value is not None or facts["open_input_price"].value is not None


def _sovereign(
    current: TokenPrice | NoPrice, opened: TokenPrice | NoPrice, catalogue: Catalogue
) -> TokenPrice | NoPrice:
    base = current if isinstance(current, TokenPrice) else opened
    if isinstance(base, NoPrice):
        return base
    premium = catalogue.figures["sovereign_premium"]
    message = prose("{source}, times the sovereign premium: {because}")
    source = fill(message, source=base.source, because=premium.because)
    return TokenPrice(
        base.input * premium.band, base.output * premium.band, base.cached * premium.band, Decimal(1),
        "assumed", source, base.as_of,
    )  # fmt: skip


def api_ledger(option: str, case: Case, demand: Demand) -> Ledger:
    """The ledger of an option that is paid per token."""
    price = case.prices[option]
    if isinstance(price, NoPrice):
        return unpriced(option, case.catalogue, case.currency, fill("{why}.", why=price.why), price.needs)
    values = _price_values(price)
    return ledger_of(option, case, demand, values, variant=price.source, in_use=_in_use(option, case))


def _in_use(option: str, case: Case) -> bool:
    """Whether the workload runs there today: then nothing has to be migrated."""
    if case.facts["current_tier"].value == "open-model":
        return option == "open-model-provider"
    return option == "managed-api"


def _price_values(price: TokenPrice) -> dict[str, Sourced]:
    def priced(band: Band) -> Sourced:
        return Sourced(band, price.origin, price.source, (), "USD/Mtok")

    return {
        "price_input": priced(price.input),
        "price_output": priced(price.output),
        "price_cached": priced(price.cached),
        "batch_ratio": Sourced(Band.exactly(price.batch_ratio), price.origin, price.source, (), "share"),
    }
