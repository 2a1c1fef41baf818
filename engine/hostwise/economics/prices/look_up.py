"""Prices that are listed: in the catalogue, else in the genai-prices package, else the same model at another seller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.catalogue.entries import ListedPrice
from hostwise.economics.models.names import listed_name
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.numbers import looked_up
from hostwise.economics.prices.names import Fitting, find_model, near_at_the_one_said, seller_apart, seller_called
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.economics.prices.price_list import ListedModel, Offer, Seller, price_list
from hostwise.economics.prices.sellers import SellerOffer, model_called, run_by, sellers_of
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.names import Words, listed, name_words
from hostwise.reading.translatable import fill, prose

if TYPE_CHECKING:
    from hostwise.economics.prices.price_package import PriceSpan


def look_up(
    provider: str | None, model: str, catalogue: Catalogue, as_of: date, demand: Demand
) -> TokenPrice | NoPrice:
    """A listed price, else the package's, else the same model at another provider, which is said.

    Names are matched whole or by a registered alias (`rules/catalogue/names.yaml`).
    """
    if provider is None:
        provider, model = seller_apart(model, catalogue.seller_names)
    exact = _listed(provider, model, catalogue, as_of)  # first: the package's list takes long to read
    if exact is not None:
        return exact
    seller = seller_called(provider, catalogue.seller_names) if provider else None
    at = seller.id if isinstance(seller, Seller) else provider
    ours = _listed(at, model, catalogue, as_of) if at != provider else None
    if ours is not None:
        return ours
    if isinstance(seller, Fitting):
        return NoPrice(fill("{name} may mean {names}", name=repr(provider), names=listed(seller.names)), (),
                       seller.names, of_provider=True)  # fmt: skip
    found = find_model(at, model, catalogue.seller_names)
    if isinstance(found, Fitting):
        found = _by_catalogue(at, model, catalogue) or found
    packaged = packaged_price(*found, catalogue, as_of, demand) if isinstance(found, tuple) else None
    if packaged is None and isinstance(seller, Seller):
        run = _run_there(seller, model, catalogue, as_of, demand)
        packaged = packaged_price(seller, run, catalogue, as_of, demand) if run else None
    if packaged is None and isinstance(found, Fitting):
        return _asked(model, found)
    if packaged is not None:
        return packaged
    if provider is None:
        near = near_at_the_one_said(model, catalogue.seller_names)
        return _asked(model, Fitting(near)) if near else _unlisted(model)
    elsewhere = _listed(None, model, catalogue, as_of) or _of_maker(model, catalogue, as_of, demand)
    if elsewhere is None:
        meant = find_model(None, model, catalogue.seller_names)  # `claude` at a seller that has no model of the kind
        return _asked(model, meant) if isinstance(meant, Fitting) else _unlisted(model)
    note = f"no price of {model} at {provider} is known: this one is assumed. Give input_price and output_price"
    notes = "; ".join(n for n in (note, elsewhere.note) if n)
    return replace(elsewhere, origin="assumed", note=notes, instead_of=provider)


def _asked(model: str, found: Fitting) -> NoPrice:
    return NoPrice(fill("{name} may mean {names}", name=repr(model), names=listed(found.names)), (), found.names)


def _by_catalogue(seller: str | None, model: str, catalogue: Catalogue) -> tuple[Seller, ListedModel] | None:
    """What a seller calls a model that the catalogue has by this name: at a maker first, and its first name there."""
    key = model_called(model, catalogue)
    entry = every_model(catalogue)[key] if key else None
    if key is None or entry is None:
        return None
    at = [
        each for each in sellers_of(key, entry) if each.listed.offers and seller in (None, each.seller)
    ]  # fmt: skip
    first = min((each.seller for each in at), key=lambda id_: id_ not in catalogue.seller_names.makers, default=None)
    found = {listed_name(each.listed.id): each.listed for each in at if each.seller == first}
    names = [listed_name(name) for name in (key, *entry.price_names)]
    called = next((found[name] for name in names if name in found), None)
    sold = next((each for each in price_list().sellers if each.id == first), None)
    return (sold, called) if sold is not None and called is not None else None


_USUAL = 3_000, 1_000
"""Tokens in and out of a request by which listings of one model are told apart in price."""


def _run_there(seller: Seller, model: str, catalogue: Catalogue, as_of: date, demand: Demand) -> ListedModel | None:
    """The cheapest listing of a seller for a model that the catalogue has by this name, whatever it is called there.

    Plans say that name; and a cloud lists a model once for all of its regions, and without a price for one of them.
    """
    key = model_called(model, catalogue)
    sold = run_by(key, every_model(catalogue)[key], catalogue, as_of) if key else ()
    facts = catalogue.sellers.get(seller.id)
    there = {
        found.listed.id: (offer.ordinary.cost(*_USUAL), found.listed)
        for found, offer in sold
        if found.seller == seller.id and offer.ordinary is not None
        and facts is not None and not facts.takes_out(demand.region, found.listed.id)
    }  # fmt: skip
    return min(there.values(), key=lambda each: each[0])[1] if there else None


def _of_maker(model: str, catalogue: Catalogue, as_of: date, demand: Demand) -> TokenPrice | None:
    """The package's price of a proprietary model at its maker: a cloud that sells it too is in no list.

    None of an open model: those who sell it ask for very different prices.
    """
    if find_named(model, catalogue.models):
        return None
    at_makers = (find_model(maker, model, catalogue.seller_names) for maker in catalogue.seller_names.makers)
    found = next((each for each in at_makers if isinstance(each, tuple)), None)
    return packaged_price(*found, catalogue, as_of, demand) if found else None


def _listed(provider: str | None, model: str, catalogue: Catalogue, as_of: date) -> TokenPrice | None:
    found = entry_of(provider, model, catalogue)
    return None if found is None else _entry(found, catalogue, as_of)


def entry_of(provider: str | None, model: str, catalogue: Catalogue) -> ListedPrice | None:
    """A catalogue entry. The source documents' own tables count only where a document is named."""
    wanted, known = name_words(model), _entries(catalogue)
    if provider is not None:
        return known.get((name_words(provider), wanted))
    return next((each for (_, named), each in known.items() if named == wanted and not _is_document(each)), None)


def _entries(catalogue: Catalogue) -> Mapping[tuple[Words, Words], ListedPrice]:
    """By the words of seller and model, the first of each; a snapshot has thousands, and every plan asks."""
    found = catalogue.remembered.get("prices by name")
    if not isinstance(found, dict):
        found = {(name_words(e.provider), name_words(e.model)): e for e in reversed(catalogue.prices)}
        found = catalogue.remembered["prices by name"] = dict(reversed(found.items()))
    return found


class Renewed(Struct, frozen=True):
    """How a price of one's own, or of a snapshot, stands to the package's: its tiers and its batches stay in step."""

    entry: ListedPrice
    input: Band
    output: Band

    def of(self, packaged: TokenPrice, catalogue: Catalogue, as_of: date) -> TokenPrice:
        """The package's price as it is by now."""
        own = _entry(self.entry, catalogue, as_of)
        return replace(
            packaged,
            input=packaged.input * self.input,
            output=packaged.output * self.output,
            cached=packaged.cached * self.input if self.entry.cached is None else own.cached,
            batch_ratio=packaged.batch_ratio if self.entry.batch is None else own.batch_ratio,
            source=own.source, as_of=own.as_of, note=own.note,
        )  # fmt: skip


def renewed(found: SellerOffer, key: str, offer: Offer, catalogue: Catalogue) -> Renewed | None:
    """How an entry of the catalogue differs from the package's offer of a model; None where none does.

    An entry under the name of the model is not that of several listings which one seller has of it.
    """
    there = [each for each in sellers_of(key, every_model(catalogue)[key]) if each.seller == found.seller]
    by_name = entry_of(found.seller, key, catalogue) if len(there) == 1 else None
    entry = entry_of(found.seller, found.listed.id, catalogue) or by_name
    tariff = offer.ordinary
    if entry is None or tariff is None or not tariff.input or not tariff.input.price:
        return None
    per_output = tariff.output.price if tariff.output else None
    inputs = _interval(entry.input, entry.input_high) / Band.exactly(tariff.input.price)
    outputs = _interval(entry.output, entry.output_high) / Band.exactly(per_output) if per_output else Band.exactly(1)
    return None if inputs == outputs == Band.exactly(1) else Renewed(entry, inputs, outputs)


def _is_document(entry: ListedPrice) -> bool:
    return entry.provider.startswith("S") and entry.provider[1:].isdigit()


def _entry(entry: ListedPrice, catalogue: Catalogue, as_of: date) -> TokenPrice:
    stale = _stale(entry.as_of, catalogue, as_of)
    notes = [stale] if stale else []
    if entry.retired_on and entry.retired_on <= as_of:
        notes.append(f"the model was retired on {entry.retired_on.isoformat()}")
    cached = entry.cached if entry.cached is not None else entry.input
    return TokenPrice(
        _interval(entry.input, entry.input_high),
        _interval(entry.output, entry.output_high),
        Band.exactly(cached),
        Band.exactly(entry.batch or 1),
        "listed",
        fill("catalogue: {price}", price=f"{entry.provider} {entry.model}, {entry.source}"),
        entry.as_of,
        "; ".join(notes) or None,
        catalogue.seller_names.names_of(entry.provider)[0],
        entry.model,
    )


def _stale(dated: date | None, catalogue: Catalogue, as_of: date) -> str | None:
    """What is said of a price that is too old to be taken without a word."""
    old = dated is not None and (as_of - dated).days > catalogue.stale_after_days
    return f"the price is {(as_of - dated).days} days old" if dated is not None and old else None


def _interval(low: Decimal, high: Decimal | None) -> Band:
    """A price, or the interval between two sources that differ, with its middle."""
    return Band.exactly(low) if high is None else Band(low, (low + high) / 2, high)


class _PackagedPrices(Struct, frozen=True):
    """The table of what requests of some lengths cost; the same one of the same seller, model and day."""

    seller: str
    model: str
    as_of: date

    def __call__(self, shortest: int, likely: int, longest: int, output: int) -> PriceSpan | None:
        from hostwise.economics.prices.price_package import price_span

        return price_span(self.seller, self.model, self.as_of, shortest, likely, longest, output)


def packaged_price(
    seller: Seller, model: ListedModel, catalogue: Catalogue, as_of: date, demand: Demand
) -> TokenPrice | None:
    """The package's price of a model at a seller; None where it has none for that day."""
    # Long requests may be priced apart.
    inputs, find = demand.input_lengths, _PackagedPrices(seller.id, model.id, as_of)
    found = looked_up(find, inputs.low, inputs.likely, inputs.high, demand.output_length)
    if found is None:
        return None
    known = catalogue.price_package
    dated = known.as_of if price_list().version == known.version else None
    return TokenPrice(
        found.input,
        found.output,
        found.cached if found.cached is not None else found.input,
        Band.exactly(found.batch or 1),
        "listed",
        found.source,
        dated,
        _stale(dated, catalogue, as_of),
        seller=catalogue.seller_names.names_of(seller.id)[0],
        model=model.id,
    )


def near_name(model: str, catalogue: Catalogue) -> str | None:
    """The listed name that one is most like; None where none is near.

    None either where that one has another number, which is another model, or may itself mean one of several.
    """
    found = _nearest(model, tuple(entry.model for entry in catalogue.prices))
    if found is None or _numbers(found) != _numbers(model):
        return None
    several = isinstance(find_model(None, found, catalogue.seller_names), Fitting)
    return None if several and _listed(None, found, catalogue, date.max) is None else found


def _numbers(name: str) -> list[str]:
    return sorted(word for word in name_words(name) if word.isdigit())


def _unlisted(model: str) -> NoPrice:
    said = fill("no price is known for {model}: give input_price and output_price", model=repr(model))
    return NoPrice(said, (), unlisted=True)


def why_unlisted(found: NoPrice, model: str, catalogue: Catalogue) -> str:
    """Why a model has no price; where no list has it, with the nearest name."""
    near = near_name(model, catalogue) if found.unlisted else None
    if near is None:
        return found.why
    message = prose("no price is known for {model} (the nearest name is {near}): give input_price and output_price")
    return fill(message, model=repr(model), near=near)


LIKE = 0.65
"""How alike a name must be to be offered: `support chat` is 0.6 like spotlight, of which nobody spoke."""


@lru_cache(maxsize=256)
def _nearest(model: str, listed: tuple[str, ...]) -> str | None:
    from hostwise.economics.prices.price_package import package_names

    return nearest(model, listed, LIKE) or nearest(model, package_names(), LIKE)
