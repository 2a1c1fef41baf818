"""Random questionnaires, seeded: every question given, left out or unknown; numbers at and beside every threshold."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from hostwise.answers.facts import SCALES, Fact
from hostwise.answers.files.answer import Answer, Answers
from hostwise.answers.files.contradictions import checks
from hostwise.answers.questions.contradictions import Contradictions
from hostwise.answers.questions.questions import Question
from hostwise.answers.to_facts import answer_facts
from hostwise.economics.costing import Costing, cost_ledgers
from hostwise.flow.knowledge import Knowledge
from hostwise.reading.files.yaml_file import Document, read_document
from hostwise.reading.findings.diagnostics import InputError, Place
from hostwise.reading.numbers.fact_types import FactType
from hostwise.rulebook.language import conditions as c

LEFT_OUT, UNKNOWN = 0.2, 0.03
PREFERRED: Mapping[str, Any] = {
    "constraints.external_processing": "allowed",
    "constraints.air_gapped": False,
    "constraints.edge_or_offline": False,
    "constraints.residency": "none",
    "constraints.fine_tuning": "none",
    "constraints.constrained_share": Decimal(0),
}
"""Answers that leave the choice open, drawn more often than chance would."""
NOT_DRAWN = ("rates", "text", "date")
VOLUMES = [Decimal(n) for n in (0, 1000, 3_000_000, 30_000_000, 50_000_000, 500_000_000, 1_500_000_000, 40_000_000_000)]


RandomCase = tuple[dict[str, Fact], Costing]


def random_cases(
    knowledge: Knowledge, seed: int, count: int, left_out: float = LEFT_OUT, costed: int = 1
) -> Iterator[RandomCase]:
    """The facts and the costing of `count` questionnaires that Hostwise accepts; `left_out` is the share not given.

    One in `costed` is costed, which takes most of the time; the others have the costs of the last one that was. To
    engines that read facts they are as good as any.
    """
    return drawn_cases(knowledge, random.Random(seed), count, left_out, costed)


def drawn_cases(
    knowledge: Knowledge, draw: random.Random, count: int, left_out: float = LEFT_OUT, costed: int = 1
) -> Iterator[RandomCase]:
    """The same, drawn from where a generator stands."""
    thresholds = thresholds_of(knowledge)
    document = read_document(Path("random.yaml"), data=b"workload:\n  name: random\n")
    made = 0
    costing: Costing | None = None
    while made < count:
        answers = _answers(knowledge, draw, thresholds, document, left_out)
        given = answer_facts(answers, knowledge.questionnaire)
        if costing is None or made % costed == 0:
            try:
                costing = cost_ledgers(given, knowledge.catalogue, knowledge.as_of)
            except InputError:
                continue  # what only the catalogue can refuse: a model that does not fit, a price without a rate
        made += 1
        yield {**given, **{fact.name: fact for fact in costing.facts}}, costing


_thresholds: dict[tuple[tuple[str, str], ...], dict[str, list[Decimal]]] = {}


def thresholds_of(knowledge: Knowledge) -> dict[str, list[Decimal]]:
    """Every number that a rule compares a fact with: looked for once, since cases are drawn one by one too."""
    if knowledge.files not in _thresholds:
        found: dict[str, list[Decimal]] = {}
        for rule in knowledge.rulebook.rules:
            for test in c.tests(rule.when):
                found.setdefault(test.fact, []).extend(_numbers(test.unary))
        _thresholds[knowledge.files] = found
    return _thresholds[knowledge.files]


def _numbers(unary: c.Unary) -> Iterator[Decimal]:
    if isinstance(unary, c.Compare) and isinstance(unary.operand, Decimal):
        yield unary.operand
    elif isinstance(unary, c.Interval):
        yield from (unary.low, unary.high)
    elif isinstance(unary, c.Equals) and isinstance(unary.value, Decimal):
        yield unary.value
    elif isinstance(unary, c.Negated):
        yield from _numbers(unary.test)
    elif isinstance(unary, c.OneOf):
        for test in unary.tests:
            yield from _numbers(test)


def _answers(
    knowledge: Knowledge,
    draw: random.Random,
    thresholds: Mapping[str, list[Decimal]],
    document: Document,
    left_out: float,
) -> Answers:
    values: dict[str, Answer] = {}
    for question in knowledge.questionnaire.questions:
        open_ = LEFT_OUT / 10 if question.key in PREFERRED else left_out
        if question.type in NOT_DRAWN or draw.random() < open_:
            continue
        value = None if draw.random() < UNKNOWN else _value(question, draw, thresholds.get(question.fact, []))
        currency = "USD" if question.type == "money" else None
        values[question.key] = Answer(question.key, value, Place("random.yaml", 1, 1), str(value), currency=currency)
    counted = {key for group in knowledge.questionnaire.contradictions.volumes.one_of for key in group}
    _volume(values, draw, counted)
    if "workload.task" in values and values["workload.task"].value == "embeddings":
        values.pop("demand.input_share", None)  # it writes nothing, so all of its tokens are input
    _agreeing(values, draw, knowledge.questionnaire.contradictions)
    return Answers("random.yaml", document.text, document.sha256, values)


def _agreeing(values: dict[str, Answer], draw: random.Random, known: Contradictions) -> None:
    """Take back one of two answers that cannot both be true: eleven of twelve questionnaires would be thrown away."""
    while pair := next((pair for check in checks(known) for pair in check.pairs(values)), None):
        # Where one of the two is missed, the other goes.
        given = [key for key in pair[:2] if key in values and values[key].value is not None]
        del values[given[draw.randrange(len(given))]]


def _volume(values: dict[str, Answer], draw: random.Random, counted: set[str]) -> None:
    """One statement of the volume, so that two do not contradict each other: tokens, or sometimes what is `counted`."""
    count = draw.choice(sorted(counted & values.keys())) if counted & values.keys() and draw.random() < 0.2 else None
    for key in list(values):
        if key in counted - {count} or (key.startswith("demand.") and ("tokens_per" in key or "requests" in key)):
            del values[key]
    if count is None and draw.random() < 0.9:
        volume = draw.choice(VOLUMES) * draw.choice([Decimal(1), Decimal("0.999999999"), Decimal("1.000000001")])
        key = draw.choice(["demand.tokens_per_day", "demand.tokens_per_month"])
        values[key] = Answer(key, volume, Place("random.yaml", 1, 1), str(volume))


def _value(question: Question, draw: random.Random, thresholds: list[Decimal]) -> Any:
    if question.key in PREFERRED and draw.random() < 0.85:
        return PREFERRED[question.key]
    if question.type == FactType.BOOLEAN:
        return draw.random() < 0.5
    if question.type == FactType.ENUM:
        return draw.choice(question.value_names)
    if question.type == "set":
        return [name for name in question.value_names if draw.random() < 0.2]
    return _number(question, draw, thresholds)


def _number(question: Question, draw: random.Random, thresholds: list[Decimal]) -> Decimal:
    low, high = question.min or Decimal(0), question.max or Decimal(1000)
    if thresholds and draw.random() < 0.6:
        step = Decimal(1).scaleb(-SCALES[FactType(question.type)])
        value = draw.choice(thresholds) + draw.choice([-step, Decimal(0), step])
    else:
        share = Decimal(draw.random()).quantize(Decimal("0.0001"))
        value = low + (min(high, Decimal(10_000)) - low) * share ** draw.choice([1, 3, 6])
    return min(max(value, low), high)
