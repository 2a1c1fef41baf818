"""A tool that one person runs on a machine of their own: what stands at a desk, and none of what a service takes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.economics.cases import catalogue, costed, facts_of, line, questionnaire

from hostwise.analysis.futures.uncertain import uncertainties
from hostwise.economics.catalogue.answered.desk import as_at_desk, desk_machines
from hostwise.economics.costing import Costing
from hostwise.economics.ledgers.ledger import Ledger
from hostwise.reading.findings.diagnostics import Diagnostic, InputError

OWNED, RENTED, PROVIDER, API = "self-host-owned", "self-host-cloud", "open-model-provider", "managed-api"
TEXT = """
workload: {{name: x}}
constraints: {{fine_tuning: provider-service}}
demand: {{tokens_per_day: {tokens}, input_share: 90%, input_tokens_per_request: 20000, traffic_shape: daily-cycle,
          traffic_mix: interactive{demand}}}
current_api: {{tier: mid, input_price: $2, output_price: $10}}
self_host: {{model: gpt-oss-120b{own}}}
team: {{single_user: {alone}{team}}}
"""
SPARK = ", gpu: DGX Spark"
SERVICE = {
    "gateway", "hardware-support", "power", "cooling", "space", "updates", "on-call", "security", "load-balancer",
    "weight-storage", "monitoring", "cache", "logging", "egress", "incidents",
}  # fmt: skip


def of(alone: bool = True, *, tokens: str = "2M", demand: str = "", own: str = SPARK, team: str = "") -> Costing:
    more = {"demand": demand, "own": own, "team": team}
    return costed(TEXT.format(tokens=tokens, alone="yes" if alone else "no", **more))


def total(ledger: Ledger) -> Decimal:
    assert ledger.total is not None
    return ledger.total.likely


def refused(own: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as problem:
        of(own=own)
    return problem.value.diagnostics


def test_a_machine_at_a_desk_costs_itself_its_power_and_its_owners_hours() -> None:
    ledger, figures = of().ledgers[OWNED], catalogue().figures
    assert {item.id for item in ledger.items} == {
        "hardware-busy", "hardware-idle", "desk-power", "operations", "setup", "evaluation",
    }  # fmt: skip
    hardware = line(ledger, "hardware-busy").amount.likely + line(ledger, "hardware-idle").amount.likely
    assert hardware == pytest.approx(Decimal(4699) / 36), "a DGX Spark is bought whole"
    engineer = figures["engineer_cost"].likely
    assert line(ledger, "operations").amount.likely == figures["operations_fte.desk"].likely * engineer
    assert Decimal(300) < total(ledger) < Decimal(450)


def test_a_service_on_the_same_machine_keeps_all_its_people_and_its_platform() -> None:
    """What a DGX Spark came to for one person before: 3,802 dollars a month, 176 of them hardware."""
    ledger = of(alone=False).ledgers[OWNED]
    assert total(ledger) == pytest.approx(Decimal(3802), abs=2)
    assert {item.id for item in ledger.items} >= SERVICE - {"gateway"}
    assert total(ledger) > 9 * total(of().ledgers[OWNED])


def test_an_api_loses_what_a_service_takes_too() -> None:
    for option in (API, PROVIDER):
        alone, service = of().ledgers[option], of(alone=False).ledgers[option]
        assert not {item.id for item in alone.items} & SERVICE
        for tokens in ("input-tokens", "output-tokens"):
            assert line(alone, tokens).amount == line(service, tokens).amount
        assert line(alone, "api-engineering").amount.likely < line(service, "api-engineering").amount.likely


def test_one_request_at_a_time_is_what_it_serves() -> None:
    alone, service = (each.ledgers[OWNED].capacity or {} for each in (of(), of(alone=False)))
    assert "1 at once" in alone["throughput_source"]
    assert Decimal(alone["throughput"]) < Decimal(service["throughput"]) / 2


def test_nothing_is_rented_and_only_what_stands_at_a_desk_is_searched() -> None:
    costing = of(own="")
    assert not costing.ledgers[RENTED].priced
    best = (costing.ledgers[OWNED].capacity or {})["gpu"]
    texts = " ".join(each.text for each in costing.plans[OWNED].others)
    assert best in desk_machines(catalogue())
    assert not any(name in texts for name in ("H100", "L40S", "B200", "MI300X"))


def test_a_card_is_bought_with_the_computer_around_it() -> None:
    spark, card = (of(own=f", gpu: {gpu}").ledgers[OWNED] for gpu in ("DGX Spark", "RTX PRO 6000"))
    paid = line(card, "hardware-busy").amount.likely + line(card, "hardware-idle").amount.likely
    figures, price = catalogue().figures, catalogue().gpus["RTX PRO 6000"].purchase
    assert price is not None
    assert paid == pytest.approx((price.likely + figures["desk_computer"].likely) / 36)
    told = next(each for each in line(card, "hardware-idle").told().inputs if each.name == "price of a GPU")
    assert "a computer around the card" in told.source
    told = next(each for each in line(spark, "hardware-idle").told().inputs if each.name == "price of a GPU")
    assert "computer" not in told.source


def test_what_was_answered_of_people_wins_over_the_desk() -> None:
    ledger = of(team=", operations_fte: 0.1, engineer_cost_per_month: $10k").ledgers[OWNED]
    assert line(ledger, "operations").amount.likely == 1000
    free = of(team=", engineer_cost_per_month: $0").ledgers[OWNED]
    assert total(free) == pytest.approx(Decimal(4699) / 36 + line(free, "desk-power").amount.likely)


def test_no_spare_and_no_platform_comes_with_what_nobody_answered() -> None:
    plan = of(team=", existing_ml_platform: yes").ledgers[OWNED]
    assert line(plan, "operations").amount == line(of().ledgers[OWNED], "operations").amount
    assert (plan.capacity or {})["spare_replicas"] == "0"


@pytest.mark.parametrize(("own", "code", "line_of"), [
    (", gpu: H100", "no-desk-machine", "self_host.gpu: it does not stand at one person's desk (line 8)"),
    (", throughput: 900", "which-machine", "self_host.throughput: of which machine at the desk? (line 8)"),
])  # fmt: skip
def test_what_stands_in_a_server_is_refused_at_its_line(own: str, code: str, line_of: str) -> None:
    (finding,) = refused(own)
    assert (finding.code, finding.message, finding.place.line) == (code, line_of, 7)


def test_more_than_a_desk_has_room_for_is_an_obstacle_and_no_cheap_service() -> None:
    many = of(tokens="1B", own="")
    facts = {fact.name: fact.value for fact in many.facts}
    assert facts["own_obstacle"] == "desk"
    assert isinstance(facts["gpus_total"], Decimal) and facts["gpus_total"] > 2
    served = of(alone=False, tokens="1B", own="")
    assert {fact.name: fact.value for fact in served.facts}["own_obstacle"] == "none"


@pytest.mark.parametrize(("tokens", "gpus", "obstacle"), [("2M", 1, "none"), ("4M", 2, "none"), ("8M", 3, "desk")])
def test_a_desk_has_room_for_two(tokens: str, gpus: int, obstacle: str) -> None:
    facts = {fact.name: fact.value for fact in of(tokens=tokens).facts}
    assert (facts["gpus_total"], facts["own_obstacle"]) == (gpus, obstacle)


@given(day=st.integers(100_000, 40_000_000), share=st.integers(0, 95))
def test_a_desk_never_costs_more_than_the_same_machine_in_a_service(day: int, share: int) -> None:
    """One machine for one person, whatever is asked of it: it lacks lines, and has none that is dearer."""
    more = {"tokens": str(day), "demand": f", cached_input_share: {share}%"}
    alone, service = of(**more), of(alone=False, **more)
    capacity = alone.ledgers[OWNED].capacity or {}
    assert Decimal(capacity["throughput"]) <= Decimal((service.ledgers[OWNED].capacity or {})["throughput"])
    if capacity["gpus"] == "1":
        assert total(alone.ledgers[OWNED]) < total(service.ledgers[OWNED])


def test_only_what_its_ledgers_read_is_drawn() -> None:
    drawn: dict[bool, set[str]] = {}
    for alone in (True, False):
        more = {"tokens": "2M", "alone": "yes" if alone else "no", "demand": "", "own": SPARK, "team": ""}
        facts = facts_of(TEXT.format(**more))
        drawn[alone] = {each.name for each in uncertainties(facts, questionnaire(), catalogue(), [])}
    own = {"figure.operations_fte.desk", "figure.setup_weeks.desk", "figure.desk_computer", "figure.desk_draw"}
    service = {"figure.operations_fte", "figure.operations_fte.small", "figure.setup_weeks", "figure.server_overhead"}
    assert own <= drawn[True] and not own & drawn[False]
    assert service <= drawn[False] and not service & drawn[True]
    assert not any("desk" in name for name in drawn[False])


def test_every_figure_of_a_desk_stands_in_the_place_of_another() -> None:
    known = catalogue()
    desks = [name for name in known.figures if name.endswith(".desk")]
    assert desks and all(name.removesuffix(".desk") in known.figures for name in desks)
    for name in desks:
        assert known.figures[name].unit == known.figures[name.removesuffix(".desk")].unit
    assert as_at_desk({}, known) is known
