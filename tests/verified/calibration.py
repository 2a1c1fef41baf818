"""Does "x in 100" come true, and what does it cost to follow the recommendation? On questionnaires with drawn truths.

A questionnaire is decided and held against its futures, as `hostwise decide` does. Then a truth is drawn from the same
priors at points that are none of the futures', and decided: the recommendation came true where it comes to the same.
The regret in hindsight is what the recommendation costs there above what the truth comes to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from tests.workbench.random_questionnaires import random_cases

from hostwise.analysis.futures.confirm import future_facts
from hostwise.analysis.futures.robustness import Sampled, sampled
from hostwise.analysis.futures.sampling import WORLDS
from hostwise.analysis.futures.sobol_points import shipped
from hostwise.analysis.futures.worth_asking import regrets_in
from hostwise.economics.catalogue.computed_facts import LEAST_REGRET, REGRET, name_for
from hostwise.flow.flow import Basis, FlowRun, confirm, supposed_flow
from hostwise.flow.knowledge import Knowledge
from hostwise.inference.run import Engine

LEFT_OUT = 0.6
"""Share of the questions that are not answered: enough that many a verdict is in doubt."""


class Drawn(Struct, frozen=True):
    """One questionnaire: the share that its recommendation claims, and what its truths say.

    `came` is in how many of `truths` it came true. The regrets are of one month, in parts of what the cheapest option
    that a future comes to costs on average there: of the recommendation, of the choice before it was confirmed, and of
    what its futures expect of the recommendation. `unsaid`: another option is regretted less by more than the margin,
    and the rule that confirms does not say so.
    """

    said: float
    came: int
    truths: int
    regret: float
    chosen_regret: float
    expected_regret: float
    unsaid: bool


def drawn(knowledge: Knowledge, seed: int, count: int, truths: int = WORLDS) -> Iterator[Drawn]:
    """`count` decided questionnaires with `truths` truths each (a multiple of the worlds of a sample)."""
    return islice(_endless(knowledge, seed, truths), count)


def _endless(knowledge: Knowledge, seed: int, truths: int) -> Iterator[Drawn]:
    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.REFERENCE)
    draw = np.random.default_rng(seed)
    for facts, costing in random_cases(knowledge, seed, 1_000_000, LEFT_OUT):
        costs = {fact.name for fact in costing.facts}
        answers = {name: fact for name, fact in facts.items() if name not in costs}
        run = supposed_flow(answers, basis)
        if run.choice.option is None:
            continue
        futures = sampled(run, answers, basis, knowledge.questionnaire)
        final = confirm(replace(run, facts={**run.facts, **future_facts(run, futures, basis)}), basis)
        truth = sampled(run, answers, basis, knowledge.questionnaire, design=draw.random((truths, shipped().shape[1])))
        yield _held(futures, truth, final, str(run.choice.option))


def _held(futures: Sampled, truth: Sampled, final: FlowRun, chosen: str) -> Drawn:
    option = str(final.choice.option)
    place, before = futures.outcomes.verdicts.index(option), futures.outcomes.verdicts.index(chosen)
    said = float((futures.outcomes.verdict == place).mean())
    came = int((truth.outcomes.verdict == place).sum())
    regrets = regrets_in(truth)
    scale = _scale(truth)
    expected = float(regrets_in(futures)[:, place].mean()) / _scale(futures)
    return Drawn(
        said, came, truth.population.size, float(regrets[:, place].mean()) / scale,
        float(regrets[:, before].mean()) / scale, expected, _unsaid(final, option),
    )  # fmt: skip


def _unsaid(final: FlowRun, option: str) -> bool:
    fact = {name: each.value for name, each in final.facts.items()}
    own, least = fact.get(name_for(REGRET, option)), fact.get(name_for(REGRET, str(fact.get(LEAST_REGRET))))
    margin = fact.get("regret_margin")
    if not (isinstance(own, Decimal) and isinstance(least, Decimal) and isinstance(margin, Decimal)):
        return False
    # Regret forgives a move that fails, two steps do not: that rule says what it would cost.
    says = final.confirmation is not None and final.confirmation.rule.id in (
        "confirm.loses-by-more",
        "confirm.neither-pays",
    )
    return own - least > margin and not says


def _scale(found: Sampled) -> float:
    """What the right option costs on average; 1 where none is ever priced."""
    outcomes = found.outcomes
    right = np.minimum(outcomes.verdict, outcomes.costs.shape[1] - 1)
    own = outcomes.costs[np.arange(len(right)), right]
    own = own[(outcomes.verdict < outcomes.costs.shape[1]) & ~np.isnan(own)]
    return float(own.mean()) or 1.0 if len(own) else 1.0


def deciles(found: Sequence[Drawn]) -> Iterator[tuple[int, int, float, float, float]]:
    """For each tenth of what was said: its place, questionnaires, mean said, mean that came true, and the error (one
    standard deviation) that drawing so few truths would leave if every "x in 100" were right."""
    for tenth in range(10):
        here = [each for each in found if min(int(each.said * 10), 9) == tenth]
        if here:
            said, came = np.mean([e.said for e in here]), np.mean([e.came / e.truths for e in here])
            error = sum(e.said * (1 - e.said) / e.truths for e in here) ** 0.5 / len(here)
            yield tenth, len(here), float(said), float(came), error
