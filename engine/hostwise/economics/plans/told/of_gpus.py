"""The plans of what runs on GPUs, own ones and those of a deployment, of a mix, and of devices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.economics.capacity.capacity import CapacityPlan, Hardware
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.candidates import DEVICE, model_on_device, weights_on_device
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.sourced import figure
from hostwise.economics.numbers.taped_facts import says, text_of
from hostwise.economics.plans.competing.contenders import Contenders
from hostwise.economics.plans.competing.sellers import tokens_cost
from hostwise.economics.plans.own import OwnSearch
from hostwise.economics.plans.rents import buys
from hostwise.economics.plans.search import Ranked
from hostwise.economics.plans.told.gpu_words import OWNED, own_words, paid_words, sized
from hostwise.economics.plans.told.option_plans import NEXT, OptionPlans, PlanLine, left_out
from hostwise.economics.plans.told.price_words import api_words
from hostwise.economics.plans.tuned import TunedSearch
from hostwise.economics.throughput.replica import BITS
from hostwise.reading.translatable import fill, prose

TENTH, ONE, TEN = Decimal("0.1"), Decimal(1), Decimal(10)


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
        words = own_words(each.hardware, each.sized, each.load, bought=bought, already=already, once=once)
        return PlanLine(words, monthly + (each.cost - won.cost) * factor)

    words = own_words(planned.hardware, sized(planned), won.load, bought=bought, already=already, once=once)
    best = PlanLine(words, monthly)
    others = [each for each in plans if each is not won]
    counts = Counter(one.reason for one in search.replicas.dropped)
    counts["no-price"] += len(every) - len(known)
    return OptionPlans(
        option, best, tuple(map(line, others[:NEXT])), tuple(map(line, _front(plans))), left_out(counts, found.not_own),
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
        words = own_words(each.hardware, each.sized, each.load, bought=False)
        return PlanLine(words, monthly + (each.cost - won) * factor)

    lines = [line(each) for each in plans]
    if adapter is not None:
        lines.append(PlanLine(api_words(adapter, demand.batch_share), monthly + (paid - won) * factor))
    best, *others = sorted(lines, key=lambda each: each.monthly)
    counts = Counter(one.reason for one in search.found.dropped)
    front = [each for each in map(line, _front(plans)) if each.monthly > best.monthly]
    return OptionPlans(
        option, best, tuple(others[:NEXT]), (best, *front), left_out(counts, ()), len(lines) + len(search.found.dropped)
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
    own = paid_words(
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
