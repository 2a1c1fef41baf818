"""The API in use over the horizon: its model as long as it is there, what its maker names instead, and cheaper ones.

A model that leaves its API is costed with its replacement from its day on. Models of other makers of the class in use
or above compete too; to move to one is a change, with an evaluation and a migration of its own (`ledgers/api`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.candidates import Dropped, candidates, every_model, replacement_of
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.models.licences import PROPRIETARY
from hostwise.economics.numbers.bands import Band
from hostwise.economics.numbers.numbers import Test, above, least, most
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.competing.class_wanted import (
    NEEDED,
    TUNED,
    ClassWanted,
    class_wanted,
    model_in_use,
    nothing_in_use,
    unindexed_in_use,
)
from hostwise.economics.plans.competing.contenders import kinds_wanted
from hostwise.economics.plans.competing.elsewhere import as_good, open_model_in_use
from hostwise.economics.plans.competing.paired_interval import api_is_too_far, api_model_scored
from hostwise.economics.plans.competing.sellers import cheapest_sold
from hostwise.economics.plans.rents import horizon
from hostwise.economics.prices.names import seller_id
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.economics.prices.sellers import RESIDENCY, made_by
from hostwise.reading.numbers.months import DAYS
from hostwise.reading.translatable import fill, prose

ONE = Decimal(1)


class ApiPlans(Struct, frozen=True):
    """What a closed API may cost: that of staying, and that of the cheapest other model; None where none competes.

    `models` were compared for the move, `dropped` are no candidates. `leaves` holds where the model in use leaves its
    API within the horizon. Models without a move are not counted: nobody can say that they are of the class in use.
    """

    stay: TokenPrice | NoPrice
    move: TokenPrice | None = None
    models: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    leaves: Test = False
    efforts: Mapping[str, str] = {}
    """Of models that run at another effort than that of their entry."""
    note: str | None = None
    """By what they were compared, where the model in use is in no index."""
    named: TokenPrice | None = None
    """What the maker names in place of the model in use, where it is sold."""


def api_plans(
    facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date, demand: Demand, current: TokenPrice | NoPrice
) -> ApiPlans:
    """The plans of the API whose model is in use at a price that is known, or not.

    Where a price is given of no model that is known, what else might be of its class is counted nowhere. A model that a
    list has and no index, older ones above all, is held against the class that open models are held to.
    """
    key, unindexed = model_in_use(facts, catalogue), unindexed_in_use(facts, catalogue)
    models = every_model(catalogue)
    opened = key is not None and models[key].licence != PROPRIETARY
    wanted = class_wanted(facts, catalogue)
    left, day = days_left(facts, catalogue, as_of), models[key].retired_on if key else None
    gone = left is not None and left <= 0
    barred = isinstance(current, NoPrice) and RESIDENCY in current.needs
    unknown = key is None and not unindexed and facts["current_tier"].value is None
    if wanted.assumed or (unknown and says(facts, NEEDED, *catalogue.classes.classes)):
        # What is in use has a price that can be asked for, unless it has left its API or may not be used; an open model
        # competes with what is sold of its class, wherever it runs.
        kept_open = nothing_in_use(facts) or gone or barred or opened or unindexed
        wanted = wanted if kept_open else ClassWanted("")
    named = replacement_of(key, catalogue) if key else None
    kept, dropped, efforts = _others(key, wanted.asked, facts, catalogue, as_of, demand)
    if key is not None and key == open_model_in_use(facts, catalogue):
        kept = [each for each in kept if as_good(each, key, catalogue)]
    # What was tuned at one API cannot be taken to another.
    tuned = says(facts, "fine_tuning", *TUNED)
    competing = tuple(dict.fromkeys((*((named,) if named else ()), *kept)))
    scored = api_model_scored(facts, catalogue)
    if key is not None and scored is not None and models[scored].retired_on is None:
        competing, dropped = _with_scored(scored, competing, dropped, api_is_too_far(facts, catalogue))
    others = () if tuned else competing
    if key is None and not unindexed and isinstance(current, TokenPrice):
        return ApiPlans(current, None, others, dropped, efforts=efforts)
    move = cheapest_sold(others, catalogue, as_of, demand, None, efforts=efforts) if others else None
    successor = cheapest_sold((named,), catalogue, as_of, demand, None, efforts=efforts) if named else None
    plans = ApiPlans(
        current, move, others, dropped, efforts=efforts, note=wanted.note if move else None, named=successor
    )
    if key is None or left is None or day is None:
        return plans
    if gone:
        why = fill("{model} left its API on {day}", model=key, day=day.isoformat())
        return replace(plans, stay=NoPrice(why, ("current_model",)), leaves=True)
    instead = successor or move
    if says(facts, "runs_once", True):
        return plans  # it runs before that day, which is said
    months = horizon(facts, catalogue).band
    share = Band(*(least(ONE, left / (end * DAYS)) for end in (months.high, months.likely, months.low)))
    leaves = above(ONE, share.likely)
    if isinstance(current, NoPrice) or instead is None or leaves is False:
        return replace(plans, leaves=leaves)
    return replace(plans, stay=_until(day, share, current, instead), leaves=leaves)


def _with_scored(
    scored: str, competing: tuple[str, ...], dropped: tuple[Dropped, ...], too_far: Test
) -> tuple[tuple[str, ...], tuple[Dropped, ...]]:
    """Where a model was scored against the one in use it competes alone; where it fell short, all the others do."""
    if not too_far:
        return (scored,), dropped
    short = Dropped(scored, prose("was scored, and is too much worse than the model in use"))
    return tuple(each for each in competing if each != scored), (*dropped, short)


def days_left(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> int | None:
    """Days until the model in use leaves its API, none or less where it has; None where no day is announced.

    The day is that of its maker's own API. Elsewhere it is the best that is known of one to come; of one that is past
    nothing follows there.
    """
    day = _day_of_maker(facts, catalogue)
    if day is None or left_its_maker(facts, catalogue, as_of):
        return None
    return (day - as_of).days


def left_its_maker(facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date) -> bool:
    """Whether the model in use has left its maker's API, and runs on at another seller, who ends it on its own day."""
    day = _day_of_maker(facts, catalogue)
    return day is not None and day <= as_of and runs_elsewhere(facts, catalogue)


def _day_of_maker(facts: Mapping[str, Fact], catalogue: Catalogue) -> date | None:
    key = model_in_use(facts, catalogue)
    return every_model(catalogue)[key].retired_on if key else None


def runs_elsewhere(facts: Mapping[str, Fact], catalogue: Catalogue) -> bool:
    """Whether the model in use runs at another seller than its maker, who announces the day on which it leaves."""
    key, seller = model_in_use(facts, catalogue), seller_id(facts["current_provider"].value, catalogue.seller_names)
    return key is not None and seller is not None and not made_by(every_model(catalogue)[key], seller)


def leaves_within(left: int | None, facts: Mapping[str, Fact], catalogue: Catalogue) -> Test:
    """Whether so many days end before the horizon does; a job that runs once runs before they do."""
    if left is None or (left > 0 and says(facts, "runs_once", True)):
        return False
    return above(_horizon(facts, catalogue), Decimal(left))


def _horizon(facts: Mapping[str, Fact], catalogue: Catalogue) -> Decimal:
    """Days."""
    return horizon(facts, catalogue).band.likely * DAYS


def _others(
    key: str | None, asked: str, facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date, demand: Demand
) -> tuple[list[str], tuple[Dropped, ...], Mapping[str, str]]:
    """Closed models of the class in use or above that stay, those that are no candidates, and efforts."""
    models = every_model(catalogue)
    if not asked:
        return [], (), {}
    context = demand.input_length + demand.output_length
    kinds = kinds_wanted(facts, catalogue)
    found = candidates(asked, catalogue, facts, as_of, context=context, kinds=kinds, hosted_by="seller")
    closed = [each for each in found.kept if models[each].licence == PROPRIETARY and each != key]
    leaving = [Dropped(each, prose("leaves its API on a day that is announced")) for each in closed
               if models[each].retired_on is not None]  # fmt: skip
    dropped = (*(each for each in found.dropped if models[each.model].licence == PROPRIETARY), *leaving)
    return [each for each in closed if models[each].retired_on is None], dropped, found.efforts


def _until(day: date, share: Band, one: TokenPrice, then: TokenPrice) -> TokenPrice:
    """The mean price over the horizon, of which `share` is before the day."""
    message = prose("{before}; from {day} on: {after}, over the months of the horizon")
    return replace(
        one,
        input=_mean(one.input, then.input, share),
        output=_mean(one.output, then.output * then.written.times, share),
        cached=_mean(one.cached, then.cached, share),
        batch_ratio=_mean(one.batch_ratio, then.batch_ratio, share),
        origin="derived",
        source=fill(message, before=one.source, day=day.isoformat(), after=then.source),
        apart={},
        until=day,
        first=one,
        then=then,
    )


def _mean(one: Band, then: Band, share: Band) -> Band:
    """The mean of two, `share` of it the first; its ends are those of whichever horizon leads further out."""
    lows, highs = (
        [first * each + second * (ONE - each) for each in (share.low, share.high)]
        for first, second in ((one.low, then.low), (one.high, then.high))
    )
    likely = one.likely * share.likely + then.likely * (ONE - share.likely)
    return Band(least(*lows), likely, most(*highs))
