"""The price list worked out from the genai-prices package says what the package says, of every model that it has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from genai_prices import Usage, calc_price
from genai_prices.data import providers
from genai_prices.types import ModelInfo, Provider

from hostwise.economics.prices.price_list import PriceList, Tariff, list_of_package, models_of_package, price_list

DAY = date(2026, 11, 20)
LENGTHS = ((3000, 300), (250_001, 777))
CONTEXTS = (None, {"processing": "batch"})


@pytest.fixture(scope="module")
def prices() -> PriceList:
    return price_list()


def asked(provider: Provider, info: ModelInfo, day: date, usage: Usage, context: dict[str, str] | None) -> str | None:
    """What the package asks for a usage, by either name of a model."""
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    for name in (info.id, f"accounts/{provider.id}/models/{info.id}"):
        try:
            found = calc_price(
                usage, name, provider_id=provider.id, genai_request_timestamp=moment, price_context=context
            )
        except (LookupError, ValueError):
            continue
        return str(found.total_price)
    return None


def days_of(info: ModelInfo) -> Iterator[date]:
    """Today; and where prices change, long ago, the first day of a price and the day before."""
    yield DAY
    entries = [*(info.prices if isinstance(info.prices, list) else ()), *(info.price_variants or ())]
    starts = [e.constraint.start_date for e in entries if hasattr(e.constraint, "start_date")]
    if starts:
        yield from (date(2020, 1, 1), starts[-1], date.fromordinal(starts[-1].toordinal() - 1))


def compared(provider: Provider, info: ModelInfo, tariffs: tuple[Tariff | None, ...], day: date) -> None:
    for inputs, outputs in LENGTHS:
        for tariff, context in zip(tariffs, CONTEXTS, strict=True):
            for cached in (0, inputs):
                parts = {"input_tokens": inputs, "output_tokens": outputs, "cache_read_tokens": cached}
                usage = Usage(**{name: count for name, count in parts.items() if count})
                cost = str(tariff.cost(inputs, outputs, cached)) if tariff else None
                expected = asked(provider, info, day, usage, context)
                assert (Decimal(cost) if cost else None) == (Decimal(expected) if expected else None), (
                    provider.id, info.id, day, inputs, cached, context,
                )  # fmt: skip


@pytest.mark.parametrize("provider", providers, ids=lambda provider: provider.id)
def test_every_model_costs_what_the_package_asks(provider: Provider, prices: PriceList) -> None:
    (seller,) = (seller for seller in prices.sellers if seller.id == provider.id)
    assert [model.id for model in seller.models] == [info.id for info in provider.models]
    for model, info in zip(seller.models, provider.models, strict=True):
        assert model.deprecated == bool(info.deprecated)
        for day in days_of(info):
            offer = model.offer_on(day)
            compared(provider, info, (offer.ordinary, offer.batch) if offer else (None, None), day)


def test_the_list_is_the_same_worked_out_and_kept(prices: PriceList) -> None:
    assert list_of_package() == prices
    for seller in prices.sellers:
        if seller.id != "openrouter":  # it has a third of all models
            assert models_of_package(seller.id) == seller.models
