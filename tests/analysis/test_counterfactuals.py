"""Every number that is printed as a counterfactual holds: at it, just beyond it, and not just short of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from hostwise.analysis.changes.flips import flips
from hostwise.analysis.futures.confirm import confirmed_flow
from hostwise.analysis.situation import Situation
from hostwise.answers.facts import FactType, fixed
from hostwise.answers.to_facts import answer_facts
from hostwise.flow.flow import Basis
from hostwise.flow.knowledge import load_knowledge
from hostwise.inference.run import Engine
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decide import load_answers

EXAMPLES = Path(__file__).parents[2] / "examples"
NEAR = Decimal("0.003")
PRINTED = Decimal("0.001")
"""A share is said in tenths of a per cent, on the side where the verdict is the other one."""


@pytest.mark.parametrize("name", ["support-summariser", "s4-50m-a-day", "nightly-extraction-batch"])
def test_a_threshold_is_on_the_side_that_it_names(name: str) -> None:
    knowledge = load_knowledge()
    situation = Situation(load_answers(EXAMPLES / f"{name}.yaml"), knowledge.as_of, knowledge)
    facts = answer_facts(situation.answers, knowledge.questionnaire)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.REFERENCE)

    def decided(fact: str, value: Decimal) -> str:
        moved = replace(facts[fact], value=fixed(value, facts[fact].type), low=None, high=None)
        try:
            return confirmed_flow({**facts, fact: moved}, basis, knowledge.questionnaire).choice.outcome
        except InputError:
            return "refused"

    numbers = [flip for flip in flips(situation) if isinstance(flip.changed, Decimal) and flip.distance is not None]
    assert numbers
    for flip in numbers:
        assert isinstance(flip.now, Decimal) and isinstance(flip.changed, Decimal)
        least = PRINTED if flip.question.in_points else flip.question.least
        step = max(abs(flip.changed) * NEAR, least).copy_sign(flip.changed - flip.now)
        assert decided(flip.question.fact, flip.changed) == flip.verdict, flip
        if flip.question.type != FactType.RATIO or 0 < flip.changed + step < 1:
            assert decided(flip.question.fact, flip.changed + step) in (flip.verdict, "refused"), flip
        if flip.close_from is None:
            assert decided(flip.question.fact, flip.changed - step) != flip.verdict, flip
        digits = len(flip.changed.normalize().as_tuple().digits)
        assert digits <= 4, "what is printed is the number itself"
