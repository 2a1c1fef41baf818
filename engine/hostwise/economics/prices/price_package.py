"""Token prices from the genai-prices package: offline, dated by its version, read only when asked.

Four traps, each met here. Tiers are per request, so representative requests are priced, never a month's total: of a
range of lengths the ends and every length at which the price changes. Some prices depend on the hour: that of noon UTC
is taken to be likely, those of other hours widen its band. An unknown price context silently
gives the ordinary price, so a batch price counts only where it is lower. And a name as people write it is rarely the
provider's: `names` finds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from hostwise.economics.numbers.bands import Band
from hostwise.economics.prices.price_list import MILLION, PACKAGE, Offer, Tariff, price_list


class PackagePrice(Struct, frozen=True):
    """A price in dollars per million tokens, for requests of the given lengths.

    `cached` is a cached input token; `batch` the batch price as a share of the ordinary one.
    Both are None where the data has none.
    """

    provider: str
    model: str
    input: Decimal
    output: Decimal
    cached: Decimal | None
    batch: Decimal | None
    source: str


@lru_cache(maxsize=1024)
def package_price(provider: str, model: str, as_of: date, input_tokens: int, output_tokens: int) -> PackagePrice | None:
    """The price of one request of `input_tokens` and `output_tokens`, as of a day; None when not known.

    `provider` and `model` are ids of the list; `names.find_model` says which of them a name stands for.
    """
    offer = _offer(provider, model, as_of)
    return _price(provider, model, offer, max(1, input_tokens), max(1, output_tokens)) if offer else None


def _offer(provider: str, model: str, as_of: date) -> Offer | None:
    for seller in price_list().sellers:
        for listed in seller.models if seller.id == provider else ():
            if listed.id == model:
                return listed.offer_on(as_of)
    return None


class PriceSpan(Struct, frozen=True):
    """A price in dollars per million tokens over a range of lengths and the hours of a day; `cached`, `batch` alike."""

    input: Band
    output: Band
    cached: Band | None
    batch: Decimal | None
    source: str


@lru_cache(maxsize=1024)
def price_span(
    provider: str, model: str, as_of: date, shortest: int, input_tokens: int, longest: int, output_tokens: int
) -> PriceSpan | None:
    """The price of requests of `shortest` to `longest` input tokens, most of them `input_tokens`; None if not known."""
    likely = package_price(provider, model, as_of, input_tokens, output_tokens)
    offer = _offer(provider, model, as_of)
    if likely is None or offer is None:
        return None
    found = [each for tariff in (offer.ordinary, *offer.other_hours) if tariff
             for length in _lengths(tariff, shortest, longest)
             if (each := _rates(tariff, length, max(1, output_tokens)))]  # fmt: skip
    return PriceSpan(
        _around(likely.input, [each[0] for each in found]),
        _around(likely.output, [each[1] for each in found]),
        None if likely.cached is None else _around(likely.cached, [each[2] for each in found]),
        likely.batch,
        likely.source,
    )


def _lengths(tariff: Tariff, shortest: int, longest: int) -> Iterator[int]:
    """The ends of a range of lengths, and the first length of each step within it."""
    yield from (max(1, shortest), max(1, longest))
    yield from (start + 1 for start in tariff.steps if shortest <= start < longest)


def _around(likely: Decimal, others: Iterable[Decimal]) -> Band:
    ends = (likely, *others)
    return Band.exactly(likely) if set(ends) == {likely} else Band(min(ends), likely, max(ends))


def package_prices(words: str, as_of: date, input_tokens: int, output_tokens: int) -> Iterator[PackagePrice]:
    """Every priced model whose name holds `words`, by provider and name."""
    wanted = fold(words)
    for seller in price_list().sellers:
        for model in seller.models:
            offer = model.offer_on(as_of) if wanted in fold(model.id) else None
            if offer is not None:
                price = _price(seller.id, model.id, offer, input_tokens, output_tokens)
                if price is not None:
                    yield price


@lru_cache(maxsize=64)
def package_names(provider: str | None = None) -> tuple[str, ...]:
    """The names of all models, for the nearest one to a word that is not known."""
    sellers = price_list().sellers
    chosen = [seller for seller in sellers if provider is None or fold(seller.id) == fold(provider)]
    return tuple(sorted({id_ for seller in chosen or sellers for id_ in seller.model_ids}))


def fold(name: str) -> str:
    """A name reduced to letters and digits, so that the spellings of a version number agree.

    >>> {fold("Llama-3.3-70B"), fold("llama-v3p3-70b"), fold("llama3-3-70b")}
    {'llama3370b'}
    """
    text = re.sub(r"(?<=\d)p(?=\d)|(?<![a-z])v(?=\d)", "", name.casefold())
    return "".join(c for c in text if c.isalnum())


def _price(provider: str, model: str, offer: Offer, inputs: int, outputs: int) -> PackagePrice | None:
    rates = offer.ordinary and _rates(offer.ordinary, inputs, outputs)
    if not rates or offer.ordinary is None:
        return None
    per_input, per_output, per_cached = rates
    both = offer.ordinary.cost(inputs, outputs)
    batch = offer.batch.cost(inputs, outputs) if offer.batch else both
    return PackagePrice(
        provider=provider,
        model=model,
        input=per_input,
        output=per_output,
        cached=per_cached if per_cached < per_input else None,
        batch=batch / both if batch < both else None,
        source=f"{PACKAGE} {price_list().version}, {provider} {model}",
    )


def _rates(tariff: Tariff, inputs: int, outputs: int) -> tuple[Decimal, Decimal, Decimal] | None:
    """What input, output and cached input cost in a request of these lengths; None where nothing is charged for."""
    per_input, both, cached = tariff.cost(inputs, 0), tariff.cost(inputs, outputs), tariff.cost(inputs, 0, inputs)
    if both <= 0:
        return None
    return _per_million(per_input, inputs), _per_million(both - per_input, outputs), _per_million(cached, inputs)


def _per_million(cost: Decimal, tokens: int) -> Decimal:
    """Prices are published to a few digits; the division's tail is dropped."""
    return (cost / tokens * MILLION).quantize(Decimal("0.000001")).normalize() + 0
