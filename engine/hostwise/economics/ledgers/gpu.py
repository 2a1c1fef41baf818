"""Ledgers of GPUs of one's own, rented or bought."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import replace

from hostwise.economics.capacity.capacity import CapacityPlan, Hardware
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.answered.desk import SINGLE_USER, at_desk
from hostwise.economics.catalogue.catalogue import ONE_CARD
from hostwise.economics.catalogue.sourced import Sourced, chosen, figure
from hostwise.economics.ledgers.context import LedgerCase, ledger_of
from hostwise.economics.ledgers.ledger import Ledger, unpriced
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.numbers import Test, above, at_least, either_of, where
from hostwise.economics.plans.rents import GPU_PRICE, GPU_RENT, GPUS_OWNED, buys
from hostwise.economics.throughput.replica import GIGA
from hostwise.reading.translatable import fill, prose

PAID = prose("all of it; of a batch that lets its GPUs go, the hours that it runs and those of starting")


def own_ledger(option: str, case: LedgerCase, demand: Demand, planned: CapacityPlan) -> Ledger:
    """The ledger of GPUs of one's own, as planned."""
    bought = case.catalogue.options[option].gpus == "bought"
    if at_desk(case.facts) and not bought:
        why = prose("One person runs it on a machine of their own: nothing is rented.")
        return unpriced(option, case.catalogue, case.currency, why, (SINGLE_USER,))
    if not planned.hardware.fits:
        why = prose("No replica that was tried serves requests like these.")
        return unpriced(option, case.catalogue, case.currency, why, ("own_model", "gpu", "gpus_per_replica"))
    if not buys(bought, planned.hardware):
        message = prose("No price to buy a {gpu} is known.") if bought else prose("No rent of a {gpu} is known.")
        why, asks = fill(message, gpu=planned.hardware.gpu), GPU_PRICE if bought else GPU_RENT
        return unpriced(option, case.catalogue, case.currency, why, (asks,))
    more: Test = bought and _more_than_stand_there(case, planned)
    if more is True:
        message = prose("More of them are needed than stand there, and no price to buy a {gpu} is known.")
        why = fill(message, gpu=planned.hardware.gpu)
        return unpriced(option, case.catalogue, case.currency, why, (GPU_PRICE,))
    variant = "owned" if bought else planned.hardware.cost.paying
    values = {**gpu_values(planned), **_people(case, planned)}
    found = ledger_of(option, case, demand, values, variant=variant, capacity=capacity_part(planned))
    # Of many cases at once some may need more: a question here would part them by which plans others look at.
    return found if more is False else replace(found, there=either_of(more, False, True))


def _more_than_stand_there(case: LedgerCase, planned: CapacityPlan) -> Test:
    """Whether GPUs would have to be bought of which nobody knows a price."""
    purchase = planned.hardware.cost.purchase
    if purchase is None or GPUS_OWNED not in purchase.inputs:
        return False
    return above(planned.gpus.likely, figure(GPUS_OWNED, case.catalogue, case.facts).band.likely)


def gpu_values(planned: CapacityPlan) -> dict[str, Sourced]:
    """What a plan of GPUs gives to formulas, as far as it is known; people apart."""
    one = planned.hardware
    basis = fill(
        "{replicas} replicas of {gpus} × {gpu}",
        replicas=f"{planned.replicas:f}",
        gpus=f"{one.gpus_per_replica:f}",
        gpu=one.gpu,
    )
    used = prose("tokens ÷ what the replicas could serve")
    values = {
        "gpus": Sourced(planned.gpus, "derived", basis, (), "GPUs"),
        "utilisation": Sourced(Band.exactly(planned.utilisation), "derived", used, (), "share"),
        "paid_share": Sourced(Band.exactly(planned.paid_share), "derived", PAID, (), "share"),
        "rent": one.cost.rent,
        "purchase": one.cost.purchase,
        "server_overhead": _in_the_price(one.cost.purchase),
        "card_kw": None if one.watts is None else _power(one.watts),
    }
    return {name: value for name, value in values.items() if value is not None}


def _people(case: LedgerCase, planned: CapacityPlan) -> dict[str, Sourced]:
    """What it takes to run it: one model on one GPU, without a spare, is less than a service of several.

    Each end of the band is that of its own GPUs: a volume or a speed that may need a second card may need its people.
    """
    small, service, gpus = case.shared[ONE_CARD], case.shared["operations_fte"], planned.gpus
    fewest, likely, most = (at_least(Decimal(1), end) for end in (gpus.low, gpus.likely, gpus.high))
    staff = Band(
        where(fewest, small.band.low, service.band.low),
        where(likely, small.band.likely, service.band.likely),
        where(most, small.band.high, service.band.high),
    )
    several = Band(*(where(alone, Decimal(0), Decimal(1)) for alone in (fewest, likely, most)))
    return {
        "operations_fte": replace(chosen(likely, small, service), band=staff),
        "several_cards": Sourced(several, "derived", prose("GPUs in all"), (), ""),
    }


def _in_the_price(purchase: Sourced | None) -> Sourced | None:
    """Of a price that is given the server is a part (`rules/questions.yaml`); of a listed one it comes on top."""
    if purchase is None or GPU_PRICE not in purchase.inputs:
        return None
    return Sourced(Band.exactly(0), "derived", prose("in the price that is given"), (GPU_PRICE,), "share")


def _power(watts: Decimal) -> Sourced:
    draw = Band.exactly(watts / 1000)
    return Sourced(draw, "derived", fill("{watts} W a card, at full load", watts=f"{watts:f}"), (), "kW")


def may_be_alone(capacity: Mapping[str, str]) -> bool:
    """Whether the first replica of a plan is one card without a spare."""
    return Decimal(capacity["gpus_per_replica"]) == 1 and Decimal(capacity["spare_replicas"]) == 0


def by_the_hour(capacity: Mapping[str, str] | None) -> bool:
    """Whether a plan's GPUs are paid for only while they run."""
    paid, on = (Decimal((capacity or {}).get(name, 1)) for name in ("paid_share", "open_share"))
    return paid < on


def _serving(one: Hardware) -> Mapping[str, str]:
    """What of a replica an engine is set to, and what a load test is held against.

    The memory of a replica, and a step of as many requests at once as are planned: means, as it is estimated.
    """
    load, step = one.load, one.at_once.step
    return {
        "weights_gb": f"{load.rates.replica.weight_bytes / GIGA:.2f}",
        "cache_gb": f"{load.rates.room / GIGA:.2f}",
        "input_length": f"{load.request.input_length:.0f}",
        "output_length": f"{load.request.output_length:.0f}",
        "at_once": f"{one.at_once.concurrency:f}",
        "first_token_seconds": f"{step.first_token_seconds:.3f}",
        "token_ms": f"{step.seconds_per_token * 1000:.1f}",
        "answer_seconds": f"{step.answer_seconds:.1f}",
    }


def capacity_part(planned: CapacityPlan) -> Mapping[str, str]:
    """The capacity plan as the record shows it."""
    one = planned.hardware
    return {
        "model": one.model,
        "precision": one.precision,
        "gpu": one.gpu,
        **({"seller": one.cost.seller} if one.cost.seller else {}),
        "gpus_per_replica": f"{one.gpus_per_replica:f}",
        "replicas": f"{planned.replicas:f}",
        "spare_replicas": f"{planned.spare:f}",
        "load": f"{planned.load.likely:.15f}",
        "load_low": f"{planned.load.low:.15f}",
        "load_high": f"{planned.load.high:.15f}",
        "replicas_low": f"{planned.replicas_band.low:f}",
        "replicas_high": f"{planned.replicas_band.high:f}",
        "gpus": f"{planned.gpus.likely:f}",
        "throughput": f"{one.throughput.band.likely:.1f}",
        "throughput_low": f"{one.throughput.band.low:.1f}",
        "throughput_high": f"{one.throughput.band.high:.1f}",
        "throughput_origin": one.throughput.origin,
        "throughput_source": one.throughput.source,
        "bound": f"{one.bound:.1f}",
        **_serving(one),
        "utilisation": f"{planned.utilisation:.4f}",
        "paid_share": f"{planned.paid_share:.4f}",
        "open_share": f"{planned.open_share:.4f}",
        "idle_share": f"{planned.idle_share:.4f}",
        "peak_to_mean": f"{planned.peak_to_mean:f}",
        "planning_cap": f"{planned.planning_cap:f}",
        "assumed": ", ".join(one.assumed),
    }
