"""What the rules learn from the economics: volumes, prices, capacity and costs as facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from hostwise.answers.facts import Fact, FactSpec, FactType, Origin, Provenance, fixed
from hostwise.economics.bands import Band
from hostwise.economics.capacity import CapacityPlan
from hostwise.economics.catalogue import Catalogue, find_named
from hostwise.economics.currency import Exchange, NoRate, currency_of
from hostwise.economics.demand import Demand
from hostwise.economics.ledger import Ledger
from hostwise.economics.prices import NoPrice, TokenPrice
from hostwise.economics.throughput import BITS
from hostwise.economics.values import given
from hostwise.reading.said import fill, prose

T, R, M, C, Q, B = (
    FactType.TOKENS, FactType.RATIO, FactType.MONEY, FactType.COUNT, FactType.QUANTITY, FactType.BOOLEAN,
)  # fmt: skip
TIERS = ("frontier", "mid", "small", "open-model")
TIER_PRICES = (("frontier", Decimal("4")), ("mid", Decimal("1")), ("small", Decimal("0")))
"""Blended dollars per million from which a closed API counts as that tier: between S2's mini at 0.26,
S3's Haiku at 2.00 and S2's GPT-4o at 4.38."""

_SPECS = (
    FactSpec("tokens_per_day", T, prose("tokens a day"), "tokens/day"),
    FactSpec("tokens_per_month", T, prose("tokens a month"), "tokens/month"),
    FactSpec("input_tokens_per_month", T, prose("input tokens a month"), "tokens/month"),
    FactSpec("output_tokens_per_month", T, prose("output tokens a month"), "tokens/month"),
    FactSpec("input_share", R, prose("input share")),
    FactSpec("peak_to_mean", R, prose("peak to mean"), "x"),
    FactSpec("api_price_blended", M, prose("blended API price"), "USD/Mtok"),
    FactSpec("api_spend_usd_month", M, prose("API spend a month in dollars"), "USD/month"),
    FactSpec("api_spend_gbp_month", M, prose("API spend a month in pounds"), "GBP/month"),
    FactSpec("price_age_months", C, prose("age of the API price"), "months"),
    FactSpec("replaced_tier", FactType.ENUM, prose("tier of the API that would be replaced"), values=TIERS),
    FactSpec("expected_utilisation", R, prose("utilisation that own GPUs would reach")),
    FactSpec("idle_share", R, prose("share of the GPUs' time paid for and not used")),
    FactSpec("replicas", C, prose("replicas needed")),
    FactSpec("gpus_total", C, prose("GPUs needed"), "GPUs"),
    FactSpec("own_model_fits", B, prose("the model fits its GPUs")),
    FactSpec("own_model_size_b", Q, prose("size of the model to host"), "billion parameters"),
    FactSpec("device_fit", B, prose("the model fits a device")),
    FactSpec("power_kw", Q, prose("power draw at full load"), "kW"),
    FactSpec("power_within_limit", B, prose("the room can feed the hardware")),
)


def economics_specs(catalogue: Catalogue) -> dict[str, FactSpec]:
    """Every fact that the economics derive."""
    specs = {spec.name: spec for spec in _SPECS}
    for option, entry in catalogue.options.items():
        name = option.replace("-", "_")
        specs[f"cost.{name}.monthly"] = FactSpec(
            f"cost.{name}.monthly", M, fill("monthly cost of {option}", option=entry.label), "reporting"
        )
        specs[f"cost.{name}.per_million"] = FactSpec(
            f"cost.{name}.per_million",
            M,
            fill("cost per million tokens of {option}", option=entry.label),
            "reporting/Mtok",
        )
    return specs


def derived_facts(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    as_of: date,
    currency: str,
    rates: Exchange,
    demand: Demand | None,
    planned: CapacityPlan | None,
    price: TokenPrice | NoPrice | None,
    ledgers: Mapping[str, Ledger],
) -> tuple[Fact, ...]:
    """All derived facts, known or not, in the order of their specifications."""
    maker = _Maker(economics_specs(catalogue), currency)
    found = [
        *_demand(maker, demand),
        *_api(maker, facts, demand, price, rates, as_of),
        *_capacity(maker, facts, catalogue, demand, planned),
        *_costs(maker, catalogue, ledgers),
    ]
    by_name = {fact.name: fact for fact in found}
    return tuple(by_name[name] for name in maker.specs)


class _Maker:
    """Makes facts of the right type and unit."""

    def __init__(self, specs: Mapping[str, FactSpec], currency: str) -> None:
        self.specs, self.currency = specs, currency

    def make(self, name: str, value: Band | Decimal | bool | str | None, formula: str, inputs: tuple[str, ...]) -> Fact:
        spec = self.specs[name]
        origin = Provenance(Origin.DERIVED, formula=formula, inputs=inputs)
        unit = spec.unit.replace("reporting", self.currency)
        if isinstance(value, Band) and value.exact:
            value = value.likely
        if isinstance(value, Band):
            low, likely, high = (fixed(x, spec.type) for x in (value.low, value.likely, value.high))
            ends = (low, high) if low != high else (None, None)
            return Fact(name, spec.type, likely, origin, spec.label, unit, *ends)
        kept = fixed(value, spec.type) if isinstance(value, Decimal) else value
        return Fact(name, spec.type, kept, origin, spec.label, unit)


VOLUME = ("stated_tokens_per_day", "stated_tokens_per_month")


def _demand(maker: _Maker, demand: Demand | None) -> Iterator[Fact]:
    if demand is None:
        for name in (
            "tokens_per_day",
            "tokens_per_month",
            "input_tokens_per_month",
            "output_tokens_per_month",
            "input_share",
            "peak_to_mean",
        ):
            yield maker.make(name, None, prose("the volume is not known"), VOLUME)
        return
    tokens = demand.tokens
    yield maker.make(
        "tokens_per_month",
        tokens.band,
        tokens.source if tokens.origin == "derived" else prose("as given"),
        tokens.inputs,
    )
    yield maker.make(
        "tokens_per_day", tokens.band / Band.exactly(30), prose("tokens a month ÷ 30"), ("tokens_per_month",)
    )
    yield maker.make(
        "input_tokens_per_month",
        demand.input_tokens.band,
        demand.input_tokens.source,
        demand.input_tokens.inputs,
    )
    yield maker.make(
        "output_tokens_per_month",
        demand.output_tokens.band,
        demand.output_tokens.source,
        demand.output_tokens.inputs,
    )
    yield maker.make("input_share", demand.input_share.band, demand.input_share.source, demand.input_share.inputs)
    yield maker.make("peak_to_mean", demand.peak_to_mean.band, demand.peak_to_mean.source, demand.peak_to_mean.inputs)


def _api(
    maker: _Maker,
    facts: Mapping[str, Fact],
    demand: Demand | None,
    price: TokenPrice | NoPrice | None,
    rates: Exchange,
    as_of: date,
) -> Iterator[Fact]:
    prices = ("current_input_price", "current_output_price")
    blended = None
    if isinstance(price, TokenPrice) and demand is not None:
        share = demand.input_share.band.likely
        blended = price.input.likely * share + price.output.likely * (1 - share)
    else:
        blended = _stated_blend(facts, rates, demand)
    yield maker.make(
        "api_price_blended",
        blended,
        prose("input share × input price + output share × output price"),
        (*prices, "input_share"),
    )
    spend, inputs = _spend(facts, rates, demand, blended)
    yield maker.make("api_spend_usd_month", spend, prose("the invoice, else tokens × blended price"), inputs)
    pounds = None if spend is None or "GBP" not in rates.rates else spend / rates.rates["GBP"]
    needs = (*inputs, "exchange_rates") if spend is not None else inputs
    stated = facts["stated_api_spend"]
    if isinstance(stated.value, Decimal) and currency_of(stated.unit) == "GBP":
        pounds, needs = stated.value, ("stated_api_spend",)
    yield maker.make("api_spend_gbp_month", pounds, prose("API spend in dollars ÷ dollars for a pound"), needs)
    yield maker.make(
        "price_age_months", _age(facts, as_of), prose("months since the price was read"), ("current_price_as_of",)
    )
    yield maker.make(
        "replaced_tier",
        _tier(facts, blended),
        prose("as given, else by blended price: from $4 frontier, from $1 mid"),
        ("current_tier", "api_price_blended"),
    )


def _stated_blend(facts: Mapping[str, Fact], rates: Exchange, demand: Demand | None) -> Decimal | None:
    """Where the API in use serves an open model, its price stands with that option; blend it all the same."""
    ends = [given(n, facts) for n in ("current_input_price", "current_output_price")]
    if demand is None or ends[0] is None or ends[1] is None:
        return None
    share = demand.input_share.band.likely
    try:
        into, out = (rates.convert(e.band, currency_of(e.unit), "USD").likely for e in ends if e)
    except NoRate:
        return None
    return into * share + out * (1 - share)


def _spend(
    facts: Mapping[str, Fact], rates: Exchange, demand: Demand | None, blended: Decimal | None
) -> tuple[Decimal | None, tuple[str, ...]]:
    stated = facts["stated_api_spend"]
    if isinstance(stated.value, Decimal):
        try:
            return stated.value * rates.dollars(currency_of(stated.unit)), ("stated_api_spend",)
        except NoRate:
            return None, ("exchange_rates",)
    inputs = ("stated_api_spend", "tokens_per_month", "api_price_blended")
    if demand is None or blended is None:
        return None, inputs
    return demand.tokens.band.likely / 1_000_000 * blended, inputs[1:]


def _age(facts: Mapping[str, Fact], as_of: date) -> Decimal | None:
    stated = facts["current_price_as_of"].value
    if not isinstance(stated, str):
        return None
    then = date.fromisoformat(stated)
    return Decimal((as_of.year - then.year) * 12 + as_of.month - then.month - (as_of.day < then.day))


def _tier(facts: Mapping[str, Fact], blended: Decimal | None) -> str | None:
    stated = facts["current_tier"].value
    if isinstance(stated, str) or blended is None:
        return stated if isinstance(stated, str) else None
    return next(tier for tier, least in TIER_PRICES if blended >= least)


def _capacity(
    maker: _Maker,
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    demand: Demand | None,
    planned: CapacityPlan | None,
) -> Iterator[Fact]:
    names = ("tokens_per_month", "gpu", "own_model")
    yield maker.make(
        "expected_utilisation",
        planned.utilisation if planned else None,
        prose("tokens ÷ what the replicas could serve"),
        names,
    )
    yield maker.make(
        "idle_share", planned.idle_share if planned else None, prose("1 − utilisation"), ("expected_utilisation",)
    )
    yield maker.make(
        "replicas",
        planned.replicas_band if planned else None,
        prose("whole replicas for the peak, the month and a spare"),
        names,
    )
    yield maker.make(
        "gpus_total",
        planned.gpus if planned else None,
        prose("replicas × GPUs a replica"),
        ("replicas", "gpus_per_replica"),
    )
    yield maker.make(
        "own_model_fits",
        planned.hardware.fits if planned else None,
        prose("weights and reserve against memory"),
        ("own_model", "gpu"),
    )
    model = _model_size(facts, catalogue, planned)
    yield maker.make("own_model_size_b", model, prose("parameters of the model"), ("own_model",))
    yield maker.make(
        "device_fit",
        _device_fit(facts, catalogue),
        prose("weights in 4 bits, or as given, against 8 GB of a device"),
        ("own_model", "own_precision"),
    )
    power = None
    if planned is not None:
        power = catalogue.gpus[planned.hardware.gpu].power / 1000 * planned.gpus.likely
    yield maker.make("power_kw", power, prose("GPUs × board power"), ("gpus_total", "gpu"))
    limit = facts["rack_power_limit"].value
    within = power <= limit if power is not None and isinstance(limit, Decimal) else None
    yield maker.make(
        "power_within_limit", within, prose("power draw against the limit"), ("power_kw", "rack_power_limit")
    )


def _model_size(facts: Mapping[str, Fact], catalogue: Catalogue, planned: CapacityPlan | None) -> Decimal | None:
    if planned is not None:
        return catalogue.models[planned.hardware.model].parameters
    name = facts["own_model"].value
    found = find_named(name, catalogue.models) if isinstance(name, str) else None
    return catalogue.models[found].parameters if found else None


def _device_fit(facts: Mapping[str, Fact], catalogue: Catalogue) -> bool:
    """A model that was named must fit; where none is, the candidate for devices does."""
    candidate = catalogue.candidates["device"]
    name = facts["own_model"].value
    found = find_named(name, catalogue.models) if isinstance(name, str) else None
    model = catalogue.models[found or candidate.model]
    precision = facts["own_precision"].value
    bits = BITS[precision if isinstance(precision, str) else candidate.precision]
    assert candidate.memory is not None
    return model.parameters * bits / 8 * (1 + catalogue.throughput.memory_reserve) <= candidate.memory


def _costs(maker: _Maker, catalogue: Catalogue, ledgers: Mapping[str, Ledger]) -> Iterator[Fact]:
    for option in catalogue.options:
        ledger, name = ledgers[option], option.replace("-", "_")
        yield maker.make(
            f"cost.{name}.monthly",
            ledger.total,
            prose("sum of the ledger's lines"),
            ledger.needs or ("tokens_per_month",),
        )
        yield maker.make(
            f"cost.{name}.per_million",
            ledger.per_million,
            prose("monthly cost ÷ million tokens"),
            (f"cost.{name}.monthly",),
        )
