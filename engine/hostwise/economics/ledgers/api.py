"""Options that others run: the price of each by the token, and its ledger; of own weights, that of a deployment too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.entries import Figure
from hostwise.economics.catalogue.options import SEATED, PriceRule
from hostwise.economics.catalogue.sourced import Sourced
from hostwise.economics.ledgers.api_life import withdrawal
from hostwise.economics.ledgers.bill import billed_ledger, price_in_use, stated_bill
from hostwise.economics.ledgers.context import LedgerCase, ledger_of, option_in_use
from hostwise.economics.ledgers.gpu import capacity_part, gpu_values
from hostwise.economics.ledgers.ledger import Ledger, closed, lines, unpriced
from hostwise.economics.models.reasoning import AS_MUCH
from hostwise.economics.numbers.bands import Band, either
from hostwise.economics.numbers.currency import Exchange
from hostwise.economics.numbers.numbers import Test, above, both, least, most
from hostwise.economics.numbers.tape import TapedTruth
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.competing.contenders import Contenders
from hostwise.economics.plans.competing.elsewhere import open_model_in_use
from hostwise.economics.plans.competing.paired_interval import open_may_pass
from hostwise.economics.plans.competing.sellers import (
    CHEAPER,
    as_its_model_writes,
    cheapest_sold,
    named_seller,
    sold_anywhere,
)
from hostwise.economics.plans.refused import named_alone
from hostwise.economics.plans.tuned import DEDICATED, TunedSearch, own_weights
from hostwise.economics.prices.answered_price import token_price
from hostwise.economics.prices.look_up import look_up
from hostwise.economics.prices.price import NoPrice, TokenPrice
from hostwise.economics.prices.sellers import RESIDENCY, processes_elsewhere
from hostwise.economics.prices.stated import OPEN
from hostwise.reading.translatable import fill, prose

ONE = Decimal(1)
PAID = ("given", "derived")
"""Origins of a price that is paid already: it is that of own weights, where they are what runs."""
BASE_ONLY = prose("a price by the token is that of the base model, not of weights of one's own")
AS_MEASURED = prose("as the output was measured")
_NONE_SOLD = prose("{seller} is not known to sell an open model of the class asked for")
NO_DEPLOYMENT = prose("Nobody is known to let GPUs by the hour that serve these weights.")


def known_prices(
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    rates: Exchange,
    as_of: date,
    demand: Demand,
    found: Contenders,
) -> dict[str, TokenPrice | NoPrice]:
    """The prices that options may have: at the closed API, and at the open-model provider. Raises `NoRate`."""
    current = _kept_in_region(price_in_use(facts, catalogue, rates, as_of, demand), facts, catalogue, demand)
    opened = token_price(OPEN, facts, catalogue, rates, as_of, demand)
    on_open_model = bool(says(facts, "current_tier", "open-model"))
    models = sold_anywhere(facts, found, catalogue)
    if models:
        # A provider and own GPUs compete with the same models, each at whoever sells it for least.
        sold = cheapest_sold(models, catalogue, as_of, demand, named_seller(facts, catalogue))
        opened = sold or _none_sold(opened, facts, catalogue, demand)
    elif isinstance(opened, NoPrice) and not _names_open_provider(facts) and not catalogue.work.embedding(facts):
        fallback = catalogue.default_open_model
        listed = look_up(fallback.provider, fallback.model, catalogue, as_of, demand)
        if isinstance(listed, TokenPrice):
            opened = replace(
                listed,
                origin="assumed",
                source=fill("{source}. {because}", source=listed.source, because=fallback.because),
            )
    if isinstance(opened, TokenPrice) and opened.written is AS_MUCH:  # not searched for, then
        opened = as_its_model_writes(opened, facts, catalogue, demand)
    if on_open_model:
        # The API in use is an open-model provider: it is that option, and no proprietary one is known. What else is
        # sold is a move; where nothing tells which model is in use, what is sold of its class stands for it.
        named = open_model_in_use(facts, catalogue) is not None
        opened = current if named or isinstance(current, TokenPrice) else opened
        current = NoPrice(
            prose("the API in use serves an open model; no proprietary price is given"), ("current_tier",)
        )
    if own_weights(facts) and (isinstance(opened, NoPrice) or opened.origin not in PAID):
        opened = NoPrice(BASE_ONLY, ("open_input_price", "open_output_price"))
    return {"closed": current, "open": opened}


def _none_sold(
    price: TokenPrice | NoPrice, facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand
) -> TokenPrice | NoPrice:
    """Why nothing has a price at a seller that is named without a model."""
    name = named_alone(facts)
    if isinstance(price, TokenPrice) or name is None or named_seller(facts, catalogue) is None:
        return price
    kept = processes_elsewhere(name, demand.region, catalogue)
    return NoPrice(fill(_NONE_SOLD, seller=name), (OPEN.model,)) if kept is None else NoPrice(kept, (RESIDENCY,))


def _kept_in_region(
    price: TokenPrice | NoPrice, facts: Mapping[str, Fact], catalogue: Catalogue, demand: Demand
) -> TokenPrice | NoPrice:
    """A price, unless its seller processes the data outside of the region that it must stay in."""
    name = facts["current_provider"].value or (price.seller if isinstance(price, TokenPrice) else None)
    kept = processes_elsewhere(name, demand.region, catalogue) if isinstance(name, str) else None
    return price if kept is None else NoPrice(kept, (RESIDENCY,))


def option_prices(known: Mapping[str, TokenPrice | NoPrice], catalogue: Catalogue) -> dict[str, TokenPrice | NoPrice]:
    """The price at each option that is an API, from the prices that are known (`known_prices`)."""
    rules = ((id_, option.price) for id_, option in catalogue.options.items())
    return {id_: _option_price(rule, known, catalogue) for id_, rule in rules if rule is not None}


def _names_open_provider(facts: Mapping[str, Fact]) -> bool:
    return any(facts[name].value is not None for name in (OPEN.model, OPEN.input, OPEN.output))


def _option_price(
    rule: PriceRule, known: Mapping[str, TokenPrice | NoPrice], catalogue: Catalogue
) -> TokenPrice | NoPrice:
    priced = (known[whose] for whose in rule.of if isinstance(known[whose], TokenPrice))
    base = next(priced, known[rule.of[-1]])
    if isinstance(base, NoPrice) or rule.times is None or base is known.get(SEATED):
        return base
    factor = catalogue.figures[rule.times]
    source = fill("{source}; {figure}: {because}", source=base.source, figure=factor.label, because=factor.because)
    first, then = (each and _at_premium(each, factor, each.source) for each in (base.first, base.then))
    return replace(_at_premium(base, factor, source), until=base.until, first=first, then=then)


def _at_premium(base: TokenPrice, factor: Figure, source: str) -> TokenPrice:
    """A discount for work that may wait is the listed provider's own: nothing is known of one here."""
    return TokenPrice(
        base.input * factor.band, base.output * factor.band, base.cached * factor.band, Band.exactly(1),
        "assumed", source, base.as_of, model=base.model, written=base.written,
    )  # fmt: skip


def api_ledger(option: str, case: LedgerCase, demand: Demand) -> Ledger:
    """The ledger of an option that others run: of an API in use, the cheaper of staying and moving."""
    if case.tuned is not None and case.catalogue.options[option].weights == "open":
        return _tuned_ledger(option, case, demand, case.tuned)
    there, move = elsewhere_ledger(option, case, demand), move_ledger(option, case, demand)
    stay = kept_ledger(option, case, demand, stay_ledger(option, case, demand), there)
    if move is None or not move.priced:
        return stay
    moves = moves_api(option, stay, move, case)
    if stay.total is None or move.total is None:
        return move
    if isinstance(moves, TapedTruth):
        return _by_case(option, case, demand, moves, move, stay)
    one, other = (move, stay) if moves else (stay, move)
    if not _passes(option, case):
        return stay
    reach = _reach(one.total, other.total, stay.total)
    return _with_reach(one, case, demand, reach) if reach is not None else one


def kept_ledger(option: str, case: LedgerCase, demand: Demand, stay: Ledger, there: Ledger | None) -> Ledger:
    """The model in use: where it is, or, of an open one, at the other seller of it, whichever costs less."""
    if there is None or there.total is None:
        return stay
    moves = costs_less(stay, there)
    if isinstance(moves, TapedTruth):
        return _by_case(option, case, demand, moves, there, stay)
    return there if moves else stay


def _by_case(option: str, case: LedgerCase, demand: Demand, moves: TapedTruth, move: Ledger, stay: Ledger) -> Ledger:
    """One of two ledgers in each case of a tape: of its lines nothing can be said, of its cost all."""
    assert move.total is not None
    assert stay.total is not None
    cost = either(moves, move.total, stay.total)
    return closed(option, case.catalogue, (), case.currency, demand.tokens.band.likely, cost)


def _reach(one: Band | None, other: Band | None, stay: Band) -> Band | None:
    """How far the cost may lie outside of one ledger where the other comes out, by volume, price or evaluation."""
    assert one is not None
    assert other is not None
    high = most(one.high, stay.high)
    low = least(one.low, other.low)
    return None if (low, high) == (one.low, one.high) else Band(low - one.low, Decimal(0), high - one.high)


def _with_reach(ledger: Ledger, case: LedgerCase, demand: Demand, reach: Band) -> Ledger:
    source = prose("the ledger of the other of the two models, where it comes out")
    values = {"other_model": Sourced(reach / case.factor, "derived", source, (), "USD/month")}
    (line,) = lines(ledger.option, values, {"other_model": True}, _only("other-model", case.catalogue), case.factor)
    items, tokens = (*ledger.items, line), demand.tokens.band.likely
    return closed(ledger.option, case.catalogue, items, case.currency, tokens, variant=ledger.variant)


def _only(line: str, catalogue: Catalogue) -> Catalogue:
    return replace(catalogue, names={}, items=tuple(item for item in catalogue.items if item.id == line))


def stay_ledger(option: str, case: LedgerCase, demand: Demand) -> Ledger:
    """At the price that is known of it, else what its bill says; of a model that leaves, with its replacement."""
    price = case.prices[option]
    if isinstance(price, NoPrice) and option == option_in_use(case) and RESIDENCY not in price.needs:
        bill = stated_bill(case.facts, case.rates)
        return _token_ledger(option, case, demand, price) if bill is None else billed_ledger(case, bill)
    return _token_ledger(option, case, demand, price)


def _token_ledger(option: str, case: LedgerCase, demand: Demand, price: TokenPrice | NoPrice) -> Ledger:
    if isinstance(price, NoPrice):
        return unpriced(option, case.catalogue, case.currency, fill("{why}.", why=price.why), price.needs)
    in_use = _in_use(option, case)
    replacing = case.api.leaves if case.api and price.until else False
    values = {**_price_values(price), **withdrawal(option, price, case)}
    return ledger_of(option, case, demand, values, variant=price.source, in_use=in_use, replacing=replacing)


def move_ledger(option: str, case: LedgerCase, demand: Demand) -> Ledger | None:
    """With another model than that in use: an evaluation and a migration stand in it. None where none competes."""
    if serves_open_in_use(option, case):
        return _moved(option, case, demand, case.rivals.another)
    return _moved_from_closed(option, case, demand, case.api.move if case.api else None)


def elsewhere_ledger(option: str, case: LedgerCase, demand: Demand) -> Ledger | None:
    """With the open model in use at another seller: a migration, and nothing to evaluate. None where nobody has it."""
    price = case.rivals.same
    if price is None or not serves_open_in_use(option, case):
        return None
    return ledger_of(option, case, demand, _price_values(price), variant=price.source, same_model=True)


def named_ledger(option: str, case: LedgerCase, demand: Demand) -> Ledger | None:
    """With what the maker names in place of the model in use, as a move of today. None where it names none."""
    return _moved_from_closed(option, case, demand, case.api.named if case.api else None)


def _moved_from_closed(option: str, case: LedgerCase, demand: Demand, price: TokenPrice | None) -> Ledger | None:
    return _moved(option, case, demand, price) if option == case.catalogue.in_use.closed else None


def _moved(option: str, case: LedgerCase, demand: Demand, price: TokenPrice | None) -> Ledger | None:
    if price is None:
        return None
    values = {**_price_values(price), **withdrawal(option, price, case)}
    return ledger_of(option, case, demand, values, variant=price.source)


def serves_open_in_use(option: str, case: LedgerCase) -> bool:
    """Whether an option is that of the open model in use."""
    return option == case.catalogue.in_use.open == option_in_use(case)


def costs_less(stay: Ledger, move: Ledger, worth: Decimal = CHEAPER) -> Test:
    """Whether a move costs less than a share of staying, with what it takes counted; so it does where staying has no
    price."""
    if stay.total is None or move.total is None:
        return stay.total is None
    return above(stay.total.likely * worth, move.total.likely)


def moves_api(option: str, stay: Ledger, move: Ledger, case: LedgerCase) -> Test:
    """Whether the move costs less, and the other model passes its evaluation: it does until a future says otherwise.

    From an open model in use it must save the margin asked for: the same weights are had elsewhere without a risk.
    """
    if stay.total is None and option_in_use(case) == case.catalogue.in_use.closed:
        return True  # what has left its API, or has no price, is not stayed with
    margin = case.facts["required_margin"].value if serves_open_in_use(option, case) else None
    worth = ONE - margin if isinstance(margin, Decimal) else CHEAPER
    return both(_passes(option, case), costs_less(stay, move, worth))


def _passes(option: str, case: LedgerCase) -> Test:
    """Unless it is worse by the limit that keeps an open model away. What was scored says nothing of a closed one."""
    if serves_open_in_use(option, case):
        return open_may_pass(case.facts, case.catalogue)
    return above(case.catalogue.figures["gap_worse"].likely, case.catalogue.figures["api_model_gap"].likely)


def _tuned_ledger(option: str, case: LedgerCase, demand: Demand, tuned: TunedSearch) -> Ledger:
    """Of weights of one's own: the cheaper of a deployment and of an adapter, where both may be had."""
    planned, adapter = tuned.dedicated(option, demand), tuned.adapter(demand)
    by_token = None if adapter is None else _token_ledger(option, case, demand, adapter)
    if planned is None or not planned.hardware.fits:
        return by_token or unpriced(option, case.catalogue, case.currency, NO_DEPLOYMENT, ("open_input_price",))
    deployed = ledger_of(
        option, case, demand, gpu_values(planned), variant=DEDICATED, in_use=_in_use(option, case), deployed=True,
        capacity=capacity_part(planned),
    )  # fmt: skip
    if by_token is None or by_token.total is None or deployed.total is None:
        return deployed
    return by_token if by_token.total.likely < deployed.total.likely else deployed


def _in_use(option: str, case: LedgerCase) -> bool:
    """Whether the workload runs there today: then nothing has to be migrated."""
    return option == option_in_use(case)


def _price_values(price: TokenPrice) -> dict[str, Sourced]:
    def priced(part: str, band: Band, unit: str = "USD/Mtok") -> Sourced:
        origin, source = price.apart.get(part, (price.origin, price.source))
        return Sourced(band, origin, source, (), unit)

    return {
        "price_input": priced("input", price.input),
        "price_output": priced("output", price.output),
        "price_cached": priced("cached", price.cached),
        "batch_ratio": priced("batch", price.batch_ratio, "share"),
        "written": Sourced(price.written.times, "derived", price.written.source or AS_MEASURED, (), "x"),
    }
