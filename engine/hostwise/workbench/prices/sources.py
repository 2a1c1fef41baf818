"""What the sources of prices publish, as rows: seller, listed name, USD per million tokens. Data, never code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from msgspec import DecodeError, Raw, Struct, ValidationError, field, json

from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated

MILLION = 1_000_000
NOON = 12
"""A price that depends on the hour is that of noon UTC."""


class Limits(Strict, frozen=True):
    """What is read at most, how far a price may move, and from when on two prices differ (USD per million tokens)."""

    bytes: int
    seconds: Decimal
    largest_price: Decimal
    largest_change: Decimal
    same_within: Decimal


class PriceSource(Strict, frozen=True):
    """An address, its format and licence; its own names of sellers."""

    format: Literal["genai-prices", "litellm"]
    url: str
    licence: str
    sellers: Mapping[str, str] = {}


class Sources(Strict, frozen=True):
    """All of `price-sources.yaml`."""

    limits: Limits
    sources: Mapping[str, PriceSource]


class Row(Struct, frozen=True):
    """A price as a source has it."""

    seller: str
    listed: str
    input: Decimal
    output: Decimal
    cached: Decimal | None


class NotReadable(Exception):
    """A source's content is not what its format says."""


def load_sources(rules: Path) -> Sources:
    """Read `price-sources.yaml`. Raises `InputError`."""
    return validated(Sources, read_kept_document(rules / "catalogue" / "price-sources.yaml"))


def rows_of(source: PriceSource, content: bytes, day: date, limits: Limits) -> list[Row]:
    """The rows of a source on a day; those with a price that cannot be are left out. Raises `NotReadable`."""
    try:
        rows = list(FORMATS[source.format](content, day))
    except (DecodeError, ValidationError, RecursionError, UnicodeDecodeError) as problem:
        raise NotReadable(str(problem)) from None
    return [
        Row(source.sellers.get(row.seller, row.seller), row.listed, row.input, row.output, row.cached)
        for row in rows
        if all(0 < price < limits.largest_price for price in (row.input, row.output))
    ]


class _Constraint(Struct, frozen=True):
    start_date: date | None = None
    start_time: str | None = None
    end_time: str | None = None


class _Tiered(Struct, frozen=True):
    base: Decimal


class _Prices(Struct, frozen=True):
    input_mtok: Decimal | _Tiered | None = None
    output_mtok: Decimal | _Tiered | None = None
    cache_read_mtok: Decimal | _Tiered | None = None


class _Conditional(Struct, frozen=True):
    prices: _Prices
    constraint: _Constraint | None = None


class _Model(Struct, frozen=True):
    id: str
    prices: Raw = field(default_factory=Raw)


class _Provider(Struct, frozen=True):
    id: str
    models: tuple[_Model, ...] = ()


class _Providers(Struct, frozen=True):
    providers: tuple[_Provider, ...]


class _Entry(Struct, frozen=True):
    litellm_provider: str = ""
    mode: str = ""
    input_cost_per_token: Decimal | None = None
    output_cost_per_token: Decimal | None = None
    cache_read_input_token_cost: Decimal | None = None


def _genai_prices(content: bytes, day: date) -> Iterator[Row]:
    listed = content.lstrip().startswith(b"[")
    providers = (
        json.decode(content, type=tuple[_Provider, ...]) if listed else json.decode(content, type=_Providers).providers
    )
    for provider in providers:
        for model in provider.models:
            prices = _on(model.prices, day)
            if prices is not None and prices.input_mtok is not None and prices.output_mtok is not None:
                ends = [_base(each) for each in (prices.input_mtok, prices.output_mtok, prices.cache_read_mtok)]
                yield Row(provider.id, model.id, ends[0] or Decimal(0), ends[1] or Decimal(0), ends[2])


def _on(raw: Raw, day: date) -> _Prices | None:
    """What holds on a day: of several rules the last one that is in force."""
    text = bytes(raw)
    if not text:
        return None
    if not text.lstrip().startswith(b"["):
        return json.decode(text, type=_Prices)
    rules = json.decode(text, type=tuple[_Conditional, ...])
    return next((rule.prices for rule in reversed(rules) if _in_force(rule.constraint, day)), None)


def _in_force(constraint: _Constraint | None, day: date) -> bool:
    if constraint is None:
        return True
    if constraint.start_date is not None:
        return constraint.start_date <= day
    if constraint.start_time and constraint.end_time:
        start, end = (
            datetime.fromisoformat(f"2000-01-01T{t}").hour for t in (constraint.start_time, constraint.end_time)
        )
        return start <= NOON < end if start <= end else start <= NOON or end > NOON
    return False


def _base(price: Decimal | _Tiered | None) -> Decimal | None:
    return price.base if isinstance(price, _Tiered) else price


def _litellm(content: bytes, _day: date) -> Iterator[Row]:
    for key, raw in json.decode(content, type=dict[str, Raw]).items():
        try:
            entry = json.decode(raw, type=_Entry)
        except ValidationError:
            continue  # its sample and a few others have words where prices stand
        per_token = (entry.input_cost_per_token, entry.output_cost_per_token, entry.cache_read_input_token_cost)
        ends = [_per_million(price) for price in per_token]
        if key != "sample_spec" and entry.mode in ("chat", "responses") and ends[0] is not None and ends[1] is not None:
            yield Row(entry.litellm_provider, key, ends[0], ends[1], ends[2])


def _per_million(price: Decimal | None) -> Decimal | None:
    try:
        return None if price is None else (price * MILLION).quantize(Decimal("0.000001")).normalize() + 0
    except InvalidOperation:
        return None


FORMATS: Mapping[str, Callable[[bytes, date], Iterator[Row]]] = {"genai-prices": _genai_prices, "litellm": _litellm}
