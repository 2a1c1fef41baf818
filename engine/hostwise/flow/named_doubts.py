"""What is doubtful about the names of models and sellers, and of prices beside the list's for the model that is named.

It goes by facts alone, so that rows of a table are doubted as questionnaires are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.doubtful_pairs import two_apart
from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.answers.files.answer import Answer
from hostwise.answers.plausible import Apart, Plausible, warning
from hostwise.economics.capacity.demand import Demand, read_demand, worked_demand
from hostwise.economics.catalogue.answered.desk import SINGLE_USER, at_desk
from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.catalogue.sourced import Sourced
from hostwise.economics.models.licences import BASED_IN_EU, CHAT_USERS, RESELLS, REVENUE, why_not_licensed
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.currency import BASE, Exchange, exchange, stated_currency
from hostwise.economics.plans.competing.api_models import runs_elsewhere
from hostwise.economics.plans.competing.class_wanted import model_in_use
from hostwise.economics.plans.competing.elsewhere import open_model_in_use
from hostwise.economics.plans.rents import GPU_PRICE, GPU_RENT, GPUS_OWNED
from hostwise.economics.prices.answered_price import may_mean
from hostwise.economics.prices.look_up import look_up, near_name
from hostwise.economics.prices.names import seller_called, strange_prefix
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.economics.prices.sellers import RESIDENCY, model_called, processes_elsewhere
from hostwise.economics.prices.stated import CURRENT, OPEN, PriceFacts
from hostwise.flow.lone_sellers import ALIKE, lone_seller_doubts, slip_of
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.findings.suggest import nearest
from hostwise.reading.names import name_words
from hostwise.reading.numbers.months import months_between
from hostwise.reading.translatable import fill, prose

OFF_LIST = "off-list"
"""The code of a price that is far from the list's."""
ANY_VOLUME = Sourced(Band.exactly(1), "assumed", "any volume")
"""Prices depend on the length of a request; where no volume is known, any will do to look one up."""


class Named(Struct, frozen=True):
    """What the list says of the model that one part of the answers names, and whether its price is given."""

    names: PriceFacts
    found: TokenPrice | NoPrice
    given: bool


def listed_prices(facts: Mapping[str, Fact], catalogue: Catalogue, day: date) -> Iterator[Named]:
    """For the API in use and the open-model provider, where the answers name a model."""
    demand = read_demand(facts, catalogue, ANY_VOLUME)
    for names in (CURRENT, OPEN):
        model, provider = _text(facts[names.model]), _text(facts[names.provider])
        if model and isinstance(demand, Demand) and facts[names.model].provenance.place is not None:
            given = facts[names.input].known and facts[names.output].known
            yield Named(names, look_up(provider or None, model, catalogue, day, demand), given)


def named_doubts(facts: Mapping[str, Fact], catalogue: Catalogue, day: date, table: Plausible) -> Iterator[Diagnostic]:
    """Models and sellers that no list has, sellers that do not list theirs, given prices far from the list's."""
    listed = tuple(listed_prices(facts, catalogue, day))
    for each in listed:
        meant = _seller_meant(each, facts, catalogue, day)
        if meant is not None and (each.given or isinstance(each.found, NoPrice)):
            yield _misspelt(each, facts, meant)
        elif not each.given:
            yield from _unlisted(each, facts, catalogue)
        if isinstance(each.found, TokenPrice) and each.found.instead_of is None:
            yield from _far_from_list(each.names, each.found, facts, table)
    yield from lone_seller_doubts(facts, catalogue)
    yield from _strange(listed, facts, catalogue)
    yield from _old_price(facts, table, day)
    yield from _unlicensed(facts, catalogue)
    yield from _gone(facts, catalogue, day)
    yield from _elsewhere(facts, catalogue)
    yield from _not_sold(facts, catalogue)
    yield from _far_from_rents(facts, catalogue, table)


def _strange(listed: Sequence[Named], facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Models that were found without what is written before their names, where that is nobody known."""
    read = {each.names.model: each.found.model for each in listed if isinstance(each.found, TokenPrice)}
    for fact in (facts[name] for name in (*read, SCORED)):
        name = _text(fact) if fact.provenance.place is not None else ""
        before = strange_prefix(name, catalogue.seller_names) if name else None
        read_as = (read.get(fact.name) or model_called(name, catalogue)) if before else None
        if before and read_as:
            text = fill(_STRANGE, name=name, model=read_as, before=before)
            yield warning(_answer(fact), "unknown-prefix", text, accepted=_ALONE, suggestion=read_as)


SCORED = "scored_api_model"


def listed_rent(facts: Mapping[str, Fact], catalogue: Catalogue) -> Band | None:
    """What an hour of the GPU that is named costs over all who let it, however it is paid, in dollars."""
    named = facts[GPU]
    gpu = find_named(_text(named), catalogue.gpus) if named.provenance.place is not None else None
    entry = catalogue.gpus[gpu] if gpu is not None else None
    every = () if entry is None else (*((entry.rent,) if entry.rent else ()), *entry.rents)
    if not every:
        return None
    return Band(min(each.low for each in every), every[0].likely, max(each.high for each in every))


def _far_from_rents(facts: Mapping[str, Fact], catalogue: Catalogue, table: Plausible) -> Iterator[Diagnostic]:
    """The price of a GPU-hour that nobody who lets that GPU comes near to: a server's price, or another card's."""
    rents, fact = listed_rent(facts, catalogue), facts[GPU_RENT]
    given = dollars_of(fact, exchange(facts)) if fact.provenance.place is not None else None
    if rents is None or given is None or not given.high:
        return
    if given.high * table.apart.rent_below >= rents.low and given.low <= rents.high * table.apart.rent:
        return
    low, high, price = (
        format_value(each, FactType.MONEY, "USD/hour") for each in (rents.low, rents.high, given.likely)
    )
    message = fill(_RENT, price=price, gpu=_text(facts[GPU]), low=low, high=high)
    slips = table.slips["price-of-a-gpu"]
    slip = next((each for each in slips if rents.low <= given.likely * each.times <= rents.high), None)
    if slip is not None:
        message = fill(_RENT_MEANT, said=message, means=slip.means)
    yield warning(_answer(fact), OFF_LIST, message, accepted="the price of one GPU for an hour")


def _old_price(facts: Mapping[str, Fact], table: Plausible, day: date) -> Iterator[Diagnostic]:
    """A price that is given and was read too long ago to be taken without a word."""
    read, prices = facts["current_price_as_of"], (facts[CURRENT.input], facts[CURRENT.output])
    age = months_between(date.fromisoformat(read.value), day) if isinstance(read.value, str) else 0
    if age > table.apart.price_months and read.provenance.place is not None and any(price.known for price in prices):
        yield warning(
            _answer(read), "old-price", fill(_OLD, day=_text(read)), accepted="the price of today, with its day"
        )


def _unlicensed(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A model that would be hosted and whose licence does not allow it, by what was answered."""
    fact = facts["own_model"]
    key = find_named(_text(fact), catalogue.models) if fact.provenance.place is not None else None
    why = why_not_licensed(catalogue.models[key].licence, catalogue.licences, facts) if key else None
    if why is not None:
        text = fill(_UNLICENSED, model=_text(fact), why=why)
        yield warning(_answer(fact), "unlicensed", text, accepted=_OTHER_LICENCE)


def _gone(facts: Mapping[str, Fact], catalogue: Catalogue, day: date) -> Iterator[Diagnostic]:
    """A model in use that has left its API on the day: what answers today is another one, or none."""
    fact, key = facts[CURRENT.model], model_in_use(facts, catalogue)
    left = every_model(catalogue)[key].retired_on if key else None
    left = None if runs_elsewhere(facts, catalogue) else left
    if fact.provenance.place is not None and left is not None and left <= day:
        text = fill(_LEFT, model=_text(fact), day=left.isoformat())
        yield warning(_answer(fact), "left-its-api", text, accepted=_IN_ITS_PLACE)


def _elsewhere(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A seller that takes the data out of the region in which the residency rule is said to be met."""
    region = stated_currency(facts) if facts[RESIDENCY].value == "met-by-provider-region" else ""
    for names in (CURRENT, OPEN):
        fact = facts[names.provider]
        said = processes_elsewhere(_text(fact), region, catalogue) if fact.provenance.place is not None else None
        if said is not None:
            yield warning(_answer(fact), "other-region", said, accepted=_IN_REGION)


def _not_sold(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A GPU that is named and cannot be priced as it would be had: rented where nobody rents it out, or bought."""
    named = facts[GPU]
    gpu = find_named(_text(named), catalogue.gpus) if named.provenance.place is not None else None
    if gpu is None:
        return
    entry = catalogue.gpus[gpu]
    if facts[PURCHASE].value == "owned" or facts[AIR_GAPPED].value is True or at_desk(facts):
        if entry.purchase is None and not facts[GPU_PRICE].known:
            message = _MORE_OF_THEM if facts[GPUS_OWNED].known else _NO_PURCHASE
            yield warning(_answer(named), "unpriced-gpu", fill(message, gpu=gpu), accepted=_OTHER_GPU)
    elif entry.rent is None and not entry.rents and not facts[GPU_RENT].known:
        accepted = _RENT_IT if entry.purchase is None else f"{_BUY_IT}; or {_RENT_IT}"
        yield warning(_answer(named), "unpriced-gpu", fill(_NO_RENT, gpu=gpu), accepted=accepted)


GPU, PURCHASE, AIR_GAPPED = "gpu", "purchase", "air_gapped"
LICENSED = (REVENUE, RESELLS, BASED_IN_EU, CHAT_USERS)
"""The facts that licences ask for."""
HAD = (GPU, PURCHASE, AIR_GAPPED, GPU_RENT, GPU_PRICE, SINGLE_USER)
"""The facts that say how a GPU would be had."""


def names_asked(facts: Mapping[str, Fact], catalogue: Catalogue, day: date) -> Iterator[Diagnostic]:
    """What pricing refuses: a model or a seller whose name may mean several, and whose price is not given."""
    for each in listed_prices(facts, catalogue, day):
        if isinstance(each.found, NoPrice) and each.found.fitting and not each.given:
            name = each.names.provider if each.found.of_provider else each.names.model
            asked = may_mean(facts[name], each.found.fitting)
            yield from () if asked is None else (asked,)


def _seller_meant(each: Named, facts: Mapping[str, Fact], catalogue: Catalogue, day: date) -> str | None:
    """The seller of which the name that was written is a slip, if it lists the model that is named."""
    provider, model = facts[each.names.provider], _text(facts[each.names.model])
    known = isinstance(each.found, TokenPrice) and each.found.instead_of is None
    if known or provider.provenance.place is None or not _text(provider):
        return None
    name, registry = _text(provider), catalogue.seller_names
    if seller_called(name, registry) is not None:
        return None
    near = slip_of(name, registry)
    demand = read_demand(facts, catalogue, ANY_VOLUME)
    if near is None or not isinstance(demand, Demand):
        return None
    found = look_up(near, model, catalogue, day, demand)
    return near if isinstance(found, TokenPrice) and found.instead_of is None else None


def _misspelt(each: Named, facts: Mapping[str, Fact], meant: str) -> Diagnostic:
    provider = facts[each.names.provider]
    message = _NOT_COMPARED if each.given else _NO_SELLER
    text = fill(message, provider=_text(provider), model=_text(facts[each.names.model]))
    if each.given and isinstance(each.found, NoPrice):
        text = fill(_NOT_COMPLETED, said=text)
    return warning(_answer(provider), "unknown-seller", text, accepted=_SELLER_ALONE, suggestion=meant)


def far_off(low: Decimal, high: Decimal, listed: Band, apart: Apart) -> bool:
    """Whether no price of a range is within the factor of the list's."""
    return high * apart.price < listed.low or low > listed.high * apart.price


def _unlisted(each: Named, facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Diagnostic]:
    model, provider = facts[each.names.model], facts[each.names.provider]
    message = _OPEN if each.names is OPEN else _missed(facts, catalogue)
    if isinstance(each.found, NoPrice) and not each.found.fitting and message is not None:
        near = nearest(_text(model), filter(None, (near_name(_text(model), catalogue),)), ALIKE)
        text = fill(message, model=repr(model.value))
        # A name that another seller lists is no slip of the pen.
        spelt = near is not None and name_words(near) == name_words(_text(model))
        more = {"suggestion": near} if near and not spelt else {}
        yield warning(_answer(model), "unpriced-model", text, accepted=_OTHER_SELLER if spelt else _NAME, **more)
    if isinstance(each.found, TokenPrice) and each.found.instead_of is not None and provider.provenance.place:
        seller = each.found.seller or ""
        named = {"model": _text(model), "provider": _text(provider), "seller": seller}
        more = {"suggestion": seller} if nearest(_text(provider), (seller,)) else {}
        yield warning(_answer(provider), "other-seller", fill(_ELSEWHERE, **named), accepted=_SELLER, **more)


def _missed(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """What is missed where the model in use has no price: its cost, or what a bill alone would tell of the volume.

    None where a bill prices it beside a volume, and where it is priced as any open model is.
    """
    if facts["current_tier"].value == "open-model" and open_model_in_use(facts, catalogue) is None:
        return None
    if not facts["stated_api_spend"].known:
        return _UNPRICED
    routes = (read_demand(facts, catalogue), worked_demand(facts, catalogue))
    return None if any(isinstance(each, Demand) for each in routes) else _NO_VOLUME


def prices_of(names: PriceFacts, listed: TokenPrice) -> tuple[tuple[str, Band], ...]:
    """The facts that give a price, each with what the list says of it."""
    return (names.input, listed.input), (names.output, listed.output), (names.cached, listed.cached)


def _far_from_list(
    names: PriceFacts, listed: TokenPrice, facts: Mapping[str, Fact], table: Plausible
) -> Iterator[Diagnostic]:
    rates = exchange(facts)
    for name, band in prices_of(names, listed):
        fact = facts[name]
        given = dollars_of(fact, rates) if fact.provenance.place is not None else None
        if given is None or not given.high or not band.low or not far_off(given.low, given.high, band, table.apart):
            continue
        likely = given.likely
        said = {
            "price": format_value(likely, FactType.MONEY, "USD/Mtok"),
            "listed": format_value(band.likely, FactType.MONEY, "USD/Mtok"),
            "model": listed.model or _text(facts[names.model]),
            "seller": listed.seller or _text(facts[names.provider]),
        }
        slips = table.slips["price-of-tokens"]
        found = two_apart(_answer(fact), likely, band.likely, table.apart, _LIST, said, slips)
        yield replace(found, code=OFF_LIST)


def dollars_of(fact: Fact, rates: Exchange) -> Band | None:
    """An amount in dollars; None where its currency has no rate, and for what is no number."""
    code = fact.unit.partition("/")[0]
    if not isinstance(fact.value, Decimal) or (code != BASE and code not in rates.rates):
        return None
    rate = rates.dollars(code)
    low = fact.value if fact.low is None else fact.low
    high = fact.value if fact.high is None else fact.high
    return Band(low * rate, fact.value * rate, high * rate)


def _answer(fact: Fact) -> Answer:
    assert fact.provenance.place is not None
    return Answer(fact.provenance.key or fact.name, fact.value, fact.provenance.place, in_full(fact))


def in_full(fact: Fact) -> str:
    """The value of a fact, a number with all of its digits."""
    if not isinstance(fact.value, Decimal):
        return str(fact.value)
    ends = dict.fromkeys(end for end in (fact.low, fact.high) if end is not None) or (fact.value,)
    return f"{'..'.join(f'{end.normalize():f}' for end in ends)} {fact.unit}".strip()


def _text(fact: Fact) -> str:
    return fact.value if isinstance(fact.value, str) else ""


_UNLICENSED = prose("to host {model} is not allowed as it stands: {why}")
_OTHER_LICENCE = "another model; or this one with its maker's written agreement"
_OLD = prose("the API price was read on {day}: it should be read again")
_LEFT = prose("{model} left its API on {day}: what answers in its place is not known, so staying has no price")
_IN_ITS_PLACE = "the model that answers today"
_IN_REGION = "a seller with a region that meets the rule; or constraints.residency: not-met"
_STRANGE = prose("{name} is read as {model}: who or what {before} is, no list says")
_ALONE = "the model's name alone, if it is that one; or another name, with input_price and output_price"
_NAME = "the name in its seller's price list, which hostwise catalogue prices prints; or input_price and output_price"
_SELLER = "the seller's name; or input_price and output_price"
_NO_RENT = prose("no rent of a {gpu} is known, and none is given: on rented GPUs it cannot be priced")
_RENT = prose("{price} is given for a {gpu}, and those who let it ask for {low} to {high}")
_RENT_MEANT = prose("{said}: {means}?")
_MORE_OF_THEM = prose(
    "no price to buy a {gpu} is known: those that stand there count nothing, and more than those cannot be priced"
)
_NO_PURCHASE = prose("no price to buy a {gpu} is known: on owned hardware it cannot be priced")
_BUY_IT = "self_host.purchase: owned, where it is bought"
_RENT_IT = "self_host.gpu_hourly_price; or another GPU"
_OTHER_GPU = "self_host.gpu_purchase_price; or a GPU whose price the catalogue has"
_SELLER_ALONE = "the seller's name, as hostwise catalogue prices prints it"
_NOT_COMPARED = prose(
    "no price list has a seller {provider}: the prices given are not held against the list's for {model}"
)
_NOT_COMPLETED = prose("{said}, and what cached tokens and batches cost is assumed where no answer says it")
_NO_SELLER = prose("no price list has a seller {provider}, so no price of {model} is known, and none is given")
_OTHER_SELLER = (
    "a seller whose price list has it, which hostwise catalogue prices prints; or input_price and output_price"
)
_UNPRICED = prose("no price is known for {model}, and none is given: the API in use cannot be priced")
_NO_VOLUME = prose("no price is known for {model}, and none is given: no volume follows from the bill")
_OPEN = prose("no price is known for {model}, and none is given: other models compete in its place")
_ELSEWHERE = prose("no price of {model} at {provider} is known: that at {seller} is assumed")
_LIST = prose("the price is {price} and the list's for {model} at {seller} {listed}, {times} apart")
