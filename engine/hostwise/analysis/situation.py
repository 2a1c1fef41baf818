"""What a decision is a function of, and what it comes to: enough to compare two of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from hostwise.analysis.futures.confirm import confirmed_flow
from hostwise.answers.files.answer import Answers
from hostwise.economics.numbers.currency import reporting_currency
from hostwise.economics.plans.competing.tier import known_facts
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis, FlowRun
from hostwise.flow.knowledge import Knowledge
from hostwise.inference.run import Engine


class Situation(Struct, frozen=True):
    """All that a decision is a function of."""

    answers: Answers
    as_of: date
    knowledge: Knowledge


class Outcome(Struct, frozen=True):
    """What a situation comes to: the option or the status, the deciding rule, and each option's monthly cost."""

    verdict: str
    rule: str | None
    costs: Mapping[str, Decimal | None]
    currency: str = ""


def decided(situation: Situation) -> FlowRun:
    """Decide one situation as far as the verdict, costs included, on both engines."""
    knowledge = situation.knowledge
    basis = Basis(knowledge.rulebook, knowledge.catalogue, situation.as_of, Engine.BOTH)
    facts = known_facts(situation.answers, knowledge.questionnaire, knowledge.catalogue)
    return confirmed_flow(facts, basis, knowledge.questionnaire)


def outcome(situation: Situation) -> Outcome:
    """What deciding one situation comes to."""
    run = decided(situation)
    options = situation.knowledge.catalogue.options
    costs = {option: _amount(run.facts[monthly(option)].value) for option in options}
    return Outcome(run.choice.outcome, run.choice.rule_id, costs, reporting_currency(run.facts))


def _amount(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
