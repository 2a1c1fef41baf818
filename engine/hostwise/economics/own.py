"""Ledgers of GPUs of one's own, rented or bought."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from hostwise.economics.bands import Band
from hostwise.economics.capacity import CapacityPlan, Hardware
from hostwise.economics.case import Case, in_dollars, ledger_of
from hostwise.economics.currency import NoRate
from hostwise.economics.demand import Demand
from hostwise.economics.ledger import Ledger, unpriced
from hostwise.economics.values import Sourced, given
from hostwise.reading.said import fill, prose

GPU_RENT = "gpu_hourly_price"


def own_ledger(option: str, case: Case, demand: Demand, planned: CapacityPlan) -> Ledger:
    """The ledger of `self-host-cloud` or `self-host-owned` for a capacity plan."""
    try:
        values = _own_values(case, planned)
    except NoRate as problem:
        return unpriced(option, case.catalogue, case.currency, fill("{why}.", why=problem.args[0]), ("exchange_rates",))
    return ledger_of(option, case, demand, values, variant=_variant(option, case), capacity=capacity_part(planned))


def _variant(option: str, case: Case) -> str:
    if option == "self-host-owned":
        return "owned"
    purchase = case.facts["purchase"].value
    return str(purchase) if purchase in ("reserved", "spot") else "on-demand"


def _own_values(case: Case, planned: CapacityPlan) -> dict[str, Sourced]:
    gpu = case.catalogue.gpus[planned.hardware.gpu]
    basis = fill(
        "{replicas} replicas of {gpus} × {gpu}",
        replicas=str(planned.replicas),
        gpus=str(planned.hardware.gpus_per_replica),
        gpu=planned.hardware.gpu,
    )
    used = Sourced(
        Band.exactly(planned.utilisation), "derived", prose("tokens ÷ what the replicas could serve"), (), "share"
    )
    draw = Band.exactly(gpu.power / 1000) * planned.gpus
    return {
        "gpus": Sourced(planned.gpus, "derived", basis, (), "GPUs"),
        "utilisation": used,
        "rent": _rent(case, planned.hardware),
        "purchase": Sourced(gpu.purchase.band, "assumed", gpu.source, (), "USD"),
        "power_kw": Sourced(draw, "derived", fill("{watts} W a card, at full load", watts=f"{gpu.power:f}"), (), "kW"),
    }


def _rent(case: Case, one: Hardware) -> Sourced:
    """USD per GPU-hour: as given, else the listed range for the way of buying."""
    stated = given(GPU_RENT, case.facts)
    if stated is not None:
        return replace(in_dollars(stated, case.rates), unit="USD/GPU-hour")
    gpu = case.catalogue.gpus[one.gpu]
    band, source = gpu.rent.band, fill("{gpu} on demand: {source}", gpu=one.gpu, source=gpu.source)
    purchase = case.facts["purchase"].value
    if purchase in ("reserved", "spot"):
        entry = case.catalogue.figures[f"{purchase}_factor"]
        source = fill("{source}; {purchase}: {because}", source=source, purchase=str(purchase), because=entry.because)
        band = band * Band.exactly(entry.likely)
    return Sourced(band, "assumed", source, (GPU_RENT,), "USD/GPU-hour")


def capacity_part(planned: CapacityPlan) -> Mapping[str, str]:
    """The capacity plan as the record shows it."""
    one = planned.hardware
    return {
        "model": one.model,
        "precision": one.precision,
        "gpu": one.gpu,
        "gpus_per_replica": str(one.gpus_per_replica),
        "replicas": str(planned.replicas),
        "spare_replicas": str(planned.spare),
        "load": f"{planned.load.likely:.15f}",
        "load_low": f"{planned.load.low:.15f}",
        "load_high": f"{planned.load.high:.15f}",
        "replicas_low": f"{planned.replicas_band.low:f}",
        "replicas_high": f"{planned.replicas_band.high:f}",
        "gpus": f"{planned.gpus.likely:f}",
        "throughput": f"{one.throughput.band.likely:.1f}",
        "throughput_low": f"{one.throughput.band.low:.1f}",
        "throughput_high": f"{one.throughput.band.high:.1f}",
        "throughput_origin": one.throughput.origin,
        "throughput_source": one.throughput.source,
        "bound": f"{one.bound:.1f}" if one.bound is not None else "",
        "utilisation": f"{planned.utilisation:.4f}",
        "idle_share": f"{planned.idle_share:.4f}",
        "peak_to_mean": f"{planned.peak_to_mean:f}",
        "planning_cap": f"{planned.planning_cap:f}",
        "assumed": ", ".join(one.assumed),
    }
