"""The questionnaires that are decided: seeded, so that every run decides the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from tests.benchmarks.measure import ROOT
from tests.workbench.random_questionnaires import random_cases
from tests.workbench.zen_facts import nested

from hostwise.answers.facts import Fact
from hostwise.answers.to_facts import answer_facts
from hostwise.batch.cases import FactColumn, Population, population
from hostwise.economics.costing import Costing
from hostwise.flow.flow import Basis
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.inference.run import Engine
from hostwise.record.decide import load_answers

SEED = 20261125
VOLUMES = ("tokens_per_day", "tokens_per_month", "requests_per_day", "spend")


@dataclass(frozen=True, slots=True)
class Case:
    """One questionnaire: the facts of its answers, its costs, both as facts, and these as JSON has them."""

    answers: Mapping[str, Fact]
    costing: Costing
    facts: Mapping[str, Fact]
    ready: Mapping[str, Any]


def case_of(answers: Mapping[str, Fact], costing: Costing) -> Case:
    """A questionnaire with its costs."""
    facts = {**answers, **{fact.name: fact for fact in costing.facts}}
    return Case(answers, costing, facts, nested(facts))


def basis(knowledge: Knowledge, engine: Engine) -> Basis:
    """What a decision rests on, with this engine."""
    return Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, engine)


@lru_cache(maxsize=2)
def random_questionnaires(count: int) -> tuple[Case, ...]:
    """Every question given, left out or unknown, numbers at and beside every threshold; none that is refused."""
    cases = []
    for facts, costing in random_cases(load_knowledge(), SEED, count):
        costs = {fact.name for fact in costing.facts}
        cases.append(case_of({name: fact for name, fact in facts.items() if name not in costs}, costing))
    return tuple(cases)


def portfolio(size: int) -> Population:
    """The workloads of a company: the examples, each many times over, at other volumes, prices and salaries."""
    knowledge, draw = load_knowledge(), np.random.default_rng(SEED)
    files = sorted((ROOT / "examples").glob("*.yaml"))
    examples = population([answer_facts(load_answers(file), knowledge.questionnaire) for file in files])
    drawn = examples.taken(draw.integers(len(files), size=size))
    volume = draw.lognormal(0, 1.5, size)
    spreads = dict(drawn.spreads)
    for name, spread in drawn.spreads.items():
        money = any(fact is not None and fact.type == "money" for fact in spread.prototypes)
        if spread.numbers and any(word in name for word in VOLUMES):
            spreads[name] = _times(spread, volume)
        elif spread.numbers and money:
            spreads[name] = _times(spread, draw.lognormal(0, 0.25, size))
    return Population(size, spreads)


def _times(spread: FactColumn, factors: np.ndarray) -> FactColumn:
    return FactColumn(
        spread.prototypes, spread.which, {end: np.rint(each * factors) for end, each in spread.numbers.items()}
    )


def shuffled(size: int) -> Population:
    """Random questionnaires, however many: each answer comes from another one, but the volume's from one together."""
    draw = np.random.default_rng(SEED)
    few = population([case.answers for case in random_questionnaires(300)])
    together = draw.integers(few.size, size=size)
    spreads = {
        name: spread.taken(together if any(word in name for word in VOLUMES) else draw.integers(few.size, size=size))
        for name, spread in few.spreads.items()
    }
    return Population(size, spreads)
