"""What follows from the API in use: what staying costs, what costs less, when its model leaves.

Who sells an API under one's own law stands here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.candidates import every_model
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.cost_facts import Derived
from hostwise.economics.ledgers.api import (
    costs_less,
    elsewhere_ledger,
    kept_ledger,
    move_ledger,
    moves_api,
    named_ledger,
    serves_open_in_use,
    stay_ledger,
)
from hostwise.economics.ledgers.context import LedgerCase
from hostwise.economics.ledgers.ledger import saved_by
from hostwise.economics.licence_duty import duty_of
from hostwise.economics.models.licences import PROPRIETARY
from hostwise.economics.numbers.numbers import Test, either_of
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.competing.api_models import days_left, leaves_within, left_its_maker, runs_elsewhere
from hostwise.economics.plans.competing.class_wanted import class_assumed, nothing_in_use, same_model
from hostwise.economics.plans.competing.seated import from_seated
from hostwise.economics.prices.names import seller_id
from hostwise.economics.prices.price import TokenPrice
from hostwise.economics.prices.sellers import model_called

PRICES = ("current_model", "tokens_per_month", "api_price_blended")
NAMES = ("current_model", "current_provider")


def in_use_facts(
    case: LedgerCase | None, demand: Demand | None, facts: Mapping[str, Fact], catalogue: Catalogue, as_of: date
) -> Iterator[Derived]:
    """What staying on the model in use would cost, whether another one costs less, and when it leaves."""
    stay = move = moves = named = None
    option = catalogue.in_use.closed
    if case is not None and demand is not None:
        stay = stay_ledger(option, case, demand)
        move, named = move_ledger(option, case, demand), named_ledger(option, case, demand)
        moves = move is not None and move.priced and not nothing_in_use(facts) and moves_api(option, stay, move, case)
    left = days_left(facts, catalogue, as_of)
    yield Derived("api_in_use_monthly", stay.total if stay else None, PRICES)
    yield Derived("api_move_saving", None if stay is None or move is None else saved_by(stay, move), PRICES)
    yield Derived("api_replacement_monthly", named.total if named else None, PRICES)
    yield Derived("api_model_moves", moves, PRICES)
    yield Derived("api_seller_changes", _seller_changes(case, facts, catalogue), NAMES)
    yield from _reasoning(case)
    yield from _open_in_use(case, demand, facts)
    yield Derived("api_days_left", None if left is None else Decimal(left), ("current_model",))
    yield Derived("api_day_is_makers", runs_elsewhere(facts, catalogue) and left is not None, NAMES)
    yield Derived("api_left_its_maker", left_its_maker(facts, catalogue, as_of), NAMES)
    yield Derived("class_assumed", class_assumed(facts, catalogue), ("current_model", "current_tier", "open_model"))
    yield Derived("same_model", same_model(facts, catalogue), ("current_model", "open_model", "own_model"))
    yield Derived("api_model_leaves", leaves_within(left, facts, catalogue), ("api_days_left", "horizon_months"))


def _seller_changes(case: LedgerCase | None, facts: Mapping[str, Fact], catalogue: Catalogue) -> bool:
    """Whether the other proprietary model is sold by somebody else than who is named today."""
    here, move = facts["current_provider"].value, case.api.move if case is not None and case.api else None
    if here is None or move is None:
        return False
    return seller_id(here, catalogue.seller_names) != seller_id(move.seller, catalogue.seller_names)


def _reasoning(case: LedgerCase | None) -> Iterator[Derived]:
    """Whether the models that would be moved to think before they answer, as they are priced."""
    closed = case.api.move if case is not None and case.api else None
    offered = case.prices.get(case.catalogue.in_use.open) if case is not None else None
    other = case.rivals.another if case is not None else None
    opened = other or (offered if isinstance(offered, TokenPrice) else None)
    for name, price in (("closed_plan_reasons", closed), ("open_plan_reasons", opened)):
        reasons = None
        if case is not None and price is not None and price.model is not None:
            found = model_called(price.model, case.catalogue)  # a price that was quoted has the model as it was written
            entry = None if found is None else every_model(case.catalogue)[found]
            reasons = None if entry is None else case.catalogue.reasoning.of(entry, price.written.effort) > 0
        yield Derived(name, reasons, PRICES)


def _open_in_use(case: LedgerCase | None, demand: Demand | None, facts: Mapping[str, Fact]) -> Iterator[Derived]:
    """What an open model in use costs where it is and where it costs least, and what costs less than it does."""
    stays = kept = same = another = there = move = None
    seller_moves: Test = False
    model_moves: Test = False
    if case is not None and demand is not None and serves_open_in_use(case.catalogue.in_use.open, case):
        option = case.catalogue.in_use.open
        same, another = case.rivals.same, case.rivals.another
        stays, there = stay_ledger(option, case, demand), elsewhere_ledger(option, case, demand)
        kept, move = kept_ledger(option, case, demand, stays, there), move_ledger(option, case, demand)
        model_moves = move is not None and move.priced and moves_api(option, kept, move, case)
        seller_moves = there is not None and there.priced and costs_less(stays, there)
        seller_moves = either_of(model_moves, False, seller_moves)
    yield Derived("open_in_use_monthly", stays.total if stays else None, PRICES)
    yield Derived("open_kept_monthly", kept.total if kept else None, PRICES)
    yield Derived("open_seller_moves", seller_moves, PRICES)
    yield Derived("open_seller_saving", saved_by(stays, there) if stays and there else None, PRICES)
    yield Derived("open_seller", same.seller if same else None, NAMES)
    yield Derived("open_model_moves", model_moves, PRICES)
    yield Derived("open_move_saving", saved_by(stays, move) if stays and move else None, PRICES)
    yield Derived(
        "open_model_stays", either_of(model_moves, False, bool(says(facts, "current_tier", "open-model"))), PRICES
    )
    yield Derived("open_model_next", another.model if another else None, NAMES)


def seated_facts(case: LedgerCase | None, catalogue: Catalogue) -> Iterator[Derived]:
    """Who sells the API of one's own law, and what its model is; nobody where its price is assumed."""
    prices = case.prices if case else {}
    found = (price for option, price in prices.items() if isinstance(price, TokenPrice)
             and from_seated(option, price, catalogue))  # fmt: skip
    price = next(found, None)
    reads = ("currency", "open_model", "current_model")
    licence = every_model(catalogue)[price.model].licence if price is not None and price.model else None
    yield Derived("seated_seller", price.seller if price is not None else None, reads)
    yield Derived("seated_model", price.model if price is not None else None, reads)
    yield Derived("seated_model_open", None if licence is None else licence != PROPRIETARY, reads)
    yield Derived("seated_licence_duty", duty_of(licence, catalogue), reads)
