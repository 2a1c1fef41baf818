"""GPUs and what they serve in one line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactType
from hostwise.economics.capacity.capacity import HOURS, CapacityPlan, Hardware, Sized, TrafficLoad
from hostwise.economics.capacity.demand import WEEK
from hostwise.economics.numbers.numbers import most
from hostwise.economics.plans.told.price_words import with_times
from hostwise.economics.plans.tuned import DEDICATED
from hostwise.reading.translatable import fill, prose

OWNED = "owned"
"""How what is bought is paid for."""
OWN_WORDS = {
    "bought": prose("{model} in {precision} on {gpus} × {gpu} bought"),
    "there": prose("{model} in {precision} on {gpus} × {gpu} standing there already"),
    "paid for": prose("{model} in {precision} on {gpus} × {gpu} paid for already"),
    "on-demand": prose("{model} in {precision} on {gpus} × {gpu} rented for {rent}"),
    "let": prose("{model} in {precision} on {gpus} × {gpu} rented at {seller} for {rent}"),
    "reserved": prose("{model} in {precision} on {gpus} × {gpu} reserved for {rent}"),
    "term": prose("{model} in {precision} on {gpus} × {gpu} reserved at {seller} for {rent}"),
    "spot": prose("{model} in {precision} on {gpus} × {gpu} on spot for {rent}"),
    "spot let": prose("{model} in {precision} on {gpus} × {gpu} on spot at {seller} for {rent}"),
    DEDICATED: prose("{model} in {precision} on {gpus} × {gpu} dedicated at {seller} for {rent}"),
}
AT_PEAK = prose("{plan}, {asked} of {served} tokens/s at peak")
BY_THE_HOUR = prose("{plan}, paid for about {hours} hours a week at {served} tokens/s")
OF_ONE_JOB = prose("{plan}, paid for about {hours} hours at {served} tokens/s")
"""Of work that may wait GPUs are let go when it is done: there is no peak that they stand ready for."""


ONE = Decimal(1)


def _whole_hours(hours: Decimal) -> str:
    return format_value(most(hours.quantize(ONE), ONE), FactType.QUANTITY)


def own_words(
    one: Hardware, size: Sized, load: TrafficLoad, *, bought: bool, already: Decimal = Decimal(0), once: bool = False
) -> str:  # fmt: skip
    """`already` are GPUs that are there, or paid for, whatever is decided; `once` where it is for one job."""
    served, asked = size.replicas * one.throughput.band.likely, load.asked * one.work.likely
    named = {"model": one.model, "precision": one.precision, "gpu": one.gpu}
    rent = None if one.cost.rent is None else one.cost.rent.band.likely
    words = paid_words(
        named, size.gpus, one.cost.paying, one.cost.seller, rent, already=already >= size.gpus, bought=bought
    )
    rate = format_value(served, FactType.QUANTITY)
    if load.may_wait and not bought:
        hours = _whole_hours(size.paid_share * (HOURS if once else WEEK))
        words = fill(OF_ONE_JOB if once else BY_THE_HOUR, plan=words, hours=hours, served=rate)
    else:
        words = fill(AT_PEAK, plan=words, asked=format_value(asked, FactType.QUANTITY), served=rate)
    if 0 < already < size.gpus:
        message = prose("{plan}; {count} of them are there already")
        if not bought:
            message = prose("{plan}; {count} of them are paid for already")
        words = fill(message, plan=words, count=format_value(already, FactType.COUNT))
    if not bought and load.scheduled != 1:
        hours = format_value(load.open_share * WEEK, FactType.QUANTITY)
        words = fill(prose("{plan}, off but for {hours} hours a week"), plan=words, hours=hours)
    if one.shared:
        words = fill(prose("{plan}, which hold {others} too"), plan=words, others=one.shared)
    return with_times(words, one.written)


def paid_words(
    named: Mapping[str, str], gpus: Decimal, paying: str, seller: str, rent: Decimal | None,
    *, already: bool, bought: bool,
) -> str:  # fmt: skip
    """GPUs with what runs on them and how they are paid for; `already` where they are there, or paid for, anyway."""
    kind = "bought" if bought else paying
    if already:
        kind = "there" if bought else "paid for"
    elif seller:
        kind = {"on-demand": "let", "reserved": "term", "spot": "spot let"}.get(kind, kind)
    more = {"gpus": format_value(gpus, FactType.COUNT)}
    if "{seller}" in OWN_WORDS[kind]:
        more["seller"] = seller
    if "{rent}" in OWN_WORDS[kind] and rent is not None:
        hour = format_value(rent, FactType.MONEY, "USD/hour")
        more["rent"] = hour if gpus == 1 else fill(prose("{rent} each"), rent=hour)
    return fill(OWN_WORDS[kind], **named, **more)


def sized(planned: CapacityPlan) -> Sized:
    """What a plan of capacity takes, as the plans that are searched say it."""
    return Sized(planned.replicas, planned.gpus.likely, planned.utilisation, planned.paid_share)
