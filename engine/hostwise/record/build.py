"""Building the record of a decision: as much as a first answer needs, or all of it with its id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict, replace

from hostwise.analysis.changes.thresholds import near_thresholds, overlapping_costs, ranged_answers
from hostwise.analysis.futures.confirm import future_facts
from hostwise.analysis.futures.first_steps import concluded
from hostwise.analysis.futures.robustness import Robustness, Sampled, robustness, sampled
from hostwise.analysis.futures.tornado import Swing, tornado
from hostwise.analysis.futures.worth_asking import Doubt, doubt
from hostwise.answers.as_read import converted
from hostwise.answers.facts import Fact
from hostwise.answers.files.days import DECISION, RATES, refuse_impossible, stated_day
from hostwise.economics.plans.competing.tier import known_facts
from hostwise.flow.doubts import doubts
from hostwise.flow.flow import Basis, FlowRun, choose_flow
from hostwise.flow.freshness import Dated, check_age, rates_of, used
from hostwise.flow.panel import PanelVote, run_panel, with_arithmetic
from hostwise.flow.read_back import read_back
from hostwise.inference.run import Engine, RuleTrace
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.record.format.record import Record, RecordedFact, RecordedLedger
from hostwise.record.format.robustness import Counterfactual, DecidedRange, RangeEnd, RecordRobustness
from hostwise.record.parts.knowledge import catalogue_part, program_part, rulebook_part
from hostwise.record.parts.restated import answers_part, facts_part, ledgers_part, rules_part
from hostwise.record.parts.robustness import futures_part, widest
from hostwise.record.parts.verdict import verdict_part

if TYPE_CHECKING:
    from hostwise.analysis.changes.triggers import RevisitTrigger
    from hostwise.analysis.maps.letter_map import LetterMap
    from hostwise.answers.files.answer import Answers
    from hostwise.flow.knowledge import Knowledge


class Outline(Struct, frozen=True, eq=False):
    """A decision as far as a first answer needs; `overdue` is what it rests on past its review, or newer."""

    answers: Answers
    given: Mapping[str, Fact]
    basis: Basis
    knowledge: Knowledge
    run: FlowRun
    futures: Sampled
    panel: Mapping[str, PanelVote]
    firm: Robustness
    doubt: Doubt
    overdue: tuple[Dated, ...]
    allow_stale: bool


class Changes(Struct, frozen=True, eq=False):
    """What would change a decision."""

    counterfactuals: tuple[Counterfactual, ...] = ()
    triggers: tuple[RevisitTrigger, ...] = ()
    swings: tuple[Swing, ...] = ()
    map: LetterMap | None = None


def outline(
    answers: Answers, knowledge: Knowledge, as_of: date | None, engine: str, *, allow_stale: bool = False
) -> Outline:
    """Decide, and say how sure it is.

    Raises `OutOfDate` where it would rest on knowledge past its second limit, unless `allow_stale`.
    """
    given = _by_name(known_facts(answers, knowledge.questionnaire, knowledge.catalogue))
    day = as_of or stated_day(answers.values) or knowledge.as_of
    refuse_impossible(answers.values, knowledge.questionnaire, day)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, day, Engine(engine))
    try:
        run = choose_flow(given, basis)
    except InputError as problem:
        raise InputError(_with_path(problem.diagnostics, answers.file)) from None
    resting_on = (*used(run, knowledge), *rates_of(answers.values.get(RATES), knowledge.root))
    if not allow_stale:
        check_age(resting_on, day, knowledge.root, _day_place(answers, day))
    overdue = tuple(entry for entry in resting_on if entry.spoken_of(day))
    futures = sampled(run, given, basis, knowledge.questionnaire)
    run = concluded(run, future_facts(run, futures, basis), basis)
    panel = run_panel(knowledge.rulebook, run.facts, basis.engine, knowledge.root)
    firm, open_ = robustness(futures, run, basis), doubt(futures, run.choice.outcome)
    return Outline(answers, given, basis, knowledge, run, futures, panel, firm, open_, overdue, allow_stale)


def first_record(known: Outline) -> Record:
    """The record without its id, counterfactuals, triggers, tornado, map and arithmetic, and of its rules the gates.

    Its texts, in memory, know how they were made: it needs no list of sentences to be said in another language.
    """
    gates = (trace for trace in known.run.traces if trace.rule.stage == "gate")  # what ways out are named by
    return _record(known, known.panel, Changes(), gates)


def whole_record(known: Outline) -> Record:
    """The whole record: what would change the decision is looked into, and the id is computed."""
    from hostwise.record.canonical import identity

    knowledge = known.knowledge
    panel = with_arithmetic(known.panel, knowledge.rulebook, knowledge.root)
    record = _with_sentences(_record(known, panel, _looked_into(known), known.run.traces))
    return replace(record, id=identity(record))


def _with_sentences(record: Record) -> Record:
    """With how its sentences were made, so that they can be said in any language."""
    from hostwise.record.sentences import sentences_of

    return replace(record, rulebook=replace(record.rulebook, sentences=sentences_of(record)))


def _looked_into(known: Outline) -> Changes:
    from hostwise.analysis.changes.flips import nearest_flips
    from hostwise.analysis.changes.pairs import nearest_pairs
    from hostwise.analysis.maps.decision_map import MapContext, map_part
    from hostwise.record.parts.changes import counterfactuals_part, triggers_part

    given, basis, knowledge, run = known.given, known.basis, known.knowledge, known.run
    flips = nearest_flips(given, basis, knowledge.questionnaire)
    pairs = () if flips else nearest_pairs(given, basis, knowledge.questionnaire)
    swings = widest(tornado(known.firm, run, given, basis))
    matters = MapContext(run.choice.option is None, flips, pairs, swings, known.doubt.questions)
    return Changes(
        counterfactuals_part(flips, pairs, given, knowledge),
        tuple(triggers_part(flips, given, basis.as_of, knowledge)),
        swings,
        map_part(matters, given, basis, knowledge),
    )


def _record(known: Outline, panel: Mapping[str, PanelVote], changes: Changes, traces: Iterable[RuleTrace]) -> Record:
    basis, knowledge, run = known.basis, known.knowledge, known.run
    facts, ledgers = facts_part(run.facts), tuple(ledgers_part(run, basis))
    robust = _robustness(known, changes)
    return Record(
        hostwise=program_part(basis.engine, allow_stale=known.allow_stale),
        id="",
        as_of=basis.as_of,
        rulebook=rulebook_part(knowledge, known.overdue, basis.as_of, _sources(facts, ledgers, robust)),
        catalogue=catalogue_part(knowledge, known.overdue, basis.as_of),
        answers=answers_part(known.answers, knowledge.questionnaire, _read_back(known), _doubts(known)),
        facts=facts,
        rules=rules_part(traces, run, knowledge),
        firings=tuple(trace.rule.id for trace in run.traces if trace.truth is True),
        plans=tuple(run.costing.plans.values()),
        ledgers=ledgers,
        break_even=run.costing.break_evens,
        panel=panel,
        robustness=robust,
        counterfactuals=changes.counterfactuals,
        verdict=verdict_part(run, known.given, basis, knowledge, panel, changes.triggers, known.doubt),
    )


def _sources(
    facts: Iterable[RecordedFact], ledgers: Iterable[RecordedLedger], robust: RecordRobustness
) -> Iterator[str]:
    """Where assumed answers, what stands in ledgers and what was drawn come from."""
    yield from (thing.source for thing in robust.uncertain)
    yield from (fact.source for fact in facts if fact.origin == "assumed" and fact.source)
    for ledger in ledgers:
        yield from (variant.note for variant in ledger.variants)
        for item in ledger.items:
            yield from (text for text in (item.source, item.note) if text)
            yield from (entry.source for entry in item.inputs if entry.source)


def _robustness(known: Outline, changes: Changes) -> RecordRobustness:
    return RecordRobustness(
        **asdict(futures_part(known.firm, known.doubt, changes.swings, known.knowledge)),
        near_thresholds=near_thresholds(known.run, known.basis, known.futures),
        one_at_a_time=tuple(
            DecidedRange(r.fact, RangeEnd(r.low, r.low_verdict), RangeEnd(r.high, r.high_verdict))
            for r in ranged_answers(known.given, known.basis, known.knowledge.questionnaire)
        ),
        cost_overlap=overlapping_costs(known.run),
        map=changes.map,
    )


def _by_name(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Facts whose places name the file without its folder: where it lay is no part of a decision."""
    return {name: _shortened(fact) for name, fact in facts.items()}


def _shortened(fact: Fact) -> Fact:
    place = fact.provenance.place
    if place is None:
        return fact
    short = replace(place, file=Path(place.file).name)
    return replace(fact, provenance=replace(fact.provenance, place=short))


def _with_path(findings: Iterable[Diagnostic], file: str) -> Iterator[Diagnostic]:
    """Findings about the questionnaire, with the path that its author knows."""
    for finding in findings:
        own = finding.place.file == Path(file).name
        yield replace(finding, place=replace(finding.place, file=file)) if own else finding


def _day_place(answers: Answers, day: date) -> Place | None:
    """Where the questionnaire states the day of the decision, if it is that one."""
    stated = answers.values.get(DECISION)
    return stated.place if stated is not None and stated_day(answers.values) == day else None


def _read_back(known: Outline) -> tuple[str, ...]:
    run, knowledge = known.run, known.knowledge
    stated = converted(known.answers, knowledge.questionnaire)
    return read_back(run.facts, run.costing, knowledge.catalogue, stated)


def _doubts(known: Outline) -> tuple[Diagnostic, ...]:
    run = known.run
    return doubts(
        known.answers.values, run.facts, known.knowledge.questionnaire, known.basis.catalogue, known.basis.as_of
    )
