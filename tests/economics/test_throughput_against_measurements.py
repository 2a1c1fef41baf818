"""The throughput estimate against published measurements that its constants never saw (scripts/calibrate)."""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from tests.economics.cases import catalogue

from hostwise.economics.throughput import Replica, output_bound, output_rate

LINES = (Path(__file__).parent / "data" / "throughput.csv").read_text().splitlines()
ROWS = list(csv.DictReader(line for line in LINES if not line.startswith("#")))


def replica(row: dict[str, str]) -> Replica:
    known = catalogue()
    lengths = Decimal(row["input"]), Decimal(row["output"])
    return Replica(known.models[row["model"]], known.gpus[row["gpu"]], int(row["gpus"]), int(row["bits"]), *lengths)


def ratios(wanted: Callable[[dict[str, str]], bool]) -> list[Decimal]:
    """Estimated ÷ measured."""
    fit = catalogue().throughput
    found = []
    for row in filter(wanted, ROWS):
        one = replica(row)
        concurrency = int(row["concurrency"]) if row["concurrency"] else one.concurrency(fit.memory_reserve)
        found.append(output_rate(one, concurrency, fit) / Decimal(row["output_tok_s"]))
    assert len(found) > 10
    return found


def mean_error(found: list[Decimal]) -> Decimal:
    return sum(abs(r - 1) for r in found) / len(found)


def far_above(found: list[Decimal]) -> Decimal:
    return Decimal(sum(r > Decimal("1.5") for r in found)) / len(found)


def dense(row: dict[str, str]) -> bool:
    model = catalogue().models[row["model"]]
    return model.active == model.parameters


def test_dense_models_while_serving() -> None:
    found = ratios(lambda row: dense(row) and row["regime"] == "serving")
    assert mean_error(found) <= Decimal("0.25")
    assert far_above(found) <= Decimal("0.1")


def test_dense_models_at_saturation() -> None:
    found = ratios(lambda row: dense(row) and row["regime"] == "saturation")
    assert mean_error(found) <= Decimal("0.30")
    assert far_above(found) <= Decimal("0.1")


def test_mixtures_of_experts_are_rougher() -> None:
    """Active parameters carry the compute, all of them the bandwidth: a known simplification."""
    found = ratios(lambda row: not dense(row))
    assert mean_error(found) <= Decimal("0.45")


def test_no_measurement_is_above_the_bound() -> None:
    assert [row for row in ROWS if Decimal(row["output_tok_s"]) > output_bound(replica(row))] == []
