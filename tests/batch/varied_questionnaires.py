"""Random questionnaires that are less tidy: ranges, many unknowns, several currencies with and without rates, names."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import replace

from hostwise.answers.facts import Fact, FactType, Origin, Provenance, fixed
from hostwise.answers.files.answer import Answer
from hostwise.answers.questions.questions import Question
from hostwise.answers.to_facts import question_facts
from hostwise.flow.knowledge import Knowledge
from hostwise.reading.findings.diagnostics import Place

UNKNOWN, RANGE, FOREIGN = 0.06, 0.3, 0.4
CURRENCIES = ("USD", "USD", "EUR", "GBP")
NAMES: Mapping[str, tuple[str, ...]] = {
    "current_provider": ("openai", "anthropic", "nobody"),
    "current_model": ("gpt-4o", "claude-sonnet-4", "gemini-2.5-pro"),
    "gpu": ("H100", "L40S", "A100-80GB", "abacus"),
    "own_model": ("Llama-3.3-70B", "Llama-3.1-8B", "gpt-oss-20b"),
}
PLACE = Place("random.yaml", 1, 1)


def varied(facts: Mapping[str, Fact], draw: random.Random, knowledge: Knowledge) -> dict[str, Fact]:
    """The facts of one questionnaire with some of them made ranges, unknown, foreign money, or a name."""
    by_fact = knowledge.questionnaire.by_fact
    found = {name: _varied(fact, by_fact[name], draw) if name in by_fact else fact for name, fact in facts.items()}
    found["currency"] = _named(found["currency"], draw.choice(CURRENCIES))
    for name, words in NAMES.items():
        if draw.random() < 0.4:
            found[name] = _named(found[name], draw.choice(words))
    rates = {code: {"rate": rate, "as_of": None} for code, rate in _RATES.items() if draw.random() < 0.7}
    asked = knowledge.questionnaire.by_key["economics.exchange_rates"]
    given = Answer(asked.key, rates, PLACE, "{}")
    return found | {fact.name: fact for fact in question_facts(asked, given, "USD")}


_RATES = {"EUR": Decimal("1.15"), "GBP": Decimal("1.31")}


def _named(fact: Fact, word: str) -> Fact:
    return replace(fact, value=word, provenance=Provenance(Origin.GIVEN, PLACE, fact.provenance.key))


def _varied(fact: Fact, question: Question, draw: random.Random) -> Fact:
    value = fact.value
    if fact.provenance.place is None:
        return fact
    if draw.random() < UNKNOWN:
        return replace(fact, value=None, low=None, high=None)
    if not question.numeric or not isinstance(value, Decimal):
        return fact
    if question.type == "money" and draw.random() < FOREIGN:
        fact = replace(fact, unit=fact.unit.replace("USD", draw.choice(CURRENCIES)))
    return _range(fact, value, question) if draw.random() < RANGE else fact


def _range(fact: Fact, value: Decimal, question: Question) -> Fact:
    low, high = value * Decimal("0.7"), value * Decimal("1.4")
    if question.type == "count":
        low, high = low.to_integral_value(), high.to_integral_value()
    low = low if question.min is None else max(low, question.min)
    high = high if question.max is None else min(high, question.max)
    kind = FactType(question.type)
    return replace(fact, low=fixed(low, kind), high=fixed(high, kind)) if low < value < high else fact
