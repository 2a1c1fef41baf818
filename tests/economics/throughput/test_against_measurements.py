"""The estimate against measured rows that its constants never saw (`aside` in measured-throughput.csv)."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from statistics import median

import pytest
from msgspec.structs import replace
from tests.economics.cases import catalogue

from hostwise.economics.throughput.bound import output_bound
from hostwise.economics.throughput.measured import Measured, expected_rate, load_of_row, read_rows
from hostwise.economics.throughput.nearest import Nearby, nearby
from hostwise.economics.throughput.replica import Replica
from hostwise.economics.throughput.served import error_of_estimate, ratio_of
from hostwise.economics.throughput.step import Request, step
from hostwise.reading.files.folders import rules_dir

CATALOGUE = catalogue()
CONSTANTS = CATALOGUE.physics
TABLE = rules_dir() / "catalogue" / "measured-throughput.csv"
ROWS = read_rows(TABLE.read_text(encoding="utf-8").splitlines())
ASIDE = [row for row in ROWS if row.aside]
Chosen = Callable[[Measured], bool]


def tuned(row: Measured) -> bool:
    return CONSTANTS.sources[row.source].tuned


def mixture(row: Measured) -> bool:
    return CATALOGUE.models[row.model].experts is not None


def ratio(row: Measured) -> Decimal:
    """Estimated over measured."""
    return expected_rate(load_of_row(row, CATALOGUE.models, CATALOGUE.gpus, CONSTANTS), row, CONSTANTS) / row.rate


RATIOS = {row: ratio(row) for row in ROWS}


def factors(chosen: Chosen) -> list[Decimal]:
    """How many times the larger of estimate and measurement is the smaller, sorted."""
    found = sorted(max(RATIOS[row], 1 / RATIOS[row]) for row in ASIDE if chosen(row))
    assert len(found) >= 40
    return found


def within(found: list[Decimal], share: float) -> Decimal:
    return found[int(len(found) * share)]


def test_dense_models_with_tuned_flags() -> None:
    found = factors(lambda row: tuned(row) and not mixture(row))
    assert median(found) <= Decimal("1.13")
    assert within(found, 0.8) <= Decimal("1.25")


def test_mixtures_with_tuned_flags() -> None:
    assert median(factors(lambda row: tuned(row) and mixture(row))) <= Decimal("1.22")


def test_independent_rows() -> None:
    found = factors(lambda row: not tuned(row))
    assert median(found) <= Decimal("1.20")
    assert within(found, 0.8) <= Decimal("1.75")


def splits() -> Iterator[tuple[str, Chosen]]:
    for low, high in ((1, 1), (2, 8), (9, 64), (65, 300), (301, 5000)):
        yield f"{low} to {high} at once", lambda row, low=low, high=high: low <= (row.concurrency or 4096) <= high
    for low, high in ((0, 512), (513, 2048), (2049, 8192), (8193, 33000)):
        yield f"{low} to {high} tokens", lambda row, low=low, high=high: low <= row.input + row.output <= high
    for precision in ("bf16", "fp8", "fp4"):
        yield precision, lambda row, precision=precision: row.precision == precision
    yield "NVIDIA", lambda row: CATALOGUE.gpus[row.gpu].maker == "NVIDIA"


@pytest.mark.parametrize(("name", "chosen"), list(splits()))
def test_nothing_is_off_in_one_direction(name: str, chosen: Chosen) -> None:
    found = [RATIOS[row] for row in ASIDE if chosen(row)]
    assert len(found) >= 10, name
    assert Decimal("0.8") <= median(found) <= Decimal("1.25"), name


def test_nine_rows_in_ten_lie_within_the_band() -> None:
    def inside(row: Measured) -> bool:
        replica = Replica(CATALOGUE.models[row.model], CATALOGUE.gpus[row.gpu], row.gpus, row.precision)
        error = error_of_estimate(replica, CONSTANTS)
        return error.low <= 1 / RATIOS[row] <= error.high

    share = sum(map(inside, ASIDE)) / len(ASIDE)
    assert 0.85 <= share <= 0.95


def test_rows_nearby_are_better_than_the_estimate_alone() -> None:
    """Each row is left out, and asked for from the others of its model, GPU and precision."""
    errors = {True: [], False: []}
    for row in ROWS[::7]:
        known = nearby(CATALOGUE.measured, row.model, row.gpu, row.precision)
        if known is None or row.kind != "serving" or not tuned(row):
            continue
        others = tuple(each for each in known.rows if (each.input, each.output, each.concurrency, each.gpus) != (
            row.input, row.output, row.concurrency, row.gpus))  # fmt: skip
        if not others:
            continue
        load = load_of_row(row, CATALOGUE.models, CATALOGUE.gpus, CONSTANTS)
        asked = step(load, row.concurrency or Decimal(1), CONSTANTS)
        found = RATIOS[row] * ratio_of(load, asked, Nearby(others, known.otherwise))
        errors[mixture(row)].append(max(found, 1 / found))
    assert median(errors[False]) <= Decimal("1.06")
    assert median(errors[True]) <= Decimal("1.10")


def test_no_measurement_is_above_what_physics_allows() -> None:
    def bound(row: Measured) -> Decimal:
        replica = Replica(CATALOGUE.models[row.model], CATALOGUE.gpus[row.gpu], row.gpus, row.precision)
        cached = Decimal(1) if row.kind == "decode" else row.cached
        return output_bound(replica, Request(max(row.input, Decimal(1)), row.output, cached))

    assert [row for row in ROWS if row.rate > bound(row)] == []


def test_the_ratios_in_the_table_are_those_of_the_constants() -> None:
    """`scripts/calibrate --write` puts them there."""
    assert [
        row for row in ROWS if abs(row.ratio * RATIOS[row] - 1) > Decimal("0.001") and row.ratio > Decimal("0.1")
    ] == []


def test_every_row_names_a_source_and_entries_of_the_catalogue() -> None:
    assert {row.source for row in ROWS} <= set(CONSTANTS.sources)
    assert {row.model for row in ROWS} <= set(CATALOGUE.models)
    assert {row.gpu for row in ROWS} <= set(CATALOGUE.gpus)


def test_a_faster_link_and_more_memory_never_slow_it_down() -> None:
    row = next(row for row in ROWS if row.gpus == 4 and row.kind == "serving")
    better = {name: replace(gpu, link=gpu.link * 2, memory=gpu.memory * 2) for name, gpu in CATALOGUE.gpus.items()}
    load = load_of_row(row, CATALOGUE.models, better, CONSTANTS)
    assert expected_rate(load, row, CONSTANTS) >= RATIOS[row] * row.rate
