"""Parts of the record that restate what was read and computed: answers, rules, ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.answers.questions import Question, Questionnaire
from hostwise.decision.canonical import Json, plain
from hostwise.decision.flow import Basis, Course
from hostwise.economics.bands import Band
from hostwise.economics.curves import curves
from hostwise.inference.run import RuleTrace
from hostwise.inference.trace import TraceNode
from hostwise.rulebook.citations import Citation, load_citations
from hostwise.rulebook.english import in_english
from hostwise.rulebook.quoting import quote
from hostwise.rulebook.rules import Verdict

if TYPE_CHECKING:
    from hostwise.answers.load import Answers
    from hostwise.decision.basis import Knowledge


def answers_part(answers: Answers, questionnaire: Questionnaire) -> Json:
    """The questionnaire, whole, and every question with its answer, default or unknown."""
    return {
        "file": Path(answers.file).name,
        "sha256": answers.sha256,
        "text": answers.text,
        "values": [_answer(question, answers) for question in questionnaire.questions],
    }


def _answer(question: Question, answers: Answers) -> Json:
    answer = answers.values.get(question.key)
    given = answer is not None and not answer.unknown
    if given:
        state = "given"
    else:
        # A gate that is unknown is never defaulted; anything else falls back to its default.
        state = "default" if question.default is not None and answer is None else "unknown"
    value = answer.value if answer is not None else (question.default.value if question.default else None)
    return {
        "key": question.key,
        "label": question.label,
        "section": question.section,
        "written": answer.written if answer is not None else None,
        "value": plain(value),
        "unit": question.unit,
        "line": answer.place.line if answer is not None else None,
        "column": answer.place.column if answer is not None else None,
        "state": state,
        "help": question.help,
    }


def rules_part(course: Course, knowledge: Knowledge) -> list[Json]:
    """Every house rule with its truth value, its sub-conditions, and what it read."""
    citations = load_citations(knowledge.root)
    return [_rule(trace, course, knowledge, citations) for trace in course.traces]


def _rule(trace: RuleTrace, course: Course, knowledge: Knowledge, citations: Mapping[str, Citation]) -> Json:
    rule = trace.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "pack": rule.pack,
        "source": rule.source,
        "stage": rule.stage,
        "truth": truth(trace.truth),
        "status": rule.status,
        "english": in_english(rule.when, knowledge.rulebook.specs),
        "because": quote(rule.because, course.facts),
        "cites": [cite(c, citations) for c in rule.cites],
        "then": plain(rule.then),
        "reads": list(trace.reads),
        "unknown": list(trace.unknown),
        "blocked_by": _blocked_by(trace, course),
        "condition": condition(trace.condition),
    }


def condition(node: TraceNode) -> Json:
    """A condition's trace: its truth, and the value that each test saw."""
    return {
        "op": node.op,
        "truth": truth(node.truth),
        "english": node.english,
        "fact": node.fact,
        "test": node.test,
        "seen": node.seen,
        "children": [condition(child) for child in node.children],
    }


def truth(value: bool | None) -> str:
    """Three-valued truth as the record writes it."""
    return "unknown" if value is None else ("true" if value else "false")


def cite(claim: str, citations: Mapping[str, Citation]) -> Json:
    """A citation with its paraphrase; a figure of ours has none."""
    found = citations.get(claim)
    if found is None:
        return {"id": claim, "text": "", "document": ""}
    return {"id": claim, "text": found.told, "document": found.document}


def _blocked_by(trace: RuleTrace, course: Course) -> list[str]:
    """The gates that took away every option that a choice would have led to."""
    then = trace.rule.then
    if not isinstance(then, Verdict) or any(o not in course.gates.excluded for o in then.options):
        return []
    return sorted({gate for option in then.options for gate in course.gates.excluded[option]})


def ledgers_part(course: Course, basis: Basis) -> list[Json]:
    """Every option's ledger, the excluded ones too, in catalogue order, with its curve over the volume."""
    found: list[Json] = []
    costing = course.costing
    sampled = curves(costing.ledgers, volume, costing.break_evens) if (volume := _volume(course.facts)) else {}
    for option in basis.options:
        ledger = course.costing.ledgers[option]
        told: dict[str, Any] = plain(replace(ledger, items=()))
        told["items"] = [plain(item.told()) for item in ledger.items]
        excluded = course.gates.excluded.get(option, ())
        curve = [plain(point) for point in sampled.get(option, ())]
        found.append({**told, "curve": curve, "feasible": not excluded, "excluded_by": list(excluded)})
    return found


def _volume(facts: Mapping[str, Fact]) -> Band | None:
    fact = facts["tokens_per_month"]
    if not isinstance(fact.value, Decimal):
        return None
    return Band(fact.low or fact.value, fact.value, fact.high or fact.value)
