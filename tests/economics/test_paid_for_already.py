"""GPUs that stand there, or that a running term pays for, whatever is decided: their price is no cost of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.economics.cases import catalogue, costed, facts_of, line

from hostwise.cli.main import cli
from hostwise.economics.costing import Costing

RENTED, OWNED = "self-host-cloud", "self-host-owned"
TEXT = """
workload: {{name: x}}
demand: {{tokens_per_day: 1B, traffic_shape: steady, traffic_mix: interactive}}
current_api: {{tier: mid, input_price: $2.50, output_price: $10}}
self_host: {{model: Llama-3.3-70B, precision: fp8, {own}}}
"""
BUYING, RENTING = ("hardware-busy", "hardware-idle"), ("compute-busy", "compute-idle")


def of(own: str) -> Costing:
    return costed(TEXT.format(own=own))


def paid(costing: Costing, option: str, lines: tuple[str, ...]) -> Decimal:
    return sum((line(costing.ledgers[option], each).amount.likely for each in lines), Decimal(0))


def gpus(costing: Costing, option: str) -> Decimal:
    capacity = costing.ledgers[option].capacity
    assert capacity is not None
    return Decimal(capacity["gpus"])


def test_only_what_is_bought_beyond_them_is_written_off() -> None:
    none, two = of("gpu: H200"), of("gpu: H200, gpus_owned: 2")
    needed = gpus(none, OWNED)
    assert needed > 2 and gpus(two, OWNED) == needed
    whole = paid(none, OWNED, BUYING)
    assert paid(two, OWNED, BUYING) == pytest.approx(whole * (needed - 2) / needed)
    for running in ("hardware-support", "power", "space"):
        assert line(two.ledgers[OWNED], running).amount == line(none.ledgers[OWNED], running).amount
    assert two.ledgers[RENTED].total == none.ledgers[RENTED].total
    assert f"on {needed} × H200 bought" in two.plans[OWNED].best.text
    assert "2 of them are there already" in two.plans[OWNED].best.text


def test_nothing_is_bought_where_enough_stand_there() -> None:
    every = of("gpu: H200, gpus_owned: 64")
    assert paid(every, OWNED, BUYING) == 0
    assert "× H200 standing there already" in every.plans[OWNED].best.text


def test_what_a_term_pays_for_is_not_rented_again() -> None:
    none, one = (of(f"gpu: H200, purchase: reserved{more}") for more in ("", ", gpus_reserved: 1"))
    needed = gpus(none, RENTED)
    assert paid(one, RENTED, RENTING) == pytest.approx(paid(none, RENTED, RENTING) * (needed - 1) / needed)
    assert "1 of them are paid for already" in one.plans[RENTED].best.text
    every = of("gpu: H200, purchase: reserved, gpus_reserved: 64")
    assert paid(every, RENTED, RENTING) == 0
    assert "× H200 paid for already" in every.plans[RENTED].best.text
    assert one.ledgers[OWNED].total == none.ledgers[OWNED].total


@pytest.mark.parametrize("already", [0, 1, 2, 4, 8, 12])
def test_the_cheapest_of_all_plans_is_taken_however_many_stand_there(already: int) -> None:
    """Each size of a replica alone, and all of them: what is there may favour another size than what is bought."""
    size = f"gpu: H100, purchase: reserved, gpus_reserved: {already}"
    best = of(size).ledgers[RENTED].total
    assert best is not None
    alone = (of(f"{size}, gpus_per_replica: {n}").ledgers[RENTED].total for n in (1, 2, 4, 8))
    assert best.likely == min(each.likely for each in alone if each is not None)


def test_no_break_even_is_said_where_a_replica_has_no_one_price() -> None:
    assert of("gpu: H200").break_evens
    assert not of("gpu: H200, gpus_owned: 2").break_evens


@pytest.mark.parametrize("key", ["gpus_owned", "gpus_reserved"])
def test_which_gpus_they_are_must_be_said(key: str, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(TEXT.format(own=f"{key}: 8"))
    shown = CliRunner().invoke(cli, ["check", str(file)])
    assert shown.exit_code == 2
    assert f"case.yaml:5:{file.read_text().splitlines()[4].index(key) + len(key) + 3}" in shown.output
    assert "which kind is not said: self_host.gpu names it" in shown.output
    file.write_text(TEXT.format(own=f"{key}: 0"))
    assert CliRunner().invoke(cli, ["check", str(file)]).exit_code == 0


def test_a_row_of_a_table_must_say_it_too(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text(
        "workload.name,demand.tokens_per_day,self_host.gpus_owned,self_host.gpu\na,1M,8,\nb,1M,8,H200\nc,1M,,\n"
    )
    shown = CliRunner().invoke(cli, ["decide", str(table)])
    assert shown.output.count("which kind is not said") == 1
    alone = tmp_path / "alone.csv"
    alone.write_text("workload.name,demand.tokens_per_day,self_host.gpus_owned\na,1M,8\nc,1M,\n")
    assert CliRunner().invoke(cli, ["decide", str(alone)]).output.count("which kind is not said") == 1


def test_gpus_that_stand_there_are_those_that_are_run_on() -> None:
    """Left out, the way of buying was by the hour, and hardware that stands there was not compared."""
    for own, way in (("", "owned"), (", purchase: spot", "spot")):
        assert facts_of(TEXT.format(own=f"gpu: H200, gpus_owned: 8{own}"))["purchase"].value == way
    assert facts_of(TEXT.format(own="gpu: H200, gpus_owned: 0"))["purchase"].value == "on-demand"


def test_the_catalogue_counts_on_none() -> None:
    assert {catalogue().figures[name].high for name in ("gpus_owned", "gpus_reserved")} == {0}


def test_what_stands_there_needs_no_price_that_nobody_knows() -> None:
    """One RTX 4090 at home: "price of a GPU that is bought must be known first"."""
    home = TEXT.replace("1B", "2M").replace("Llama-3.3-70B, precision: fp8", "Mistral-7B, precision: fp8")
    there = costed(home.format(own="gpu: RTX 4090, purchase: owned, gpus_owned: 1"))
    assert there.ledgers[OWNED].priced and paid(there, OWNED, BUYING) == 0
    unknown = costed(home.format(own="gpu: RTX 4090, purchase: owned"))
    assert unknown.ledgers[OWNED].needs == ("gpu_purchase_price",)


def test_more_than_stand_there_need_it() -> None:
    many = TEXT.replace("1B", "500M").replace("Llama-3.3-70B, precision: fp8", "Mistral-7B, precision: fp8")
    ledger = costed(many.format(own="gpu: RTX 4090, purchase: owned, gpus_owned: 1")).ledgers[OWNED]
    assert ledger.needs == ("gpu_purchase_price",) and "stand there" in str(ledger.why_not)


def test_that_none_stands_there_is_as_if_nobody_had_said_so() -> None:
    """A card that nobody sells was taken for one that costs nothing, and owned hardware had no price then."""
    searched = TEXT.replace("model: Llama-3.3-70B, precision: fp8, ", "")
    unsaid, none = costed(searched.format(own="precision: fp8")), costed(searched.format(own="gpus_owned: 0"))
    said = costed(searched.format(own="precision: fp8, gpus_owned: 0"))
    assert said.ledgers[OWNED].total == unsaid.ledgers[OWNED].total and said.ledgers[OWNED].priced
    assert none.ledgers[OWNED].priced
