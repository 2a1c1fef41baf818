"""What the rules learn from the economics: volumes, prices, capacity and costs as facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.facts import Fact, FactSpec, Origin, Provenance, fixed_computed
from hostwise.economics.capacity.capacity import WAYS, CapacityPlan, has_room, traffic_load
from hostwise.economics.capacity.demand import LENGTHS, VOLUME_FACTS, Demand, missing_volume
from hostwise.economics.capacity.work_volume import ESTIMATED, NotCounted, counted_work
from hostwise.economics.catalogue.candidates import DEVICE, every_model, weights_on_device
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.catalogue.computed_facts import MONTHLY, PER_MILLION, ComputedFact, name_for
from hostwise.economics.catalogue.sourced import from_fact, given
from hostwise.economics.ledgers.ledger import Ledger
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.currency import Exchange, NoRate, currency_of
from hostwise.economics.numbers.numbers import Test, Word, at_least, first, least, most, word
from hostwise.economics.numbers.tape import TapedTruth
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.competing.class_wanted import named_open_model, named_without_shape
from hostwise.economics.plans.competing.contenders import at_a_provider
from hostwise.economics.plans.obstacles import obstacle_of
from hostwise.economics.plans.wanted import latency_target
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.economics.throughput.at_once import seconds_asked
from hostwise.economics.throughput.replica import BITS
from hostwise.reading.numbers.months import DAYS, months_between
from hostwise.reading.translatable import prose


def economics_specs(catalogue: Catalogue) -> dict[str, FactSpec]:
    """Every fact that the economics derive."""
    return {name: computed.spec for name, computed in catalogue.facts.costs.items()}


class Derived(Struct, frozen=True):
    """A value that follows from the economics, before it is rounded to the digits of its fact.

    `formula` is what it was computed from this time; without it, what `rules/facts.yaml` says.
    """

    name: str
    value: Band | Decimal | Test | str | Word | None
    inputs: tuple[str, ...]
    formula: str | None = None
    there: Test = True
    """Whether it is known, in each case of a tape."""


SOONEST = "api_soonest"
"""The figure of the least that an answer of an API takes over the public internet."""


def fact_of(derived: Derived, computed: ComputedFact, currency: str) -> Fact:
    """The fact of a derived value, with its range where it has one."""
    spec, value = computed.spec, derived.value
    formula = computed.formula if derived.formula is None else derived.formula
    origin = Provenance(Origin.DERIVED, formula=formula, inputs=derived.inputs)
    unit = spec.unit.replace("reporting", currency)
    if isinstance(value, Band) and value.exact:
        value = value.likely
    if isinstance(value, Band):
        low, likely, high = (fixed_computed(x, spec.type) for x in (value.low, value.likely, value.high))
        ends = (low, high) if low != high else (None, None)
        return Fact(spec.name, spec.type, likely, origin, spec.label, unit, *ends)
    assert not isinstance(value, (TapedTruth, Word)), f"{spec.name} is a step of a tape"
    kept = fixed_computed(value, spec.type) if isinstance(value, Decimal) else value
    return Fact(spec.name, spec.type, kept, origin, spec.label, unit)


def derive(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    as_of: date,
    rates: Exchange,
    demand: Demand | None,
    planned: CapacityPlan | None,
    price: TokenPrice | NoPrice | None,
    list_cost: Decimal | None,
    ledgers: Mapping[str, Ledger],
) -> Iterator[Derived]:
    """All derived values, known or not, one for each of `economics_specs`.

    `price` is that of the closed API; `list_cost` what the tokens of a bill come to without it, in dollars a month.
    """
    yield from _demand(demand, facts, catalogue)
    yield from _api(facts, catalogue, demand, price, rates, as_of)
    yield Derived("api_list_cost_usd_month", list_cost, ("tokens_per_month", *STATED_PRICES))
    yield from _capacity(facts, catalogue, demand, planned)
    yield from _obstacles(facts, catalogue, as_of, demand, planned)
    yield from _costs(catalogue, ledgers)


STATED_PRICES = ("current_input_price", "current_output_price")
OBSTACLES = ("none", "context", "memory", "latency", "desk")
"""What keeps a replica from serving a request, in the order in which it is looked at."""
_PARTS = ("input_tokens_per_month", "output_tokens_per_month", "input_share", "peak_to_mean", "cached_share")


def _demand(demand: Demand | None, facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Derived]:
    if demand is None:
        missing = counted_work(facts, catalogue)
        otherwise = missing_volume(facts, embeds=catalogue.work.embedding(facts))
        needs = (missing.needs,) if isinstance(missing, NotCounted) else otherwise
        if (
            needs == VOLUME_FACTS
            and given("stated_api_spend", facts) is not None
            and facts["current_model"].value is None
        ):
            needs = ("current_model",)  # the bill says the volume, once it is known of what
        for name in ("tokens_per_day", "tokens_per_month", *_PARTS):
            yield Derived(name, None, needs, prose("the volume is not known"))
        yield Derived("volume_estimated", None, needs)
        return
    tokens = demand.tokens
    formula = tokens.source if tokens.origin in ("derived", ESTIMATED) else None
    yield Derived("tokens_per_month", tokens.band, tokens.inputs, formula)
    yield Derived("volume_estimated", tokens.origin == ESTIMATED, tokens.inputs)
    yield Derived("tokens_per_day", tokens.band / Band.exactly(DAYS), ("tokens_per_month",))
    parts = (demand.input_tokens, demand.output_tokens, demand.input_share, demand.peak_to_mean, demand.cached)
    for name, part in zip(_PARTS, parts, strict=True):
        yield Derived(name, part.band, part.inputs, part.source)


def _api(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    demand: Demand | None,
    price: TokenPrice | NoPrice | None,
    rates: Exchange,
    as_of: date,
) -> Iterator[Derived]:
    blended = listed_blend = _stated_blend(facts, rates, demand)
    if isinstance(price, TokenPrice) and demand is not None:
        listed = price.before_bill or price
        blended, listed_blend = _blend(price.input, price.output, demand), _blend(listed.input, listed.output, demand)
    yield Derived(
        "api_price_blended",
        blended.likely if blended is not None else None,
        (*STATED_PRICES, "input_share"),
    )
    spend, inputs = _spend(facts, rates, demand, None if demand is None else _list_bill(price, blended, demand))
    yield Derived("api_spend_usd_month", spend, inputs)
    pounds = None if spend is None or "GBP" not in rates.rates else spend / Band.exactly(rates.rates["GBP"])
    needs = (*inputs, "exchange_rates") if spend is not None else inputs
    stated = facts["stated_api_spend"]
    if isinstance(stated.value, Decimal) and currency_of(stated.unit) == "GBP":
        pounds, needs = from_fact(stated).band, ("stated_api_spend",)
    yield Derived("api_spend_gbp_month", pounds, needs)
    yield Derived("price_age_months", _age(facts, as_of), ("current_price_as_of",))
    yield Derived(
        "replaced_tier",
        _tier(facts, listed_blend.likely if listed_blend is not None else None, catalogue.facts.costs["replaced_tier"]),
        ("current_tier", "api_price_blended"),
    )


def _list_bill(price: TokenPrice | NoPrice | None, blended: Band | None, demand: Demand) -> Band | None:
    """What the tokens come to at their prices: at both ends of what they are, of their mix and of the prices."""
    millions, share = Band.exactly(1_000_000), demand.input_share.band
    if not isinstance(price, TokenPrice):
        return None if blended is None else demand.tokens.band / millions * blended
    if share.exact:
        return (demand.input_tokens.band * price.input + demand.output_tokens.band * price.output) / millions
    # More of one is less of the other: the ends of the mix are those of its cost, whichever of them is dearer.
    low, likely, high = (_at_share(each, price) for each in (share.low, share.likely, share.high))
    blend = Band(least(low.low, high.low), likely.likely, most(low.high, high.high))
    return demand.tokens.band / millions * blend


def _at_share(share: Decimal, price: TokenPrice) -> Band:
    return price.input * Band.exactly(share) + price.output * Band.exactly(1 - share)


def _blend(per_input: Band, per_output: Band, demand: Demand) -> Band:
    """The price of a million tokens of the mix, at the likely share of input."""
    share = demand.input_share.band.likely
    return per_input * Band.exactly(share) + per_output * Band.exactly(1 - share)


def _stated_blend(facts: Mapping[str, Fact], rates: Exchange, demand: Demand | None) -> Band | None:
    """Where the API in use serves an open model, its price stands with that option; blend it all the same."""
    ends = [given(n, facts) for n in ("current_input_price", "current_output_price")]
    if demand is None or ends[0] is None or ends[1] is None:
        return None
    try:
        into, out = (rates.convert(e.band, currency_of(e.unit), "USD") for e in ends if e)
    except NoRate:
        return None
    return _blend(into, out, demand)


def _spend(
    facts: Mapping[str, Fact], rates: Exchange, demand: Demand | None, listed: Band | None
) -> tuple[Band | None, tuple[str, ...]]:
    """The bill in dollars: as it is stated, else what the tokens are `listed` at."""
    stated = facts["stated_api_spend"]
    if isinstance(stated.value, Decimal):
        try:
            return rates.convert(from_fact(stated).band, currency_of(stated.unit), "USD"), ("stated_api_spend",)
        except NoRate:
            return None, ("exchange_rates",)
    inputs = ("stated_api_spend", "tokens_per_month", "api_price_blended")
    return (None, inputs) if demand is None or listed is None else (listed, inputs[1:])


def _age(facts: Mapping[str, Fact], as_of: date) -> Decimal | None:
    stated = facts["current_price_as_of"].value
    if not isinstance(stated, str):
        return None
    return Decimal(months_between(date.fromisoformat(stated), as_of))


def _tier(facts: Mapping[str, Fact], blended: Decimal | None, computed: ComputedFact) -> str | Word | None:
    tiers = computed.spec.values
    if says(facts, "current_tier", *tiers):
        stated = ((says(facts, "current_tier", tier), Decimal(place)) for place, tier in enumerate(tiers))
        return word(first(stated, lambda: Decimal(0)), tiers)
    if blended is None:
        return None
    dearer = ((at_least(blended, floor), Decimal(tiers.index(tier))) for tier, floor in computed.from_price.items())
    return word(first(dearer, lambda: Decimal(tiers.index([*computed.from_price][-1]))), tiers)


def _capacity(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    demand: Demand | None,
    planned: CapacityPlan | None,
) -> Iterator[Derived]:
    names = ("tokens_per_month", "gpu", "own_model")
    yield Derived(
        "expected_utilisation",
        planned.utilisation if planned else None,
        names,
    )
    yield Derived("idle_share", planned.idle_share if planned else None, ("expected_utilisation",))
    yield Derived(
        "replicas",
        planned.replicas_band if planned else None,
        names,
    )
    yield Derived(
        "gpus_total",
        planned.gpus if planned else None,
        ("replicas", "gpus_per_replica"),
    )
    model = _model_size(facts, catalogue, planned)
    yield Derived("own_model_size_b", model, ("own_model",))
    bits = Decimal(BITS[planned.hardware.precision]) if planned is not None else None
    yield Derived("own_plan_bits", bits, ("own_precision", "own_model", "gpu"))
    served = planned.hardware.load.rates.replica.model if planned is not None else None
    yield Derived("own_plan_reasons", None if served is None else catalogue.reasoning.of(served) > 0, ("own_model",))
    yield Derived(
        "device_fit",
        _device_fit(facts, catalogue),
        ("own_model", "own_precision"),
    )
    power = None
    if planned is not None and planned.hardware.watts is not None:
        power = planned.hardware.watts / 1000 * planned.gpus.likely
    yield Derived("power_kw", power, ("gpus_total", "gpu"))
    limit = facts["rack_power_limit"].value
    within = at_least(limit, power) if power is not None and isinstance(limit, Decimal) else None
    yield Derived("power_within_limit", within, ("power_kw", "rack_power_limit"))


def _obstacles(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    as_of: date,
    demand: Demand | None,
    planned: CapacityPlan | None,
) -> Iterator[Derived]:
    """What keeps own GPUs, and the open model that is named, from serving the requests."""
    longest = demand.input_length + demand.output_length if demand is not None else None
    yield Derived("request_tokens", longest, LENGTHS)
    context = obstacle = nearest = paying = consumer = None
    if planned is not None:
        one = planned.hardware
        context = Decimal(one.load.rates.replica.model.context)
        load = traffic_load(facts, catalogue, demand, one.cost.committed) if demand is not None else None
        room = has_room(load, planned.gpus.likely) if load is not None else True
        obstacle = word(obstacle_of(one, room, OBSTACLES), OBSTACLES)
        nearest = seconds_asked(one.at_once.alone, latency_target(facts))
        paying = word(one.cost.place, WAYS)
        consumer = catalogue.gpus[one.gpu].consumer
    yield Derived("own_model_context", context, ("own_model",))
    # Which replicas there are to choose from follows from the volume: where it is open, nothing else is waited for.
    waits_for = ("tokens_per_month",) if demand is None else ("own_model", "gpu", "latency_p95", *LENGTHS)
    yield Derived("own_obstacle", obstacle, waits_for)
    yield Derived("own_nearest_latency", None if nearest is None else nearest * 1000, ("own_model", "gpu", *LENGTHS))
    yield Derived("api_in_time", _api_in_time(facts, catalogue), ("latency_p95", "latency_of", "traffic_mix"))
    yield Derived("own_paying", paying, ("purchase", "stable", "traffic_mix", "batch_share", "tokens_per_month"))
    yield Derived("own_consumer_card", consumer, ("gpu",))
    model, reads = named_without_shape(facts, catalogue) or named_open_model(facts, catalogue), None
    if longest is not None and model is not None and at_a_provider(model, facts, catalogue, as_of):
        most_read = every_model(catalogue)[model].context
        reads = None if most_read is None else at_least(Decimal(most_read), longest)
    yield Derived("open_model_reads", reads, ("open_model", "own_model", *LENGTHS))


def _api_in_time(facts: Mapping[str, Fact], catalogue: Catalogue) -> Test | None:
    """Whether an API can answer so soon; None where no answer is waited for, or its speed alone is asked for."""
    target = latency_target(facts)
    asked = target.first_token if target.whole_answer is None else target.whole_answer
    return None if asked is None else at_least(asked * 1000, catalogue.figures[SOONEST].likely)


def _model_size(facts: Mapping[str, Fact], catalogue: Catalogue, planned: CapacityPlan | None) -> Decimal | None:
    if planned is not None:
        return planned.hardware.parameters
    name = facts["own_model"].value
    found = find_named(name, catalogue.models) if isinstance(name, str) else None
    return catalogue.models[found].parameters if found else None


def _device_fit(facts: Mapping[str, Fact], catalogue: Catalogue) -> bool:
    """A model that was named must fit; where none is, the candidate for devices does."""
    candidate = catalogue.candidates[DEVICE]
    parameters = weights_on_device(facts, catalogue)
    precision = facts["own_precision"].value
    bits = BITS[precision if isinstance(precision, str) else candidate.precision]
    assert candidate.memory is not None
    return parameters * bits / 8 * (1 + catalogue.physics.memory_reserve) <= candidate.memory


def _costs(catalogue: Catalogue, ledgers: Mapping[str, Ledger]) -> Iterator[Derived]:
    for option in catalogue.options:
        ledger, month = ledgers[option], name_for(MONTHLY, option)
        yield Derived(month, ledger.total, ledger.needs or ("tokens_per_month",), there=ledger.there)
        yield Derived(name_for(PER_MILLION, option), ledger.per_million, (month,), there=ledger.there)
