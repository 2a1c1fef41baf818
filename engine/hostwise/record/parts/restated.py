"""Parts of the record that restate what was read and computed: answers, facts, rules, ledgers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from hostwise.answers.fact_text import format_fact
from hostwise.answers.facts import Fact
from hostwise.answers.interview import relevant
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.economics.numbers.bands import Band
from hostwise.economics.outlook.curves import curves
from hostwise.flow.flow import Basis, FlowRun
from hostwise.inference.run import RuleTrace
from hostwise.inference.trace import TraceNode, truth_word
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.json_values import plain
from hostwise.record.format.record import (
    AnswerDoubted,
    QuestionAnswered,
    QuestionnaireUsed,
    RecordedFact,
    RecordedLedger,
)
from hostwise.record.format.rules import FactsSet, OptionsNamed, TracedCondition, TracedRule
from hostwise.rulebook.english.quoting import quote
from hostwise.rulebook.language.rules import Advice, Conclusion, SetFacts, Take, Verdict, Vote
from hostwise.rulebook.loading.citations import Citation, cited, load_citations

if TYPE_CHECKING:
    from hostwise.answers.files.answer import Answers
    from hostwise.flow.knowledge import Knowledge


def answers_part(
    answers: Answers, questionnaire: Questionnaire, read_as: tuple[str, ...], doubtful: Iterable[Diagnostic]
) -> QuestionnaireUsed:
    """The questionnaire, whole, every question with its answer, default or unknown, and what is doubtful about them."""
    volumes = questionnaire.contradictions.volumes
    ways = {key for group in (*volumes.day_and_month, *volumes.one_of) for key in group}
    said = any(key in ways and not answer.unknown for key, answer in answers.values.items())
    values = tuple(
        _answer(question, answers, asked=relevant(question, answers.values) and not (said and question.key in ways))
        for question in questionnaire.questions
    )
    return QuestionnaireUsed(
        Path(answers.file).name, answers.sha256, answers.text, values, read_as, tuple(map(_warning, doubtful))
    )


def _warning(finding: Diagnostic) -> AnswerDoubted:
    return AnswerDoubted(
        code=finding.code,
        line=finding.place.line,
        column=finding.place.column,
        text=finding.message,
        found=finding.found,
        accepted=finding.accepted,
        suggestion=finding.suggestion,
    )


def _answer(question: Question, answers: Answers, *, asked: bool) -> QuestionAnswered:
    answer = answers.values.get(question.key)
    given = answer is not None and not answer.unknown
    if given:
        state = "given"
    else:
        # A gate that is unknown is never defaulted; anything else falls back to its default.
        left_out = answer is None or question.unknown_is_left_out
        state = "default" if question.default is not None and left_out else "unknown"
    default = question.default.value if question.default else None
    value = default if answer is None or state == "default" else answer.value
    return QuestionAnswered(
        key=question.key,
        label=question.label,
        section=question.section,
        written=answer.written if answer is not None else None,
        value=tuple(value) if isinstance(value, (list, tuple)) else plain(value),
        unit=question.unit,
        line=answer.place.line if answer is not None else None,
        column=answer.place.column if answer is not None else None,
        state=state,
        help=question.help,
        asked=asked or given,
    )


def facts_part(facts: Mapping[str, Fact]) -> tuple[RecordedFact, ...]:
    """Every fact, by name."""
    return tuple(_fact(fact) for _, fact in sorted(facts.items()))


def _fact(fact: Fact) -> RecordedFact:
    origin = fact.provenance
    place = origin.place
    return RecordedFact(
        name=fact.name,
        label=fact.label,
        type=fact.type.value,
        unit=fact.unit,
        value=plain(fact.value),
        low=fact.low,
        high=fact.high,
        shown=format_fact(fact),
        origin=origin.origin.value,
        file=place.file if place else None,
        line=place.line if place else None,
        column=place.column if place else None,
        key=origin.key,
        source=origin.source,
        formula=origin.formula,
        inputs=origin.inputs,
    )


def rules_part(traces: Iterable[RuleTrace], run: FlowRun, knowledge: Knowledge) -> tuple[TracedRule, ...]:
    """House rules, each with its truth value, its sub-conditions, and what it read."""
    citations = load_citations(knowledge.root)
    return tuple(_rule(trace, run, citations) for trace in traces)


def _rule(trace: RuleTrace, run: FlowRun, citations: Mapping[str, Citation]) -> TracedRule:
    rule = trace.rule
    return TracedRule(
        id=rule.id,
        title=rule.title,
        pack=rule.pack,
        source=rule.source,
        stage=rule.stage,
        truth=truth_word(trace.truth),
        status=rule.status,
        english=trace.condition.english,
        because=quote(rule.because, run.facts),
        cites=cited(rule.cites, citations),
        then=_then(rule.then),
        reads=trace.reads,
        unknown=trace.unknown,
        blocked_by=tuple(_blocked_by(trace, run)),
        condition=_condition(trace.condition),
    )


def _then(then: Conclusion) -> FactsSet | OptionsNamed | Take | Advice:
    assert not isinstance(then, Vote)  # a house rule does not vote
    if isinstance(then, SetFacts):
        return FactsSet(tuple((fact, plain(value)) for fact, value in then.values))
    return then if isinstance(then, (Advice, Take)) else OptionsNamed(then.options)


def _condition(node: TraceNode) -> TracedCondition:
    children = tuple(map(_condition, node.children))
    return TracedCondition(node.op, truth_word(node.truth), node.english, node.fact, node.test, node.seen, children)


def _blocked_by(trace: RuleTrace, run: FlowRun) -> list[str]:
    """The gates that took away every option that a choice would have led to."""
    then = trace.rule.then
    if not isinstance(then, Verdict) or any(o not in run.gates.excluded for o in then.options):
        return []
    return sorted({gate for option in then.options for gate in run.gates.excluded[option]})


def ledgers_part(run: FlowRun, basis: Basis) -> Iterator[RecordedLedger]:
    """Every option's ledger, the excluded ones too, in catalogue order, with its curve over the volume."""
    costing, volume = run.costing, _volume(run.facts)
    sampled = curves(costing.ledgers, volume, costing.break_evens) if volume else {}
    for option in basis.options:
        ledger, excluded = costing.ledgers[option], run.gates.excluded.get(option, ())
        yield RecordedLedger(
            option=ledger.option,
            label=ledger.label,
            variant=ledger.variant,
            currency=ledger.currency,
            priced=ledger.priced,
            why_not=ledger.why_not,
            needs=ledger.needs,
            items=tuple(item.told() for item in ledger.items),
            total=ledger.total,
            per_million=ledger.per_million,
            capacity=ledger.capacity,
            variants=ledger.variants,
            outlooks=ledger.outlooks,
            curve=sampled.get(option, ()),
            feasible=not excluded,
            excluded_by=excluded,
        )


def _volume(facts: Mapping[str, Fact]) -> Band | None:
    fact = facts["tokens_per_month"]
    if not isinstance(fact.value, Decimal):
        return None
    return Band(fact.low or fact.value, fact.value, fact.high or fact.value)
