"""How the numbers of a decision were read: the volume, the prices and what they are of, the bill, the hardware.

900M tokens a month (30M a day) · $2.50 in, $10 out per million tokens, gpt-4o at OpenAI · bill $4,200 a month
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from hostwise.answers.fact_text import format_fact, format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.answers.questions.questions import Questionnaire
from hostwise.economics.capacity.demand import VOLUME_FACTS
from hostwise.economics.capacity.work_volume import arithmetic
from hostwise.economics.catalogue.answered.stated_model import PARAMETERS, with_stated_model
from hostwise.economics.catalogue.catalogue import Catalogue, find_named
from hostwise.economics.costing import Costing
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.currency import BASE, currency_of, reporting_currency
from hostwise.economics.plans.competing.class_wanted import NAMED, OWN_WEIGHTS, class_assumed
from hostwise.economics.prices.names import seller_written
from hostwise.economics.prices.price import TokenPrice
from hostwise.economics.prices.stated import CURRENT, OPEN, PriceFacts
from hostwise.reading.numbers.number_format import BARE
from hostwise.reading.translatable import fill, prose

BILL = "stated_api_spend"
OWN_NUMBERS = ("gpu_hourly_price", "gpu_purchase_price", "stated_throughput")
SAID = frozenset(
    (
        *VOLUME_FACTS,
        *(name for each in (CURRENT, OPEN) for name in (each.input, each.output)),
        BILL,
        *OWN_NUMBERS,
    )
)
"""Numbers of answers that `read_back` says."""


def read_back(
    facts: Mapping[str, Fact], costing: Costing, catalogue: Catalogue, converted: Iterable[str] = ()
) -> tuple[str, ...]:
    """A phrase for each that is known: first what the answers say, `converted` where it was, then what is taken.

    A price of an open model comes before the rest where the answers name it.
    """
    in_use, beside = (tuple(_prices(facts, costing, catalogue, names)) for names in (CURRENT, OPEN))
    named = any(facts[name].provenance.place is not None for name in (OPEN.provider, OPEN.model, OPEN.input))
    shown = (*in_use, *(beside if named else ()), *_bill(facts), *_hardware(facts, catalogue))
    answered = (*shown, *_rates(facts), *converted)
    taken = (*_class(facts, catalogue), *(() if named else beside), *_gap(facts))
    return (*_volume(facts, catalogue), *answered, *taken)


def other_numbers(facts: Mapping[str, Fact], questionnaire: Questionnaire) -> Iterator[str]:
    """Every number of the answers that `read_back` does not say, by what it is of: `GPUs a replica: 2`."""
    for question in questionnaire.questions:
        fact = facts.get(question.fact)
        if fact is not None and fact.provenance.place and isinstance(fact.value, Decimal) and fact.name not in SAID:
            yield fill(prose("{name}: {number}"), name=fact.label, number=format_fact(fact))


def _volume(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[str]:
    month, day = facts["tokens_per_month"], facts["tokens_per_day"]
    if facts["volume_estimated"].value is not None and _counted(facts, catalogue):
        worked = arithmetic(facts, catalogue) or ""
        estimated = prose("{arithmetic}, an estimate to be measured")
        yield fill(estimated, arithmetic=worked) if facts["volume_estimated"].value else worked
    if month.value is not None and facts["runs_once"].value is True:
        message = prose("{month} tokens once; all amounts are those of the one month in which it runs")
        yield fill(message, month=format_fact(month))
    elif month.value is not None and day.value is not None:
        message = prose("{month} tokens a month ({day} a day)")
        if BILL in month.provenance.inputs:  # nobody gave a volume
            message = prose("{month} tokens a month ({day} a day), by the bill")
        yield fill(message, month=format_fact(month), day=format_fact(day))


def _class(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[str]:
    """The class that models are compared in, where nothing tells it; on a device what fits runs, of whatever class."""
    if class_assumed(facts, catalogue) and facts["edge_or_offline"].value is not True:
        yield fill(prose("models of the class {name} or above, assumed"), name=catalogue.classes.assumed)


def _gap(facts: Mapping[str, Fact]) -> Iterator[str]:
    """Of which model a gap was measured, where no answer names one."""
    measured = any(facts[name].known for name in ("quality_gap_low", "quality_gap_high"))
    if measured and facts["fine_tuning"].value not in OWN_WEIGHTS and not any(facts[n].known for n in NAMED):
        yield prose("the quality gap, taken for that of whichever open model is compared")


def _counted(facts: Mapping[str, Fact], catalogue: Catalogue) -> bool:
    """Whether the volume is that of what people count: no tokens, requests or bill said another."""
    unit = catalogue.work.counted(facts)
    return unit is not None and unit.counts in facts["tokens_per_month"].provenance.inputs


def _prices(facts: Mapping[str, Fact], costing: Costing, catalogue: Catalogue, names: PriceFacts) -> Iterator[str]:
    """Of the API in use or of the open model; they are one where the API in use serves an open model."""
    in_use = catalogue.in_use
    price = costing.prices.get(in_use.closed if names is CURRENT else in_use.open)
    if isinstance(price, TokenPrice):
        own = CURRENT if facts["current_tier"].value == "open-model" else names
        yield _price(own, price, facts, catalogue)


def _price(names: PriceFacts, price: TokenPrice, facts: Mapping[str, Fact], catalogue: Catalogue) -> str:
    provider, model, per_input, per_output = (
        facts[name] for name in (names.provider, names.model, names.input, names.output)
    )
    amounts = {"input": _listed(per_input, price.input), "output": _listed(per_output, price.output)}
    if price.origin == "given":
        amounts = {"input": _bare(per_input), "output": _bare(per_output)}
    what = price.model or _text(model)
    seller = price.seller or seller_written(_text(provider), catalogue.seller_names)
    message = prose("{input} in, {output} out per million tokens")
    if what and seller:
        message = prose("{input} in, {output} out per million tokens, {model} at {seller}")
    elif what or seller:
        message = prose("{input} in, {output} out per million tokens, {name}")
    named = {"model": what, "seller": seller, "name": what or seller}
    phrase = fill(message, **amounts, **{name: text for name, text in named.items() if text})
    return fill(prose("{price}, assumed"), price=phrase) if price.origin == "assumed" else phrase


def _listed(asked: Fact, band: Band) -> str:
    """A listed price, with its ends where requests of different lengths cost different prices."""
    return _bare(replace(asked, value=band.likely, low=band.low, high=band.high, unit="USD"))


def _bare(fact: Fact) -> str:
    return format_fact(replace(fact, unit=f"{fact.unit.partition('/')[0]}/{BARE}"))


def _bill(facts: Mapping[str, Fact]) -> Iterator[str]:
    stated = facts[BILL]
    if stated.value is not None:
        yield fill(prose("bill {amount} a month"), amount=format_fact(stated))


def _rates(facts: Mapping[str, Fact]) -> Iterator[str]:
    """The rates that amounts of the answers, and the costs, were turned into dollars with."""
    amounts = (
        fact.unit for fact in facts.values() if fact.type is FactType.MONEY and fact.provenance.place and fact.known
    )
    used = dict.fromkeys((reporting_currency(facts), *map(currency_of, amounts)))
    rates = (facts.get(f"exchange_rate.{code}") for code in used if code != BASE)
    known = (rate for rate in rates if rate is not None and rate.value is not None)
    yield from (fill(prose("{rate} {what}"), rate=_number(rate), what=rate.label) for rate in known)


def _number(fact: Fact) -> str:
    return format_value(fact.value, fact.type, f"{fact.unit}/{BARE}") if fact.value is not None else ""


def _hardware(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[str]:
    """What a model or GPU that is named stands for in the catalogue, and the numbers that were given of them."""
    found = {
        "model": _described(facts, catalogue) or find_named(_text(facts["own_model"]), catalogue.models),
        "gpu": find_named(_text(facts["gpu"]), catalogue.gpus),
    }
    named = {name: text for name, text in found.items() if text}
    if len(named) == 2:
        yield fill(prose("{model} on {gpu}"), **named)
    elif named:
        yield fill(prose("own {name}"), name="".join(named.values()))
    for fact in (facts[name] for name in OWN_NUMBERS):
        if fact.known and fact.provenance.place is not None:
            number = _bare(fact) if fact.type is FactType.MONEY else format_fact(fact)
            yield fill(prose("{name}: {number}"), name=fact.label, number=number)


def _described(facts: Mapping[str, Fact], catalogue: Catalogue) -> str | None:
    """The model that the answers describe, with the number that counts most: they may be in billions or in millions."""
    name = facts["own_model"].value
    if not isinstance(name, str) or not _text(facts[PARAMETERS]):
        return None
    models = (catalogue if name in catalogue.models else with_stated_model(facts, catalogue)).models
    parameters = format_value(models[name].parameters, FactType.QUANTITY, "")
    return fill(prose("{model} of {parameters} billion parameters"), model=name, parameters=parameters)


def _text(fact: Fact) -> str:
    return fact.value if isinstance(fact.value, str) else ""
