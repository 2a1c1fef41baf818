"""Volume by any route, the mix, and the peak."""

from decimal import Decimal

import pytest
from tests.economics.cases import costed, derived

HEAD = "workload: {name: X}\ndemand: {%s}\n"


def value(demand: str, name: str):
    return derived(costed(HEAD % demand))[name].value


@pytest.mark.parametrize(
    "demand",
    [
        "tokens_per_day: 30M",
        "tokens_per_month: 900M",
        "input_tokens_per_day: 24M, output_tokens_per_day: 6M",
        "input_tokens_per_month: 720M, output_tokens_per_month: 180M",
        "requests_per_day: 20k, input_tokens_per_request: 1200, output_tokens_per_request: 300",
    ],
)
def test_every_route_gives_the_same_volume(demand: str) -> None:
    assert value(demand, "tokens_per_month") == 900_000_000
    assert value(demand, "tokens_per_day") == 30_000_000


def test_parts_give_the_input_share() -> None:
    lengths = "input_tokens_per_request: 1200, output_tokens_per_request: 300"
    assert value("input_tokens_per_day: 24M, output_tokens_per_day: 6M", "input_share") == Decimal("0.8")
    assert value(f"requests_per_day: 20k, {lengths}", "input_share") == Decimal("0.8")


@pytest.mark.parametrize(
    "demand",
    [
        "tokens_per_day: 30M, input_tokens_per_request: 1200, output_tokens_per_request: 300",
        "tokens_per_month: 900M, input_tokens_per_day: 24M",
        "tokens_per_day: 30M, output_tokens_per_month: 180M",
        "tokens_per_day: 30M, requests_per_day: 20k, input_tokens_per_request: 1200",
        "input_tokens_per_day: 24M, input_share: 80%",
        "output_tokens_per_month: 180M, input_share: 80%",
        "requests_per_day: 20k, input_tokens_per_request: 1200, input_share: 80%",
        "requests_per_day: 20k, output_tokens_per_request: 300, input_share: 80%",
        "input_tokens_per_day: 24M, input_tokens_per_request: 1200, output_tokens_per_request: 300",
        "input_tokens_per_day: 24M, requests_per_day: 20k, output_tokens_per_request: 300",
        # Stated tokens say the volume themselves; what requests come to is held against them.
        "input_tokens_per_day: 24M, output_tokens_per_day: 6M, requests_per_day: 1, input_tokens_per_request: 1200, "
        "output_tokens_per_request: 300",
    ],
)
def test_whatever_follows_from_the_answers_is_not_assumed(demand: str) -> None:
    """Nothing that is answered is lost: a volume and a mix that follow from two answers are those."""
    assert value(demand, "tokens_per_month") == 900_000_000
    assert value(demand, "input_share") == Decimal("0.8")


def test_a_range_of_lengths_is_a_range_of_the_mix() -> None:
    lengths = "input_tokens_per_request: 800..1600, output_tokens_per_request: 200..400"
    fact = derived(costed(HEAD % f"tokens_per_day: 30M, {lengths}"))["input_share"]
    assert (fact.low, fact.value, fact.high) == (Decimal("0.666666667"), Decimal("0.8"), Decimal("0.888888889"))


def test_an_input_share_that_is_not_given_is_three_to_one() -> None:
    """S2-06."""
    assert value("tokens_per_day: 1M", "input_share") == Decimal("0.75")


def test_a_range_of_volume_is_carried_along() -> None:
    fact = derived(costed(HEAD % "tokens_per_day: 20M..40M"))["tokens_per_month"]
    assert (fact.low, fact.high) == (600_000_000, 1_200_000_000)


@pytest.mark.parametrize(
    ("shape", "flatter"), [("daily-cycle", "steady"), ("bursty", "daily-cycle"), ("unpredictable", "bursty")]
)
def test_a_sharper_shape_has_a_higher_peak(shape: str, flatter: str) -> None:
    peak, other = (value(f"tokens_per_day: 1M, traffic_shape: {s}", "peak_to_mean") for s in (shape, flatter))
    assert peak > other > 1


def test_a_measured_peak_wins() -> None:
    assert value("tokens_per_day: 1M, traffic_shape: bursty, peak_to_mean: 1.7", "peak_to_mean") == Decimal("1.7")


def test_work_that_may_wait_needs_no_replicas_for_its_peak() -> None:
    interactive = value("tokens_per_day: 2B, traffic_shape: bursty", "replicas")
    assert value("tokens_per_day: 2B, traffic_shape: bursty, traffic_mix: batch", "replicas") < interactive
    half = value("tokens_per_day: 2B, traffic_shape: bursty, traffic_mix: mixed, batch_share: 50%", "replicas")
    assert half <= interactive


def test_no_tokens_are_no_volume() -> None:
    assert value("tokens_per_day: 0", "tokens_per_month") is None
