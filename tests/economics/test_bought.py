"""Hardware that is bought, at the price of the catalogue or at one that is given."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.economics.cases import catalogue, costed, line

from hostwise.cli.main import cli
from hostwise.economics.ledgers.ledger import Ledger

OWNED = "self-host-owned"
TEXT = """
workload: {{name: x}}
demand: {{tokens_per_day: 100M, traffic_shape: steady, traffic_mix: interactive}}
current_api: {{tier: mid, input_price: $2.50, output_price: $10}}
self_host: {{model: Llama-3.3-70B, purchase: owned, amortisation_months: 36, {own}}}
economics: {{exchange_rates: {{EUR: {{rate: 1.1, as_of: 2026-11-01}}}}}}
"""


def owned(own: str) -> Ledger:
    return costed(TEXT.format(own=own)).ledgers[OWNED]


def hardware(ledger: Ledger) -> Decimal:
    return sum((i.amount.likely for i in ledger.items if i.id in ("hardware-busy", "hardware-idle")), Decimal(0))


def gpus(ledger: Ledger) -> Decimal:
    assert ledger.capacity is not None
    return Decimal(ledger.capacity["gpus"])


@pytest.mark.parametrize(
    ("price", "dollars"), [("$36k", 36000), ("36000", 36000), ("€30,000 per GPU", 33000), ("$30k..$42k", 36000)]
)
def test_a_price_that_is_given_is_written_off_with_nothing_on_top(price: str, dollars: int) -> None:
    ledger = owned(f'gpu: H100, gpu_purchase_price: "{price}"')
    assert hardware(ledger) == pytest.approx(gpus(ledger) * dollars / 36)
    around = next(i for i in line(ledger, "hardware-busy").told().inputs if "server around" in i.name)
    assert around.value.high == 0
    assert line(ledger, "hardware-support").amount.likely == pytest.approx(
        gpus(ledger) * dollars * catalogue().figures["hardware_support"].likely / 12
    )


def test_a_listed_price_has_the_server_on_top() -> None:
    ledger, listed = owned("gpu: H100"), catalogue().gpus["H100"].purchase
    assert listed is not None
    whole = listed.likely * (1 + catalogue().figures["server_overhead"].likely)
    assert hardware(ledger) == pytest.approx(gpus(ledger) * whole / 36)


def test_a_range_is_one_of_the_whole_machine() -> None:
    ledger = owned('gpu: H100, gpu_purchase_price: "$30k..$42k"')
    busy = line(ledger, "hardware-busy").told()
    price = next(i for i in busy.inputs if i.name == "price of a GPU")
    assert (price.value.low, price.value.high) == (30000, 42000)


def test_it_is_the_price_of_one_gpu_and_prices_no_other() -> None:
    assert owned("gpu: H200, gpu_purchase_price: $36k").capacity is not None
    capacity = owned("gpu_purchase_price: $1").capacity
    # As for a rent: no dear card is sought at the price of another.
    assert capacity is not None and capacity["gpu"] == "H100"


@pytest.mark.parametrize("gpu", ["MI325X", "B300"])
def test_it_prices_a_gpu_that_the_catalogue_has_no_price_of(gpu: str, tmp_path: Path) -> None:
    without, given = f"gpu: {gpu}", f"gpu: {gpu}, gpu_purchase_price: $30k"
    assert owned(without).total is None and owned(given).total is not None
    assert owned(without).needs == ("gpu_purchase_price",)
    for own, said in ((without, True), (given, False)):
        file = tmp_path / "x.yaml"
        file.write_text(TEXT.format(own=own), encoding="utf-8")
        assert (
            "self_host.gpu_purchase_price; or a GPU" in CliRunner().invoke(cli, ["check", str(file)]).output
        ) is said


def test_the_place_in_a_rack_costs_what_is_given() -> None:
    ledger = owned("gpu: H100, space_per_month: $55")
    assert line(ledger, "space").amount.likely == gpus(ledger) * 55


def test_at_a_desk_it_is_the_price_of_the_whole_machine() -> None:
    text = "workload: {name: x}\ndemand: {tokens_per_day: 1M}\nteam: {single_user: yes}\n"
    ledger = costed(text + "self_host: {gpu: RTX 5090, gpu_purchase_price: $5k}\n").ledgers[OWNED]
    assert hardware(ledger) == pytest.approx(gpus(ledger) * 5000 / catalogue().figures["hardware_months"].likely)
