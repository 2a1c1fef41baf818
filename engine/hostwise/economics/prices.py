"""Token prices: given in the answers, else listed in the catalogue, else in the genai-prices package.

The package prices one request, and its tiers are per request; so one representative request is priced,
never a month's total. It is asked for a fixed time of day, since some prices depend on the hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from hostwise.answers.facts import Fact
from hostwise.economics.bands import Band
from hostwise.economics.catalogue import Catalogue, ListedPrice
from hostwise.economics.currency import Exchange, currency_of
from hostwise.economics.demand import Demand
from hostwise.economics.values import given
from hostwise.reading.suggest import nearest

PER = 1_000_000


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """A price in dollars per million tokens. `batch_ratio` is 1 where no batch price is known."""

    input: Band
    output: Band
    cached: Band
    batch_ratio: Decimal
    origin: str
    source: str
    as_of: date | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NoPrice:
    """Why an option has no price, and the facts that would give one."""

    why: str
    needs: tuple[str, ...]


CURRENT = ("current_provider", "current_model", "current_input_price", "current_output_price")
OPEN = ("open_provider", "open_model", "open_input_price", "open_output_price")


def token_price(
    names: tuple[str, str, str, str],
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    rates: Exchange,
    as_of: date,
    demand: Demand,
) -> TokenPrice | NoPrice:
    """The price at the provider that four facts describe. Raises `NoRate`."""
    provider_fact, model_fact, input_fact, output_fact = names
    provider, model = (_text(facts[n]) for n in (provider_fact, model_fact))
    looked_up = look_up(provider, model, catalogue, as_of, demand) if model else None
    stated = [given(n, facts) for n in (input_fact, output_fact)]
    if stated[0] is not None and stated[1] is not None:
        ends = [rates.convert(s.band, currency_of(facts[n].unit), "USD") for s, n in zip(stated, names[2:], strict=True) if s]
        cached = looked_up.cached / looked_up.input * ends[0] if _usable(looked_up) else ends[0]
        ratio = looked_up.batch_ratio if isinstance(looked_up, TokenPrice) else Decimal(1)
        return TokenPrice(ends[0], ends[1], cached, ratio, "given", stated[0].source, _date(facts, names))
    if looked_up is None:
        missing = tuple(n for n in (input_fact, output_fact) if facts[n].value is None)
        return NoPrice("no price is given and no model is named", missing)
    return looked_up


def _usable(price: TokenPrice | NoPrice | None) -> bool:
    return isinstance(price, TokenPrice) and price.input.low > 0


def _date(facts: Mapping[str, Fact], names: tuple[str, ...]) -> date | None:
    stated = facts["current_price_as_of"].value if names is CURRENT else None
    return date.fromisoformat(stated) if isinstance(stated, str) else None


def look_up(
    provider: str | None, model: str, catalogue: Catalogue, as_of: date, demand: Demand
) -> TokenPrice | NoPrice:
    """A listed price, or the package's. The nearest names are said when there is none."""
    for entry in catalogue.prices:
        same = _fold(entry.model) == _fold(model)
        if same and (provider is None or _fold(entry.provider) == _fold(provider)):
            return _listed(entry, catalogue, as_of)
    return _packaged(provider, model, catalogue, as_of, demand)


def _listed(entry: ListedPrice, catalogue: Catalogue, as_of: date) -> TokenPrice:
    notes = []
    if (as_of - entry.as_of).days > catalogue.stale_after_days:
        notes.append(f"the price is {(as_of - entry.as_of).days} days old")
    if entry.retired_on and entry.retired_on <= as_of:
        notes.append(f"the model was retired on {entry.retired_on.isoformat()}")
    cached = entry.cached if entry.cached is not None else entry.input
    return TokenPrice(
        Band.exactly(entry.input), Band.exactly(entry.output), Band.exactly(cached), entry.batch or Decimal(1),
        "listed", f"catalogue: {entry.provider} {entry.model}, {entry.source}", entry.as_of, "; ".join(notes) or None,
    )  # fmt: skip


def _packaged(
    provider: str | None, model: str, catalogue: Catalogue, as_of: date, demand: Demand
) -> TokenPrice | NoPrice:
    from importlib.metadata import version

    from genai_prices import Usage, calc_price

    # Noon: deepseek's price, for one, halves in the evening.
    moment = datetime(as_of.year, as_of.month, as_of.day, 12, tzinfo=UTC)
    inputs, outputs = (max(1, int(n)) for n in (demand.input_length, demand.output_length))

    def price(usage: Usage, provider_id: str | None) -> Decimal:
        found = calc_price(usage, model_ref=model, provider_id=provider_id, genai_request_timestamp=moment)
        return found.total_price

    try:
        provider_id = provider.lower() if provider else None
        per_input = price(Usage(input_tokens=inputs), provider_id) / inputs * PER
        both = price(Usage(input_tokens=inputs, output_tokens=outputs), provider_id)
        per_output = (both - per_input * inputs / PER) / outputs * PER
        cached = price(Usage(input_tokens=inputs, cache_read_tokens=inputs), provider_id) / inputs * PER
    except LookupError:
        names = [entry.model for entry in catalogue.prices]
        near = nearest(model, names)
        hint = f"; did you mean {near}?" if near else ""
        return NoPrice(f"no price is known for {model!r}{hint} Give input_price and output_price", ())
    return TokenPrice(
        Band.exactly(per_input), Band.exactly(per_output), Band.exactly(cached), Decimal(1),
        "listed", f"genai-prices {version('genai-prices')}: {model}", as_of,
        "no batch price is known",
    )  # fmt: skip


def _text(fact: Fact) -> str | None:
    return fact.value if isinstance(fact.value, str) else None


def _fold(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum() or c == ".")
