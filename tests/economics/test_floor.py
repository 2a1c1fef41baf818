"""What own GPUs cost at any volume, where a model or a GPU is named and nobody knows the volume."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hostwise.record.decide import answers_from_text, decide, first_answer
from hostwise.record.format.record import RecordedLedger
from hostwise.report.page.html import html_report
from hostwise.report.terminal.decision import decision_text

NAMED = """workload: {name: w, task: chat, stage: production}
constraints: {external_processing: forbidden, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none}
self_host: {NAMED}
team: {gpu_operations: platform-team}
"""


def rented(text: str) -> RecordedLedger:
    record = first_answer(answers_from_text(text, "w.yaml"))
    return next(ledger for ledger in record.ledgers if ledger.option == "self-host-cloud")


def floor_of(said: str) -> tuple[Decimal, Decimal]:
    """The likely amount and its low end, out of `$5,837 ($3,489 to $21,122) a month`."""
    likely, low = (word.strip("($,") for word in said.split("its people are ")[1].split()[:2])
    return Decimal(likely.replace(",", "")), Decimal(low.replace(",", ""))


@pytest.mark.parametrize("named", ["model: Qwen3-32B, gpu: H100", "gpu: L40S", "model: Llama-3.1-8B"])
def test_one_replica_and_its_people_are_a_floor_of_every_volume(named: str) -> None:
    text = NAMED.replace("NAMED", named)
    open_ = rented(text)
    assert open_.total is None and open_.why_not is not None
    likely, low = floor_of(open_.why_not)
    assert low > 0
    for volume in ("2M", "30M", "3B"):
        ledger = rented(text + f"demand: {{tokens_per_day: {volume}}}\n")
        assert ledger.total is not None
        assert ledger.total.likely >= likely - 1 and ledger.total.low >= low - 1  # as printed


def test_it_is_said_where_own_hosting_is_all_that_is_left_and_where_nothing_is_decided() -> None:
    text = NAMED.replace("NAMED", "model: Qwen3-32B, gpu: H100")
    floor = "one replica and its people are $"
    decided = " ".join(decision_text(first_answer(answers_from_text(text, "w.yaml"))).split())
    assert floor in decided and "Qwen3-32B" in decided
    open_ = decision_text(first_answer(answers_from_text(text.replace("forbidden", "allowed"), "w.yaml")))
    assert "Not decided yet" in open_ and floor.capitalize() in " ".join(open_.split())
    page = html_report(decide(answers_from_text(text.replace("forbidden", "allowed"), "w.yaml")))
    assert floor.capitalize() in page
    blank = decision_text(first_answer(answers_from_text(text.replace("model: Qwen3-32B, gpu: H100", ""), "w.yaml")))
    assert floor not in blank.lower()
    once = text + "demand: {runs_once: yes}\n"
    assert floor not in decision_text(first_answer(answers_from_text(once, "w.yaml"))).lower()
