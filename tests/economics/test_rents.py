"""Who lets the GPUs of a plan, for how much, and what that may rise by."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.economics.cases import catalogue, costed, line

from hostwise import InputError
from hostwise.cli.main import cli
from hostwise.economics.costing import Costing
from hostwise.flow.knowledge import load_knowledge
from hostwise.reading.files.folders import rules_dir

RENTED = "self-host-cloud"
TEXT = """
workload: {{name: x}}
demand: {{tokens_per_day: 100M, traffic_shape: steady, traffic_mix: interactive}}
current_api: {{tier: mid, input_price: $2.50, output_price: $10}}
self_host: {{model: Llama-3.3-70B, precision: fp8, {own}}}
economics: {{horizon_months: {horizon}}}
"""
RISE = catalogue().figures["rent_rise"]


def of(own: str, horizon: int = 12) -> Costing:
    return costed(TEXT.format(own=own, horizon=horizon))


def hourly(costing: Costing) -> tuple[Decimal, Decimal, Decimal]:
    found = line(costing.ledgers[RENTED], "compute-busy").told().inputs
    band = next(each.value for each in found if each.name == "rent of a GPU-hour")
    return band.low, band.likely, band.high


@pytest.mark.parametrize("gpu", ["H100", "H200", "A100", "B200", "L40S"])
def test_a_plan_rents_from_the_cheapest_seller_with_a_data_centre(gpu: str) -> None:
    asked = {r.seller: r for r in catalogue().gpus[gpu].rents if r.way == "on-demand"}
    let = [r for r in asked.values() if r.seller_class in ("hyperscaler", "gpu-cloud")]
    cheapest, dearest = min(r.likely for r in let), max(r.high for r in let)
    costing = of(f"gpu: {gpu}")
    low, likely, high = hourly(costing)
    assert (low, likely) == (cheapest, cheapest)
    assert high == pytest.approx(dearest * (1 + RISE.high / 2))
    named = next(seller for seller, rent in asked.items() if f"rented at {seller} for ${rent.likely:.2f} an hour" in
                 costing.plans[RENTED].best.text)  # fmt: skip
    assert asked[named].likely == cheapest and asked[named].seller_class != "marketplace"


def test_both_ends_of_a_rent_follow_from_what_is_said_of_it() -> None:
    """The top was 2.62 × 1.25, and neither factor was named."""
    _, _, high = hourly(of("gpu: L40S"))
    (source,) = {each.source for each in line(of("gpu: L40S").ledgers[RENTED], "compute-busy").told().inputs
                 if each.name == "rent of a GPU-hour"}  # fmt: skip
    dearest = Decimal(source.split("the dearest asks $")[1].split(" an hour")[0])
    more = Decimal(source.split("up to ")[1].split("% more")[0]) / 100
    assert high == pytest.approx(dearest * (1 + more))


def test_a_marketplace_that_asks_less_sets_no_rent() -> None:
    least = min((r for r in catalogue().gpus["H100"].rents if r.way == "on-demand"), key=lambda r: r.likely)
    assert least.seller_class == "marketplace"
    assert hourly(of("gpu: H100"))[1] > least.likely


@pytest.mark.parametrize(
    ("gpu", "months", "price", "said"),
    [
        ("L40S", 12, "1.17", "reserved at AWS for $1.17 an hour"), ("L40S", 36, "0.80", "reserved at AWS for $0.80"),
        ("L40S", 24, "1.17", "reserved at AWS for $1.17 an hour"), ("H100", 12, "2.35", "reserved for $2.35 an hour"),
        ("H200", 12, None, "reserved for $2.20 an hour"), ("L40S", 6, None, "reserved for $0.975 an hour"),
    ],
)  # fmt: skip
def test_a_term_costs_what_is_listed_for_it_and_names_no_seller_of_an_hour(
    gpu: str, months: int, price: str | None, said: str
) -> None:
    """It was a part of the cheapest hour on demand, 13 to 20% below what one is offered."""
    costing = of(f"gpu: {gpu}, purchase: reserved, reserved_term: {months}", max(months, 12))
    sold, factor = catalogue().gpus[gpu], catalogue().figures["reserved_factor"].likely
    assert sold.rent is not None
    assert sold.let_by is not None
    part = factor if price is None else Decimal(price) / sold.let_by.likely
    assert hourly(costing) == pytest.approx((sold.rent.low * part, sold.rent.likely * part, sold.rent.high * part))
    assert said in costing.plans[RENTED].best.text
    assert sold.let_by.seller not in costing.plans[RENTED].best.text


@pytest.mark.parametrize(
    ("gpu", "seller", "price"), [("L40S", "AWS", "1.10"), ("A100", "Verda", "0.45"), ("H100", "Nebius", "1.25")]
)
def test_what_may_be_taken_away_costs_what_is_listed_for_it(gpu: str, seller: str, price: str) -> None:
    """An L40S on spot was 42% of an hour at the cheapest, $0.66, where AWS asks $1.10."""
    waits = TEXT.replace("traffic_mix: interactive", "traffic_mix: batch")
    costing = costed(waits.format(own=f"gpu: {gpu}, purchase: spot", horizon=12))
    sold, taken = catalogue().gpus[gpu], catalogue().figures["spot_fallback"].likely
    assert sold.let_by is not None
    likely = Decimal(price) * (1 - taken) + sold.let_by.likely * taken
    assert hourly(costing)[1] == pytest.approx(likely)
    assert f"{gpu} on spot at {seller} for $" in costing.plans[RENTED].best.text


@pytest.mark.parametrize("months", [6, 12, 24])
def test_half_of_a_rise_is_paid_over_the_horizon(months: int) -> None:
    given = "gpu: H100, gpu_hourly_price: $3"
    low, likely, high = hourly(of(given, months))
    assert (low, likely) == (3, 3)
    assert high == pytest.approx(3 * (1 + RISE.high * months / 24))
    assert hourly(of(f"{given}, purchase: reserved, reserved_term: 6", months)) == (3, 3, 3)


def test_a_seller_that_is_added_is_rented_from(tmp_path: Path) -> None:
    added = tmp_path / "ours.yaml"
    added.write_text(
        "rents:\n  - {gpu: H100, seller: Our host, seller_class: gpu-cloud, way: on-demand, low: 2.10, likely: 2.10,\n"
        "     high: 2.10, source: quotation of 2 November, as_of: 2026-11-02, grade: A}\n"
    )
    file = tmp_path / "case.yaml"
    file.write_text(TEXT.format(own="gpu: H100", horizon=12))
    record = tmp_path / "record.json"
    assert CliRunner().invoke(cli, ["decide", str(file), "--catalogue", str(added), "-o", str(record)]).exit_code == 0
    shown = CliRunner().invoke(cli, ["explain", str(record), "--plans", RENTED])
    assert "rented at Our host for $2.10 an hour" in " ".join(shown.output.split())


def test_a_rent_beside_its_sellers_is_refused_at_its_line(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(rules_dir(), rules)
    gpus = rules / "catalogue" / "gpus.yaml"
    gpus.write_text(gpus.read_text().replace("  H200:\n", "  H200:\n    rent: {low: 1, likely: 2, high: 3}\n"))
    with pytest.raises(InputError, match="its sellers are listed") as refused:
        load_knowledge(rules)
    (finding,) = refused.value.diagnostics
    assert finding.place.line == gpus.read_text().splitlines().index("  H200:") + 2
