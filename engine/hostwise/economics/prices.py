"""Token prices: given in the answers, else listed in the catalogue, else in the genai-prices package.

A price that is given wins and is shown as given; what a cached or a batch token costs beside it follows
the ratios of the same model in the catalogue or the package, where they have them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.bands import Band
from hostwise.economics.catalogue import Catalogue, ListedPrice
from hostwise.economics.currency import Exchange, currency_of
from hostwise.economics.demand import Demand
from hostwise.economics.numbers import span
from hostwise.economics.values import given
from hostwise.reading.said import fill, prose
from hostwise.reading.suggest import nearest


class TokenPrice(Struct, frozen=True):
    """A price in dollars per million tokens. `batch_ratio` is 1 where no batch price is known."""

    input: Band
    output: Band
    cached: Band
    batch_ratio: Decimal
    origin: str
    source: str
    as_of: date | None
    note: str | None = None


class NoPrice(Struct, frozen=True):
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
    stated = [given(n, facts) for n in (input_fact, output_fact)]
    # The ratios of a given price matter only where something is cached or may wait.
    needed = None in stated or demand.cached_share > 0 or demand.batch_share > 0
    looked_up = look_up(provider, model, catalogue, as_of, demand) if model and needed else None
    if stated[0] is not None and stated[1] is not None:
        ends = [
            rates.convert(s.band, currency_of(facts[n].unit), "USD")
            for s, n in zip(stated, names[2:], strict=True)
            if s
        ]
        cached, ratio = ends[0], Decimal(1)
        if isinstance(looked_up, TokenPrice):
            # A discount is the provider's, whatever the price: the listed ratio applies to the given one.
            ratio = looked_up.batch_ratio
            cached = looked_up.cached / looked_up.input * ends[0] if looked_up.input.low > 0 else ends[0]
        return TokenPrice(ends[0], ends[1], cached, ratio, "given", stated[0].source, _date(facts, names))
    missing = tuple(n for n in (input_fact, output_fact) if facts[n].value is None)
    if looked_up is None:
        return NoPrice(prose("no price is given and no model is named"), missing)
    if isinstance(looked_up, NoPrice):
        # The way out of a model that nobody lists is its price: those are the answers to get.
        return NoPrice(looked_up.why, missing)
    return looked_up


def _date(facts: Mapping[str, Fact], names: tuple[str, ...]) -> date | None:
    stated = facts["current_price_as_of"].value if names is CURRENT else None
    return date.fromisoformat(stated) if isinstance(stated, str) else None


def look_up(
    provider: str | None, model: str, catalogue: Catalogue, as_of: date, demand: Demand
) -> TokenPrice | NoPrice:
    """A listed price, else the package's, else the same model at another provider, which is said."""
    exact = _listed(provider, model, catalogue, as_of) or _packaged(provider, model, as_of, demand)
    if exact is not None or provider is None:
        return exact or _unknown(model, catalogue)
    elsewhere = _listed(None, model, catalogue, as_of)
    if elsewhere is None:
        return _unknown(model, catalogue)
    note = f"no price of {model} at {provider} is known: this one is assumed. Give input_price and output_price"
    return replace(elsewhere, origin="assumed", note="; ".join(n for n in (note, elsewhere.note) if n))


def _listed(provider: str | None, model: str, catalogue: Catalogue, as_of: date) -> TokenPrice | None:
    """A catalogue entry. The source documents' own tables count only where a document is named."""
    for entry in catalogue.prices:
        named = provider is not None and _fold(entry.provider) == _fold(provider)
        open_to_all = provider is None and not _is_document(entry)
        if _fold(entry.model) == _fold(model) and (named or open_to_all):
            return _entry(entry, catalogue, as_of)
    return None


def _is_document(entry: ListedPrice) -> bool:
    return entry.provider.startswith("S") and entry.provider[1:].isdigit()


def _entry(entry: ListedPrice, catalogue: Catalogue, as_of: date) -> TokenPrice:
    notes = []
    if (as_of - entry.as_of).days > catalogue.stale_after_days:
        notes.append(f"the price is {(as_of - entry.as_of).days} days old")
    if entry.retired_on and entry.retired_on <= as_of:
        notes.append(f"the model was retired on {entry.retired_on.isoformat()}")
    cached = entry.cached if entry.cached is not None else entry.input
    return TokenPrice(
        Band.exactly(entry.input),
        Band.exactly(entry.output),
        Band.exactly(cached),
        entry.batch or Decimal(1),
        "listed",
        fill("catalogue: {price}", price=f"{entry.provider} {entry.model}, {entry.source}"),
        entry.as_of,
        "; ".join(notes) or None,
    )


def _packaged(provider: str | None, model: str, as_of: date, demand: Demand) -> TokenPrice | None:
    from hostwise.economics.market import package_price

    inputs, outputs = span(demand.input_length), span(demand.output_length)
    found = package_price(provider, model, as_of, inputs[0], outputs[0])
    longest = inputs[1], outputs[1]
    if longest != (inputs[0], outputs[0]) and package_price(provider, model, as_of, *longest) != found:
        # Many cases, of several lengths, and long requests are priced apart: the cases part in the middle.
        wider = max((inputs, demand.input_length), (outputs, demand.output_length), key=lambda e: e[0][1] - e[0][0])
        bool(wider[1] < sum(wider[0]) // 2 + 1)
    if found is None:
        return None
    return TokenPrice(
        Band.exactly(found.input),
        Band.exactly(found.output),
        Band.exactly(found.cached if found.cached is not None else found.input),
        found.batch or Decimal(1),
        "listed",
        found.source,
        as_of,
    )


def _unknown(model: str, catalogue: Catalogue) -> NoPrice:
    near = _nearest(model, tuple(entry.model for entry in catalogue.prices))
    if near:
        message = prose("no price is known for {model} (the nearest name is {near}): give input_price and output_price")
        return NoPrice(fill(message, model=repr(model), near=near), ())
    return NoPrice(fill("no price is known for {model}: give input_price and output_price", model=repr(model)), ())


@lru_cache(maxsize=256)
def _nearest(model: str, listed: tuple[str, ...]) -> str | None:
    from hostwise.economics.market import package_names

    return nearest(model, listed) or nearest(model, package_names())


def _text(fact: Fact) -> str | None:
    return fact.value if isinstance(fact.value, str) else None


@lru_cache(maxsize=4096)
def _fold(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum() or c == ".")
