"""Every option over 12 and 36 months against what is used today, with growth and falling API prices."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.economics.capacity.demand import Demand
from hostwise.economics.ledgers.context import LedgerCase, option_in_use
from hostwise.economics.ledgers.gpu import by_the_hour, may_be_alone
from hostwise.economics.ledgers.ledger import Ledger
from hostwise.economics.numbers.horizon import HORIZONS, Outlook, grown, outlook
from hostwise.economics.numbers.taped_facts import says

HARDWARE = ("hardware-busy", "hardware-idle")


class _Parts(Struct, frozen=True):
    """A ledger by how its lines move: with tokens and API prices, with replicas, not at all, paid once."""

    tokens: Decimal
    gpus: Decimal
    fixed: Decimal
    once: Decimal
    hardware: Decimal  # paid for one set of today's replicas, when they are bought
    replicas: Decimal
    needed: Decimal  # replicas in fractions, at today's volume
    spare: Decimal
    by_the_hour: bool
    second_card: Decimal  # what people cost more once a second card serves, where one serves today


def with_outlooks(ledgers: Mapping[str, Ledger], case: LedgerCase, demand: Demand) -> dict[str, Ledger]:
    """The ledgers, each with its outlook against the API in use, or the first priced API."""
    kept = (option_in_use(case), *case.catalogue.stay)
    today = next((o for o in kept if ledgers[o].priced), None)
    if today is None:
        return dict(ledgers)
    rate, decline = (case.shared[name].band.likely for name in ("discount_rate", "api_price_decline"))
    months = max(HORIZONS)
    parts = {option: _parts(ledger, case) for option, ledger in ledgers.items() if ledger.priced}
    once = bool(says(case.facts, "runs_once", True))
    costs = {
        option: [_first(part), *[Decimal(0)] * (months - 1)] if once else _monthly(part, demand.growth, decline, months)
        for option, part in parts.items()
    }

    def over(option: str, span: int) -> Outlook:
        # Nothing is paid once for what runs already: its ledger has no line for a move.
        paid = _outlay(parts[option]), _outlay(parts[today])
        found = outlook(option, today, costs[option][:span], costs[today][:span], *paid, rate)
        return replace(found, payback=None) if option == today else found

    return {
        option: replace(ledger, outlooks=tuple(over(option, span) for span in HORIZONS)) if ledger.priced else ledger
        for option, ledger in ledgers.items()
    }


def _parts(ledger: Ledger, case: LedgerCase) -> _Parts:
    horizon, life = (case.shared[name].band.likely for name in ("horizon_months", "hardware_months"))

    def amount(group: str) -> Decimal:
        return sum((i.amount.likely for i in ledger.items if i.group == group), Decimal(0))

    every_gpu = sum((i.amount.likely for i in ledger.items if i.per_gpu), Decimal(0))
    hardware = sum((i.amount.likely for i in ledger.items if i.id.removeprefix("own.") in HARDWARE), Decimal(0))
    once, gpus, tokens = amount("one-time"), every_gpu - hardware, amount("tokens")
    whole = sum((i.amount.likely for i in ledger.items), Decimal(0))
    capacity = ledger.capacity or {"replicas": "1", "spare_replicas": "0", "load": "0"}
    return _Parts(
        tokens=tokens,
        gpus=gpus,
        fixed=whole - once - gpus - tokens - hardware,
        once=once * horizon,
        hardware=hardware * life,
        replicas=Decimal(capacity["replicas"]),
        needed=Decimal(capacity["load"]),
        spare=Decimal(capacity["spare_replicas"]),
        by_the_hour=by_the_hour(ledger.capacity),
        second_card=_second_card(ledger),
    )


def _second_card(ledger: Ledger) -> Decimal:
    if ledger.capacity is None or not may_be_alone(ledger.capacity) or Decimal(ledger.capacity["replicas"]) > 1:
        return Decimal(0)
    return sum((item.as_if(True) - item.as_if(False) for item in ledger.items), Decimal(0))


def _outlay(part: _Parts) -> Decimal:
    return part.once + part.hardware


def _first(part: _Parts) -> Decimal:
    """What the first month costs beside what is paid once."""
    return part.fixed + part.tokens + part.gpus


def _monthly(part: _Parts, growth: Decimal, decline: Decimal, months: int) -> list[Decimal]:
    """Each month's cost. A replica is added, and bought where hardware is bought, when it is needed."""
    found: list[Decimal] = []
    standing = part.replicas
    cheaper = (1 - decline) ** (Decimal(1) / 12)
    for month in range(1, months + 1):
        volume = grown(Decimal(1), growth, month)
        replicas = max(standing if part.hardware else Decimal(1), _replicas(part, volume))
        bought = max(Decimal(0), replicas - standing) / part.replicas * part.hardware
        standing = max(standing, replicas)
        tokens = part.tokens * volume * cheaper ** (month - 1)
        grows = volume if part.by_the_hour else replicas / part.replicas
        more = part.second_card if replicas > 1 else Decimal(0)
        found.append(part.fixed + more + tokens + part.gpus * grows + bought)
    return found


def _replicas(part: _Parts, volume: Decimal) -> Decimal:
    if volume == 1 or not part.needed:
        return part.replicas
    return max(Decimal(1), (part.needed * volume).to_integral_value(ROUND_CEILING)) + part.spare
