"""The economics of one questionnaire: on decimals, recorded, and replayed on floats and on arrays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace
from tests.benchmarks.effort import Effort
from tests.benchmarks.measure import ROOT, Contender, Say, seconds_a_case
from tests.benchmarks.questionnaires import SEED, basis
from tests.benchmarks.sections import Goal, Section, Table, figure, small

from hostwise.analysis.futures.sampling import futures
from hostwise.analysis.futures.sobol_points import DIMENSIONS
from hostwise.analysis.futures.uncertain import uncertainties
from hostwise.answers.to_facts import answer_facts
from hostwise.batch.cases import Population
from hostwise.batch.costs import cost_many
from hostwise.batch.endings import CHUNK
from hostwise.batch.replayed import Journey, Straight
from hostwise.batch.ways import Fork, Ways, ways
from hostwise.economics.catalogue.catalogue import at_likely
from hostwise.economics.cost_facts import economics_specs
from hostwise.economics.costing import cost_ledgers
from hostwise.economics.numbers.compiled import ON_FLOATS, compiled
from hostwise.economics.numbers.replay import StepProgram, program
from hostwise.flow.flow import Basis
from hostwise.flow.knowledge import load_knowledge
from hostwise.inference.run import Engine
from hostwise.record.decide import load_answers

QUESTIONNAIRE = ROOT / "examples" / "support-summariser.yaml"
DECIMALS, RECORDED = "one case on decimals, every line of every ledger", "the same, recorded on a tape"
FLOATS, CHUNKS = "its operations, compiled, on the floats of a case", f"the same on arrays of {CHUNK:,} cases"
WHOLE, COSTED = "the same on arrays of all cases", "futures costed, from facts to columns"
ALL = (DECIMALS, RECORDED, FLOATS, CHUNKS, WHOLE, COSTED)
ABOUT = """
The economics of [support-summariser.yaml](examples/support-summariser.yaml) in many futures, drawn as `robustness`
draws them. A tape holds the operations that the facts of a decision rest on, recorded once while one case runs on
decimals; the rest of that run is ledger lines with their inputs and sources, which a record needs and a verdict does
not. *Costed* is all of `cost_many`: arrays gathered, questions asked, values rounded to the digits of their facts,
doubtful ones found.
"""


def drawn(size: int, on: Basis) -> Population:
    """So many futures of the questionnaire."""
    knowledge = load_knowledge()
    facts = answer_facts(load_answers(QUESTIONNAIRE), knowledge.questionnaire)
    ledgers = cost_ledgers(facts, on.catalogue, on.as_of).ledgers.values()
    plans = [ledger.capacity for ledger in ledgers if ledger.capacity]
    uncertain = uncertainties(facts, knowledge.questionnaire, on.catalogue, plans)
    points = np.random.default_rng(SEED).uniform(0.001, 0.999, (size, DIMENSIONS))
    return futures(facts, uncertain, points)


def straight_ways(taken: Ways) -> Iterator[tuple[Fork, Straight]]:
    """Whole ways that are prepared, with where each starts."""
    waiting = [taken.start]
    while waiting:
        fork = waiting.pop()
        waiting += fork.branches.values()
        if "straight" in fork.prepared:
            yield fork, fork.prepared["straight"]


def contenders(size: int, singles: int) -> list[Contender]:
    """All contenders, ready to run on so many cases."""
    on = basis(load_knowledge(), Engine.REFERENCE)
    lean = replace(on, catalogue=at_likely(on.catalogue))
    everything, specs = drawn(size, on), economics_specs(lean.catalogue)
    one = everything.at(0)
    figures = frozenset(everything.figures)
    ways.cache_clear()
    for _ in range(2):  # a whole way is prepared once it is taken again
        cost_many(everything, lean.catalogue, lean.as_of, specs)
    taken = ways(lean.catalogue, lean.as_of, figures)
    start, straight = next(straight_ways(taken))
    plain = program(taken.tape, straight.program.kept, (), alone=True)

    def arrays(first: int, count: int) -> Journey:
        cases = np.arange(first, min(first + count, size))
        return Journey(start, cases, everything, taken.tape, {}, np.zeros(len(cases), dtype=bool))

    def replayed(count: int) -> None:
        for first in range(0, size, count):
            journey = arrays(first, count)
            made.run({}, journey.load, journey.doubtful)

    made, on_floats = compiled(plain), compiled(plain, ON_FLOATS)
    rows = list(_rows(plain, arrays(0, singles * 100)))
    return [
        Contender(DECIMALS, singles, lambda: [cost_ledgers(one, lean.catalogue, lean.as_of) for _ in range(singles)]),
        Contender(
            RECORDED, singles, lambda: [Ways(lean.catalogue, lean.as_of).record(everything, 0) for _ in range(singles)]
        ),
        Contender(FLOATS, len(rows), lambda: [on_floats.replay(row, False) for row in rows]),
        Contender(CHUNKS, size, lambda: replayed(CHUNK)),
        Contender(WHOLE, size, lambda: replayed(size)),
        Contender(COSTED, size, lambda: cost_many(everything, lean.catalogue, lean.as_of, specs)),
    ]


def _rows(plain: StepProgram, journey: Journey) -> Iterator[list[float]]:
    columns = [journey.load(key).tolist() for key in plain.inputs.values()]
    yield from (list(row) for row in zip(*columns, strict=True))


def _row(of: Contender, seconds: float, ratio: float) -> tuple[str, ...]:
    return of.name, f"{of.cases:,}", small(seconds), f"{figure(ratio)}×"


def section(effort: Effort, say: Say) -> Section:
    """Measure them in turns."""
    found = contenders(effort.many, effort.singles)
    with np.errstate(all="ignore"):
        seconds = seconds_a_case(found, effort.repetitions, say)
    ratio = {name: seconds[DECIMALS] / taken for name, taken in seconds.items()}
    rows = tuple(
        (each.name, f"{each.cases:,}", small(seconds[each.name]), f"{figure(ratio[each.name])}×") for each in found
    )
    goals = (
        Goal("operations of the economics on floats, of decimals", 150, ratio[FLOATS], True),
        Goal("the same on arrays in chunks, of decimals", 4000, ratio[CHUNKS], True),
    )
    table = Table("The economics of a case", ("", "cases", "CPU time a case", "as fast as decimals"), rows)
    return Section("Economics", ABOUT, (table,), goals)
