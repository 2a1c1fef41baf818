"""What is remembered from one costing to the next changes none of them, whatever was costed before."""

from __future__ import annotations

from itertools import product

import pytest
from msgspec.structs import replace
from tests.economics.cases import DAY, catalogue, facts_of

from hostwise.answers.facts import Fact
from hostwise.economics.catalogue.catalogue import Catalogue, at_likely
from hostwise.economics.catalogue.remembered import MOST, Remembered
from hostwise.economics.costing import cost_options

QUESTIONNAIRE = """
workload: {{name: x}}
demand: {{tokens_per_day: 50M, input_tokens_per_request: {into}, output_tokens_per_request: 300,
  cached_input_share: {cached}}}
current_api: {{provider: openai, model: gpt-4o, tier: frontier}}
"""


def test_costings_are_those_of_a_catalogue_that_remembers_nothing() -> None:
    shared = replace(catalogue(), remembered=Remembered())
    lengths, shares = ("1500", "1000..2000", "1200..1800"), ("10%", "5%..15%", "8%..12%")
    for into, cached in product(lengths, shares):
        facts = facts_of(QUESTIONNAIRE.format(into=into, cached=cached))
        for known in (shared, at_likely(shared)):
            assert costs(facts, known) == costs(facts, replace(known, remembered=Remembered())), (into, cached)


def costs(facts: dict[str, Fact], known: Catalogue) -> tuple[object, ...]:
    found = cost_options(facts, known, DAY)
    lines = [(option, item.id, item.amount) for option, ledger in found.ledgers.items() for item in ledger.items]
    return found.facts, lines, [ledger.capacity for ledger in found.ledgers.values()], dict(found.plans)


def test_what_is_kept_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every questionnaire of other lengths left some megabytes behind in a process that decides for long."""
    monkeypatch.setattr("hostwise.economics.catalogue.remembered.MOST", 24)
    shared = replace(catalogue(), remembered=Remembered())
    for into in range(1000, 1020):
        cost_options(facts_of(QUESTIONNAIRE.format(into=into, cached="10%")), shared, DAY)
        assert len(shared.remembered) <= 24
    assert len(shared.remembered) == 24, "so few questionnaires leave too little to tell"


def test_the_newest_is_kept() -> None:
    kept = Remembered()
    for number in range(MOST + 2):
        kept[number] = -number
    assert len(kept) == MOST and kept[MOST + 1] == -MOST - 1 and 0 not in kept
