"""What would settle undecided cases, many at once: cases whose tests all come out the same need the same answers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hostwise.answers.questions.questions import Questionnaire
from hostwise.batch.cases import Places, Population
from hostwise.batch.outcomes import Outcomes
from hostwise.economics.catalogue.options import UNDECIDED
from hostwise.flow.flow import Basis, supposed_flow
from hostwise.flow.gates import options_excluded
from hostwise.flow.why.needs import each_once, open_questions
from hostwise.inference.columns import FactTable, Mask
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import HOUSE

Needs = tuple[str, ...]
"""The keys of the questions that a case waits for."""


def needs_of(
    outcomes: Outcomes, table: FactTable, population: Population, basis: Basis, questionnaire: Questionnaire
) -> dict[int, Needs]:
    """What each undecided case of a chunk waits for. `table`: as `many.decide_chunk` gives it."""
    undecided = outcomes.verdict == outcomes.verdicts.index(UNDECIDED)
    held = _held_open(outcomes, table, basis)
    found: dict[int, Needs] = {}
    for cases, stages in (
        (np.flatnonzero(undecided & ~table.doubtful & held), ("gate",)),
        (np.flatnonzero(undecided & ~table.doubtful & ~held), ("gate", "choose")),
    ):
        for alike in _alike(cases, stages, table, basis):
            needs = _needs(population, int(alike[0]), basis, questionnaire)
            found |= dict.fromkeys(alike.tolist(), needs)
    for case in np.flatnonzero(undecided & table.doubtful).tolist():
        found[case] = _needs(population, case, basis, questionnaire)
    return found


def _held_open(outcomes: Outcomes, table: FactTable, basis: Basis) -> Mask:
    """Cases in which a gate that is unknown could still exclude an option: they wait for it, whatever they cost."""
    held = np.zeros(table.size, dtype=bool)
    for rule in basis.rulebook.stage("gate", HOUSE):
        out = [basis.options.index(option) for option in options_excluded(rule, basis.options)]
        held |= table.truth(rule.when).unknown & outcomes.left[:, out].any(axis=1)
    return held


def _alike(cases: Places, stages: tuple[str, ...], table: FactTable, basis: Basis) -> Iterator[Places]:
    """The cases by how every test of some stages comes out in them, and by what is known in them."""
    if not len(cases):
        return
    rules = [rule for stage in stages for rule in basis.rulebook.stage(stage, HOUSE)]
    tests = {(test.fact, test.unary): test for rule in rules for test in c.tests(rule.when)}
    truths = [table.truth(test) for test in tests.values()]
    masks = [mask[cases] for truth in truths for mask in (truth.yes, truth.no)]
    masks += [column.known[cases] for column in table.columns.values()]
    signs = np.packbits(np.array(masks), axis=0).T
    _, whose = np.unique(signs, axis=0, return_inverse=True)
    order = np.argsort(whose.ravel(), kind="stable")
    edges = np.flatnonzero(np.diff(whose.ravel()[order])) + 1
    yield from (cases[part] for part in np.split(order, edges))


def _needs(population: Population, case: int, basis: Basis, questionnaire: Questionnaire) -> Needs:
    run = supposed_flow(population.at(case), basis)
    questions = open_questions(run.choice.needs, run.facts, questionnaire)
    return tuple(question.key for question, _ in each_once(questions, questionnaire))
