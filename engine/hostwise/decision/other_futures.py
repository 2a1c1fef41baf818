"""How sure a decision is over other futures than those shipped: as many as one likes, another seed, Sobol indices."""

from __future__ import annotations

from collections.abc import Mapping

from hostwise.answers.facts import Fact
from hostwise.answers.to_facts import answer_facts
from hostwise.decision.canonical import Json, plain
from hostwise.decision.compare import Situation
from hostwise.decision.design import DIMENSIONS, POINTS, SEED, drawn
from hostwise.decision.flow import Basis, run_flow
from hostwise.decision.indices import sobol_indices
from hostwise.decision.robustness import robustness, sampled
from hostwise.decision.robustness_part import robustness_part, tornado_part
from hostwise.inference.run import Engine
from hostwise.reading.diagnostics import Diagnostic, InputError, Place

SOBOL_POINTS = 256
"""Points of the Sobol indices, each decided once more for each thing that is weighed."""


def robustness_of(situation: Situation, samples: int, seed: int | None, *, sobol: bool = False) -> Json:
    """What the record keeps of its own futures, for others; with Sobol indices where they are wanted.

    Raises `InputError` where that needs scipy, and it is not installed.
    """
    knowledge = situation.knowledge
    given = answer_facts(situation.answers, knowledge.questionnaire)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, situation.as_of, Engine.BOTH)
    course = run_flow(given, basis)
    own = samples == POINTS and seed is None
    try:
        design = None if own else drawn(samples, DIMENSIONS, SEED if seed is None else seed)
        found = sampled(course, given, basis, knowledge.questionnaire, design, SEED if seed is None else seed)
        firm = robustness(found, course, basis)
        part = robustness_part(firm, found, course, knowledge)
        part["tornado"] = tornado_part(firm, course, given, basis, knowledge)
        if sobol and part["option"] is not None:
            names = [row["name"] for row in part["tornado"]]
            weighed = sorted(
                (each for each in found.uncertain if each.name in names), key=lambda each: names.index(each.name)
            )
            indices = sobol_indices(weighed, given, basis, part["option"], part["rival"], SOBOL_POINTS, found.seed)
            part["sobol"] = [
                {"name": i.uncertain.name, "label": i.uncertain.label, **plain({"first": i.first, "total": i.total})}
                for i in indices
            ]
    except ImportError:
        message = "other futures and Sobol indices need scipy, which is not installed: pip install 'hostwise[sample]'"
        raise InputError([Diagnostic(Place("robustness"), "no-scipy", message)]) from None
    return part | {"currency": _currency(given)}


def _currency(given: Mapping[str, Fact]) -> str:
    value = given["currency"].value
    return value if isinstance(value, str) else "USD"
