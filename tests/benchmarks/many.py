"""Many decisions at once, beside engines and loops that take one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from tests.benchmarks import zen
from tests.benchmarks.closures import closures
from tests.benchmarks.effort import Effort
from tests.benchmarks.json_logic import json_logic
from tests.benchmarks.measure import Contender, Say, alone, seconds_a_case
from tests.benchmarks.one_by_one import chain, reference
from tests.benchmarks.questionnaires import Case, basis, case_of, portfolio, shuffled
from tests.benchmarks.sections import Goal, Section, Table, figure, megabytes

from hostwise.batch.cases import Population
from hostwise.batch.decide import CHUNK, _chosen, choose_many, decide_many, many_facts
from hostwise.economics.costing import cost_ledgers
from hostwise.flow.flow import Basis, choose_costed, supposed_flow
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.inference.columns import FactTable as Facts
from hostwise.inference.run import Engine

ARRAYS, JSON_LOGIC, ZEN = "Hostwise, arrays", "JSON Logic (datalogic-py)", "ZEN, no trace"
LOOP, CLOSURES = "plain loop, reference evaluator", "plain loop, compiled closures"
TRACED = "Hostwise, one by one, trace"
COMPLETE, COMPLETE_LOOP = "Hostwise, arrays, with the economics", "plain loop, with the economics"
MIXED = "Hostwise, arrays, with the economics, all shapes"
RULES = (ARRAYS, ZEN, JSON_LOGIC, CLOSURES, LOOP, TRACED)
WHOLE = (COMPLETE, MIXED, COMPLETE_LOOP)
ALL_TOGETHER = (ARRAYS, COMPLETE, MIXED)
"""Those that take all cases in one call; the others get fewer, and their rate is a case's."""
MIXED_CASES = 500
ABOUT = """
The questionnaires are a portfolio: the examples, each many times over, at other volumes, prices and salaries. All
contenders run on the same facts, costs among them, and come to the same verdicts (`tests/benchmarks` checks it on
random questionnaires). Engines that take one case at a time get fewer; the rate is per case. All run on one core;
CPU time counts every thread.

**Rules on given facts**: derive, gate and choose. *Arrays*: facts as columns, the verdicts of all cases. ZEN and
JSON Logic get each case in the form that they take it in (a Python object, JSON text), which is not counted for
ZEN; JSON Logic needs the derived facts of each layer anew, and what stands between its layers (hit policies, what
the gates left, the cheapest option) is the same Python for it and for the loops.

**With the economics**: from answers to costs, verdict and deciding rule (`decide_many`). ZEN has no economics and
is compared as it is, on costs that it is given. *All shapes*: random questionnaires, of which no two take the
same way through the economics; there is nothing to compute together.
"""


@dataclass(frozen=True, slots=True)
class Given:
    """A population, and its facts as columns, chunk by chunk."""

    population: Population
    chunks: tuple[Facts, ...]


def columns(population: Population, on: Basis) -> Given:
    """The facts of a population, its costs among them."""
    cases = np.arange(population.size)
    parts = [population.taken(cases[start : start + CHUNK]) for start in range(0, population.size, CHUNK)]
    return Given(population, tuple(many_facts(part, on)[0] for part in parts))


def verdicts(given: Given, on: Basis) -> list[str]:
    """The verdicts of all cases from their facts."""
    names = (*on.options, "undecided", "infeasible")
    found: list[str] = []
    for chunk in given.chunks:
        table = Facts(chunk.size, dict(chunk.columns), chunk.doubtful.copy())
        codes, _ = _chosen(table, choose_many(table, on), on)
        found += [names[code] for code in codes]
    return found


def cases_of(population: Population, knowledge: Knowledge) -> list[Case]:
    """The same cases one by one."""
    cases = []
    for number in range(population.size):
        answers = population.at(number)
        cases.append(case_of(answers, cost_ledgers(answers, knowledge.catalogue, knowledge.as_of)))
    return cases


def deciders(on: Basis) -> dict[str, Callable[[Case], str]]:
    """What decides one case at a time, by name."""
    model = zen.decision(on)
    engines = {LOOP: reference, CLOSURES: closures, JSON_LOGIC: json_logic}
    chains = {name: chain(on, engine) for name, engine in engines.items()}
    return {
        ZEN: lambda case: str(model.evaluate(case.ready)["result"]["verdict"]),
        TRACED: lambda case: _verdict(case, on),
        **{name: (lambda case, each=each: each.verdict(case.facts)) for name, each in chains.items()},
    }


def _verdict(case: Case, on: Basis) -> str:
    choice = choose_costed(case.facts, case.costing, on).choice
    return choice.outcome


def contender(name: str, cases: int, book: Knowledge | None = None) -> Contender:
    """The contender of that name, ready to run."""
    knowledge = book or load_knowledge()
    on = basis(knowledge, Engine.REFERENCE)
    if name == COMPLETE_LOOP:
        few = portfolio(cases)
        rows = [few.at(number) for number in range(cases)]
        return Contender(name, cases, lambda: [supposed_flow(row, on) for row in rows])
    if name in (COMPLETE, MIXED):
        everything = portfolio(cases) if name == COMPLETE else shuffled(cases)
        return Contender(name, cases, lambda: decide_many(everything, on))
    if name == ARRAYS:
        given = columns(portfolio(cases), on)
        return Contender(name, cases, lambda: verdicts(given, on))
    questionnaires = cases_of(portfolio(cases), knowledge)
    decider = deciders(on)[name]
    return Contender(name, cases, lambda: [decider(case) for case in questionnaires])


def section(effort: Effort, say: Say) -> Section:
    """Measure both readings."""
    sizes = {name: effort.many if name in ALL_TOGETHER else effort.singles * 3 for name in (*RULES, *WHOLE)}
    sizes[MIXED] = min(effort.many, MIXED_CASES)
    contenders = [contender(name, size) for name, size in sizes.items()]
    seconds = seconds_a_case(contenders, effort.repetitions, say)
    peaks = {}
    for name, size in sizes.items():
        say(f"memory of {name}")
        peaks[name] = alone("many", name, size).peak
    many = f"{effort.many:,}"
    goals = (
        Goal(f"array decisions at {many}, rules on given facts, of ZEN", 200, seconds[ZEN] / seconds[ARRAYS], True),
        Goal(f"array decisions at {many}, with the economics, of ZEN", 200, seconds[ZEN] / seconds[COMPLETE], True),
        Goal(f"memory of {many} decisions with the economics", 1000, peaks[COMPLETE] / 1e6, False, " MB"),
    )
    tables = (
        _table("Rules on given facts", RULES, sizes, seconds, peaks),
        _table("With the economics", (*WHOLE, ZEN), sizes, seconds, peaks),
    )
    return Section("Many decisions at once", ABOUT, tables, goals)


def _table(
    caption: str, names: Sequence[str], sizes: dict[str, int], seconds: dict[str, float], peaks: dict[str, int]
) -> Table:
    rows = tuple(
        (
            name,
            f"{sizes[name]:,}",
            figure(1 / seconds[name]),
            f"{figure(seconds[ZEN] / seconds[name])}×",
            megabytes(peaks[name]),
        )
        for name in names
    )
    return Table(caption, ("", "cases", "a second of CPU", "of ZEN", "peak MB"), rows)
