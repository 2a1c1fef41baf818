"""How long a proprietary model stays at its API, where no day is announced. One that leaves is evaluated anew."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.sourced import Sourced
from hostwise.economics.ledgers.context import WITHDRAWN, LedgerCase
from hostwise.economics.models.licences import PROPRIETARY
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.numbers import above, where
from hostwise.economics.prices.price import TokenPrice
from hostwise.economics.prices.sellers import model_called
from hostwise.reading.translatable import fill, prose

LIFE = "api_model_life"
"""The figure of the months that it stays."""
NOT, ONCE = Decimal(0), Decimal(1)


def withdrawal(option: str, price: TokenPrice, case: LedgerCase) -> Mapping[str, Sourced]:
    """Whether the model of a price is withdrawn within the horizon: 1 where its life is shorter, else 0.

    Nothing of an open model, which others have too, nor of one whose last day is announced.
    """
    if case.catalogue.options[option].weights == "open" or price.until is not None:
        return {}
    key = model_called(price.model, case.catalogue) if price.model else None
    model = every_model(case.catalogue)[key] if key is not None else None
    if model is not None and (model.licence != PROPRIETARY or model.retired_on is not None):
        return {}
    months, life = case.shared["horizon_months"].band, case.shared[LIFE].band
    ends = ((months.low, life.high), (months.likely, life.likely), (months.high, life.low))
    found = Band(*(where(above(horizon, stays), ONCE, NOT) for horizon, stays in ends))
    figure = case.catalogue.figures[LIFE]
    message = prose("{label}, against the months of the horizon: {because}")
    source = fill(message, label=figure.label, because=figure.because)
    return {WITHDRAWN: Sourced(found, "derived", source, ("horizon_months",), "")}
