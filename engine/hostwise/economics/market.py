"""Token prices from the `genai-prices` package: offline, dated by its version, imported only when asked.

Four traps, each met here. Tiers are per request, so one representative request is priced, never a month's
total. Some prices depend on the hour, so the moment is fixed at noon UTC. An unknown price context silently
gives the ordinary price, so a batch price counts only where it is lower. And a name as people write it
(`Llama-3.3-70B`) is rarely the provider's (`meta-llama/Llama-3.3-70B-Instruct-Turbo`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, PriceContext, Provider

MILLION = 1_000_000
BATCH: PriceContext = {"processing": "batch"}
PACKAGE = "genai-prices"
CLIENT = ("asyncio", "httpx2")
"""What the package imports to fetch newer prices, which Hostwise never does: a tenth of the start-up of `decide`."""


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
def package_price(
    provider: str | None, model: str, as_of: date, input_tokens: int, output_tokens: int
) -> PackagePrice | None:
    """The price of one request of `input_tokens` and `output_tokens`, as of a day; None when not known.

    Without a provider the maker's own price is taken, or the first provider's by name.
    """
    found = _find(provider, model)
    return _price(*found, as_of, max(1, input_tokens), max(1, output_tokens)) if found else None


def package_prices(words: str, as_of: date, input_tokens: int, output_tokens: int) -> Iterator[PackagePrice]:
    """Every priced model whose name holds `words`, by provider and name."""
    wanted = fold(words)
    for provider in _providers():
        for info in provider.models:
            if wanted in fold(info.id):
                price = _price(provider, info, as_of, input_tokens, output_tokens)
                if price is not None:
                    yield price


@lru_cache(maxsize=64)
def package_names(provider: str | None = None) -> tuple[str, ...]:
    """The names of all models, for the nearest one to a word that is not known."""
    chosen = [p for p in _providers() if provider is None or fold(p.id) == fold(provider)]
    return tuple(sorted({info.id for p in chosen or _providers() for info in p.models}))


def package_providers() -> tuple[str, ...]:
    """The names of all providers."""
    return tuple(p.id for p in _providers())


def fold(name: str) -> str:
    """A name reduced to letters and digits, so that the spellings of a version number agree.

    >>> {fold("Llama-3.3-70B"), fold("llama-v3p3-70b"), fold("llama3-3-70b")}
    {'llama3370b'}
    """
    text = re.sub(r"(?<=\d)p(?=\d)|(?<![a-z])v(?=\d)", "", name.casefold())
    return "".join(c for c in text if c.isalnum())


class _Unread(ModuleType):
    """A module that is imported when something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:  # else somebody imported it meanwhile: it stays the only one
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@lru_cache(maxsize=2)
def _package(part: str = "") -> ModuleType:
    """`genai_prices` or a part of it, without its network client."""
    unread = {name: _Unread(name) for name in CLIENT if name not in sys.modules}
    sys.modules.update(unread)
    try:
        return import_module(f"genai_prices.{part}" if part else "genai_prices")
    finally:
        for name, module in unread.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


@lru_cache(maxsize=1)
def _providers() -> tuple[Provider, ...]:
    return tuple(sorted(_package("data").providers, key=lambda p: p.id))


@lru_cache(maxsize=1024)
def _find(provider: str | None, model: str) -> tuple[Provider, ModelInfo] | None:
    chosen = _providers_called(provider)
    for candidate in chosen:
        exact = candidate.find_model(model)
        if exact is not None:
            return candidate, exact
    wanted = fold(model)
    for candidate in chosen:
        near = sorted((i for i in candidate.models if wanted in fold(i.id)), key=_preference)
        if near:
            return candidate, near[0]
    return None


def _preference(info: ModelInfo) -> tuple[bool, int, str]:
    """A model that is still offered, and the plainest name."""
    preview = any(word in info.id for word in ("preview", "specdec", "free"))
    return bool(info.deprecated) or preview, len(info.id), info.id


def _providers_called(name: str | None) -> list[Provider]:
    if name is None:
        # The makers first: a reseller's price is not what a reader means by a model's price.
        makers = ("openai", "anthropic", "google", "mistral", "x-ai", "cohere", "deepseek")
        return sorted(_providers(), key=lambda p: (makers.index(p.id) if p.id in makers else len(makers), p.id))
    wanted = fold(name)
    exact = [p for p in _providers() if wanted in (fold(p.id), fold(p.name))]
    return exact or [p for p in _providers() if fold(p.name).startswith(wanted)]


def _price(provider: Provider, info: ModelInfo, as_of: date, inputs: int, outputs: int) -> PackagePrice | None:
    per_input = _cost(provider, info, as_of, inputs, 0)
    both = _cost(provider, info, as_of, inputs, outputs)
    if per_input is None or both is None or both <= 0:
        return None
    cached = _cost(provider, info, as_of, inputs, 0, cached=inputs)
    batch = _cost(provider, info, as_of, inputs, outputs, context=BATCH)
    return PackagePrice(
        provider=provider.id,
        model=info.id,
        input=_per_million(per_input, inputs),
        output=_per_million(both - per_input, outputs),
        cached=_per_million(cached, inputs) if cached is not None and cached < per_input else None,
        batch=batch / both if batch is not None and batch < both else None,
        source=f"{PACKAGE} {_version()}, {provider.id} {info.id}",
    )


def _cost(
    provider: Provider, info: ModelInfo, as_of: date, inputs: int, outputs: int,
    *, cached: int = 0, context: PriceContext | None = None,
) -> Decimal | None:  # fmt: skip
    package = _package()
    moment = datetime(as_of.year, as_of.month, as_of.day, 12, tzinfo=UTC)
    parts = {"input_tokens": inputs, "output_tokens": outputs, "cache_read_tokens": cached}
    usage = package.Usage(**{name: count for name, count in parts.items() if count})
    # Some providers' data matches only the path that their API uses.
    for reference in (info.id, f"accounts/{provider.id}/models/{info.id}"):
        try:
            found = package.calc_price(
                usage,
                reference,
                provider_id=provider.id,
                genai_request_timestamp=moment,
                price_context=context,
            )
        except (LookupError, ValueError):
            continue
        cost: Decimal = found.total_price
        return cost
    return None


def _per_million(cost: Decimal, tokens: int) -> Decimal:
    """Prices are published to a few digits; the division's tail is dropped."""
    return (cost / tokens * MILLION).quantize(Decimal("0.000001")).normalize() + 0


@lru_cache(maxsize=1)
def _version() -> str:
    from importlib.metadata import version

    return version(PACKAGE)


def cheapest(prices: Iterable[PackagePrice]) -> PackagePrice | None:
    """The lowest price at three input tokens to one output token (S2-06); ties go to the first name."""
    return min(prices, key=lambda p: (3 * p.input + p.output, p.provider, p.model), default=None)
