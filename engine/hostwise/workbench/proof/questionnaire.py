"""A questionnaire for given facts, ready to run: answers where questions stand for facts, prices for costs.

Rules read monthly costs, and nobody answers those: prices do. Each option's price is set so that its ledger comes as
near as it can to the cost asked for, since a ledger is linear in its price.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from hostwise.answers.facts import Fact, FactType, Value
from hostwise.answers.files.answer import Answers
from hostwise.answers.files.load import load_answers_document
from hostwise.answers.questions.questions import Question
from hostwise.economics.costing import cost_options
from hostwise.economics.plans.competing.tier import known_facts
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis, supposed_flow
from hostwise.flow.knowledge import Knowledge
from hostwise.inference.hit_policies import FactConflict
from hostwise.inference.run import Engine
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import InputError
from hostwise.workbench.proof.properties import Properties

FILE = "counterexample.yaml"
NAME = "A case that the solver found"


class WrittenCase(Struct, frozen=True):
    """The text of a questionnaire, and what deciding it completely comes to (None where it is refused, and why)."""

    text: str
    outcome: str | None
    rule: str | None
    refused: str | None = None


def questionnaire_for(
    values: Mapping[str, Value], asked: Sequence[str], knowledge: Knowledge, properties: Properties
) -> WrittenCase:
    """Write a questionnaire and decide it. Facts of `asked` without a value are answered `unknown`."""
    answers = dict(_answers(values, asked, knowledge, properties))
    try:
        for option, keys in properties.levers.items():
            target = values.get(monthly(option))
            if isinstance(target, Decimal):
                answers |= _priced(answers, option, keys, target, knowledge)
        text = _text(answers, knowledge)
        choice = supposed_flow(_facts(text, knowledge), _basis(knowledge)).choice
    except (InputError, FactConflict) as problem:
        return WrittenCase(_text(answers, knowledge), None, None, str(problem))
    return WrittenCase(text, choice.outcome, choice.rule_id)


def _answers(
    values: Mapping[str, Value], asked: Sequence[str], knowledge: Knowledge, properties: Properties
) -> Iterator[tuple[str, str]]:
    for question in knowledge.questionnaire.questions:
        if question.type == "set":
            if f"{question.fact}.count" in asked:
                chosen = [name for name in question.values if values.get(f"{question.fact}.{name}") is True]
                known = f"{question.fact}.count" in values
                yield question.key, f"[{', '.join(chosen)}]" if known else "unknown"
        elif question.fact in values:
            yield question.key, _written(values[question.fact], question)
        elif question.fact in asked:
            yield question.key, "unknown"
    for fact, key in properties.answers.items():
        if fact in values:
            yield key, _written(values[fact], knowledge.questionnaire.by_key[key])


def _written(value: Value, question: Question) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        percent = question.type == FactType.RATIO and not question.unit
        return f"{value.normalize() * 100:f}%" if percent else f"{value.normalize():f}"
    return value if value.replace("-", "").isalnum() else json.dumps(value)


def _priced(
    answers: Mapping[str, str], option: str, keys: Sequence[str], target: Decimal, knowledge: Knowledge
) -> dict[str, str]:
    """The price at which the option's ledger comes to `target`, within the bounds of the question."""
    question = knowledge.questionnaire.by_key[keys[0]]
    low, high = question.min or Decimal(0), question.max or Decimal(1000)
    at = [_cost({**answers, **dict.fromkeys(keys, f"{price:f}")}, option, knowledge) for price in (low, low + 1)]
    if at[0] is None or at[1] is None or at[0] == at[1]:
        return {}
    price = min(max(low + (target - at[0]) / (at[1] - at[0]), low), high)
    return dict.fromkeys(keys, f"{price.quantize(Decimal('0.000001')).normalize():f}")


def _cost(answers: Mapping[str, str], option: str, knowledge: Knowledge) -> Decimal | None:
    facts = _facts(_text(answers, knowledge), knowledge)
    total = cost_options(facts, knowledge.catalogue, knowledge.as_of).ledgers[option].total
    return total.likely if total is not None else None


def _facts(text: str, knowledge: Knowledge) -> dict[str, Fact]:
    return known_facts(_loaded(text, knowledge), knowledge.questionnaire, knowledge.catalogue)


def _loaded(text: str, knowledge: Knowledge) -> Answers:
    document = read_document(Path(FILE), data=text.encode("utf-8"))
    return load_answers_document(document, knowledge.questionnaire)


def _basis(knowledge: Knowledge) -> Basis:
    return Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.BOTH)


def _text(answers: Mapping[str, str], knowledge: Knowledge) -> str:
    lines = []
    for section in knowledge.questionnaire.sections:
        kept = [q for q in knowledge.questionnaire.of(section) if q.key in answers or q.key == "workload.name"]
        if kept:
            lines.append(f"{section}:")
            lines += [f"  {q.name}: {answers.get(q.key, json.dumps(NAME))}" for q in kept]
    return "\n".join(lines) + "\n"
