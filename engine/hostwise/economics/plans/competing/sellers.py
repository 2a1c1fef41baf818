"""The cheapest seller of the models that compete: every seller of the price list that the work may be sent to.

What another seller undercuts in every part of its price is dropped as dominated; the rest are compared by what the
tokens of the demand would cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.numbers.bands import Band, either
from hostwise.economics.numbers.numbers import Test, above, where
from hostwise.economics.numbers.tape import TapedTruth, Traced
from hostwise.economics.plans.competing.contenders import Contenders
from hostwise.economics.plans.competing.written import added, written
from hostwise.economics.prices.look_up import Renewed, entry_of, packaged_price, renewed
from hostwise.economics.prices.names import seller_id
from hostwise.economics.prices.price import TokenPrice
from hostwise.economics.prices.price_list import Offer, Rate, price_list
from hostwise.economics.prices.sellers import SellerOffer, model_called, run_by, sellers_of
from hostwise.economics.prices.stated import OPEN

CHEAPER = 1 - Decimal("1e-9")
MILLION = Decimal(1_000_000)
ZERO, ONE = Decimal(0), Decimal(1)
NO_EFFORTS: Mapping[str, str] = {}
ANYWHERE: tuple[str, ...] = ()
"""Of sellers, any country of their seat."""
Runs = tuple[tuple[str, str], ...]
"""Models, each with its effort: empty for that of its entry."""


class SoldPlan(Struct, frozen=True):
    """A model at a seller. `cost` is what the tokens come to, USD a month at the likely volume.

    `added` is what its reasoning adds to each token of an answer.
    """

    model: str
    price: TokenPrice
    cost: Decimal
    added: Decimal


def sold_anywhere(facts: Mapping[str, Fact], found: Contenders, catalogue: Catalogue) -> tuple[str, ...]:
    """The models that a provider is searched over; none where its price is given, or one listing of it is named."""
    priced = any(facts[name].value is not None for name in (OPEN.input, OPEN.output))
    model = facts[OPEN.model].value
    provider = facts[OPEN.provider].value
    if priced or not isinstance(provider, str) or not isinstance(model, str):
        return () if priced else found.sold
    if entry_of(provider, model, catalogue) is not None:  # a price of one's own, or of a snapshot
        return ()
    # Named as the catalogue has it, and not by the id of one listing, it may be any that the provider has of it.
    key, seller = model_called(model, catalogue), named_seller(facts, catalogue)
    sold = sellers_of(key, every_model(catalogue)[key]) if key in found.sold else ()
    there = [each.listed.id.casefold() for each in sold if each.seller == seller]
    return (key,) if key and there and model.casefold() not in there else ()


def named_seller(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The id of the provider that is named, where the price list has it."""
    return seller_id(facts[OPEN.provider].value, catalogue.seller_names)


def open_model_priced(price: TokenPrice, facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The model of a price at an open-model provider, where the catalogue has it."""
    name = price.model or facts[OPEN.model].value
    return model_called(name, catalogue) if isinstance(name, str) else None


def as_its_model_writes(
    price: TokenPrice, facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand
) -> TokenPrice:
    """A price at an open-model provider with how much its model writes, where the catalogue has that model."""
    model = open_model_priced(price, facts, catalogue)
    return price if model is None else replace(price, written=written(model, "", demand, catalogue))


def cheapest_sold(
    models: tuple[str, ...], catalogue: Catalogue, as_of: date, demand: Demand, seller: str | None, *,
    efforts: Mapping[str, str] = NO_EFFORTS,
) -> TokenPrice | None:  # fmt: skip
    """The price of the model and seller that cost least, at one seller if it is named; None where nobody sells any.

    `efforts` are those of models that run at another one than that of their entry.
    """
    runs = tuple((model, efforts.get(model, "")) for model in models)
    return cheapest_of(_priced(_shortlist(runs, catalogue, as_of, seller, demand), catalogue, as_of, demand), catalogue)


def cheapest_of(sold: Sequence[SoldPlan], catalogue: Catalogue) -> TokenPrice | None:
    """The price of the cheapest of some plans, of equals the first; None of none."""
    plans = _undominated(sold, catalogue)
    if not plans:
        return None
    best, *others = plans
    price, cost = best.price, best.cost
    for other in others:
        better = above(cost * CHEAPER, other.cost)
        price, cost = _either(better, other.price, price), where(better, other.cost, cost)
    return price


def sold_plans(
    models: tuple[str, ...], catalogue: Catalogue, as_of: date, demand: Demand, seller: str | None, *,
    efforts: Mapping[str, str] = NO_EFFORTS, homes: tuple[str, ...] = ANYWHERE,
) -> list[SoldPlan]:  # fmt: skip
    """Every seller's price of each model, the order being that of their names; `efforts` as in `cheapest_sold`.

    `homes` are the countries one of which a seller's seat must be in, where the place of its law matters.
    """
    runs = tuple((model, efforts.get(model, "")) for model in models)
    sale = _for_sale(runs, catalogue, as_of, seller, demand.region)
    if homes:
        sale = tuple(each for each in sale if catalogue.sellers[each.offer.seller].home in homes)
    return _priced(sale, catalogue, as_of, demand)


def tokens_cost(price: TokenPrice, demand: Demand) -> Decimal:
    """USD a month for the tokens of a demand at its likely volume."""
    cached, batch = demand.cached_share, demand.batch_share
    fresh = demand.input_tokens.band.likely * ((1 - cached) * price.input.likely + cached * price.cached.likely)
    whole = fresh + demand.output_tokens.band.likely * price.written.times.likely * price.output.likely
    return whole / MILLION * (1 - batch * (1 - price.batch_ratio.likely))


class _ForSale(Struct, frozen=True):
    """A model at an effort and a seller on a day, and the least and the most that its parts cost, whatever is asked.

    The parts are input, output, cached input, and a batch as a share; None where more is charged for than tokens.
    """

    model: str
    effort: str
    offer: SellerOffer
    least: tuple[Decimal, ...]
    most: tuple[Decimal, ...] | None
    renewed: Renewed | None = None


def _for_sale(runs: Runs, catalogue: Catalogue, as_of: date, seller: str | None, region: str) -> tuple[_ForSale, ...]:
    key = ("for sale", runs, as_of, seller, region)
    known = catalogue.remembered.get(key)
    if not isinstance(known, tuple):
        known = catalogue.remembered[key] = tuple(_offers(runs, catalogue, as_of, seller, region))
    return known


def _shortlist(runs: Runs, catalogue: Catalogue, as_of: date, seller: str | None, demand: Demand) -> list[_ForSale]:
    """Without what another undercuts in every part, whatever is asked: of equals the first stays."""
    key = ("shortlist", runs, as_of, seller, demand.reasoning, demand.region)
    known = catalogue.remembered.get(key)
    if not isinstance(known, list):
        every = _for_sale(runs, catalogue, as_of, seller, demand.region)
        adds = [added(each.model, each.effort, demand, catalogue) for each in every]
        ends = [
            (_with_reasoning(each.least, add, catalogue), each.most and _with_reasoning(each.most, add, catalogue))
            for each, add in zip(every, adds, strict=True)
        ]
        front: list[int] = []
        for place in sorted(range(len(every)), key=lambda place: (ends[place][1] is None, ends[place][0])):
            if not any(_no_dearer(ends[other][1], ends[place][0]) for other in front):
                front.append(place)
        known = catalogue.remembered[key] = [every[place] for place in sorted(front)]
    return known


def _with_reasoning(parts: tuple[Decimal, ...], add: Decimal, catalogue: Catalogue) -> tuple[Decimal, ...]:
    """The parts with what an answer costs at either end of what reasoning adds: in between it is a straight line."""
    per_input, per_output, *rest = parts
    span = catalogue.reasoning.span
    return per_input, per_output * (1 + add * span.low), per_output * (1 + add * span.high), *rest


def _no_dearer(most: tuple[Decimal, ...] | None, least: tuple[Decimal, ...]) -> bool:
    return most is not None and all(a <= b for a, b in zip(most, least, strict=True))


def _offers(runs: Runs, catalogue: Catalogue, as_of: date, seller: str | None, region: str) -> Iterator[_ForSale]:
    every = every_model(catalogue)
    for key, effort in runs:
        # Of equals the first stays: at its maker rather than elsewhere.
        sold = run_by(key, every[key], catalogue, as_of)
        for found, offer in sorted(sold, key=lambda each: catalogue.sellers[each[0].seller].kind != "maker"):
            facts = catalogue.sellers[found.seller]
            away = facts.leaves if seller is None else facts.takes_out  # who names a seller answers for its region
            if seller in (None, found.seller) and not away(region, found.listed.id):
                # A list that has the price of one side alone says nothing of the other.
                silent = every[key].kind != "embedding" and offer.ordinary is not None and not offer.ordinary.output
                if not offer.ordinary or not offer.ordinary.input or silent:
                    continue
                own = renewed(found, key, offer, catalogue)
                yield _ForSale(key, effort, found, *(_ends(offer) if own is None else ANY_PRICE), own)


ANY_PRICE = ((ZERO,) * 4, None)
"""Of a price that is not the package's: undercut by none, and undercutting none, before it is asked for."""


def _ends(offer: Offer) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...] | None]:
    tariffs = [each for each in (offer.ordinary, *offer.other_hours) if each]
    inputs = [price for tariff in tariffs for price in _rate_prices(tariff.input)]
    outputs = [price for tariff in tariffs for price in _rate_prices(tariff.output)]
    cached = [price for tariff in tariffs for price in _rate_prices(tariff.cached or tariff.input)]
    shares = list(_batch_shares(offer)) or [ONE]
    parts = (inputs, outputs, cached, shares)
    plain = not any(each.requests for each in tariffs)
    return tuple(min(each) for each in parts), tuple(max(each) for each in parts) if plain else None


def _rate_prices(rate: Rate | None) -> Iterator[Decimal]:
    yield from (rate.price, *(price for _, price in rate.steps)) if rate else (ZERO,)


def _batch_shares(offer: Offer) -> Iterator[Decimal]:
    """Of each price: between the least and the most of them lies the share of a request."""
    ordinary, batch = offer.ordinary, offer.batch
    if ordinary and batch:
        for own, its in ((batch.input, ordinary.input), (batch.output, ordinary.output)):
            for a, b in zip(_rate_prices(own), _rate_prices(its), strict=False):
                yield min(a / b, ONE) if b else ONE


def _priced(sale: Iterable[_ForSale], catalogue: Catalogue, as_of: date, demand: Demand) -> list[SoldPlan]:
    sellers = {seller.id: seller for seller in price_list().sellers}
    found: list[SoldPlan] = []
    for each in sale:
        price = packaged_price(sellers[each.offer.seller], each.offer.listed, catalogue, as_of, demand)
        if price is not None:
            price = price if each.renewed is None else each.renewed.of(price, catalogue, as_of)
            writes = written(each.model, each.effort, demand, catalogue)
            price = replace(price, model=each.model, written=writes)
            adds = added(each.model, each.effort, demand, catalogue)
            found.append(SoldPlan(each.model, price, tokens_cost(price, demand), adds))
    return found


def _undominated(plans: Sequence[SoldPlan], catalogue: Catalogue) -> list[SoldPlan]:
    parts = [_plain(plan, catalogue) for plan in plans]
    return [
        plan for place, plan in enumerate(plans)
        if not any(_undercuts(parts[at], parts[place], before=at < place) for at in range(len(plans)) if at != place)
    ]  # fmt: skip


def _plain(plan: SoldPlan, catalogue: Catalogue) -> tuple[Decimal, ...] | None:
    """The parts of a price with what reasoning adds; None where they differ from case to case on a tape."""
    parts = tuple(band.likely for band in _parts(plan.price)[:-1])
    if any(isinstance(each, Traced) for each in parts):
        return None
    return _with_reasoning(parts, plan.added, catalogue)


def _undercuts(one: tuple[Decimal, ...] | None, other: tuple[Decimal, ...] | None, *, before: bool) -> bool:
    """Whether one costs no more in any part, and less in some; of equals the first stays."""
    if one is None or other is None:
        return False
    return all(a <= b for a, b in zip(one, other, strict=True)) and (before or one != other)


def _parts(price: TokenPrice) -> tuple[Band, ...]:
    return price.input, price.output, price.cached, price.batch_ratio, price.written.times


def _either(better: Test, yes: TokenPrice, no: TokenPrice) -> TokenPrice:
    if not isinstance(better, TapedTruth):
        return yes if better else no
    bands = (either(better, a, b) for a, b in zip(_parts(yes), _parts(no), strict=True))
    names = ("input", "output", "cached", "batch_ratio")
    *priced, times = bands
    one = yes if better.holds else no
    return replace(one, written=replace(one.written, times=times), **dict(zip(names, priced, strict=True)))
