"""What a token costs at a seller, or why nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from hostwise.economics.models.reasoning import AS_MUCH, Written
from hostwise.economics.numbers.bands import Band


class TokenPrice(Struct, frozen=True):
    """A price in dollars per million tokens. `batch_ratio` is 1 where no batch price is known."""

    input: Band
    output: Band
    cached: Band
    batch_ratio: Band
    origin: str
    source: str
    as_of: date | None
    note: str | None = None
    seller: str | None = None
    model: str | None = None
    """What the names in the answers were found to stand for; None for a price that is given."""
    apart: Mapping[str, tuple[str, str]] = {}
    """Origin and source of `input`, `output`, `cached` or `batch` where they are not those of the rest."""
    list_cost: Decimal | None = None
    """Dollars a month that the tokens come to without the bill, where there is one."""
    before_bill: TokenPrice | None = None
    """The price that a bill has changed."""
    instead_of: str | None = None
    """The seller that was named, where no price of the model there is known and another's was taken."""
    adapter: bool = False
    """Whether it is that of an adapter on the model."""
    until: date | None = None
    """The day on which `first` gives way to `then`, where this is their mean over the horizon."""
    first: TokenPrice | None = None
    then: TokenPrice | None = None
    written: Written = AS_MUCH
    """Output tokens for one of the model in use."""


class NoPrice(Struct, frozen=True):
    """Why an option has no price, and the facts that would give one.

    `fitting` are the names that one of the answers may mean, of a model, or of a provider where `of_provider`.
    `unlisted` where no list has the model: `why_unlisted` says so with the nearest name, which takes long to find.
    """

    why: str
    needs: tuple[str, ...]
    fitting: tuple[str, ...] = ()
    of_provider: bool = False
    unlisted: bool = False
