"""Converting money. Rates come from the answers, dated; no rate is ever looked up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.economics.numbers.bands import Band
from hostwise.reading.translatable import fill

BASE = "USD"


class NoRate(LookupError):
    """A currency without a rate; `currency` says which key of `economics.exchange_rates` to fill."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        super().__init__(
            fill("no exchange rate for {currency}: fill economics.exchange_rates.{currency}", currency=currency)
        )


class Exchange(Struct, frozen=True):
    """Rates in dollars for one unit of each currency."""

    rates: Mapping[str, Decimal]

    def dollars(self, currency: str) -> Decimal:
        """Dollars for one unit. Raises `NoRate`."""
        if currency == BASE:
            return Decimal(1)
        if currency not in self.rates:
            raise NoRate(currency)
        return self.rates[currency]

    def convert(self, band: Band, source: str, target: str) -> Band:
        """A band of money in another currency. Raises `NoRate`."""
        if source == target:
            return band
        return band * Band.exactly(self.dollars(source)) / Band.exactly(self.dollars(target))


def exchange(facts: Mapping[str, Fact]) -> Exchange:
    """The rates that the answers give."""
    prefix = "exchange_rate."
    stated = {name.removeprefix(prefix): facts.get(name) for name in facts if name.startswith(prefix)}
    return Exchange({code: fact.value for code, fact in stated.items() if fact and isinstance(fact.value, Decimal)})


def currency_of(unit: str) -> str:
    """The currency in a unit such as `GBP/month`."""
    return unit.partition("/")[0] or BASE


def stated_currency(facts: Mapping[str, Fact]) -> str:
    """The currency in which a questionnaire wants its amounts."""
    stated = facts["currency"].value
    return stated if isinstance(stated, str) else BASE


def reporting_currency(facts: Mapping[str, Fact]) -> str:
    """The currency in which amounts are said: the one that is wanted, where its rate is known, else dollars."""
    stated = stated_currency(facts)
    return stated if stated == BASE or stated in exchange(facts).rates else BASE
