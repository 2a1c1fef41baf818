"""Token prices that the answers give, each in dollars; and a price of one side alone, which is none."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.fact_text import format_fact
from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.sourced import Sourced, given
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.currency import Exchange, currency_of
from hostwise.reading.findings.diagnostics import Diagnostic, InputError


class PriceFacts(Struct, frozen=True):
    """The facts that describe the price at one provider."""

    provider: str
    model: str
    input: str
    output: str
    cached: str
    discount: str


CURRENT = PriceFacts(
    "current_provider", "current_model", "current_input_price", "current_output_price", "current_cached_price",
    "current_batch_discount",
)  # fmt: skip
OPEN = PriceFacts(
    "open_provider", "open_model", "open_input_price", "open_output_price", "open_cached_price", "open_batch_discount"
)


class StatedPrice(Struct, frozen=True):
    """What is given, in dollars per million tokens; `batch` is a share of the ordinary price."""

    input: Sourced | None
    output: Sourced | None
    cached: Sourced | None
    batch: Sourced | None

    @property
    def complete(self) -> bool:
        """Whether both sides of a price are given."""
        return self.input is not None and self.output is not None

    @property
    def anything(self) -> bool:
        """Whether any of it is given."""
        return any(each is not None for each in (self.input, self.output, self.cached, self.batch))


def stated_price(names: PriceFacts, facts: Mapping[str, Fact], rates: Exchange) -> StatedPrice:
    """The prices that the answers give. Raises `NoRate`."""
    discount = given(names.discount, facts)
    per_input, per_output, cached = (
        _in_dollars(given(name, facts), rates) for name in (names.input, names.output, names.cached)
    )
    batch = discount and replace(discount, band=Band.exactly(1) - discount.band)
    return StatedPrice(per_input, per_output, cached, batch)


def _in_dollars(stated: Sourced | None, rates: Exchange) -> Sourced | None:
    if stated is None:
        return None
    return replace(stated, band=rates.convert(stated.band, currency_of(stated.unit), "USD"), unit="USD/Mtok")


def refuse_half(names: PriceFacts, facts: Mapping[str, Fact]) -> None:
    """Raise `InputError` where one side of a price is written, the other is not, and no model says what it costs."""
    for there, missing in ((names.input, names.output), (names.output, names.input)):
        place, key = facts[there].provenance.place, facts[there].provenance.key or there
        if place is None or facts[missing].known or facts[missing].provenance.place is not None:
            continue
        other = key.replace("input", "output") if "input" in key else key.replace("output", "input")
        message = f"{key}: the price of one side alone, and no model is named whose list price could be the other's"
        accepted = f"{other} too, if only as unknown; or the model"
        raise InputError([Diagnostic(place, "half-a-price", message, format_fact(facts[there]), accepted)])
