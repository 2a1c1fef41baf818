"""Break-even of own GPUs against each API option, on whole replicas, with the sentence that says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Decimal
from itertools import product

from msgspec import Struct

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactType
from hostwise.economics.capacity.capacity import HOURS, SECONDS, CapacityPlan
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.ledgers.context import LedgerCase
from hostwise.economics.ledgers.gpu import by_the_hour, may_be_alone
from hostwise.economics.ledgers.ledger import Ledger
from hostwise.economics.outlook.breakeven import Crossings, SteppedBill, TokenBill, crossings
from hostwise.economics.plans.search import ALREADY
from hostwise.reading.translatable import fill, prose


class BreakEven(Struct, frozen=True):
    """One crossing. `kind`: first, lasting, never or naive. `tokens_per_month` is None where there is none.

    `per_million_own` is what one full replica costs per million tokens, `per_million_api` what the API does.
    """

    option: str
    against: str
    kind: str
    tokens_per_month: Decimal | None
    sentence: str
    inputs: Mapping[str, str]


def break_evens(
    case: LedgerCase, demand: Demand, plans: Mapping[str, CapacityPlan], ledgers: Mapping[str, Ledger]
) -> tuple[BreakEven, ...]:
    """For each kind of own hosting against each priced API: the first and the lasting crossing, and the naive one."""
    if any(case.likely[name] for name in ALREADY):
        return ()  # what a replica costs depends on how many there are
    found: list[BreakEven] = []
    owns, mixes, apis = (_priced(family, case, ledgers) for family in ("own", "mix", "api"))
    apis = [api for api in apis if api.capacity is None]  # a deployment is no price for each token
    # GPUs that are paid for by the hour grow with the tokens, not in steps.
    stepped = [own for own in owns if not by_the_hour(own.capacity)]
    for own, api in product(stepped, apis):
        found += _pair(own, api, _stepped(own, demand, plans[own.option]), _bill(api, demand))
    for mix, api in product(mixes, apis):
        mixed = _mixed(mix, api, case, demand)
        if mixed is not None and mixed[1].per_million > 0:
            found += _pair(mix, api, *mixed)
    return tuple(found)


def _priced(family: str, case: LedgerCase, ledgers: Mapping[str, Ledger]) -> list[Ledger]:
    return [ledgers[option] for option in case.catalogue.kinds[family] if ledgers[option].priced]


def _mixed(mix: Ledger, api: Ledger, case: LedgerCase, demand: Demand) -> tuple[SteppedBill, TokenBill] | None:
    """A mix against an API for everything, as a price for each million tokens of the slice.

    The rest is paid at its own API either way, so what the slice must beat is what the API for everything
    charges less what the rest costs: `(p − p_rest × (1 − share)) ÷ share`. None for a slice of next to nothing.
    GPUs that are let go between two runs cost by the token, and a step only for what they take to start.
    """
    assert mix.capacity is not None
    share, load, spare = (Decimal(mix.capacity[k]) for k in ("share", "load", "spare_replicas"))
    replicas = int(mix.capacity["replicas"])
    if not share or not load:
        return None
    if any(i.per_gpu for i in mix.items if not i.id.startswith("own.")):
        return None  # its rest runs on a deployment: that is no price for each token
    gpu = sum((i.amount.likely for i in mix.items if i.per_gpu), Decimal(0))
    rest = sum((i.amount.likely for i in mix.items if i.group == "tokens"), Decimal(0))
    several, alone_saves = _people(mix)
    fixed = several - gpu - rest
    tokens, bill = demand.tokens.band.likely, _bill(api, demand)
    running = gpu * _running(mix, case)
    each = (gpu - running) / replicas
    slice_price = (bill.per_million - rest / tokens * 1_000_000) / share
    per_million = running / (tokens * share) * 1_000_000
    stepped = SteppedBill(
        fixed + each * spare, each, tokens * share / load, per_million, share=share, alone_saves=alone_saves
    )
    return stepped, TokenBill(bill.fixed, slice_price)


def _running(mix: Ledger, case: LedgerCase) -> Decimal:
    """The share of what a mix pays for its GPUs that grows with the tokens: all but the starts of those let go."""
    assert mix.capacity is not None
    if not by_the_hour(mix.capacity):
        return Decimal(0)
    start = case.likely["batch_start_hours"] / HOURS
    return max(1 - start / Decimal(mix.capacity["paid_share"]), Decimal(0))


def _pair(own: Ledger, api: Ledger, stepped: SteppedBill, bill: TokenBill) -> list[BreakEven]:
    cross = crossings(stepped, bill)
    inputs = {
        "own fixed a month": f"{stepped.fixed:.2f}",
        "one replica a month": f"{stepped.per_replica:.2f}",
        "tokens one replica carries a month": f"{stepped.tokens_per_replica:.0f}",
        "api fixed a month": f"{bill.fixed:.2f}",
        "api per million tokens": f"{bill.per_million:.4f}",
        "full replica per million tokens": f"{cross.marginal:.4f}",
    }

    def said(kind: str, volume: Decimal | None, sentence: str) -> BreakEven:
        kept = None if volume is None else volume.to_integral_value()
        return BreakEven(own.option, api.option, kind, kept, sentence, inputs)

    if cross.first is None:
        proof = (
            prose("Never: one full replica costs {cost}, and {api} charges {price}.")
            if stepped.share == 1
            else prose("Never: for the slice one full replica costs {cost}, and {api} charges {price}.")
        )
        unit = f"{own.currency}/Mtok"
        cost, price = (format_value(each, FactType.MONEY, unit) for each in (cross.marginal, bill.per_million))
        proof = fill(proof, cost=cost, api=api.label, price=price)
        return [said("never", None, proof), *_naive(cross, stepped, api, said)]
    found = [
        said(
            "first",
            cross.first,
            fill(
                "{own} first costs less than {api} at {volume} tokens a month.",
                own=own.label,
                api=api.label,
                volume=_tokens(cross.first),
            ),
        )
    ]
    if cross.lasting is not None and cross.lasting > cross.first:
        message = prose("It stays cheaper only from {volume} tokens a month: each further replica is a step.")
        found.append(said("lasting", cross.lasting, fill(message, volume=_tokens(cross.lasting))))
    else:
        found.append(said("lasting", cross.first, fill("From there on it stays cheaper than {api}.", api=api.label)))
    return [*found, *_naive(cross, stepped, api, said)]


def _naive(
    cross: Crossings, stepped: SteppedBill, api: Ledger, said: Callable[[str, Decimal | None, str], BreakEven]
) -> list[BreakEven]:
    """The division that most comparisons make, where one replica could not carry what it comes to."""
    carried = stepped.tokens_per_replica / stepped.share
    if cross.naive is None or cross.naive <= carried:
        return []
    needed = (cross.naive / carried).to_integral_value(ROUND_CEILING)
    text = fill(
        "Dividing the cost of one replica by the price of {api} would put it at {volume} tokens a month; but one "
        "replica carries {carried}, so that volume needs {needed}.",
        api=api.label,
        volume=_tokens(cross.naive),
        carried=_tokens(carried),
        needed=format_value(needed, FactType.COUNT),
    )
    return [said("naive", cross.naive, text)]


def _stepped(own: Ledger, demand: Demand, planned: CapacityPlan) -> SteppedBill:
    """Own GPUs as people and platform that stay, and replicas that come one by one."""
    gpu = sum((i.amount.likely for i in own.items if i.per_gpu), Decimal(0))
    moving = sum((i.amount.likely for i in own.items if i.per_token), Decimal(0))
    several, alone_saves = _people(own)
    each = gpu / planned.replicas
    interactive = 1 - demand.batch_share
    peak = max(interactive * planned.peak_to_mean, Decimal(1))
    one = planned.hardware
    carried = one.throughput.band.likely / one.work.likely * planned.planning_cap * SECONDS / peak
    per_million = moving / demand.tokens.band.likely * 1_000_000
    fixed = several - gpu - moving + each * planned.spare
    return SteppedBill(fixed, each, carried, per_million, alone_saves=alone_saves)


def _people(ledger: Ledger) -> tuple[Decimal, Decimal]:
    """The ledger with the people that several cards take, and what it is less by while one card serves alone."""
    assert ledger.capacity is not None
    several = sum((item.as_if(True) for item in ledger.items), Decimal(0))
    if not may_be_alone(ledger.capacity):
        return several, Decimal(0)
    return several, several - sum((item.as_if(False) for item in ledger.items), Decimal(0))


def _bill(api: Ledger, demand: Demand) -> TokenBill:
    tokens = sum((i.amount.likely for i in api.items if i.group == "tokens"), Decimal(0))
    fixed = sum((i.amount.likely for i in api.items if i.group != "tokens"), Decimal(0))
    return TokenBill(fixed, tokens / demand.tokens.band.likely * 1_000_000)


def _tokens(tokens: Decimal) -> str:
    return format_value(tokens.to_integral_value(), FactType.TOKENS)
