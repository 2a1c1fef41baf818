"""Models paid for by the token whose shape is not known here: proprietary ones, and open ones at their sellers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import field

from hostwise.economics.models.model import ModelIndex, ModelKind
from hostwise.reading.files.strict import Strict


class ApiModel(Strict, frozen=True):
    """One such model. `efforts` are values of the same index at lower efforts; `retired_on` the day it leaves its API.

    `replacement` is the model that its maker names instead, by its key; `parameters` and `active` are in billions.
    `reasoning` is the level of `reasoning.yaml` at which `index` was measured; empty where it does not reason.
    """

    maker: str
    licence: str
    source: str
    as_of: date
    kind: ModelKind = "chat"
    size_class: str = field(name="class", default="")
    parameters: Decimal | None = None
    active: Decimal | None = None
    context: int | None = None
    index: ModelIndex | None = None
    efforts: Mapping[str, Decimal] = {}
    reasoning: str = ""
    released: date | None = None
    retired_on: date | None = None
    replacement: str = ""
    price_names: tuple[str, ...] = ()
    review_by: date | None = None
    aliases: tuple[str, ...] = ()
