"""Every option's ledger for one set of facts, the break-evens, and the facts that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from hostwise.answers.facts import Fact
from hostwise.economics.bands import Band
from hostwise.economics.capacity import CapacityPlan, Hardware, check_names, hardware, plan
from hostwise.economics.catalogue import Catalogue
from hostwise.economics.crossing import BreakEven, break_evens
from hostwise.economics.currency import Exchange, NoRate, currency_of, exchange
from hostwise.economics.demand import Demand, Unmeasured, read_demand
from hostwise.economics.facts import derived_facts
from hostwise.economics.hybrid import hybrid_ledger
from hostwise.economics.ledger import Ledger, closed, lines, unpriced
from hostwise.economics.outlooks import with_outlooks
from hostwise.economics.prices import CURRENT, OPEN, NoPrice, TokenPrice, look_up, token_price
from hostwise.economics.values import Sourced, figure, from_fact, given
from hostwise.economics.variants import with_variants
from hostwise.reading.quantity import CURRENCIES

APIS = ("managed-api", "sovereign-api", "open-model-provider")
OWN = ("self-host-cloud", "self-host-owned")
GPU_RENT = "gpu_hourly_price"


@dataclass(frozen=True, slots=True)
class Costing:
    """All ledgers by option, break-evens, and derived facts in a fixed order."""

    facts: tuple[Fact, ...]
    ledgers: Mapping[str, Ledger]
    break_evens: tuple[BreakEven, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What all ledgers of one costing share."""

    facts: Mapping[str, Fact]
    catalogue: Catalogue
    as_of: date
    currency: str
    factor: Band
    rates: Exchange
    prices: Mapping[str, TokenPrice | NoPrice]


def cost_options(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> Costing:
    """Cost every option. An option that cannot be priced has a ledger that says why.

    Raises `InputError` for a GPU, model or throughput that cannot be.
    """
    check_names(facts, catalogue)
    demand = read_demand(facts, catalogue)
    stated = facts["currency"].value
    currency = stated if isinstance(stated, str) else "USD"
    rates = exchange(facts)
    if isinstance(demand, Unmeasured):
        why = "The volume is not known: measure one week."
        ledgers = {option: unpriced(option, catalogue, currency, why, demand.needs) for option in catalogue.options}
        return _costing(facts, catalogue, as_of, currency, rates, None, None, None, ledgers, ())
    try:
        factor = rates.convert(Band.exactly(1), "USD", currency)
        prices = _prices(facts, catalogue, rates, as_of, demand)
    except NoRate as problem:
        ledgers = {o: unpriced(o, catalogue, currency, f"{problem}.", ("exchange_rates",)) for o in catalogue.options}
        return _costing(facts, catalogue, as_of, currency, rates, demand, None, None, ledgers, ())
    case = Case(facts, catalogue, as_of, currency, factor, rates, prices)
    one = hardware(facts, catalogue, demand, catalogue.candidates[_candidate(facts)], use_answers=True)
    planned = plan(facts, catalogue, demand, one)
    ledgers = {option: api_ledger(option, case, demand) for option in APIS}
    ledgers |= {option: own_ledger(option, case, demand, planned) for option in OWN}
    ledgers["self-host-cloud"] = with_variants(ledgers["self-host-cloud"], case, demand, planned)
    ledgers["hybrid"] = hybrid_ledger(case, demand, _priced_parts(case))
    ledgers["edge"] = _edge(case, demand)
    ordered = with_outlooks({option: ledgers[option] for option in catalogue.options}, case, demand)
    crossings = break_evens(case, demand, planned, ordered)
    return _costing(
        facts, catalogue, as_of, currency, rates, demand, planned, prices["managed-api"], ordered, crossings
    )


def _costing(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    as_of: date,
    currency: str,
    rates: Exchange,
    demand: Demand | None,
    planned: CapacityPlan | None,
    price: TokenPrice | NoPrice | None,
    ledgers: Mapping[str, Ledger],
    crossings: tuple[BreakEven, ...],
) -> Costing:
    found = derived_facts(facts, catalogue, as_of, currency, rates, demand, planned, price, ledgers)
    notes = [price.note] if isinstance(price, TokenPrice) and price.note else []
    return Costing(found, MappingProxyType(dict(ledgers)), crossings, tuple(notes))


def _candidate(facts: Mapping[str, Fact]) -> str:
    return "small" if facts["current_tier"].value in ("small", "open-model") else "default"


def _prices(
    facts: Mapping[str, Fact], catalogue: Catalogue, rates: Exchange, as_of: date, demand: Demand
) -> dict[str, TokenPrice | NoPrice]:
    current = token_price(CURRENT, facts, catalogue, rates, as_of, demand)
    opened = token_price(OPEN, facts, catalogue, rates, as_of, demand)
    on_open_model = facts["current_tier"].value == "open-model"
    if isinstance(opened, NoPrice) and not _names_open_provider(facts):
        fallback = catalogue.default_open_model
        listed = look_up(fallback.provider, fallback.model, catalogue, as_of, demand)
        if isinstance(listed, TokenPrice):
            opened = replace(listed, origin="assumed", source=f"{listed.source}. {fallback.because}")
    if on_open_model:
        # The API in use is an open-model provider: it is that option, and no proprietary one is known.
        opened = current if isinstance(current, TokenPrice) else opened
        current = NoPrice("the API in use serves an open model; no proprietary price is given", ("current_tier",))
    return {
        "managed-api": current,
        "sovereign-api": _sovereign(current, opened, catalogue),
        "open-model-provider": opened,
    }


def _names_open_provider(facts: Mapping[str, Fact]) -> bool:
    return facts["open_model"].value is not None or facts["open_input_price"].value is not None


def _sovereign(
    current: TokenPrice | NoPrice, opened: TokenPrice | NoPrice, catalogue: Catalogue
) -> TokenPrice | NoPrice:
    base = current if isinstance(current, TokenPrice) else opened
    if isinstance(base, NoPrice):
        return base
    premium = catalogue.figures["sovereign_premium"]
    return TokenPrice(
        base.input * premium.band, base.output * premium.band, base.cached * premium.band, Decimal(1),
        "assumed", f"{base.source}, times the sovereign premium: {premium.because}", base.as_of,
    )  # fmt: skip


# ------------------------------------------------------------------- APIs


def api_ledger(option: str, case: Case, demand: Demand) -> Ledger:
    """The ledger of an option that is paid per token."""
    price = case.prices[option]
    if isinstance(price, NoPrice):
        return unpriced(option, case.catalogue, case.currency, f"{price.why}.", price.needs)
    values = {**_shared(case, demand), **_price_values(price)}
    flags = _flags(case, demand)
    if _in_use(option, case):
        flags -= {"switching"}
    items = lines(option, values, flags, case.catalogue, case.factor)
    return closed(option, case.catalogue, items, case.currency, demand.tokens.band.likely, variant=price.source)


def _in_use(option: str, case: Case) -> bool:
    """Whether the workload runs there today: then nothing has to be migrated."""
    if case.facts["current_tier"].value == "open-model":
        return option == "open-model-provider"
    return option == "managed-api"


def _price_values(price: TokenPrice) -> dict[str, Sourced]:
    def priced(band: Band) -> Sourced:
        return Sourced(band, price.origin, price.source, (), "USD/Mtok")

    return {
        "price_input": priced(price.input),
        "price_output": priced(price.output),
        "price_cached": priced(price.cached),
        "batch_ratio": Sourced(Band.exactly(price.batch_ratio), price.origin, price.source, (), "share"),
    }


# --------------------------------------------------------------- own GPUs


def own_ledger(option: str, case: Case, demand: Demand, planned: CapacityPlan) -> Ledger:
    """The ledger of GPUs of one's own, rented or bought."""
    try:
        values = {**_shared(case, demand), **_own_values(case, planned)}
    except NoRate as problem:
        return unpriced(option, case.catalogue, case.currency, f"{problem}.", ("exchange_rates",))
    items = lines(option, values, _flags(case, demand), case.catalogue, case.factor)
    return closed(
        option, case.catalogue, items, case.currency, demand.tokens.band.likely,
        capacity=capacity_part(planned), variant=_variant(option, case),
    )  # fmt: skip


def _variant(option: str, case: Case) -> str:
    if option == "self-host-owned":
        return "owned"
    purchase = str(case.facts["purchase"].value)
    return "on-demand" if purchase == "owned" else purchase


def _own_values(case: Case, planned: CapacityPlan) -> dict[str, Sourced]:
    gpu = case.catalogue.gpus[planned.hardware.gpu]
    basis = f"{planned.replicas} replicas of {planned.hardware.gpus_per_replica} × {planned.hardware.gpu}"
    used = Sourced(Band.exactly(planned.utilisation), "derived", "tokens ÷ what the replicas could serve", (), "share")
    draw = Band.exactly(gpu.power / 1000) * planned.gpus
    return {
        "gpus": Sourced(planned.gpus, "derived", basis, (), "GPUs"),
        "utilisation": used,
        "rent": _rent(case, planned.hardware),
        "purchase": Sourced(gpu.purchase.band, "assumed", gpu.source, (), "USD"),
        "power_kw": Sourced(draw, "derived", f"{gpu.power:f} W a card, at full load", (), "kW"),
    }


def _rent(case: Case, one: Hardware) -> Sourced:
    """USD per GPU-hour: as given, else the listed range for the way of buying."""
    stated = given(GPU_RENT, case.facts)
    if stated is not None:
        band = case.rates.convert(stated.band, currency_of(case.facts[GPU_RENT].unit), "USD")
        return replace(stated, band=band, unit="USD/GPU-hour")
    gpu = case.catalogue.gpus[one.gpu]
    band, source = gpu.rent.band, f"{one.gpu} on demand: {gpu.source}"
    purchase = case.facts["purchase"].value
    if purchase in ("reserved", "spot"):
        entry = case.catalogue.figures[f"{purchase}_factor"]
        band, source = band * Band.exactly(entry.likely), f"{source}; {purchase}: {entry.because}"
    return Sourced(band, "assumed", source, (GPU_RENT,), "USD/GPU-hour")


def capacity_part(planned: CapacityPlan) -> Mapping[str, str]:
    """The capacity plan as the record shows it."""
    one = planned.hardware
    return {
        "model": one.model,
        "precision": one.precision,
        "gpu": one.gpu,
        "gpus_per_replica": str(one.gpus_per_replica),
        "replicas": str(planned.replicas),
        "spare_replicas": str(planned.spare),
        "load": f"{planned.load:.15f}",
        "gpus": f"{planned.gpus.likely:f}",
        "throughput": f"{one.throughput.band.likely:.1f}",
        "throughput_low": f"{one.throughput.band.low:.1f}",
        "throughput_high": f"{one.throughput.band.high:.1f}",
        "throughput_origin": one.throughput.origin,
        "throughput_source": one.throughput.source,
        "bound": f"{one.bound:.1f}" if one.bound is not None else "",
        "utilisation": f"{planned.utilisation:.4f}",
        "idle_share": f"{planned.idle_share:.4f}",
        "peak_to_mean": f"{planned.peak_to_mean:f}",
        "planning_cap": f"{planned.planning_cap:f}",
        "assumed": ", ".join(one.assumed),
    }


# ------------------------------------------------------------------- edge


def _edge(case: Case, demand: Demand) -> Ledger:
    items = lines("edge", _shared(case, demand), _flags(case, demand), case.catalogue, case.factor)
    return closed("edge", case.catalogue, items, case.currency, demand.tokens.band.likely)


# ----------------------------------------------------------------- shared


def _shared(case: Case, demand: Demand) -> dict[str, Sourced]:
    """Values that any formula may name: demand, figures (answers win), horizon."""
    values = {
        name: _in_dollars(figure(name, case.catalogue, case.facts), case)
        for name in case.catalogue.figures
        if "." not in name
    }
    horizon = case.facts["horizon_months"]
    assert isinstance(horizon.value, Decimal)
    platform = case.facts["existing_ml_platform"].value is True and "operations_given" not in _flags(case, demand)
    whole = Sourced(
        Band.exactly(1),
        "derived",
        "no ML platform shares the work, or the engineering was given",
        (),
        "share",
    )
    values |= {
        "input_tokens": replace(demand.input_tokens, unit="tokens/month"),
        "output_tokens": replace(demand.output_tokens, unit="tokens/month"),
        "cached_share": _ratio(demand.cached_share, "cached_input_share", case),
        "batch_share": _ratio(demand.batch_share, "batch_share", case),
        "horizon_months": replace(from_fact(horizon), unit="months"),
        "platform_share": values["platform_factor"] if platform else whole,
    }  # fmt: skip
    for name, fact in (("infrastructure", "infrastructure_per_month"), ("egress_stated", "egress_per_month")):
        stated = given(fact, case.facts)
        if stated is not None:
            values[name] = _in_dollars(stated, case)
    return values


def _in_dollars(value: Sourced, case: Case) -> Sourced:
    currency = currency_of(value.unit)
    if currency in CURRENCIES and currency != "USD":
        return replace(
            value,
            band=case.rates.convert(value.band, currency, "USD"),
            unit=value.unit.replace(currency, "USD"),
        )
    return value


def _ratio(value: Decimal, fact: str, case: Case) -> Sourced:
    origin = case.facts[fact].provenance
    return Sourced(
        Band.exactly(value),
        origin.origin.value,
        origin.source or (str(origin.place) if origin.place else ""),
        (fact,),
        "share",
    )


def _flags(case: Case, demand: Demand) -> frozenset[str]:
    """What leaves lines in or out of a ledger; see `catalogue/ledger.yaml`."""
    facts = case.facts
    held = {
        "switching": True,
        "caching": demand.cached_share > 0,
        "operations_given": given("operations_fte", facts) is not None,
        "infrastructure_given": given("infrastructure_per_month", facts) is not None,
        "egress_given": given("egress_per_month", facts) is not None,
        "rota_exists": facts["on_call"].value is True,
        "fine_tuned": facts["fine_tuning"].value in ("own-weights", "data-cannot-leave"),
        "regulated": _at_least_one(facts["regulations.count"]),
    }
    return frozenset(name for name, holds in held.items() if holds)


def _at_least_one(fact: Fact) -> bool:
    return isinstance(fact.value, Decimal) and fact.value >= 1


@dataclass(frozen=True, slots=True)
class Parts:
    """How a mix prices its two sides: an API ledger for the rest, own GPUs for a slice."""

    api: Callable[[str, Demand], Ledger]
    own: Callable[[Demand, bool], tuple[Ledger, CapacityPlan]]
    apis: tuple[str, ...]


def _priced_parts(case: Case) -> Parts:
    def own(demand: Demand, triage: bool) -> tuple[Ledger, CapacityPlan]:
        candidate = case.catalogue.candidates["triage" if triage else _candidate(case.facts)]
        one = hardware(case.facts, case.catalogue, demand, candidate, use_answers=not triage)
        planned = plan(case.facts, case.catalogue, demand, one)
        option = "self-host-owned" if case.facts["purchase"].value == "owned" else "self-host-cloud"
        return own_ledger(option, case, demand, planned), planned

    priced = tuple(o for o in ("managed-api", "open-model-provider") if isinstance(case.prices[o], TokenPrice))
    return Parts(lambda option, demand: api_ledger(option, case, demand), own, priced)
