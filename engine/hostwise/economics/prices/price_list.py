"""The price list of the genai-prices package as data of our own: sellers, their models, and what each costs from when.

The package holds its list as Python that builds 20,000 objects, beside a client that fetches newer ones: to import it
takes a third of a decision. So it is imported once, the list is worked out through its public door, and kept.

    for seller in price_list().sellers:
        for model in seller.models:
            model.offer_on(date(2026, 11, 20))      # its tariffs, in dollars per million tokens
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import DecodeError, Struct, msgpack
from msgspec.structs import replace

from hostwise.reading.files.cache import keep, kept, key_of, module_mark
from hostwise.reading.files.installed import metadata_file, version_of

if TYPE_CHECKING:
    from genai_prices.types import MatchLogic, ModelInfo, ModelPrice, PriceContext, Provider

T = TypeVar("T")
PACKAGE = "genai-prices"
BATCH: PriceContext = {"processing": "batch"}
MILLION, THOUSAND = 1_000_000, 1_000
NOON = time(12)


class Rate(Struct, frozen=True, array_like=True):
    """Dollars per million tokens; for all tokens of a request with more input tokens than a step starts at, the step's.

    `steps` are (start, price), ascending.
    """

    price: Decimal
    steps: tuple[tuple[int, Decimal], ...] = ()

    def at(self, length: int) -> Decimal:
        """The price in a request of `length` input tokens."""
        return next((price for start, price in reversed(self.steps) if length > start), self.price)


class Tariff(Struct, frozen=True, array_like=True):
    """What is charged for input, output and cached input tokens, and for a thousand requests."""

    input: Rate | None
    output: Rate | None
    cached: Rate | None
    requests: Rate | None

    def cost(self, inputs: int, outputs: int, cached: int = 0) -> Decimal:
        """Dollars for one request; `cached` of its `inputs` are cached, and cost the same where no price says else."""
        fresh = inputs - cached if self.cached else inputs
        counted = ((self.input, fresh, MILLION), (self.output, outputs, MILLION), (self.cached, cached, MILLION),
                   (self.requests, 1, THOUSAND))  # fmt: skip
        return sum((rate.at(inputs) * count / per for rate, count, per in counted if rate), Decimal(0))

    @property
    def steps(self) -> tuple[int, ...]:
        """The numbers of input tokens above which a request costs otherwise, ascending."""
        rates = (rate for rate in (self.input, self.output, self.cached, self.requests) if rate)
        return tuple(sorted({start for rate in rates for start, _ in rate.steps}))


class Offer(Struct, frozen=True, array_like=True):
    """The tariffs from a day on, at noon UTC; None where the data is at odds with itself.

    `other_hours` are ordinary ones of other hours, where the price depends on the hour.
    """

    since: date
    ordinary: Tariff | None
    batch: Tariff | None
    other_hours: tuple[Tariff, ...] = ()


class Match(Struct, frozen=True, array_like=True):
    """Which names stand for a model: `how` a name in small letters compares with `text`, or any or all of `parts`."""

    how: str
    text: str = ""
    parts: tuple[Match, ...] = ()

    def fits(self, name: str) -> bool:
        """Whether a name stands for the model in the package's own data."""
        return bool(COMPARISONS[self.how](self, name))

    def texts(self) -> Iterator[str]:
        """The names that it says in full: what starts or contains one of them may be another model."""
        if self.text and self.how != "regex":
            yield self.text
        for part in self.parts if self.how == "or_" else ():
            yield from part.texts()


COMPARISONS: Mapping[str, Callable[[Match, str], object]] = {
    "equals": lambda match, name: name == match.text,
    "starts_with": lambda match, name: name.startswith(match.text),
    "ends_with": lambda match, name: name.endswith(match.text),
    "contains": lambda match, name: match.text in name,
    "regex": lambda match, name: re.search(match.text, name),
    "or_": lambda match, name: any(part.fits(name) for part in match.parts),
    "and_": lambda match, name: all(part.fits(name) for part in match.parts),
}


class ListedModel(Struct, frozen=True, array_like=True):
    """A model at one seller. `offers` ascend in time; the first is from the beginning."""

    id: str
    deprecated: bool
    match: Match
    offers: tuple[Offer, ...]

    def offer_on(self, day: date) -> Offer | None:
        """What holds at noon UTC of a day: a few prices depend on the hour."""
        return next((offer for offer in reversed(self.offers) if offer.since <= day), None)


class Seller(Struct, frozen=True, array_like=True):
    """A provider. A decision looks into one or two of fifty, so the models of each are worked out and kept apart."""

    id: str
    name: str
    model_ids: tuple[str, ...]

    @property
    def models(self) -> tuple[ListedModel, ...]:
        """Its models, in the order of the package."""
        return _models(self.id)


class PriceList(Struct, frozen=True):
    """All sellers, by id; `version` is the package's."""

    version: str
    sellers: tuple[Seller, ...]


@lru_cache(maxsize=1)
def price_list() -> PriceList:
    """The list of the installed package."""
    return kept_of_package("sellers", PriceList, list_of_package)


@lru_cache(maxsize=64)
def _models(seller: str) -> tuple[ListedModel, ...]:
    return kept_of_package(f"models of {seller}", tuple[ListedModel, ...], lambda: models_of_package(seller))


def kept_of_package(what: str, kind: type[T], make: Callable[[], T], code: str = "") -> T:
    """What is made of the package's list, kept for the next command until the package or its code changes.

    `code` is the file of what makes it, where that is not this module alone.
    """
    package = _key()
    if package is None:
        return make()
    key = key_of([package.encode(), what.encode(), *([module_mark(Path(code))] if code else ())])
    content = kept(key)
    if content is not None:
        with suppress(DecodeError):
            return msgpack.decode(content, type=kind)
    made = make()
    keep(key, msgpack.encode(made))
    return made


@lru_cache(maxsize=1)
def _key() -> str | None:
    """The package's code and data, its version, and this module, as one key; None where they cannot be found."""
    spec = find_spec("genai_prices")
    if spec is None or spec.origin is None:
        return None
    folder, metadata = Path(spec.origin).parent, metadata_file(PACKAGE)
    if metadata is None:
        return None
    code = sorted(name for name in os.listdir(folder) if name.endswith(".py"))
    modules = [Path(__file__), *(folder / name for name in code)]
    try:
        return key_of([*map(module_mark, modules), metadata.read_bytes()])
    except OSError:
        return None


def list_of_package() -> PriceList:
    """The sellers as the package has them now."""
    from genai_prices.data import providers

    sellers = sorted(providers, key=lambda provider: provider.id)
    return PriceList(
        version_of(PACKAGE),
        tuple(Seller(p.id, p.name, tuple(info.id for info in p.models)) for p in sellers),
    )


def models_of_package(seller: str) -> tuple[ListedModel, ...]:
    """The models of a seller as the package has them now."""
    from genai_prices.data import providers

    provider = next(provider for provider in providers if provider.id == seller)
    matches = [(_match(info.match), info) for info in provider.models]

    def named(name: str) -> ModelInfo | None:
        # The package would look for it as well, but ten times as long.
        own = next((info for match, info in matches if match.fits(name.lower())), None)
        return own or provider.find_model(name, all_providers=providers)

    def model(match: Match, info: ModelInfo) -> ListedModel:
        # A name may stand for another entry; and some providers' data matches only the path that their API uses.
        entry = named(info.id) or named(f"accounts/{provider.id}/models/{info.id}")
        return ListedModel(info.id, bool(info.deprecated), match, tuple(_offers(provider, entry)) if entry else ())

    return tuple(model(match, info) for match, info in matches)


def _match(clause: MatchLogic) -> Match:
    ((how, what),) = vars(clause).items()
    if isinstance(what, str):
        return Match(how, what if how == "regex" else what.lower())
    return Match(how, parts=tuple(_match(part) for part in what))


def _offers(provider: Provider, entry: ModelInfo) -> Iterator[Offer]:
    """What holds from each day on which something changes."""
    last = None
    for day in sorted({date.min, *_changes(entry)}):
        offer = _offer(provider, entry, day)
        if last is None or offer != replace(last, since=day):
            yield offer
        last = offer


def _offer(provider: Provider, entry: ModelInfo, day: date) -> Offer:
    ordinary, batch = (_tariff(provider, entry, day, NOON, context) for context in (None, BATCH))
    others = (_tariff(provider, entry, day, hour, None) for hour in _hours(entry))
    different = dict.fromkeys(each for each in others if each is not None and each != ordinary)
    return Offer(day, ordinary, batch, tuple(different))


def _changes(info: ModelInfo) -> Iterator[date]:
    yield from (each.start_date for each in _constraints(info) if hasattr(each, "start_date"))


def _hours(info: ModelInfo) -> list[time]:
    """When a price of the day begins and ends."""
    daily = [each for each in _constraints(info) if hasattr(each, "start_time")]
    return sorted({hour.replace(tzinfo=None) for each in daily for hour in (each.start_time, each.end_time)})


def _constraints(info: ModelInfo) -> Iterator[Any]:
    entries: list[Any] = [*(info.prices if isinstance(info.prices, list) else ()), *(info.price_variants or ())]
    yield from (entry.constraint for entry in entries)


def _tariff(provider: Provider, info: ModelInfo, day: date, hour: time, context: PriceContext | None) -> Tariff | None:
    """The prices that the package calculates with, at an hour UTC; None where it refuses to."""
    from genai_prices import Usage

    moment = datetime.combine(day, hour, tzinfo=UTC)
    tokens = Usage(input_tokens=1, output_tokens=1)
    try:
        found = info.calc_price(tokens, provider, genai_request_timestamp=moment, price_context=context)
    except ValueError:
        return None
    return _rates(found.model_price)


def _rates(prices: ModelPrice) -> Tariff:
    keys = ("input_mtok", "output_mtok", "cache_read_mtok", "requests_kcount")
    return Tariff(*(_rate(getattr(prices, key)) for key in keys))


def _rate(price: Any) -> Rate | None:
    if price is None or isinstance(price, Decimal):
        return None if price is None else Rate(price)
    return Rate(price.base, tuple((tier.start, tier.price) for tier in price.tiers))
