"""The price that the answers describe: what they give, the rest from a list.

A price that is given wins and is shown as given; what a cached or a batch token costs beside it follows
the ratios of the same model in the catalogue or the package, where they have them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.entries import UnlistedShare
from hostwise.economics.numbers.bands import NOTHING
from hostwise.economics.numbers.currency import Exchange
from hostwise.economics.prices.look_up import look_up, why_unlisted
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.economics.prices.stated import CURRENT, PriceFacts, StatedPrice, refuse_half, stated_price
from hostwise.reading.findings.diagnostics import Diagnostic, InputError
from hostwise.reading.names import listed
from hostwise.reading.translatable import fill, prose


def token_price(
    names: PriceFacts,
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    rates: Exchange,
    as_of: date,
    demand: Demand,
) -> TokenPrice | NoPrice:
    """The price at the provider that some facts describe: what they give, the rest from a list.

    Raises `NoRate`, and `InputError` for a name that may mean several where its price is needed, and for the price of
    input or output alone where no list says the other.
    """
    provider, model = (_text(facts[name]) for name in (names.provider, names.model))
    stated = stated_price(names, facts, rates)
    if stated.input is not None and stated.output is None and catalogue.work.embedding(facts):
        stated = replace(stated, output=replace(stated.input, band=NOTHING))
    # What cached tokens and batches cost beside a given price matters only where there are some.
    needed = not stated.complete or demand.cached.band.high > 0 or demand.batch.high > 0
    found: TokenPrice | NoPrice | None = (
        look_up(provider, model, catalogue, as_of, demand) if model and needed else None
    )
    if isinstance(found, NoPrice) and found.fitting and not stated.complete:
        asked = may_mean(facts[names.provider if found.of_provider else names.model], found.fitting)
        if asked is not None:
            raise InputError([asked])
    known = found if isinstance(found, TokenPrice) else None
    if known is None and stated.complete:
        known = _unlisted(stated, catalogue)
    if known is not None:
        return _merged(stated, known, _date(facts, names))
    if stated.input or stated.output:
        refuse_half(names, facts)
    missing = tuple(name for name in (names.input, names.output) if facts[name].value is None)
    # The way out of a model that nobody lists is its price: those are the answers to get.
    if isinstance(found, NoPrice) and model:
        return NoPrice(why_unlisted(found, model, catalogue), missing)
    return NoPrice(prose("no price is given and no model is named"), missing)


def _unlisted(stated: StatedPrice, catalogue: Catalogue) -> TokenPrice:
    """A given price of no model that a list knows: what its cached tokens and batches cost is assumed."""
    assert stated.input is not None
    assert stated.output is not None
    shares, per_input = catalogue.unlisted, stated.input.band
    cached, batch = (_assumed(share) for share in (shares.cached, shares.batch))
    return TokenPrice(
        per_input, stated.output.band, per_input * shares.cached.band, shares.batch.band,
        "given", stated.input.source, None, apart={"cached": cached, "batch": batch},
    )  # fmt: skip


def _assumed(share: UnlistedShare) -> tuple[str, str]:
    return "assumed", fill("{source}: {because}", source=share.source, because=share.because)


def _merged(stated: StatedPrice, known: TokenPrice, dated: date | None) -> TokenPrice:
    """A price with what is given in the place of its parts; a discount is the provider's, whatever the price."""
    per_input = stated.input.band if stated.input else known.input
    cached = known.cached
    if stated.cached:
        cached = stated.cached.band
    elif stated.input and stated.input.band is not known.input:
        cached = known.cached / known.input * per_input if known.input.low > 0 else per_input
    own = {"input": stated.input, "output": stated.output, "cached": stated.cached, "batch": stated.batch}
    price = replace(
        known,
        input=per_input,
        output=stated.output.band if stated.output else known.output,
        cached=cached,
        batch_ratio=stated.batch.band if stated.batch else known.batch_ratio,
        apart={**known.apart, **{name: (each.origin, each.source) for name, each in own.items() if each}},
    )
    if not stated.complete or stated.input is None:
        return price
    return replace(
        price, origin="given", source=stated.input.source, as_of=dated, note=None, seller=None, model=None,
        apart={name: source for name, source in price.apart.items() if name in ("cached", "batch")},
    )  # fmt: skip


def _date(facts: Mapping[str, Fact], names: PriceFacts) -> date | None:
    stated = facts["current_price_as_of"].value if names is CURRENT else None
    return date.fromisoformat(stated) if isinstance(stated, str) else None


def may_mean(fact: Fact, fitting: tuple[str, ...]) -> Diagnostic | None:
    """The finding on a name that is written and may mean several; None where no answer wrote it."""
    key, place = fact.provenance.key, fact.provenance.place
    if place is None:
        return None
    message = (
        f"{key}: {fact.value!r} may mean {'one of several' if len(fitting) > 1 else 'another name'}; write it whole"
    )
    near = fitting[0] if len(fitting) == 1 else None
    accepted = f"{listed(fitting)}; or its prices in the answers"
    return Diagnostic(place, "ambiguous-name", message, str(fact.value), accepted, near)


def _text(fact: Fact) -> str | None:
    return fact.value if isinstance(fact.value, str) else None
