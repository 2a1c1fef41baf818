"""A range across what bends a price is priced at its ends and where it bends; bands hold what the futures come to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from tests.economics.cases import TUNED, costed

from hostwise.analysis.futures.robustness import robustness, sampled
from hostwise.answers.to_facts import answer_facts
from hostwise.economics.prices.price_list import price_list
from hostwise.economics.prices.price_package import package_price, price_span
from hostwise.flow.flow import Basis, run_flow
from hostwise.flow.knowledge import load_knowledge
from hostwise.inference.run import Engine
from hostwise.record.decide import answers_from_text

DAY = date(2026, 11, 20)
CLOSE = Decimal("0.001")
LONG = (
    """
workload: {name: X}
demand: {input_tokens_per_day: 10M, output_tokens_per_day: 1M, output_tokens_per_request: 100,
         input_tokens_per_request: %s}
current_api: {provider: google, model: gemini-3.1-pro-preview}
"""
    + TUNED
)


def bounds(lengths: str) -> tuple[Decimal, Decimal, Decimal]:
    total = costed(LONG % lengths).ledgers["managed-api"].total
    assert total is not None
    return total.low, total.likely, total.high


def test_a_range_across_a_tier_is_priced_on_both_sides() -> None:
    low, likely, high = bounds("150k..250k")
    assert low == bounds("150k")[0]
    assert likely == bounds("200k")[1]
    evaluated_again = Decimal("384.62")  # at most, where the model is withdrawn within the year
    assert high == bounds("250k")[2] == pytest.approx(2940 + evaluated_again, abs=1)


def test_a_range_that_ends_at_a_tier_stays_below_it() -> None:
    assert bounds("150k..200k") == bounds("200k")


def test_a_price_that_depends_on_the_hour_has_both_in_its_band() -> None:
    """Half between 16:30 and 00:30 UTC; noon is taken to be likely."""
    span = price_span("deepseek", "deepseek-chat", DAY, 1000, 1000, 1000, 100)
    assert span is not None
    assert (span.input.low, span.input.likely) == (Decimal("0.135"), Decimal("0.27"))
    assert span.output.high == Decimal("1.1")


def test_a_span_holds_the_price_of_every_length_in_it() -> None:
    """Of each model whose price depends on the length, at many lengths beside and between its steps."""
    tiered = 0
    for seller in price_list().sellers:
        for model in seller.models:
            offer = model.offer_on(DAY)
            if not offer or not offer.ordinary or not offer.ordinary.steps:
                continue
            tiered += 1
            first, last = offer.ordinary.steps[0], offer.ordinary.steps[-1]
            span = price_span(seller.id, model.id, DAY, first - 1, first, last + 50_000, 300)
            assert span is not None
            for length in (first - 1, first, first + 1, (first + last) // 2, last, last + 1, last + 50_000):
                price = package_price(seller.id, model.id, DAY, length, 300)
                assert price is not None
                assert span.input.low <= price.input <= span.input.high
                assert span.output.low <= price.output <= span.output.high
    assert tiered > 20


def own_band(lengths: str, answers: str = "100") -> tuple[Decimal, Decimal, Decimal]:
    own = "self_host: {model: Llama-3.3-70B, gpu: H100}\n"
    volume = "{input_tokens_per_day: 1B, output_tokens_per_day: 100M, "
    demand = f"demand: {volume}input_tokens_per_request: {lengths}, output_tokens_per_request: {answers}}}\n"
    total = costed(f"workload: {{name: X}}\n{demand}{own}").ledgers["self-host-cloud"].total
    assert total is not None
    return total.low, total.likely, total.high


def test_gpus_of_ones_own_are_costed_at_both_ends_of_a_length() -> None:
    ends = [own_band(each) for each in ("500", "4250", "8000")]
    assert own_band("500..8000") == (min(e[0] for e in ends), ends[1][1], max(e[2] for e in ends))
    assert own_band("500..8000")[2] > ends[1][2]
    # Each length with each answer that it may have.
    both = [own_band(length, answer) for length in ("500", "8000") for answer in ("50", "800")]
    found = own_band("500..8000", "50..800")
    assert (found[0], found[2]) == (min(e[0] for e in both), max(e[2] for e in both))


def test_a_second_card_that_may_be_needed_brings_its_people() -> None:
    """A range of the volume across the step from one card to several: on call, security and staff stand at the top."""
    head = "workload: {name: X}\ndemand: {tokens_per_day: %s, input_share: 88%%, traffic_mix: interactive}\n"
    own = "self_host: {model: Llama-3.1-8B, gpu: A10G, gpus_per_replica: 1, spare_replicas: 0}\n"
    one, two, across = (costed(head % volume + own).ledgers["self-host-cloud"] for volume in ("5M", "400M", "5M..400M"))
    ends = {item.id: (item.amount.low, item.amount.high) for item in across.items}
    few, many = ({item.id: item.amount for item in each.items} for each in (one, two))
    for line in ("on-call", "security", "load-balancer", "operations"):
        assert ends[line] == (few[line].low, many[line].high), line
        assert few[line].high < many[line].high


MODELS = ("google, model: gemini-2.5-pro", "openai, model: gpt-4.1", "anthropic, model: claude-sonnet-4-5",
          "deepseek, model: deepseek-chat, tier: mid",
          "x, tier: mid, input_price: $1..$3, output_price: $4..$9")  # fmt: skip


def span(draw: Random, low: float, high: float, form: str = "{:.0f}") -> str:
    """A number, or more often a range."""
    ends = sorted((draw.uniform(low, high), draw.uniform(low, high)))
    return "..".join(form.format(end) for end in ends) if draw.random() < 0.8 else form.format(ends[0])


def exactly(draw: Random, low: float, high: float, form: str = "{:.0f}") -> str:
    """A number."""
    return form.format(draw.uniform(low, high))


def questionnaire_of(seed: int) -> str:
    """Nothing that futures would draw by habit is left open: what is uncertain are the ranges and the figures.

    Where the seed is odd, requests are ranges too. Model and GPU are searched for where it is a multiple of three.
    """
    draw = Random(seed)
    of_requests = span if seed % 2 else exactly
    own = "{model: Llama-3.3-70B, gpu: H100}" if seed % 3 else "{}"
    share, long = "{:.0f}%", draw.choice((2_000, 400_000, 400_000))
    return f"""
workload: {{name: "Case {seed}"}}
constraints: {{external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none,
              sovereign_api_acceptable: no}}
demand:
  tokens_per_day: {span(draw, 1e8, 9e8)}
  input_share: {span(draw, 40, 95, share)}
  input_tokens_per_request: {of_requests(draw, 1_000, long)}
  output_tokens_per_request: 300
  cached_input_share: {span(draw, 0, 90, share)}
  batch_share: {of_requests(draw, 0, 90, share)}
  traffic_mix: mixed
  peak_to_mean: {span(draw, 1, 8, "{:.1f}")}
  growth_per_month: 0%
  uptime_critical: no
  stable: yes
current_api: {{provider: {draw.choice(MODELS)}}}
team: {{gpu_operations: platform-team, spare_fte: 1}}
self_host: {own}
economics: {{horizon_months: {span(draw, 6, 36)}}}
quality: {{gap: 3%, evaluation_items: 150, evaluation_days: 3}}
"""


@pytest.mark.parametrize("seed", range(30))
def test_bands_hold_what_the_futures_come_to(seed: int) -> None:
    """Of an API every future; of own GPUs, no ninetieth percentile above the top and no tenth below."""
    knowledge = load_knowledge()
    facts = answer_facts(answers_from_text(questionnaire_of(seed), "w.yaml"), knowledge.questionnaire)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.REFERENCE)
    run = run_flow(facts, basis)
    found = sampled(run, facts, basis, knowledge.questionnaire)
    percentiles = {each.option: (each.p10, each.p90) for each in robustness(found, run, basis).costs}
    # Requests longer than the model reads are another model's in those futures, and no band of one plan holds that.
    reads, lengths = run.facts["own_model_context"].value, run.facts["stated_input_tokens_per_request"]
    outgrown = isinstance(reads, Decimal) and lengths.high is not None and lengths.high > reads
    for place, option in enumerate(found.outcomes.options):
        total, costs = run.costing.ledgers[option].total, found.outcomes.costs[:, place]
        if total is not None and option.endswith(("-api", "-provider")):
            # A value of a future has four digits.
            assert total.low * (1 - CLOSE) <= costs.min() and costs.max() <= total.high * (1 + CLOSE), option
        elif total is not None and option.startswith("self-host") and not outgrown:
            assert total.low <= percentiles[option][0] and percentiles[option][1] <= total.high, option
