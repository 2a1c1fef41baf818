"""Accelerators: what each computes in which precision, and that no figure is filled in that nobody published."""

from decimal import Decimal

import pytest
from click.testing import CliRunner
from tests.economics.cases import DAY, catalogue, facts_of

from hostwise.cli.main import cli
from hostwise.economics.costing import cost_options
from hostwise.flow.knowledge import load_knowledge

UNITS = {
    "T4": {"int8"}, "A10G": {"int8"}, "A30": {"int8"}, "RTX 3090": {"int8"}, "RTX A6000": {"int8"},
    "A100": {"int8"}, "A100-40": {"int8"}, "A100 PCIe": {"int8"},
    "L4": {"fp8", "int8"}, "L40S": {"fp8", "int8"}, "RTX 4090": {"fp8", "int8"}, "RTX 6000 Ada": {"fp8", "int8"},
    "H100": {"fp8", "int8"}, "H100 PCIe": {"fp8", "int8"}, "H100 NVL": {"fp8", "int8"}, "H20": {"fp8", "int8"},
    "H200": {"fp8", "int8"}, "GH200": {"fp8", "int8"},
    "B200": {"fp8", "int8", "fp4"}, "B300": {"fp8", "int8", "fp4"}, "GB200": {"fp8", "int8", "fp4"},
    "GB300": {"fp8", "int8", "fp4"}, "RTX 5090": {"fp8", "int8", "fp4"}, "RTX PRO 6000": {"fp8", "int8", "fp4"},
    "MI300X": {"fp8", "int8"}, "MI325X": {"fp8", "int8"}, "MI355X": {"fp8", "int8", "fp4"},
    "Gaudi 3": {"fp8"}, "Arc Pro B60": {"fp8", "int8"}, "TPU v5e": {"int8"}, "TPU v6e": {"int8"},
    "Trainium 2": {"fp8"}, "Inferentia 2": {"int8"}, "DGX Spark": {"fp8", "fp4"},
    "Mac Studio M3 Ultra": set(), "Strix Halo": set(),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(catalogue().gpus))
def test_a_card_has_the_units_that_it_has(name: str) -> None:
    assert set(catalogue().gpus[name].tflops) - {"bits16"} == UNITS[name]


def test_the_list_has_the_accelerators_of_the_day() -> None:
    assert len(catalogue().gpus) >= 30
    assert len({gpu.device_class for gpu in catalogue().gpus.values()}) >= 6


def test_weights_without_units_are_multiplied_in_16_bits() -> None:
    a100 = catalogue().gpus["A100"]
    assert a100.multiplying("fp8") == a100.tflops["bits16"] == 312 and a100.multiplying("int8") == 624


def test_a_rent_that_nobody_published_is_absent() -> None:
    gpus = catalogue().gpus
    assert gpus["TPU v5e"].rent is None and gpus["TPU v5e"].purchase is None and gpus["TPU v5e"].power is None
    assert gpus["H20"].rent is None and gpus["MI355X"].purchase is None


def test_rents_are_by_seller_and_way_of_paying() -> None:
    rents = catalogue().gpus["H100"].rents
    assert {rent.way for rent in rents} == {"on-demand", "reserved", "spot"}
    assert {rent.seller_class for rent in rents} == {"hyperscaler", "gpu-cloud", "marketplace", "dedicated"}
    assert next(rent for rent in rents if rent.seller == "Azure").least == 8
    dearest = {r.seller: r.likely for r in rents if r.way == "on-demand"}
    assert dearest["Azure"] == Decimal("12.29") and all(rent.source and rent.as_of for rent in rents)


def test_prices_of_a_card_are_listed_seller_by_seller() -> None:
    result = CliRunner().invoke(cli, ["catalogue", "prices", "L40S"])
    assert result.exit_code == 0
    row = next(line for line in result.output.splitlines() if "reserved, 36 months" in line)
    assert "AWS" in row and "$0.80" in row and "modal.com" in row
    assert "seller by seller" not in CliRunner().invoke(cli, ["catalogue", "prices"]).output


def test_no_card_or_model_is_newer_than_the_rulebook_that_decides_by_default() -> None:
    knowledge = load_knowledge()
    entries = {**knowledge.catalogue.gpus, **knowledge.catalogue.models, **knowledge.catalogue.api_models}
    assert [name for name, entry in entries.items() if entry.as_of > knowledge.as_of] == []


def test_consumer_cards_compete_only_where_they_are_named() -> None:
    """NVIDIA licenses their driver for no data centre; who names one may know that the seller answers for it."""
    text = (
        "workload: {name: x}\ndemand: {tokens_per_month: 60B, input_share: 92%}\n"
        "self_host: {model: gpt-oss-120b, purchase: on-demandMORE}\n"
    )
    listed = catalogue()
    found = {}
    for more in ("", ", gpu: RTX 5090"):
        facts = facts_of(text.replace("MORE", more))
        told = cost_options(facts, listed, DAY).plans["self-host-cloud"]
        found[more] = " ".join(line.text for line in (told.best, *told.others)), [left.reason for left in told.left_out]
    open_, named = found.values()
    assert "RTX 5090" not in open_[0] and any("consumer card" in reason for reason in open_[1])
    assert "RTX 5090" in named[0] and not any("consumer card" in reason for reason in named[1])
