"""The plan of own GPUs that costs least: all are compared by the lines of the ledger that move with the plan.

On a tape the cheapest differs from case to case: then its numbers are chosen case by case, and its names are those of
the case that is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.capacity import Hardware, Sized, TrafficLoad, has_room, sized
from hostwise.economics.catalogue.catalogue import ONE_CARD, Catalogue
from hostwise.economics.catalogue.entries import PLAN_VALUES
from hostwise.economics.numbers.abreast import CLOSE
from hostwise.economics.numbers.formula import compute_likely, names, with_constants
from hostwise.economics.numbers.numbers import Test, at_least, both, where
from hostwise.economics.numbers.tape import Tape, Traced
from hostwise.economics.plans.abreast import abreast, picked
from hostwise.economics.plans.line_flags import shared_flags, where_there

ZERO, ONE = Decimal(0), Decimal(1)
ALREADY = ("gpus_owned", "gpus_reserved")
"""Figures: GPUs that are paid for whether or not they serve."""
NONE_ALREADY = dict.fromkeys(ALREADY, ZERO)
IMPOSSIBLE = Decimal(10) ** 30
"""More than any plan costs: what cannot serve is taken only where nothing can."""
CHEAPER = 1 - CLOSE
ENDS = 2
"""What a replica serves at either end of what reasoning adds; more numbers are those at corners (`over_lengths`)."""
BETWEEN = Decimal("1.05")
"""How much more than at any corner of the lengths might be served of another between them: rates bend slowly."""


Formula = Callable[[Mapping[str, Decimal]], Decimal]


class MovingCost(Struct, frozen=True):
    """What a plan moves in one option's ledger: formulas of `PLAN_VALUES` and `ALREADY`, all else in them computed."""

    lines: tuple[tuple[Formula, tuple[tuple[Test, bool], ...]], ...]
    """Formulas, and the flags that leave one out in some cases of a tape."""
    names: tuple[tuple[str, Formula], ...]
    already: Mapping[str, Decimal]
    staff: Decimal
    """FTE that run several GPUs, and `few` those that run a single one."""
    few: Decimal

    def of(self, one: Hardware, size: Sized) -> Decimal:
        """USD a month."""
        alone = at_least(ONE, size.gpus)
        return self._of(one, size, where(alone, self.few, self.staff), where(alone, ZERO, ONE), self.already)

    def of_cards(self, one: Hardware) -> Decimal:
        """USD a month of one replica without the people, none of its GPUs paid for already."""
        size = Sized(ONE, one.cost.paid_for(one.gpus_per_replica), ONE, ONE)
        return self._of(one, size, ZERO, ZERO, NONE_ALREADY)

    def _of(
        self, one: Hardware, size: Sized, staff: Decimal, several: Decimal, already: Mapping[str, Decimal]
    ) -> Decimal:
        values = {
            **already, "gpus": size.gpus, "utilisation": size.utilisation, "operations_fte": staff,
            "several_cards": several, "paid_share": size.paid_share,
        }  # fmt: skip
        for name, price in (("rent", one.cost.rent), ("purchase", one.cost.purchase)):
            if price is not None:
                values[name] = price.band.likely
        if one.watts is not None:
            values["card_kw"] = one.watts / 1000
        for name, formula in self.names:
            values[name] = formula(values)
        return sum((_where_there(line(values), flags) for line, flags in self.lines), ZERO)


def _where_there(amount: Decimal, flags: tuple[tuple[Test, bool], ...]) -> Decimal:
    for flag, wanted in flags:
        amount = where(flag, amount if wanted else ZERO, ZERO if wanted else amount)
    return amount


class Ranked(Struct, frozen=True):
    """A replica with how many of it there are, and what moves with the plan: USD a month."""

    hardware: Hardware
    load: TrafficLoad
    sized: Sized
    cost: Decimal


def moving_cost(
    option: str, catalogue: Catalogue, facts: Mapping[str, Fact], likely: Mapping[str, Decimal], *,
    deployed: bool = False,
) -> MovingCost:  # fmt: skip
    """The lines of an option's ledger that move with the plan; `deployed` at a provider.

    `likely` are the values that any formula may name.

    What has no value, for want of a rate, is nothing in any plan.
    """
    values = dict(likely)
    for name, formula in catalogue.names.items():
        if name not in catalogue.moving.names and values.keys() >= set(names(formula)):
            values[name] = compute_likely(formula, values)
    known = {*values, *PLAN_VALUES}
    through = tuple(
        (n, catalogue.names[n]) for n in catalogue.moving.names if known.issuperset(names(catalogue.names[n]))
    )
    known |= {name for name, _ in through}
    flags = {**shared_flags(facts), "deployed": deployed, "by_token": not deployed}
    found = ((item.formula, where_there(item, flags)) for item in catalogue.moving.items if option in item.options)
    lines = tuple((line, there) for line, there in found if there is not None and known.issuperset(names(line)))
    moved = PLAN_VALUES.union(ALREADY, (name for name, _ in through))
    constants = {name: value for name, value in values.items() if name not in moved}
    return MovingCost(
        tuple((with_constants(line, constants), there) for line, there in lines),
        tuple((name, with_constants(formula, constants)) for name, formula in through),
        {name: values[name] for name in ALREADY}, values["operations_fte"], values[ONE_CARD],
    )  # fmt: skip


def ranked(
    hardware: Sequence[Hardware], load_of: Callable[[Hardware], TrafficLoad], cost: MovingCost
) -> Iterator[Ranked]:
    """Every plan with its cost, in the order given."""
    for one in hardware:
        load = load_of(one)
        size = sized(load, one)
        serves = both(both(one.fits, one.cost.allowed), has_room(load, size.gpus))
        yield Ranked(one, load, size, where(serves, cost.of(one, size), IMPOSSIBLE))


def cheapest(
    hardware: Sequence[Hardware],
    load_of: Callable[[Hardware], TrafficLoad],
    cost: MovingCost,
    tape: Tape | None,
) -> Hardware:
    """The cheapest, of equals the first; in each case of a tape, where the answers are on one."""
    if len(hardware) == 1:
        return hardware[0]  # which may have no price
    if tape is not None:
        (all_,) = ranked([abreast(hardware, tape)], load_of, cost)
        return picked(tape.cheapest(all_.cost), hardware, tape) if tape.differ(all_.cost) else hardware[0]
    best, *others = ranked(hardware, load_of, cost)
    for other in others:
        if best.cost * CHEAPER > other.cost:
            best = other
    return best.hardware


def undominated(hardware: Sequence[Hardware], cost: MovingCost) -> list[Hardware]:
    """Without those in whose place some copies of another serve as much for less, whatever the volume.

    What differs from case to case on a tape is kept. Where only what a kilowatt-hour or a month costs differs, cards
    that are no more, and need no more money and power, replace others: every line rises with these.
    """
    prices: list[Decimal] = []
    for one in hardware:
        prices.append(cost.of_cards(one))
        if isinstance(prices[-1], Traced):
            return _without_more(hardware)
    plain = [place for place, one in enumerate(hardware) if _plain(one)]
    worth = tuple((prices[place], hardware[place].gpus_per_replica, hardware[place].requests) for place in plain)
    gone = {plain[place] for place in _replaced(worth)}
    return [one for place, one in enumerate(hardware) if place not in gone]


@lru_cache(maxsize=256)
def _replaced(worth: tuple[tuple[Decimal, Decimal, tuple[Decimal, ...]], ...]) -> frozenset[int]:
    """Those in whose place another serves for less, by their price, GPUs and requests: plain numbers, all of them.

    Remembered, since few answers change any of these.
    """
    gone: set[int] = set()
    for place in sorted(range(len(worth)), key=lambda each: worth[each][0] / worth[each][2][0]):
        if place in gone:
            continue
        price, gpus, requests = worth[place]
        for other, (its_price, its_gpus, its_requests) in enumerate(worth):
            # What copies cost at least is told sooner than how many it takes.
            if other == place or other in gone or price > its_price:
                continue
            copies = _copies(requests, its_requests)
            # Fewer people run a single GPU: only one replaces it.
            alone = its_gpus != 1 or (copies <= 1 and gpus <= 1)
            if alone and copies * price <= its_price * CHEAPER:
                gone.add(other)
    return frozenset(gone)


def _without_more(hardware: Sequence[Hardware]) -> list[Hardware]:
    needs, plain = [_needs(one) for one in hardware], [_plain(one) for one in hardware]
    kept: list[int] = []
    for place in sorted(range(len(hardware)), key=lambda each: _few_and_fast(hardware[each])):
        its = needs[place]
        others = (one for one in kept if plain[one]) if plain[place] else ()
        if not any(_serves_for(hardware[one], hardware[place], needs[one], its) for one in others):
            kept.append(place)
    return [hardware[place] for place in sorted(kept)]


def _few_and_fast(one: Hardware) -> tuple[Decimal, Decimal]:
    return one.gpus_per_replica, ZERO if isinstance(one.requests[0], Traced) else -one.requests[0]


def _needs(one: Hardware) -> tuple[Decimal, ...] | None:
    """GPUs of a replica, and what it takes of rent, money and power; None where they differ from case to case."""
    rent, purchase = (
        IMPOSSIBLE if price is None else price.band.likely for price in (one.cost.rent, one.cost.purchase)
    )
    watts = IMPOSSIBLE if one.watts is None else one.watts
    gpus = one.gpus_per_replica
    if any(isinstance(each, Traced) for each in (rent, purchase, watts)):
        return None
    return gpus, gpus * rent, gpus * purchase, gpus * watts


def _serves_for(
    one: Hardware, other: Hardware, needs: tuple[Decimal, ...] | None, its: tuple[Decimal, ...] | None
) -> bool:
    """Whether copies of one serve what the other does, for no more of anything. The same cards cost the same."""
    if one.gpu == other.gpu:
        needs, its = (one.gpus_per_replica,), (other.gpus_per_replica,)
    if needs is None or its is None:
        return False
    # What copies it takes at least is told sooner than how many it takes.
    least = other.requests[0] / one.requests[0]
    if any(least * a > b for a, b in zip(needs, its, strict=True)):
        return False
    copies = _copies(one.requests, other.requests)
    return all(copies * a <= b for a, b in zip(needs, its, strict=True))


def _plain(one: Hardware) -> bool:
    """Whether it is the same in every case of a tape, and costs by the GPU: not by the node, which may be half used."""
    return (
        one.fits is True
        and one.cost.by_the_card
        and not isinstance(one.gpus_per_replica, Traced)
        and not isinstance(one.requests[0], Traced)
    )


def _copies(own: tuple[Decimal, ...], its: tuple[Decimal, ...]) -> Decimal:
    """How many that serve so much serve what another does, wherever between its ends it lies what reasoning adds."""
    most_of = max(b / a for a, b in zip(own, its, strict=True))
    return (most_of * BETWEEN if len(own) > ENDS else most_of).to_integral_value(ROUND_CEILING)
