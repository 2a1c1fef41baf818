"""Answers to three questions about a decision, as data: why, why not that option, and what if less were known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict, replace

from hostwise.flow.trail import followed
from hostwise.flow.why.needs import Need
from hostwise.flow.why.reasons import Alternative
from hostwise.reading.findings.diagnostics import Place
from hostwise.record.format.record import Record, RecordedFact
from hostwise.record.format.rules import TracedRule

if TYPE_CHECKING:
    from hostwise.answers.files.answer import Answers


class FactBelow(RecordedFact, frozen=True):
    """A fact that a decision rests on, so many steps below its rule."""

    depth: int


class Why(Struct, frozen=True):
    """The rule that decided, the gates that held, and every fact down to the answers."""

    status: str
    option: str | None
    rule: TracedRule | None
    gates: tuple[TracedRule, ...]
    facts: tuple[FactBelow, ...]


class OutcomeWithCosts(Struct, frozen=True):
    """What was decided, by which rule, with the monthly cost of each option."""

    status: str
    option: str | None
    rule: str | None
    costs: Mapping[str, Decimal | None]


class RuleMoved(Struct, frozen=True):
    """A rule whose truth is another one now."""

    id: str
    label: str
    before: str
    after: str


class FactMoved(Struct, frozen=True):
    """A fact whose value is another one now, as people read it."""

    name: str
    label: str
    before: str
    after: str


class IfUnknown(Struct, frozen=True):
    """A decision as it is and as it would be without one answer: what changes, and what would be asked."""

    key: str
    before: OutcomeWithCosts
    after: OutcomeWithCosts
    rules: tuple[RuleMoved, ...]
    facts: tuple[FactMoved, ...]
    needs: tuple[Need, ...]


def why(record: Record) -> Why:
    """The rule that decided, the tests that made it hold, and every fact down to the answers it rests on."""
    verdict = record.verdict
    rules = {rule.id: rule for rule in record.rules}
    rule = rules.get(verdict.rule or "")
    facts = {fact.name: fact for fact in record.facts}
    gates = tuple(rule for rule in record.rules if rule.stage == "gate" and rule.truth == "true")
    below = tuple(_down(rule.reads if rule else (), facts, rules))
    return Why(verdict.status, verdict.option, rule, gates, below)


def _down(
    names: tuple[str, ...], facts: Mapping[str, RecordedFact], rules: Mapping[str, TracedRule]
) -> Iterator[FactBelow]:
    """Facts in the order in which one rests on the next; a fact that a rule set rests on what the rule read."""

    def below(name: str) -> tuple[str, ...]:
        fact = facts.get(name)
        source = rules.get(fact.source or "") if fact else None
        return () if fact is None else source.reads if source else fact.inputs

    for name, depth in followed(names, below):
        if name in facts:
            yield FactBelow(**asdict(facts[name]), depth=depth)


def why_not(record: Record, option: str) -> Alternative:
    """What became of one option, with its dossier."""
    return next(entry for entry in record.verdict.alternatives if entry.option == option)


def without(answers: Answers, key: str) -> Answers:
    """The same answers, with nothing known about one question."""
    from hostwise.answers.files.answer import Answer

    known = answers.values.get(key)
    place = known.place if known is not None else Place(answers.file)
    return replace(answers, values={**answers.values, key: Answer(key, None, place, "unknown")})


def decided_without(record: Record, key: str, rules: Path | None = None) -> Record:
    """The record of the same decision if nothing were known about one question: computed again."""
    from hostwise.record.decide import answers_within, decide

    answers = answers_within(record, rules)
    stale = record.hostwise.allow_stale
    return decide(without(answers, key), as_of=record.as_of, rules=rules, allow_stale=stale)


def if_unknown(record: Record, after: Record, key: str) -> IfUnknown:
    """The decision as it is, and `after` as it is without one answer."""
    truths = {rule.id: rule.truth for rule in after.rules}
    values = {fact.name: fact.shown for fact in after.facts}
    return IfUnknown(
        key=key,
        before=_outcome(record),
        after=_outcome(after),
        rules=tuple(
            RuleMoved(rule.id, rule.title or rule.id, rule.truth, now)
            for rule in record.rules
            if (now := truths.get(rule.id, rule.truth)) != rule.truth
        ),
        facts=tuple(
            FactMoved(fact.name, fact.label or fact.name, fact.shown, now)
            for fact in record.facts
            if (now := values.get(fact.name, fact.shown)) != fact.shown
        ),
        needs=after.verdict.needs,
    )


def _outcome(record: Record) -> OutcomeWithCosts:
    verdict = record.verdict
    costs = {entry.option: entry.monthly for entry in verdict.alternatives}
    return OutcomeWithCosts(verdict.status, verdict.option, verdict.rule, costs)
