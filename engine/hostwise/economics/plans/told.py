"""Plans as a record has them: the one that an option competes with, the next ones, and why the others were left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.economics.capacity.capacity import HOURS, CapacityPlan, Hardware, Sized, TrafficLoad
from hostwise.economics.capacity.demand import WEEK, Demand
from hostwise.economics.catalogue.candidates import DEVICE, Dropped, every_model, model_on_device, weights_on_device
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.sourced import figure
from hostwise.economics.models.classes import class_of
from hostwise.economics.models.reasoning import Written
from hostwise.economics.numbers.numbers import most
from hostwise.economics.numbers.taped_facts import says, text_of
from hostwise.economics.plans.competing.api_models import ApiPlans
from hostwise.economics.plans.competing.contenders import Contenders
from hostwise.economics.plans.competing.sellers import SoldPlan, named_seller, sold_anywhere, sold_plans, tokens_cost
from hostwise.economics.plans.own import OwnSearch
from hostwise.economics.plans.rents import buys
from hostwise.economics.plans.search import Ranked
from hostwise.economics.plans.tuned import DEDICATED, TunedSearch
from hostwise.economics.prices.names import seller_written
from hostwise.economics.prices.prices import TokenPrice
from hostwise.economics.prices.stated import CURRENT, OPEN
from hostwise.economics.throughput.replica import BITS
from hostwise.reading.numbers.number_format import BARE
from hostwise.reading.translatable import fill, prose

OWNED = "owned"
"""How what is bought is paid for."""
NEXT = 5
"""Plans that are kept beside the best."""
REASONS = {
    "weights": prose("the weights do not fit"),
    "cache": prose("no room for a request beside the weights"),
    "context": prose("the model does not read requests so long"),
    "precision": prose("the GPU does not compute in that precision"),
    "heads": prose("the attention heads do not spread over so many GPUs"),
    "latency": prose("slower than the latency asked for"),
    "dominated": prose("a smaller replica of the same cards serves more for each of them"),
    "no-price": prose("no price is known"),
    "undercut": prose("another one costs less, and its model is of that class or above"),
    "beaten": prose("another card does more for less, whatever is asked of it"),
    "unlicensed": prose(
        "a consumer card, which its maker licenses for no data centre, or a machine for one person's desk: name it to "
        "have it compared"
    ),
    "unnamed": prose("the model in use is not known by its name, so nobody can say that another is of its class"),
}


class PlanLine(Struct, frozen=True):
    """One plan in words, and what it costs a month in the ledger's currency, all else in the option the same."""

    text: str
    monthly: Decimal


class LeftOut(Struct, frozen=True):
    """How many plans were left for a reason."""

    reason: str
    plans: int


class OptionPlans(Struct, frozen=True):
    """What an option was searched over. `best` is what its ledger counts, `others` the next ones.

    `front` are those that nothing beats in money and speed for one user, at an API in money and class of the model.
    `searched` counts all looked at.
    """

    option: str
    best: PlanLine
    others: tuple[PlanLine, ...]
    front: tuple[PlanLine, ...]
    left_out: tuple[LeftOut, ...]
    searched: int
    same_model: PlanLine | None = None
    """What the model that own GPUs would run costs here, where it is another one."""


def own_plans_told(
    option: str,
    search: OwnSearch,
    demand: Demand,
    planned: CapacityPlan,
    monthly: Decimal,
    factor: Decimal,
    found: Contenders,
) -> OptionPlans:
    """The plans of own GPUs; `monthly` is the ledger's total, `factor` turns dollars into its currency."""
    bought = search.catalogue.options[option].gpus == "bought"
    already = figure("gpus_owned" if bought else "gpus_reserved", search.catalogue, search.facts).band.likely
    once = bool(says(search.facts, "runs_once", True))
    every = search.every(option, demand)
    known = [one for one in every if buys(bought, one)]
    plans = sorted(search.ranked(option, demand, known), key=lambda each: each.cost)
    won = next(each for each in plans if _same(each.hardware, planned.hardware))

    def line(each: Ranked) -> PlanLine:
        words = _own_words(each.hardware, each.sized, each.load, bought=bought, already=already, once=once)
        return PlanLine(words, monthly + (each.cost - won.cost) * factor)

    words = _own_words(planned.hardware, _sized(planned), won.load, bought=bought, already=already, once=once)
    best = PlanLine(words, monthly)
    others = [each for each in plans if each is not won]
    counts = Counter(one.reason for one in search.replicas.dropped)
    counts["no-price"] += len(every) - len(known)
    return OptionPlans(
        option, best, tuple(map(line, others[:NEXT])), tuple(map(line, _front(plans))), _left(counts, found.not_own),
        len(every) + len(search.replicas.dropped),
    )  # fmt: skip


def tuned_plans_told(
    option: str, search: TunedSearch, demand: Demand, monthly: Decimal, factor: Decimal, *, deployed: bool
) -> OptionPlans:
    """The plans of own weights at providers; `deployed` where the ledger counts a deployment, not an adapter."""
    plans = sorted(search.ranked(option, demand), key=lambda each: each.cost)
    adapter = search.adapter(demand)
    paid = tokens_cost(adapter, demand) if adapter else Decimal(0)
    won = plans[0].cost if deployed else paid

    def line(each: Ranked) -> PlanLine:
        words = _own_words(each.hardware, each.sized, each.load, bought=False)
        return PlanLine(words, monthly + (each.cost - won) * factor)

    lines = [line(each) for each in plans]
    if adapter is not None:
        lines.append(PlanLine(api_words(adapter, demand.batch_share), monthly + (paid - won) * factor))
    best, *others = sorted(lines, key=lambda each: each.monthly)
    counts = Counter(one.reason for one in search.found.dropped)
    front = [each for each in map(line, _front(plans)) if each.monthly > best.monthly]
    return OptionPlans(
        option, best, tuple(others[:NEXT]), (best, *front), _left(counts, ()), len(lines) + len(search.found.dropped)
    )


def mix_plan_told(
    option: str, capacity: Mapping[str, str], rest: OptionPlans | None, monthly: Decimal,
    facts: Mapping[str, Fact], catalogue: Catalogue,
) -> OptionPlans:  # fmt: skip
    """A split: the slice with its GPUs and how they are paid for, by the capacity of its ledger; and the rest."""
    paying, gpus, rent = capacity["paying"], Decimal(capacity["gpus"]), capacity.get("rent")
    bought = paying == OWNED
    already = figure("gpus_owned" if bought else "gpus_reserved", catalogue, facts).band.likely
    named = {name: capacity[name] for name in ("gpu", "model", "precision")}
    own = _paid_words(
        named, gpus, paying, capacity.get("seller", ""), None if rent is None else Decimal(rent),
        already=already >= gpus, bought=bought,
    )  # fmt: skip
    named = {"share": format_value(Decimal(capacity["share"]), FactType.RATIO), "own": own}
    message = prose("{share} of the tokens with {own}, the rest at an API")
    if rest is not None:
        message = prose("{share} of the tokens with {own}, the rest with {rest}")
        named["rest"] = rest.best.text
    best = PlanLine(fill(message, **named), monthly)
    return OptionPlans(option, best, (), (best,), (), 1)


def device_plan_told(option: str, facts: Mapping[str, Fact], catalogue: Catalogue, monthly: Decimal) -> OptionPlans:
    """The model on each device: that which is named, else the candidate for devices."""
    candidate = catalogue.candidates[DEVICE]
    model, parameters = model_on_device(facts, catalogue), weights_on_device(facts, catalogue)
    bits = text_of(facts, "own_precision") or candidate.precision
    size = parameters * BITS[bits] / 8
    message = prose("{model} in {precision} on each device, {size} GB of weights")
    text = fill(
        message,
        model=model,
        precision=bits,
        size=format_value(size.quantize(TENTH if size < TEN else ONE), FactType.QUANTITY),
    )
    return OptionPlans(option, PlanLine(text, monthly), (), (), (), 1)


def api_plan_told(
    option: str,
    price: TokenPrice,
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    as_of: date,
    demand: Demand,
    monthly: Decimal,
    factor: Decimal,
    found: Contenders,
    own_model: str | None,
    unnamed: int = 0,
) -> OptionPlans:
    """The price that an API option competes with, and what the other models and sellers would come to.

    `own_model` is the one that own GPUs would run, `unnamed` counts the models that might compete with the one in use.
    """
    best = PlanLine(api_words(price, demand.batch_share, names_given(option, facts, catalogue)), monthly)
    models = sold_anywhere(facts, found) if catalogue.options[option].weights == "open" else ()
    plans = sold_plans(models, catalogue, as_of, demand, named_seller(facts, catalogue))
    return sold_plan_told(option, price, plans, best, catalogue, demand, factor, found.not_sold, own_model, unnamed)


def sold_plan_told(
    option: str, price: TokenPrice, sold: Sequence[SoldPlan], best: PlanLine, catalogue: Catalogue, demand: Demand,
    factor: Decimal, dropped: Sequence[Dropped] = (), own_model: str | None = None, unnamed: int = 0,
) -> OptionPlans:  # fmt: skip
    """A price of which `best` is said, and what the others of those that were searched would come to."""
    monthly, plans = best.monthly, sorted(sold, key=lambda each: each.cost)
    won = next((each for each in plans if each.price.source == price.source), None)
    if won is None:
        return OptionPlans(option, best, (), (best,), _left({"unnamed": unnamed}, ()), 1 + unnamed)

    def line(each: SoldPlan) -> PlanLine:
        return PlanLine(api_words(each.price, demand.batch_share), monthly + (each.cost - won.cost) * factor)

    others = tuple(line(each) for each in plans if each is not won)[:NEXT]
    front = list(_best_of_class(plans, catalogue))
    same = next((line(each) for each in plans if each.model == own_model != won.model), None)
    left = _left({"undercut": len(plans) - len(front)}, dropped)
    return OptionPlans(option, best, others, tuple(map(line, front)), left, len(plans), same)


def closed_plans_told(
    option: str, api: ApiPlans, facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date, demand: Demand,
    stay: Decimal | None, move: Decimal, moves: bool, factor: Decimal,
) -> OptionPlans:  # fmt: skip
    """The plans of a closed API in use: `stay` and `move` are what staying and the cheapest move come to a month."""
    sold = sold_plans(api.models, catalogue, as_of, demand, None, efforts=api.efforts)
    plans = sorted(sold, key=lambda each: each.cost)
    lines = [
        PlanLine(api_words(each.price, demand.batch_share), move + (each.cost - plans[0].cost) * factor)
        for each in plans
    ]
    front = [lines[plans.index(each)] for each in _best_of_class(plans, catalogue)]
    if stay is not None and isinstance(api.stay, TokenPrice):
        in_use = PlanLine(api_words(api.stay, demand.batch_share, names_given(option, facts, catalogue)), stay)
        front = sorted((*front, in_use), key=lambda each: each.monthly) if not moves else front
        lines.insert(0 if not moves else 1, in_use)
    left = _left({"undercut": len(lines) - len(front)}, api.dropped)
    left = (LeftOut(api.note, len(api.models)), *left) if api.note else left
    return OptionPlans(option, lines[0], tuple(lines[1 : 1 + NEXT]), tuple(front), left, len(lines))


Line = tuple[PlanLine, SoldPlan | None]
"""A plan as it is said, and what of the price list it is; None of a price that the list does not have."""


def open_in_use_told(
    option: str, best: Line, rest: Sequence[Line], catalogue: Catalogue, dropped: Sequence[Dropped],
    own_model: str | None,
) -> OptionPlans:  # fmt: skip
    """The plans of an open model in use, `rest` in the order of their cost."""
    listed = {id(plan): line for line, plan in (best, *rest) if plan is not None}
    plans = sorted((plan for _, plan in (best, *rest) if plan is not None), key=lambda each: listed[id(each)].monthly)
    dearer = (line for plan in _best_of_class(plans, catalogue) if (line := listed[id(plan)]) is not best[0])
    front = (best[0], *(line for line in dearer if line.monthly > best[0].monthly))
    won = best[1].model if best[1] is not None else None
    same = next((listed[id(plan)] for plan in plans if plan.model == own_model != won), None)
    left = _left({"undercut": 1 + len(rest) - len(front)}, dropped)
    others = tuple(line for line, _ in rest[:NEXT])
    return OptionPlans(option, best[0], others, front, left, 1 + len(rest), same)


def _best_of_class(plans: Sequence[SoldPlan], catalogue: Catalogue) -> Iterator[SoldPlan]:
    """Of plans in the order of their cost: each whose model is of a higher class than all cheaper ones."""
    models, highest = every_model(catalogue), -2
    for each in plans:
        own = class_of(models[each.model], catalogue.classes, each.price.written.effort)
        rank = catalogue.classes.rank(own) if own else -1
        if rank > highest:
            highest = rank
            yield each


Names = tuple[str, str]
"""A model and its seller, as far as they are named."""
NO_NAMES: Names = ("", "")


def names_given(option: str, facts: Mapping[str, Fact], catalogue: Catalogue) -> Names:
    """What the answers name beside the price that they give for an option.

    An option whose price follows from that of the API in use has its model, at a seller that nobody named.
    """
    in_use = catalogue.in_use
    if option not in (in_use.closed, in_use.open):
        rule = catalogue.options[option].price
        follows = rule is not None and "closed" in rule.of and facts["current_tier"].value != "open-model"
        model = facts[CURRENT.model].value if follows and facts[CURRENT.input].known else None
        return (model, "") if isinstance(model, str) else NO_NAMES
    own = CURRENT if option == in_use.closed or facts["current_tier"].value == "open-model" else OPEN
    model, seller = (facts[name].value for name in (own.model, own.provider))
    written = seller_written(seller, catalogue.seller_names) if isinstance(seller, str) else ""
    return model if isinstance(model, str) else "", written


def api_words(price: TokenPrice, batch: Decimal, names: Names = NO_NAMES) -> str:
    """A price in one line, of work of which `batch` may wait; `names` are what it is of where no list says it."""
    if price.until and price.first and price.then:
        message = prose("{before}, until {day}; then {after}")
        day = format_value(price.until.isoformat(), FactType.DATE)
        before, after = api_words(price.first, batch, names), api_words(price.then, batch)
        return fill(message, before=before, day=day, after=after)
    unit = f"USD/{BARE}"
    per_input, per_output = (format_value(band.likely, FactType.MONEY, unit) for band in (price.input, price.output))
    if price.model and price.seller:
        message = prose("{model} at {seller}, {input} in and {output} out per million tokens")
        if price.adapter:
            message = prose("an adapter on {model} at {seller}, {input} in and {output} out per million tokens")
        words = fill(message, model=with_effort(price.model, price.written.effort), seller=price.seller,
                     input=per_input, output=per_output)  # fmt: skip
        return _with_extras(words, price, batch)
    if price.origin == "assumed" and (price.model or names[0]):
        message = prose("{model} at an assumed price, {input} in and {output} out per million tokens")
        model = with_effort(price.model, price.written.effort) if price.model else names[0]
        words = fill(message, model=model, input=per_input, output=per_output)
        return _with_extras(words, price, batch)
    message, named = prose("an assumed price, {input} in and {output} out per million tokens"), {}
    if price.origin == "given":
        message = prose("the price given, {input} in and {output} out per million tokens")
    if price.origin == "given" and any(names):
        model, seller = names
        both = model and seller
        named = {"name": fill(prose("{model} at {seller}"), model=model, seller=seller) if both else model or seller}
        message = prose("{name}, at the price given: {input} in and {output} out per million tokens")
    return _with_extras(fill(message, input=per_input, output=per_output, **named), price, batch)


def with_effort(model: str, effort: str) -> str:
    """A model with the effort that was chosen for it; at that of its index nothing is said."""
    if not effort:
        return model
    message = EFFORTS.get(effort, prose("{model} at {effort} effort"))
    return fill(message, model=model, effort=effort)


def _with_extras(words: str, price: TokenPrice, batch: Decimal) -> str:
    """A plan with what its seller takes off for work that may wait, where some may, and how much its model writes."""
    less = 1 - price.batch_ratio.likely
    if batch > 0 and less > 0:
        off = format_value(less, FactType.RATIO, "")
        words = fill(prose("{plan}, {off} less for what may wait"), plan=words, off=off)
    return _with_times(words, price.written)


def _with_times(words: str, writes: Written) -> str:
    """A plan with how much its model writes, where that is not what was measured."""
    if writes.times.likely == 1:
        return words
    message = prose("{plan}; writes about {times} times as many tokens as are counted here")
    return fill(message, plan=words, times=_tenths(writes.times.likely))


ONE, TEN, TENTH = Decimal(1), Decimal(10), Decimal("0.1")


def _tenths(number: Decimal) -> str:
    return format_value(number.quantize(TENTH), FactType.QUANTITY)


EFFORTS = {"none": prose("{model} without reasoning")}


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


def _whole_hours(hours: Decimal) -> str:
    return format_value(most(hours.quantize(ONE), ONE), FactType.QUANTITY)


def _own_words(
    one: Hardware, size: Sized, load: TrafficLoad, *, bought: bool, already: Decimal = Decimal(0), once: bool = False
) -> str:  # fmt: skip
    """`already` are GPUs that are there, or paid for, whatever is decided; `once` where it is for one job."""
    served, asked = size.replicas * one.throughput.band.likely, load.asked * one.work.likely
    named = {"model": one.model, "precision": one.precision, "gpu": one.gpu}
    rent = None if one.cost.rent is None else one.cost.rent.band.likely
    words = _paid_words(
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
    return _with_times(words, one.written)


def _paid_words(
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


def _sized(planned: CapacityPlan) -> Sized:
    return Sized(planned.replicas, planned.gpus.likely, planned.utilisation, planned.paid_share)


def _same(one: Hardware, other: Hardware) -> bool:
    return (one.model, one.gpu, one.precision, one.gpus_per_replica, one.cost.paying) == (
        other.model, other.gpu, other.precision, other.gpus_per_replica, other.cost.paying,
    )  # fmt: skip


def _front(plans: Sequence[Ranked]) -> Iterator[Ranked]:
    """Of plans in the order of their cost: each that is faster for one user than all cheaper ones."""
    fastest: Decimal | None = None
    for each in plans:
        seconds = each.hardware.at_once.step.seconds_per_token
        if fastest is None or seconds < fastest:
            fastest = seconds
            yield each


def _left(counts: Mapping[str, int], dropped: Sequence[Dropped]) -> tuple[LeftOut, ...]:
    """Plans by their reasons, and the models that were no candidates by theirs."""
    models = Counter(each.reason for each in dropped)
    return (
        *(LeftOut(REASONS[reason], counts[reason]) for reason in REASONS if counts.get(reason)),
        *(LeftOut(fill("no candidate: {why}", why=why), number) for why, number in models.items()),
    )
