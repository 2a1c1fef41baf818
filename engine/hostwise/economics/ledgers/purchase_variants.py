"""Other ways to pay for the same rented GPUs: on demand, reserved, spot, and switched down at night."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from msgspec.structs import replace

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactType
from hostwise.economics.capacity.capacity import HOURS as MONTH_HOURS
from hostwise.economics.capacity.capacity import SECONDS, CapacityPlan, sized, traffic_load
from hostwise.economics.capacity.demand import Demand
from hostwise.economics.catalogue.sourced import figure
from hostwise.economics.ledgers.context import LedgerCase
from hostwise.economics.ledgers.ledger import Ledger, Variant
from hostwise.economics.numbers.bands import Band, total
from hostwise.economics.plans.rents import CHEAPER, TERM, outlasts, way_factor
from hostwise.reading.translatable import fill, prose

RENT_GROUPS = ("compute", "idle")
HOURS = 24


def with_variants(ledger: Ledger, case: LedgerCase, demand: Demand, planned: CapacityPlan) -> Ledger:
    """The same ledger with what it would come to when the GPUs were paid for in another way."""
    if not ledger.priced:
        return ledger
    return replace(ledger, variants=tuple(_variants(ledger, case, demand, planned)))


def _variants(ledger: Ledger, case: LedgerCase, demand: Demand, planned: CapacityPlan) -> Iterator[Variant]:
    rent = total([item.amount for item in ledger.items if item.group in RENT_GROUPS])
    rest = total([item.amount for item in ledger.items if item.group not in RENT_GROUPS])
    gpu = case.catalogue.gpus[planned.hardware.gpu]
    factors = {name: way_factor(gpu, name, case.facts, case.catalogue) for name in ("on-demand", *CHEAPER)}
    # At every hour of the month, on demand.
    whole = rent * Band.exactly(1 / factors[ledger.variant] / planned.paid_share)
    let_go, kept = (sized(traffic_load(case.facts, case.catalogue, demand, c), planned.hardware) for c in (False, True))
    notes = {
        "on-demand": prose("Paid by the hour; no commitment."),
        "reserved": prose("Committed for a term: cheaper, and there when everybody needs GPUs (S1-25)."),
        "spot": prose("Can be taken away at any time (S1-25): only for work that may wait."),
    }
    for name, factor in factors.items():
        size = kept if name == TERM else let_go
        hours = size.paid_share * size.replicas / planned.replicas
        cost = rent if name == ledger.variant else whole * Band.exactly(factor * hours)
        usable = demand.batch_share >= 1 if name == "spot" else name != TERM or not outlasts(case.facts, case.catalogue)
        yield Variant(name, rest + cost, usable, notes[name])
    share = _night_share(case, demand, planned)
    if share is not None:
        text = fill(
            "Replicas follow the day: {share} of the GPU-hours, on demand. A restart takes minutes (S3-26).",
            share=format_value(share, FactType.RATIO),
        )
        yield Variant(prose("scheduled scale-down"), rest + whole * Band.exactly(share), True, text)


def _night_share(case: LedgerCase, demand: Demand, planned: CapacityPlan) -> Decimal | None:
    """The share of GPU-hours left when replicas follow the day; None where there is nothing to switch off."""
    whole_day = planned.paid_share == 1
    if case.facts["traffic_shape"].value != "daily-cycle" or planned.replicas <= planned.spare + 1 or not whole_day:
        return None
    busy = figure("busy_hours", case.catalogue, case.facts).band.likely
    load = figure("night_load", case.catalogue, case.facts).band.likely
    one = planned.hardware
    rate = one.throughput.band.likely / one.work.likely * planned.planning_cap * SECONDS
    needed = (demand.tokens.band.likely * load / rate).to_integral_value(ROUND_CEILING)
    night = min(planned.replicas, max(Decimal(1), needed) + planned.spare)
    starting = figure("batch_start_hours", case.catalogue, case.facts).band.likely / MONTH_HOURS
    kept = (busy * planned.replicas + (HOURS - busy) * night) / (HOURS * planned.replicas)
    return kept + starting * (planned.replicas - night) / planned.replicas
