"""Single decisions a second, complete with their trace, beside raw durable-rules and GoRules ZEN."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tests.benchmarks import raw_durable, zen
from tests.benchmarks.effort import Effort
from tests.benchmarks.measure import ROOT, Contender, Say, alone, seconds_a_case
from tests.benchmarks.questionnaires import basis, random_questionnaires
from tests.benchmarks.sections import Goal, Section, Table, figure, megabytes

from hostwise.economics.costing import cost_options
from hostwise.flow.flow import choose_costed, run_flow
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.inference.run import Engine
from hostwise.record.decide import decide, load_answers

CHOICE = ("derive", "gate", "choose")
EVERYTHING = (*CHOICE, "advise")
RAW, RAW_ADVICE = "raw durable-rules", "raw durable-rules, with advice"
DIRECT = "durable-rules, driven directly"
BOTH, REFERENCE = "Hostwise, both engines", "Hostwise, reference alone"
ZEN_TRACED, ZEN = "ZEN, trace", "ZEN, no trace"
FLOW, FLOW_REFERENCE = "Hostwise, both engines, whole flow", "Hostwise, reference alone, whole flow"
COSTS, RECORD = "the economics of it alone", "Hostwise, whole record"
RULES = (RAW, DIRECT, BOTH, REFERENCE, ZEN_TRACED, ZEN)
WHOLE = (RAW_ADVICE, FLOW, FLOW_REFERENCE, COSTS, RECORD, ZEN_TRACED)
ABOUT = """
Questionnaires are random: every question given, left out or unknown, numbers at and beside every threshold.

**Rules on given facts.** The costs are facts already. Hostwise runs derive, gate and choose, and comes to the verdict
and to every rule's truth with its sub-conditions, the values they read and their words. *Both engines* is what
`decide` does: durable-rules and the reference evaluator, every truth compared. Raw durable-rules runs the same rules,
compiled as Hostwise compiles them, as its package drives them (`Ruleset`): facts asserted that are encoded already,
derived ones among them; actions run, session deleted; no trace, no derived facts, no verdict. *Driven directly* is
what Hostwise does instead: the same compiled rulesets without the package's Python, facts encoded anew. ZEN evaluates
the exported rules and comes to the verdict; with `trace` it says which row of each table matched.

**A whole decision.** Hostwise starts from the answers: economics with break-evens and outlooks, then all four stages,
advice included. *Whole record* adds the panel, robustness, counterfactuals and what the report reads, as
`hostwise decide` does it. The others have no economics: they still get the costs as facts, and ZEN no advice.
"""


def contender(name: str, cases: int, knowledge: Knowledge | None = None) -> Contender:
    """The contender of that name, ready to run."""
    book, questionnaires = knowledge or load_knowledge(), random_questionnaires(cases)
    both, one = basis(book, Engine.BOTH), basis(book, Engine.REFERENCE)
    if name in (RAW, RAW_ADVICE):
        raw = raw_durable.raw_rules(both, CHOICE if name == RAW else EVERYTHING)
        ready = [raw.messages(run_flow(case.answers, one).facts) for case in questionnaires]
        return Contender(name, cases, lambda: [raw.run(messages) for messages in ready])
    if name == DIRECT:
        groups = raw_durable.raw_rules(both, CHOICE).groups
        known = [run_flow(case.answers, one).facts for case in questionnaires]
        return Contender(name, cases, lambda: [group.fired(facts) for facts in known for group in groups])
    if name in (ZEN, ZEN_TRACED):
        model, options = zen.decision(both), {"trace": name == ZEN_TRACED}
        return Contender(name, cases, lambda: [model.evaluate(case.ready, options) for case in questionnaires])
    if name == RECORD:
        files = sorted((ROOT / "examples").glob("*.yaml"))[:3]
        answers = [load_answers(file) for file in files]
        return Contender(name, len(files), lambda: [decide(each) for each in answers])
    run = {
        BOTH: lambda case: choose_costed(case.facts, case.costing, both),
        REFERENCE: lambda case: choose_costed(case.facts, case.costing, one),
        FLOW: lambda case: run_flow(case.answers, both),
        FLOW_REFERENCE: lambda case: run_flow(case.answers, one),
        COSTS: lambda case: cost_options(case.answers, book.catalogue, book.as_of),
    }[name]
    return Contender(name, cases, lambda: [run(case) for case in questionnaires])


def section(effort: Effort, say: Say) -> Section:
    """Measure both readings."""
    contenders = [contender(name, effort.singles) for name in dict.fromkeys((*RULES, *WHOLE))]
    seconds = seconds_a_case(contenders, effort.repetitions, say)
    peaks = {}
    for each in contenders:
        say(f"memory of {each.name}")
        peaks[each.name] = alone("single", each.name, min(effort.singles, 50)).peak
    table = partial(_table, seconds=seconds, peaks=peaks)
    goals = (
        Goal("single decisions, rules on given facts, of raw durable-rules", 0.7, seconds[RAW] / seconds[BOTH], True),
        Goal("the same, of ZEN with trace", 1, seconds[ZEN_TRACED] / seconds[BOTH], True),
        Goal("single whole decisions, of raw durable-rules", 0.7, seconds[RAW_ADVICE] / seconds[FLOW], True),
        Goal("the same, of ZEN with trace", 1, seconds[ZEN_TRACED] / seconds[FLOW], True),
    )
    tables = (
        table(f"Rules on given facts, {effort.singles} random questionnaires", RULES, RAW),
        table(f"Whole decisions, {effort.singles} random questionnaires (records: three examples)", WHOLE, RAW_ADVICE),
    )
    return Section("Single decisions, with trace", ABOUT, tables, goals)


def _table(caption: str, names: Sequence[str], raw: str, seconds: dict[str, float], peaks: dict[str, int]) -> Table:
    rows = tuple(
        (
            name,
            figure(1 / seconds[name]),
            f"{figure(seconds[raw] / seconds[name])}×",
            f"{figure(seconds[ZEN_TRACED] / seconds[name])}×",
            megabytes(peaks[name]),
        )
        for name in names
    )
    return Table(caption, ("", "a second of CPU", "of raw durable-rules", "of ZEN with trace", "peak MB"), rows)
