"""A record to what a page shows: what is read as it is, and what is computed beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial

from msgspec.structs import replace

from hostwise.analysis.changes.thresholds import NearThreshold
from hostwise.economics.catalogue.computed_facts import EACH_FUTURE, name_for
from hostwise.economics.plans.told.option_plans import OptionPlans
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.identity_key import Same
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.number_format import format_quantity
from hostwise.record.format.record import Record, RecordedFact
from hostwise.record.format.text_walk import map_texts
from hostwise.report.brand.clean import one_line, printable_data, shortened
from hostwise.report.language.catalogue_text import translate_record
from hostwise.report.language.language import Language
from hostwise.report.model.report import Near, OptionFutures, OptionLine, Report
from hostwise.report.view.claims import advice_claims_of, claims_of, printed_claims_of
from hostwise.report.view.first_page import first_page_of
from hostwise.report.view.line import line_of
from hostwise.report.view.money import crossings_of, options_of
from hostwise.report.view.plan import needs_of, plan_of, proposed_day
from hostwise.report.view.robustness import in_futures, priors_of, robustness_of
from hostwise.report.view.rules import effect_of, stages_of, values_read
from hostwise.report.view.said import DECIDED
from hostwise.report.words.words import Words

_KEY = re.compile(r"`([a-z_.]+)`")
TITLE_LENGTH = 64
SUMMARY_LENGTH = 420


def report_of(record: Record, words: Words) -> Report:
    """Build the view of a record. Raises `InputError` when its parts contradict one another."""
    return _checked(Same(record), Same(words))


@lru_cache(maxsize=1)  # of one record several formats are often written, one after another
def _checked(one: Same[Record], said: Same[Words]) -> Report:
    record, words = one.it, said.it
    try:
        return _report(printable_data(translate_record(record, words.language)), words)
    except (KeyError, ValueError, IndexError, InvalidOperation) as problem:
        message = f"the record contradicts itself: a part of it names or counts what is not there ({problem})"
        accepted = "what `hostwise decide --json` writes"
        raise InputError([Diagnostic(Place("record"), "not-a-record", message, accepted=accepted)]) from problem


def _report(record: Record, words: Words) -> Report:
    printed_claims = printed_claims_of(record)
    record = replace(
        record, verdict=map_texts(record.verdict, partial(_named, labels=_labels_of_keys(record), words=words))
    )
    placed = partial(_placed, place=re.compile(re.escape(record.answers.file) + r":(\d+)"), words=words)
    record = replace(record, ledgers=map_texts(record.ledgers, placed), facts=map_texts(record.facts, placed))
    verdict = record.verdict
    facts = {f.name: f for f in record.facts}
    options = options_of(record.ledgers, verdict.alternatives, words)
    labels = {o.id: o.label for o in options}
    workload = _answer(record, "workload.name") or words.say("page.unnamed")
    currency = next((each.currency for each in record.ledgers), "") or _answer(record, "workload.currency")
    crossings = crossings_of(record.break_even, options)
    rule_ids = frozenset(r.id for r in record.rules)
    gates = {r.id: r for r in record.rules if r.stage == "gate"}
    known = [f for f in record.facts if f.value is not None]
    answered = {(f.label, f.shown) for f in known if f.origin != "derived"}
    derived = [_called(f, labels) for f in known if f.origin == "derived" and (f.label, f.shown) not in answered]
    near = tuple(_near(n, record, facts, labels, words) for n in record.robustness.near_thresholds)
    sure = robustness_of(record, options, currency, words)
    decided, stale = verdict.status == DECIDED, tuple(_stale(record, words))
    plan = plan_of(verdict, words.say("plan.other"), partial(proposed_day, as_of=record.as_of, words=words))
    return Report(
        record=record,
        workload=shortened(workload, 160),
        short_title=shortened(workload, TITLE_LENGTH),
        summary=shortened(_answer(record, "workload.summary"), SUMMARY_LENGTH),
        owner=shortened(_answer(record, "workload.owner"), 120) or words.say("page.nobody"),
        as_of=words.language.long_date(record.as_of.isoformat()),
        currency=currency,
        volume=facts["tokens_per_month"].shown if _tokens_today(facts) is not None else "",
        once="runs_once" in facts and facts["runs_once"].value is True,
        heading=verdict.label or words.label("outcomes", verdict.status),
        doubts=(*_warnings(record, words), *stale),
        in_futures=tuple(in_futures(sure, record.robustness.futures, verdict.option, words)),
        priors=tuple(priors_of(sure, words)),
        turning=tuple(_turning(record, near, facts, words)) if decided else (),
        firmness=tuple(_firmness(record, near, labels, words)) if decided else (),
        first=first_page_of(record, options, plan, sure, stale, words),
        claims=claims_of(record),
        printed_claims=printed_claims,
        advice_claims=advice_claims_of(record),
        possible=tuple(labels.get(o, words.label("outcomes", o)) for o in verdict.possible),
        dissent=tuple((dissent, record.panel[dissent.who]) for dissent in verdict.dissent),
        conflicts=tuple(tuple(gates[rule] for rule in rules) for rules in verdict.conflicts),
        ways_out=tuple((way, tuple(gates[rule] for rule in way.lift)) for way in verdict.ways_out),
        plan=plan,
        options=options,
        plans=tuple(_plans(record, options)),
        needs=needs_of(verdict, options),
        crossings=crossings,
        line=line_of(record.ledgers, options, crossings, _tokens_today(facts), words.language),
        stages=stages_of(record.rules, words),
        effects={rule.id: effect_of(rule, labels, facts, words) for rule in record.rules},
        read={rule.id: values_read(rule, facts) for rule in record.rules},
        over_futures=tuple(_over_futures(options, facts)),
        given=tuple(_lists_as_one([f for f in known if f.origin in {"given", "measured"}], record, words)),
        assumed=tuple(f for f in known if f.origin == "assumed"),
        derived=tuple(f for f in derived if f.source not in rule_ids),
        concluded=tuple(f for f in derived if f.source in rule_ids),
        unknown=tuple(f for f in record.facts if f.value is None),
        places={f.name: _place(f, record.answers.file, words) for f in record.facts},
        open_questions=tuple(v for v in record.answers.values if v.state == "unknown" and v.asked),
        near=near,
        robustness=sure,
    )


def _labels_of_keys(record: Record) -> Mapping[str, str]:
    return {value.key: value.label for value in record.answers.values}


def _named(text: str, labels: Mapping[str, str], words: Words) -> str:
    """A text with the questions that it quotes by their keys, `section.key`, called by their names."""
    if "`" not in text:
        return text
    return _KEY.sub(lambda key: words.say("page.quoted", label=labels.get(key[1], key[1])), text)


def _placed(text: str, place: re.Pattern[str], words: Words) -> str:
    """A text with `FILE:LINE` of the questionnaire said in words."""
    return place.sub(lambda found: words.say("page.line_of", line=found[1]), text) if ".yaml:" in text else text


def _called(fact: RecordedFact, labels: Mapping[str, str]) -> RecordedFact:
    """A fact that names an option, with what it is called."""
    return replace(fact, shown=labels[fact.shown]) if fact.shown in labels else fact


def _plans(record: Record, options: Sequence[OptionLine]) -> Sequence[tuple[OptionPlans, OptionLine]]:
    by_id = {option.id: option for option in options}
    paired = [(plans, by_id[plans.option]) for plans in record.plans]
    return sorted(paired, key=lambda pair: (not pair[1].chosen, not pair[1].feasible))


def _over_futures(options: Sequence[OptionLine], facts: Mapping[str, RecordedFact]) -> Iterator[OptionFutures]:
    """What the futures say of each option that they come to or that has a price in them."""
    for option in options:
        of = {name: facts.get(name_for(name, option.id)) for name in EACH_FUTURE}
        if any(fact is not None and fact.value is not None for fact in of.values()):
            shown = (fact.shown if (fact := of[name]) is not None and fact.value is not None else "" for name in of)
            yield OptionFutures(option.label, *shown)


def _lists_as_one(given: Sequence[RecordedFact], record: Record, words: Words) -> Iterator[RecordedFact]:
    """Answers as they were given: a list is one of them, however many facts it makes."""
    lists = {v.key: (v.label, v.value) for v in record.answers.values if isinstance(v.value, tuple)}
    seen: set[str] = set()
    for fact in given:
        if fact.key not in lists:
            yield fact
        elif fact.key not in seen:
            seen.add(fact.key)
            label, entries = lists[fact.key]
            yield replace(fact, label=label, shown=", ".join(entries) if entries else words.say("page.none"))


def _tokens_today(facts: Mapping[str, RecordedFact]) -> Decimal | None:
    fact = facts.get("tokens_per_month")
    return Decimal(fact.value) if fact and fact.value else None


def _answer(record: Record, key: str) -> str:
    value = next((v.value for v in record.answers.values if v.key == key), None)
    return "" if value is None else one_line(str(value))


def _place(fact: RecordedFact, file: str, words: Words) -> str:
    """Where a fact was read; empty where it was not."""
    if not fact.line:
        return ""
    return words.say("page.line", line=fact.line) if fact.file == file else f"{fact.file}:{fact.line}"


def _warnings(record: Record, words: Words) -> Iterator[str]:
    """What is doubtful about the answers, each at its line."""
    for entry in record.answers.warnings:
        yield words.say("sure.warning", message=entry.text, line=str(entry.line))


def _stale(record: Record, words: Words) -> Iterator[str]:
    """What the decision rests on that is past its review date, or newer than the decision."""
    overdue = [*record.rulebook.overdue, *record.catalogue.overdue]
    if any(entry.too_old for entry in overdue):
        yield words.say("sure.allow_stale")
    alike: dict[tuple[str, date, date], list[str]] = {}
    for entry in overdue:
        alike.setdefault((entry.kind, entry.as_of, entry.review_by), []).append(entry.name)
    for (kind, as_of, review_by), names in alike.items():
        as_of_text, review_text = (words.language.long_date(day.isoformat()) for day in (as_of, review_by))
        dates = {"as_of": as_of_text, "review_by": review_text}
        message = "sure.newer" if as_of > record.as_of else "sure.overdue"
        yield words.say(message, kind=words.label("stale", kind), names=", ".join(names), **dates)


def _turning(record: Record, near: Sequence[Near], facts: Mapping[str, RecordedFact], words: Words) -> Iterator[str]:
    """What would turn the verdict close by, one sentence a finding."""
    for n in [n for n in near if n.changes][:2]:
        yield words.say("sure.near", label=n.label, value=n.value, threshold=n.threshold, other=n.other)
    if turns := _ranges_that_turn(record):
        yield words.say("sure.ranges_turn", facts=", ".join(_label(facts, fact) for fact in turns))


def _firmness(record: Record, near: Sequence[Near], labels: Mapping[str, str], words: Words) -> Iterator[str]:
    """How firm the verdict is, one sentence a finding."""
    robust, own = record.robustness, record.verdict.option
    if overlap := [labels.get(o, o) for o in robust.cost_overlap]:
        yield words.say("sure.overlap", options=", ".join(overlap))
    turns = _ranges_that_turn(record)
    if robust.one_at_a_time and not turns:
        ranges = len(robust.one_at_a_time)
        yield words.say("sure.range_holds") if ranges == 1 else words.say("sure.ranges_hold", count=ranges)
    if not turns and not robust.wrong and not any(n.changes for n in near):
        yield words.say("sure.no_threshold")
    votes = [v for v in record.panel.values() if v.agrees_with]
    agree = sum(1 for v in votes if own in v.agrees_with)
    counts = {"agree": agree, "against": len(votes) - agree, "open": len(record.panel) - len(votes)}
    said = [words.say(f"sure.{name}", count=count) for name, count in counts.items() if count]
    yield words.say("sure.panel", total=len(record.panel), parts=", ".join(said))


def _ranges_that_turn(record: Record) -> list[str]:
    """The facts given as a range with another verdict at one of its ends."""
    own = record.verdict.option
    return [r.fact for r in record.robustness.one_at_a_time if {r.low.verdict, r.high.verdict} != {own}]


def _near(
    entry: NearThreshold,
    record: Record,
    facts: Mapping[str, RecordedFact],
    labels: Mapping[str, str],
    words: Words,
) -> Near:
    other = entry.verdict_other_side
    fact = facts.get(entry.fact)
    return Near(
        label=_label(facts, entry.fact),
        value=_number(entry.value, fact, words.language),
        threshold=_number(entry.threshold, fact, words.language),
        rule=entry.rule,
        other=labels.get(other, words.label("outcomes", other)),
        changes=other != record.verdict.outcome,
    )


def _number(number: Decimal, fact: RecordedFact | None, language: Language) -> str:
    kind, unit = (FactType(fact.type), fact.unit) if fact else (FactType.QUANTITY, "")
    return format_quantity(number, kind, unit, language)


def _label(facts: Mapping[str, RecordedFact], name: str) -> str:
    return (facts[name].label if name in facts else "") or name
