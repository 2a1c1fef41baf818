"""GPUs that are off when nobody asks, jobs that run once, terms that outlast the horizon, and spot capacity."""

from decimal import Decimal

import pytest
from tests.economics.cases import catalogue, costed, derived, line

from hostwise.economics.costing import Costing
from hostwise.economics.ledgers.ledger import Ledger
from hostwise.record.decide import answers_from_text, decide

RENTED, OWNED = "self-host-cloud", "self-host-owned"
TEXT = """
workload: {{name: x}}
demand: {{tokens_per_day: 100M, traffic_shape: steady, traffic_mix: {mix}{demand}}}
current_api: {{tier: mid, input_price: $2.50, output_price: $10}}
self_host: {{model: Llama-3.3-70B, precision: fp8, gpu: H100{own}}}
economics: {{horizon_months: {horizon}}}
"""


def of(*, mix: str = "interactive", demand: str = "", own: str = "", horizon: int = 12) -> Costing:
    more, hardware = (f", {each}" if each else "" for each in (demand, own))
    return costed(TEXT.format(mix=mix, demand=more, own=hardware, horizon=horizon))


def capacity(ledger: Ledger) -> dict[str, str]:
    assert ledger.capacity is not None
    return dict(ledger.capacity)


def rent(ledger: Ledger) -> Decimal:
    return sum((i.amount.likely for i in ledger.items if i.id in ("compute-busy", "compute-idle")), Decimal(0))


def start() -> Decimal:
    return catalogue().figures["batch_start_hours"].likely / 720


def test_gpus_are_paid_for_in_the_hours_with_requests_and_while_they_start() -> None:
    costing = of(demand="hours_per_week: 50")
    ledger = costing.ledgers[RENTED]
    plan = capacity(ledger)
    assert Decimal(plan["paid_share"]) == pytest.approx(Decimal(50) / 168 + start(), abs=Decimal("0.0001"))
    hourly = next(each for each in line(ledger, "compute-busy").told().inputs if each.name == "rent of a GPU-hour")
    paid = Decimal(50) / 168 + start()
    assert rent(ledger) == pytest.approx(Decimal(plan["gpus"]) * hourly.value.likely * 720 * paid)
    assert "off but for 50 hours a week" in costing.plans[RENTED].best.text
    assert "off but for" not in of().plans[RENTED].best.text


def test_all_of_the_work_falls_into_these_hours() -> None:
    always, office = (
        capacity(of(demand=each, own="gpus_per_replica: 2").ledgers[RENTED]) for each in ("", "hours_per_week: 42")
    )
    assert Decimal(office["load"]) == pytest.approx(4 * Decimal(always["load"]))
    stated = capacity(of(demand="hours_per_week: 42, peak_to_mean: 2").ledgers[RENTED])
    assert Decimal(stated["peak_to_mean"]) == 4, "no peak of the week lies below what its hours take"


@pytest.mark.parametrize("own", ["purchase: reserved", "purchase: owned"])
def test_what_is_paid_for_at_any_hour_is_not_switched_off(own: str) -> None:
    option = OWNED if "owned" in own else RENTED
    assert Decimal(capacity(of(demand="hours_per_week: 50", own=own).ledgers[option])["paid_share"]) == 1


def test_work_that_may_wait_has_no_hours() -> None:
    always, office = (of(mix="batch", demand=each).ledgers[RENTED] for each in ("", "hours_per_week: 50"))
    assert rent(always) == rent(office)


def test_gpus_that_are_off_at_night_still_come_one_by_one() -> None:
    found = of(demand="hours_per_week: 50")
    assert any(each.option == RENTED for each in found.break_evens)


def test_a_job_that_runs_once_needs_nobody_who_stays() -> None:
    ledger = of(mix="batch", demand="runs_once: yes").ledgers[RENTED]
    ids = {item.id for item in ledger.items}
    assert not ids & {"operations", "updates", "on-call", "on-call-inside", "security", "incidents", "setup"}
    assert {"job", "evaluation", "compute-busy"} <= ids
    monthly = of(mix="batch").ledgers[RENTED]
    whole, spread = (line(each, "evaluation").amount.likely for each in (ledger, monthly))
    assert whole == 12 * spread, "what is paid once is paid by the job"
    assert rent(ledger) == rent(monthly)


def test_nothing_comes_back_after_a_job_that_runs_once() -> None:
    for ledger in of(mix="batch", demand="runs_once: yes").ledgers.values():
        if ledger.priced and ledger.total is not None:
            year, years = ledger.outlooks
            assert year.total == years.total == pytest.approx(ledger.total.likely)


def test_hardware_bought_for_one_job_is_paid_for_by_it() -> None:
    once = of(mix="batch", demand="runs_once: yes").ledgers[OWNED]
    bought = sum(line(once, name).amount.likely for name in ("hardware-busy", "hardware-idle"))
    monthly = of(mix="batch").ledgers[OWNED]
    assert bought == pytest.approx(36 * sum(line(monthly, n).amount.likely for n in ("hardware-busy", "hardware-idle")))


@pytest.mark.parametrize(("term", "horizon", "times"), [("", 12, 1), ("", 6, 2), ("36", 12, 3), ("36", 48, 1)])
def test_a_term_is_paid_for_to_its_end(term: str, horizon: int, times: int) -> None:
    own = "purchase: reserved" + (f", reserved_term: {term}" if term else "")
    assert rent(of(own=own, horizon=horizon).ledgers[RENTED]) == pytest.approx(
        times * rent(of(own="purchase: reserved").ledgers[RENTED])
    )
    priced = of(own=own + ", gpu_hourly_price: $3", horizon=horizon).ledgers[RENTED]
    assert rent(priced) == pytest.approx(times * Decimal(capacity(priced)["gpus"]) * 3 * 720)
    variants = {
        each.name: each for each in of(own=f"reserved_term: {term or 12}", horizon=horizon).ledgers[RENTED].variants
    }
    assert variants["reserved"].usable is (times == 1)


def listed_spot() -> Decimal:
    """What the cheapest H100 on spot asks against the cheapest on demand."""
    gpu = catalogue().gpus["H100"]
    assert gpu.on_spot is not None
    assert gpu.let_by is not None
    return gpu.on_spot.likely / gpu.let_by.likely


def test_spot_that_is_taken_away_is_run_on_demand() -> None:
    figures = catalogue().figures
    spot, fallback = listed_spot(), figures["spot_fallback"].likely
    some, all_ = (of(mix="batch", own=f"purchase: {way}").ledgers[RENTED] for way in ("spot", "on-demand"))
    assert rent(some) / rent(all_) == pytest.approx(spot * (1 - fallback) + fallback)


def test_how_often_spot_is_taken_away_may_be_given() -> None:
    spot, share = listed_spot(), Decimal("0.35")
    some, all_ = (
        of(mix="batch", own=f"purchase: {way}").ledgers[RENTED] for way in ("spot, spot_taken_away: 35%", "on-demand")
    )
    assert rent(some) / rent(all_) == pytest.approx(spot * (1 - share) + share)


def test_spot_serves_nobody_who_waits() -> None:
    some, all_ = (of(own=f"purchase: {way}").ledgers[RENTED] for way in ("spot", "on-demand"))
    assert some.total == all_.total
    assert not next(each for each in some.variants if each.name == "spot").usable


def test_a_batch_that_would_be_reserved_pays_for_every_hour() -> None:
    ledger = of(mix="batch", own="purchase: on-demand").ledgers[RENTED]
    reserved = next(each for each in ledger.variants if each.name == "reserved")
    committed = of(mix="batch", own="purchase: reserved").ledgers[RENTED]
    assert committed.total is not None
    assert reserved.total.likely == pytest.approx(committed.total.likely)


@pytest.mark.parametrize(("demand", "own", "horizon", "paying"), [
    ("stable: yes", "", 12, "reserved"), ("", "", 12, "on-demand"), ("stable: no", "", 12, "on-demand"),
    ("stable: yes", "", 6, "on-demand"), ("stable: yes", "reserved_term: 36", 12, "on-demand"),
    ("stable: yes", "purchase: on-demand", 12, "on-demand"), ("stable: yes", "gpu_hourly_price: $3", 12, "on-demand"),
    ("stable: yes, hours_per_week: 50", "", 12, "on-demand"), ("stable: yes, hours_per_week: 140", "", 12, "reserved"),
])  # fmt: skip
def test_a_term_competes_where_demand_is_stable(demand: str, own: str, horizon: int, paying: str) -> None:
    """It is paid for at every hour, and its months must lie within the horizon."""
    costing = of(demand=demand, own=own, horizon=horizon)
    assert costing.ledgers[RENTED].variant == derived(costing)["own_paying"].value == paying
    if paying == "reserved":
        assert capacity(costing.ledgers[RENTED])["paid_share"] == "1.0000"
        assert "reserved" in costing.plans[RENTED].best.text


def test_a_batch_takes_spot_or_a_term_whichever_costs_less() -> None:
    """A term may cost less of GPUs that run most of the month."""
    costing = of(mix="batch", demand="stable: yes")
    spot, reserved = (of(mix="batch", own=f"purchase: {way}").ledgers[RENTED].total for way in ("spot", "reserved"))
    total = costing.ledgers[RENTED].total
    assert total is not None and spot is not None and reserved is not None
    assert total.likely == min(spot.likely, reserved.likely)


def test_a_card_that_nobody_rents_out_is_said_to_have_no_rent_in_any_way() -> None:
    text = TEXT.format(mix="mixed", demand=", batch_share: 30%, stable: yes", own="", horizon=12)
    costing = costed(text.replace("H100", "RTX 3090, gpus_per_replica: 4"))
    assert not costing.ledgers[RENTED].priced and "No rent" in (costing.ledgers[RENTED].why_not or "")
    assert not costing.ledgers["hybrid"].priced


def test_a_card_that_is_let_by_the_node_is_paid_for_by_the_node() -> None:
    text = TEXT.format(mix="interactive", demand="", own="", horizon=12).replace("100M", "1M")
    text = text.replace("gpu: H100", "gpu: A100-40, gpus_per_replica: 4")
    rented, priced = costed(text), costed(text.replace("per_replica: 4", "per_replica: 4, gpu_hourly_price: $2"))
    assert [capacity(each.ledgers[RENTED])["gpus"] for each in (rented, priced)] == ["8", "4"]


def test_gpus_that_are_let_go_stand_ready_for_no_peak() -> None:
    """Eight L4 that run at night were said to carry 301 of 1,976 tokens/s "at peak"."""
    nightly = """
workload: {name: x}
demand: {tokens_per_day: 26M, input_share: 50%, traffic_mix: batch}
self_host: {model: Mistral-Small-3.2, gpu: L4, purchase: on-demand}
"""
    text = costed(nightly).plans["self-host-cloud"].best.text
    assert "at peak" not in text and "hours a week at" in text
    once = nightly.replace("traffic_mix: batch", "runs_once: yes")
    assert "hours at" in costed(once).plans["self-host-cloud"].best.text
    waited_for = nightly.replace("traffic_mix: batch", "traffic_mix: interactive")
    assert "tokens/s at peak" in costed(waited_for).plans["self-host-cloud"].best.text


def test_a_job_that_runs_once_is_no_more_work_at_an_api_than_on_own_gpus() -> None:
    """Five days of a move that nobody makes made own GPUs the cheaper way to read an archive once."""
    text = (
        "workload: {name: archive, task: extraction}\n"
        "constraints: {external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none,"
        " fine_tuning: none}\n"
        "demand: {pages: 4M, page_form: scan, output_tokens_per_page: 250, runs_once: yes}\n"
        "self_host: {purchase: spot}\nteam: {gpu_operations: part-time}\n"
    )
    ledgers = costed(text).ledgers
    on_gpus = line(ledgers[RENTED], "job").amount.likely
    for option in ("managed-api", "open-model-provider"):
        assert line(ledgers[option], "api-job").amount.likely == on_gpus / 2
        assert "migration" not in {item.id for item in ledgers[option].items}
    assert decide(answers_from_text(text, "archive.yaml")).verdict.option == "managed-api"
