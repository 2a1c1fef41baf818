"""Questionnaires in a few lines, and their costing."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from hostwise.answers.facts import Fact
from hostwise.answers.files.load import load_answers_document
from hostwise.answers.questions.load_questions import load_questions
from hostwise.answers.questions.questions import Questionnaire
from hostwise.answers.to_facts import answer_facts
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.loading.load_catalogue import load_catalogue
from hostwise.economics.costing import Costing, cost_options
from hostwise.economics.ledgers.ledger import Ledger, LineItem
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.files.yaml_file import read_document

DAY = date(2026, 11, 20)
TUNED = "constraints: {fine_tuning: provider-service}\n"
SOON = "economics: {horizon_months: 1}\n"
STAYS = TUNED + SOON
"""A model in use that was tuned at its API, over a month in which it is there: no other one competes with it."""

S0 = """
workload: {name: S0 estimator}
demand: {tokens_per_day: 5M, input_share: 75%, traffic_shape: steady}
current_api: {tier: mid, input_price: $0.30, output_price: $0.30}
self_host: {model: Qwen2.5-Coder-32B, precision: int4, gpu: L40S, gpus_per_replica: 1, gpu_hourly_price: $0.72/h}
team: {operations_fte: 0.2, engineer_cost_per_month: $12k}
"""

S1 = """
workload: {name: S1 summariser}
demand: {tokens_per_day: 30M, input_share: 80%, traffic_shape: steady}
current_api: {tier: frontier, input_price: $40, output_price: $40}
open_provider: {input_price: $6.666667, output_price: $6.666667}
self_host: {model: Llama-3.3-70B, precision: fp8, gpu: H100, gpus_per_replica: 2, gpu_hourly_price: $3.472222/h,
            throughput: 1200, purchase: reserved}
team: {operations_fte: 0.125, engineer_cost_per_month: $16k}
"""

S2 = """
workload: {name: S2 70B against GPT-4o}
demand: {tokens_per_month: 3B, input_share: 75%, traffic_shape: steady, stable: true, peak_to_mean: 1}
current_api: {tier: frontier, input_price: $2.50, output_price: $10}
self_host: {gpu: A100, gpus_per_replica: 2, gpu_hourly_price: $2.50, throughput: 1200, throughput_basis: total,
            target_utilisation: 60%, infrastructure_per_month: $250}
team: {operations_fte: 0.75, engineer_cost_per_month: $12.5k}
"""

S4 = """
workload: {name: S4 50M a day}
demand: {tokens_per_day: 50M, input_share: 75%, peak_to_mean: 1}
current_api: {tier: small, input_price: $1.50, output_price: $1.50}
self_host: {gpu: A10G, gpus_per_replica: 1, gpu_hourly_price: $1.796875/h, throughput: 145, target_utilisation: 100%}
team: {operations_fte: 0.25, engineer_cost_per_month: $18k}
"""


@lru_cache(maxsize=1)
def questionnaire() -> Questionnaire:
    return load_questions(rules_dir())


def catalogue() -> Catalogue:
    return load_catalogue(rules_dir())


def facts_of(text: str) -> dict[str, Fact]:
    document = read_document(Path("case.yaml"), data=text.encode())
    return answer_facts(load_answers_document(document, questionnaire()), questionnaire())


def costed(text: str) -> Costing:
    return cost_options(facts_of(text), catalogue(), DAY)


def derived(costing: Costing) -> Mapping[str, Fact]:
    return {fact.name: fact for fact in costing.facts}


def line(ledger: Ledger, *names: str) -> LineItem:
    """The only line whose id is one of `names`."""
    found = [item for item in ledger.items if item.id in names]
    assert len(found) == 1, [item.id for item in ledger.items]
    return found[0]


def group(ledger: Ledger, *groups: str):
    return sum(item.amount.likely for item in ledger.items if item.group in groups)
