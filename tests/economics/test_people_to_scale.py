"""People are counted once and to scale: one card that serves alone takes fewer than a service of several."""

from decimal import Decimal

import pytest
from tests.economics.cases import catalogue, costed, line

from hostwise.economics.costing import Costing
from hostwise.economics.numbers.bands import Band
from hostwise.economics.outlook.curves import curves

RENTED = "self-host-cloud"
TEXT = """
workload: {{name: x}}
demand: {{tokens_per_day: {tokens}, traffic_shape: steady, traffic_mix: interactive{demand}}}
current_api: {{tier: mid, input_price: $2.50, output_price: $10}}
self_host: {{model: Llama-3.1-8B, gpu: L40S, gpus_per_replica: 1}}
{team}
"""


def of(tokens: str, *, demand: str = "", team: str = "") -> Costing:
    return costed(TEXT.format(tokens=tokens, demand=demand, team=team))


def people(costing: Costing) -> Decimal:
    return sum((i.amount.likely for i in costing.ledgers[RENTED].items if i.group == "people"), Decimal(0))


def test_one_card_is_a_tenth_of_somebody_with_nobody_on_call() -> None:
    small = of("5M")
    ledger, figures = small.ledgers[RENTED], catalogue().figures
    engineer = figures["engineer_cost"].likely
    assert line(ledger, "operations").amount.likely == figures["operations_fte.small"].likely * engineer
    for name in ("on-call", "security", "load-balancer"):
        assert line(ledger, name).amount.likely == 0
    updates = line(ledger, "updates").amount.likely
    assert people(small) == line(ledger, "operations").amount.likely + updates


def test_several_cards_are_a_service() -> None:
    for ledger in (of("500M").ledgers[RENTED], of("5M", demand=", uptime_critical: yes").ledgers[RENTED]):
        assert ledger.capacity is not None and Decimal(ledger.capacity["gpus"]) > 1
        for name in ("on-call", "security", "load-balancer"):
            assert line(ledger, name).amount.likely > 0


@pytest.mark.parametrize("team", ["", "team: {operations_fte: 0.2}"])
def test_the_break_even_is_the_same_whether_one_card_runs_today_or_many(team: str) -> None:
    def found(tokens: str) -> list[tuple[str, str, Decimal | None]]:
        return [
            (b.against, b.kind, b.tokens_per_month) for b in of(tokens, team=team).break_evens if b.option == RENTED
        ]

    assert found("5M") == found("5B")


def test_the_cost_at_other_volumes_takes_the_people_of_that_volume() -> None:
    small = of("5M")
    drawn = curves(small.ledgers, Band.exactly(150_000_000), small.break_evens)[RENTED]
    for tokens in (20_000_000, 5_000_000_000):
        text = TEXT.format(tokens="5M", demand="", team="").replace("tokens_per_day: 5M", f"tokens_per_month: {tokens}")
        ledger = costed(text).ledgers[RENTED]
        assert ledger.total is not None
        point = next(each for each in drawn if each.tokens == tokens)
        assert float(point.likely) == pytest.approx(float(ledger.total.likely), rel=0.001)
