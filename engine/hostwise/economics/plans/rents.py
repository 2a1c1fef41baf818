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
from hostwise.economics.numbers.bands import NOTHING, Band, either
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


ONE = Decimal(1)
UNCHANGED = Band.exactly(1)


class Paid(Struct, frozen=True):
    """A way of renting, or of owning. On a tape the way is but a text."""

    way: str
    because: str = ""
    """What a price of it follows from where none is listed."""
    reserved: Test = False
    """Whether a term is committed to; `spot` where capacity is used that is taken away at any time."""
    spot: Test = False
    longer: Decimal = ONE
    """How many times the horizon a term is that was committed to; 1 where it ends within it."""
    committed: Test = False
    """Whether the GPUs are paid for at any hour."""
    allowed: Test = True
    place: Decimal = Decimal(0)
    """That of the way among `WAYS`, in each case of a tape."""
    rise: Band = UNCHANGED
    """What it costs on average over the horizon, against today: a term keeps its price."""


def paid_ways(facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand) -> tuple[Paid, ...]:
    """Ways of renting that compete: the one that was given; else all that the work allows.

    A term is committed to where the demand is said to be stable and the term ends within the horizon. A price that was
    given is that of one way, whichever it is.
    """
    by_the_hour = _paid_way(facts, catalogue, demand)
    # The cases of a tape part by it: it is the asker's to decide, so no future differs in it.
    if not left_open(facts, "purchase") or given(GPU_RENT, facts) is not None or says(facts, "runs_once", True):
        return (by_the_hour,)
    allowed = both(says(facts, "stable", True), at_least(ONE, _longer(facts, catalogue)))
    if allowed is False:
        return (by_the_hour,)
    because = catalogue.figures[f"{TERM}_factor"].because
    return by_the_hour, Paid(TERM, because, True, committed=True, allowed=allowed, place=place_of(TERM))


def _paid_way(facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand) -> Paid:
    """The way that was given, where the work allows it; else on demand, or spot where all of it may wait.

    Spot capacity is taken away at any time (S1-25): it serves nobody who waits for an answer.
    """
    may_wait = at_least(demand.batch_share, ONE)
    reserved, on_spot = (says(facts, "purchase", way) for way in CHEAPER)
    left = left_open(facts, "purchase")
    spot = both(either_of(on_spot, True, left), may_wait)
    way = next((way for way, holds in ((TERM, reserved), ("spot", spot)) if _is(holds)), "on-demand")
    because = "" if way == "on-demand" else catalogue.figures[f"{way}_factor"].because
    longer = where(reserved, _longer(facts, catalogue), ONE)
    committed = says(facts, "purchase", TERM, "owned")
    place = where(reserved, place_of(TERM), where(spot, place_of("spot"), place_of("on-demand")))
    rise = either(reserved, UNCHANGED, _rise(facts, catalogue))
    return Paid(way, because, reserved, spot, longer, committed, True, place, rise)


def _rise(facts: Mapping[str, Fact], catalogue: Catalogue) -> Band:
    """What a rent comes to on average over the horizon: half of what it rises by until its end."""
    years = horizon(facts, catalogue).band.likely / 12
    return UNCHANGED + figure("rent_rise", catalogue, facts).band * Band.exactly(years / 2)


def place_of(way: str) -> Decimal:
    """The place of a way of paying among `WAYS`."""
    return Decimal(WAYS.index(way))


def way_factor(gpu: GPU, way: str, facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal:
    """What an hour of a GPU costs against one on demand: as it is listed for this GPU, else as it is elsewhere.

    Of spot, the hours in which it is taken away are paid for on demand. Of a term that is longer than the horizon, all
    of it is paid for within the horizon; it costs what the longest one does that is listed and no longer.
    """
    if way == "on-demand":
        return ONE
    factor, let = catalogue.figures[f"{way}_factor"].likely, gpu.let_by
    if way == "spot":
        fallback = figure("spot_fallback", catalogue, facts).band.likely
        listed = gpu.on_spot.likely / let.likely if let and gpu.on_spot else factor
        return listed * (1 - fallback) + fallback
    term = figure("reserved_term", catalogue, facts).band.likely
    for rent in gpu.reserved:
        if let is not None:
            factor = where(at_least(term, Decimal(rent.term_months or 0)), rent.likely / let.likely, factor)
    return factor * _longer(facts, catalogue)


def _factor(gpu: GPU, paid: Paid, facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal:
    factor = ONE
    for way, holds in (("spot", paid.spot), (TERM, paid.reserved)):
        if holds is not False:
            factor = where(holds, way_factor(gpu, way, facts, catalogue), factor)
    return factor


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

    `let` is the price that is listed for the way, if one is. Raises `NoRate`.
    """
    stated = given(GPU_RENT, facts)
    if stated is not None:
        paid_for = in_dollars(stated, rates)
        return replace(paid_for, band=paid_for.band * Band.exactly(paid.longer) * paid.rise, unit="USD/GPU-hour")
    entry = catalogue.gpus[gpu]
    if entry.rent is None:
        return None
    source = _listed(gpu, let) if let else fill("{gpu} on demand: {source}", gpu=gpu, source=entry.source)
    if let and let.way == "on-demand" and not entry.rent.band.exact:
        dearest = format_value(entry.rent.high, FactType.MONEY, "USD/hour")
        source = fill(prose("{source}; the dearest asks {dearest}"), source=source, dearest=dearest)
    if paid.because and (let is None or let.way != paid.way):
        source = fill("{source}; {purchase}: {because}", source=source, purchase=paid.way, because=paid.because)
    if not paid.rise.exact:
        most_more = format_value(paid.rise.high - 1, FactType.RATIO)
        message = prose("{source}; up to {rise} more on average over the horizon: {rising}")
        source = fill(message, source=source, rise=most_more, rising=catalogue.figures["rent_rise"].source)
    band = entry.rent.band * Band.exactly(_factor(entry, paid, facts, catalogue)) * paid.rise
    return Sourced(band, "assumed", source, (GPU_RENT,), "USD/GPU-hour")


LISTED = {
    "on-demand": prose("{gpu} on demand at {seller}, {day}: {source}"),
    "spot": prose("{gpu} on spot at {seller}, {day}: {source}; on demand where it is taken away"),
    "reserved": prose("{gpu} reserved for {months} months, {day}: {source}"),
}


def _listed(gpu: str, let: Rent) -> str:
    named = {"gpu": gpu, "day": let.as_of.isoformat(), "source": let.source}
    named |= {"months": str(let.term_months)} if let.way == TERM else {"seller": let.seller}
    return fill(LISTED[let.way], **named)


def _let(gpu: GPU, paid: Paid, facts: Mapping[str, Fact], catalogue: Catalogue) -> Rent | None:
    """The listed price of a way of paying, else that of an hour on demand, if one is listed."""
    if paid.way == "spot":
        return gpu.on_spot or gpu.let_by
    if paid.way == TERM:
        term = figure("reserved_term", catalogue, facts).band.likely
        found = [rent for rent in gpu.reserved if _is(at_least(term, Decimal(rent.term_months or 0)))]
        return found[-1] if found else gpu.let_by
    return gpu.let_by


def costs_of(
    gpus: Iterable[str], facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, paid: Paid
) -> dict[str, GPUCost]:
    """What each of some GPUs costs, rented in a way or bought. Raises `NoRate`."""
    listed = paid is not BOUGHT and given(GPU_RENT, facts) is None
    known = {gpu: catalogue.gpus[gpu] for gpu in gpus}
    sellers = {gpu: _let(each, paid, facts, catalogue) if listed else None for gpu, each in known.items()}
    return {
        gpu: GPUCost(
            _rent_of(gpu, let, facts, catalogue, rates, paid), _purchase(known[gpu], facts, rates), paid.way,
            seller=let.seller if let and let.way == paid.way else "", committed=paid.committed,
            allowed=paid.allowed, place=paid.place, least=Decimal(known[gpu].least_let if let else 1),
        )
        for gpu, let in sellers.items()
    }  # fmt: skip


BOUGHT = Paid("owned", committed=True, place=place_of("owned"))
"""What is bought is there at any hour."""


GPUS_OWNED = "gpus_owned"
STANDS_THERE = prose("it stands there already, and no price of another one is known")


def _purchase(gpu: GPU, facts: Mapping[str, Fact], rates: Exchange) -> Sourced | None:
    """USD for a GPU: as given, with its share of the machine, else as listed, if it is. Raises `NoRate`."""
    stated = given(GPU_PRICE, facts)
    if stated is not None:
        return in_dollars(stated, rates)
    if gpu.purchase is None:
        # Those that stand there cost nothing more. What more of them would cost nobody knows (`ledgers/gpu`).
        there = given(GPUS_OWNED, facts)
        some = there is not None and there.band.high > 0
        return Sourced(NOTHING, "assumed", STANDS_THERE, (GPUS_OWNED,), "USD") if some else None
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
