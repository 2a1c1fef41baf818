"""What a GPU costs: USD an hour as it is rented, USD to buy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.economics.capacity.capacity import WAYS, GPUCost, Hardware
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.gpus import GPU, Rent
from hostwise.economics.catalogue.sourced import Sourced, chosen, figure, given
from hostwise.economics.numbers.bands import Band, either
from hostwise.economics.numbers.currency import Exchange, currency_of
from hostwise.economics.numbers.numbers import Test, at_least, both, either_of, most, where
from hostwise.economics.numbers.tape import TapedTruth
from hostwise.economics.numbers.taped_facts import left_open, says
from hostwise.reading.numbers.currencies import currencies
from hostwise.reading.translatable import fill, prose

GPU_RENT, GPU_PRICE = "gpu_hourly_price", "gpu_purchase_price"
TERM = "reserved"
CHEAPER = (TERM, "spot")
"""Ways of renting with a factor on the price on demand."""


UNCHANGED = Band.exactly(1)


class Paid(Struct, frozen=True):
    """A way of renting and what it costs beside the price on demand. On a tape the way is but a text."""

    way: str
    factor: Decimal
    """Against a price on demand; of what is `reserved`, where no price of a term is listed."""
    because: str
    longer: Decimal
    """How many times the horizon a term is that was committed to; 1 where it ends within it."""
    committed: Test = False
    """Whether the GPUs are paid for at any hour."""
    allowed: Test = True
    place: Decimal = Decimal(0)
    """That of the way among `WAYS`, in each case of a tape."""
    rise: Band = UNCHANGED
    """What it costs on average over the horizon, against today: a term keeps its price."""
    reserved: Test = False


def paid_ways(facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand) -> tuple[Paid, ...]:
    """Ways of renting that compete: the one that was given; else all that the work allows.

    A term is committed to where the demand is said to be stable and the term ends within the horizon. A price that was
    given is that of one way, whichever it is.
    """
    by_the_hour = _paid_way(facts, catalogue, demand)
    # The cases of a tape part by it: it is the asker's to decide, so no future differs in it.
    if not left_open(facts, "purchase") or given(GPU_RENT, facts) is not None or says(facts, "runs_once", True):
        return (by_the_hour,)
    allowed = both(says(facts, "stable", True), at_least(Decimal(1), _longer(facts, catalogue)))
    if allowed is False:
        return (by_the_hour,)
    reserved = catalogue.figures[f"{TERM}_factor"]
    term = Paid(TERM, reserved.likely, reserved.because, Decimal(1), True, allowed, place_of(TERM), reserved=True)
    return by_the_hour, term


def _paid_way(facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand) -> Paid:
    """The way that was given, where the work allows it; else on demand, or spot where all of it may wait.

    Spot capacity is taken away at any time (S1-25): it serves nobody who waits for an answer.
    """
    factors = {way: way_factor(way, facts, catalogue) for way in CHEAPER}
    may_wait = at_least(demand.batch_share, Decimal(1))
    reserved, spot = (says(facts, "purchase", way) for way in CHEAPER)
    left = left_open(facts, "purchase")
    interruptible = where(may_wait, factors["spot"], Decimal(1))
    stated = where(reserved, factors["reserved"], where(spot, interruptible, Decimal(1)))
    ways = (("reserved", _is(reserved)), ("spot", _is(may_wait) and (_is(spot) or _is(left))))
    way = next((way for way, holds in ways if holds), "on-demand")
    because = "" if way == "on-demand" else catalogue.figures[f"{way}_factor"].because
    longer = where(reserved, _longer(facts, catalogue), Decimal(1))
    committed = says(facts, "purchase", TERM, "owned")
    taken_away = where(both(either_of(spot, True, left), may_wait), place_of("spot"), place_of("on-demand"))
    place = where(reserved, place_of(TERM), taken_away)
    rise = either(reserved, UNCHANGED, _rise(facts, catalogue))
    return Paid(way, where(left, interruptible, stated), because, longer, committed, True, place, rise, reserved)


def _rise(facts: Mapping[str, Fact], catalogue: Catalogue) -> Band:
    """What a rent comes to on average over the horizon: half of what it rises by until its end."""
    years = horizon(facts, catalogue).band.likely / 12
    return UNCHANGED + figure("rent_rise", catalogue, facts).band * Band.exactly(years / 2)


def place_of(way: str) -> Decimal:
    """The place of a way of paying among `WAYS`."""
    return Decimal(WAYS.index(way))


def factor_on(gpu: GPU, way: str, facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal:
    """What an hour of a GPU costs against one on demand: `way_factor`, of a term as it is listed for this GPU."""
    factor = way_factor(way, facts, catalogue)
    return _listed_term(gpu, factor, _longer(facts, catalogue), facts, catalogue) if way == TERM else factor


def _listed_term(
    gpu: GPU, factor: Decimal, longer: Decimal, facts: Mapping[str, Fact], catalogue: Catalogue
) -> Decimal:
    """What a term costs against an hour on demand, from the price of the longest one that is listed and no longer."""
    let, term = gpu.let_by, figure("reserved_term", catalogue, facts).band.likely
    for rent in gpu.reserved:
        assert let is not None
        assert rent.term_months is not None
        factor = where(at_least(term, Decimal(rent.term_months)), rent.likely / let.likely * longer, factor)
    return factor


def way_factor(way: str, facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal:
    """What a GPU-hour costs against one on demand.

    Of spot, the hours in which it is taken away are paid for on demand. Of a term that is longer than the horizon, all
    of it is paid for within the horizon.
    """
    if way == "on-demand":
        return Decimal(1)
    factor = catalogue.figures[f"{way}_factor"].likely
    if way == "spot":
        fallback = figure("spot_fallback", catalogue, facts).band.likely
        return factor * (1 - fallback) + fallback
    return factor * _longer(facts, catalogue)


def outlasts(facts: Mapping[str, Fact], catalogue: Catalogue) -> bool:
    """Whether a term is longer than the horizon."""
    return _longer(facts, catalogue) > 1


def _longer(facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal:
    """How many times the horizon a term is, at least 1."""
    term = figure("reserved_term", catalogue, facts).band.likely
    return most(term / horizon(facts, catalogue).band.likely, Decimal(1))


def horizon(facts: Mapping[str, Fact], catalogue: Catalogue) -> Sourced:
    """Months over which what is paid once is spread; a job that runs once is over within one."""
    once = Sourced(Band.exactly(1), "derived", prose("it runs once"), ("runs_once",), "months")
    return chosen(says(facts, "runs_once", True), once, figure("horizon_months", catalogue, facts))


def _is(test: Test) -> bool:
    """Whether it holds in the case that is recorded, without asking."""
    return test.holds if isinstance(test, TapedTruth) else test


def _rent_of(
    gpu: str, let: Rent | None, facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, paid: Paid
) -> Sourced | None:
    """USD per GPU-hour on average over the horizon: as given, else as listed for the way of paying, if it is.

    `let` is the seller of an hour, where one is listed. Raises `NoRate`.
    """
    stated = given(GPU_RENT, facts)
    if stated is not None:
        paid_for = in_dollars(stated, rates)
        return replace(paid_for, band=paid_for.band * Band.exactly(paid.longer) * paid.rise, unit="USD/GPU-hour")
    entry, term = catalogue.gpus[gpu], _term_of(gpu, facts, catalogue) if paid.way == TERM else None
    if entry.rent is None:
        return None
    if term is not None:
        message = prose("{gpu} reserved for {months} months, {day}: {source}")
        months, day = str(term.term_months), term.as_of.isoformat()
        source = fill(message, gpu=gpu, months=months, day=day, source=term.source)
    elif let is None:
        source = fill("{gpu} on demand: {source}", gpu=gpu, source=entry.source)
    else:
        message = prose("{gpu} on demand at {seller}, {day}: {source}")
        source = fill(message, gpu=gpu, seller=let.seller, day=let.as_of.isoformat(), source=let.source)
        if not entry.rent.band.exact:
            dearest = format_value(entry.rent.high, FactType.MONEY, "USD/hour")
            source = fill(prose("{source}; the dearest asks {dearest}"), source=source, dearest=dearest)
    if paid.because and term is None:
        source = fill("{source}; {purchase}: {because}", source=source, purchase=paid.way, because=paid.because)
    if not paid.rise.exact:
        most_more = format_value(paid.rise.high - 1, FactType.RATIO)
        message = prose("{source}; up to {rise} more on average over the horizon: {rising}")
        source = fill(message, source=source, rise=most_more, rising=catalogue.figures["rent_rise"].source)
    listed = _listed_term(entry, paid.factor, paid.longer, facts, catalogue)
    band = entry.rent.band * Band.exactly(where(paid.reserved, listed, paid.factor)) * paid.rise
    return Sourced(band, "assumed", source, (GPU_RENT,), "USD/GPU-hour")


def _term_of(gpu: str, facts: Mapping[str, Fact], catalogue: Catalogue) -> Rent | None:
    """The listed price that a term is paid at, if one is."""
    term = figure("reserved_term", catalogue, facts).band.likely
    found = [rent for rent in catalogue.gpus[gpu].reserved if _is(at_least(term, Decimal(rent.term_months or 0)))]
    return found[-1] if found else None


def costs_of(
    gpus: Iterable[str], facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, paid: Paid
) -> dict[str, GPUCost]:
    """What each of some GPUs costs, rented in a way or bought. Raises `NoRate`."""
    listed = paid is not BOUGHT and given(GPU_RENT, facts) is None
    sellers = {gpu: catalogue.gpus[gpu].let_by if listed else None for gpu in gpus}
    named = {gpu: _named(gpu, let, facts, catalogue, paid) for gpu, let in sellers.items() if let is not None}
    return {
        gpu: GPUCost(
            _rent_of(gpu, let, facts, catalogue, rates, paid), _purchase(catalogue.gpus[gpu], facts, rates), paid.way,
            seller=named.get(gpu, ""), committed=paid.committed,
            allowed=paid.allowed, place=paid.place, least=Decimal(let.least if let else 1),
        )
        for gpu, let in sellers.items()
    }  # fmt: skip


def _named(gpu: str, let: Rent, facts: Mapping[str, Fact], catalogue: Catalogue, paid: Paid) -> str:
    """Who lets a GPU in a way; empty where nobody is listed for it by name."""
    if paid.way == TERM:
        term = _term_of(gpu, facts, catalogue)
        return term.seller if term else ""
    return let.seller if paid.way == "on-demand" else ""


BOUGHT = Paid("owned", Decimal(1), "", Decimal(1), True, True, place_of("owned"))
"""What is bought is there at any hour."""


def _purchase(gpu: GPU, facts: Mapping[str, Fact], rates: Exchange) -> Sourced | None:
    """USD for a GPU: as given, with its share of the machine, else as listed, if it is. Raises `NoRate`."""
    stated = given(GPU_PRICE, facts)
    if stated is not None:
        return in_dollars(stated, rates)
    if gpu.purchase is None:
        return None
    return Sourced(gpu.purchase.band, "assumed", gpu.purchase.source or gpu.source, (), "USD")


def buys(bought: bool, one: Hardware) -> bool:
    """Whether everything is known that a plan of bought, or of rented, GPUs is paid with."""
    if bought:
        return one.cost.purchase is not None and one.watts is not None
    return one.cost.rent is not None


def in_dollars(value: Sourced, rates: Exchange) -> Sourced:
    """The same value in dollars, if it is money. Raises `NoRate`."""
    currency = currency_of(value.unit)
    if currency in currencies().codes and currency != "USD":
        band = rates.convert(value.band, currency, "USD")
        return replace(value, band=band, unit=value.unit.replace(currency, "USD"))
    return value
