"""The verdict as the record states it: the sentence, the reasons, the advice, what is still needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hostwise.answers.facts import Fact
from hostwise.decision.canonical import Json, plain
from hostwise.decision.choice_facts import monthly
from hostwise.decision.dossiers import dossier
from hostwise.decision.flow import Basis, Course, Status
from hostwise.decision.needs import Need, what_settles
from hostwise.decision.parts import cite
from hostwise.decision.reasons import alternatives, reasons
from hostwise.decision.ways_out import WayOut, answers_to_change, conflicts, ways_out
from hostwise.decision.wording import listed, load_wording, say
from hostwise.reading.said import joined
from hostwise.rulebook.citations import Citation, load_citations
from hostwise.rulebook.plan import load_plan
from hostwise.rulebook.quoting import quote
from hostwise.rulebook.rules import REQUIREMENT, Advice
from hostwise.rulebook.wording import shown

if TYPE_CHECKING:
    from hostwise.decision.basis import Knowledge

ADVICE = {
    "condition": "conditions",
    "risk": "risks",
    "next_step": "next_steps",
    "revisit": "revisit",
    "note": "notes",
    REQUIREMENT: "requirements",
}


def verdict_part(
    course: Course, given: Mapping[str, Fact], basis: Basis, knowledge: Knowledge, panel: Mapping[str, Any]
) -> Json:
    """Everything that the first page of a report needs."""
    wording, citations = load_wording(knowledge.root), load_citations(knowledge.root)
    choice = course.choice
    option = basis.catalogue.options[choice.option] if choice.option else None
    needs = what_settles(course, given, basis, knowledge.questionnaire) if _open(course) else ()
    found: Json = {
        "status": choice.status.value,
        "option": choice.option,
        "label": option.label if option else None,
        "sentence": _sentence(course, needs, option.sentence if option else "", wording),
        "rule": choice.rule.rule.id if choice.rule else None,
        "reasons": [
            {"rule": r.rule, "text": r.text, "cites": [cite(c, citations) for c in r.cites]}
            for r in reasons(course, basis, wording)
        ],
        "dissent": _dissent(choice.option, panel, wording),
    }
    for kind, heading in ADVICE.items():
        found[heading] = _advice(kind, course, citations)
    found["plan"] = load_plan(knowledge.root).model_dump(mode="json")
    found["needs"] = [
        {**_need(need, choice.possible, basis, wording), "ask_of": knowledge.questionnaire.ask_of(need.question)}
        for need in needs
    ]
    found["alternatives"] = [
        {
            **plain(alternative),
            "label": basis.catalogue.options[alternative.option].label,
            "dossier": plain(dossier(alternative.option, course)),
        }
        for alternative in alternatives(course, basis, wording)
    ]
    found["conflicts"] = [list(rules) for rules in conflicts(course.gates)]
    found["ways_out"] = [_way_out(way, course, basis, knowledge) for way in _ways_out(course, basis)]
    reachable = {*choice.possible, *(outcome for need in needs for _, outcome in need.settles)}
    found["possible"] = [option for option in basis.options if option in reachable]
    return found


def _open(course: Course) -> bool:
    return course.choice.status is Status.UNDECIDED


def _ways_out(course: Course, basis: Basis) -> tuple[WayOut, ...]:
    return ways_out(course, basis) if course.choice.status is Status.INFEASIBLE else ()


def _way_out(way: WayOut, course: Course, basis: Basis, knowledge: Knowledge) -> Json:
    questionnaire = knowledge.questionnaire
    answers = answers_to_change(way.lift, course, questionnaire)
    cost = course.facts[monthly(way.option)]
    return {
        "lift": list(way.lift),
        "answers": [
            {
                "key": question.key,
                "label": question.label,
                "shown": shown(course.facts[question.fact]),
                "ask_of": questionnaire.ask_of(question),
            }
            for question in answers
        ],
        "option": way.option,
        "label": basis.catalogue.options[way.option].label,
        "sentence": basis.catalogue.options[way.option].sentence,
        "monthly": plain(cost.value) if cost.known else None,
    }


def _sentence(course: Course, needs: Sequence[Need], sentence: str, wording: Mapping[str, str]) -> str:
    names = listed([need.question.label for need in needs]) or "more"
    return say(wording, f"verdict.{course.choice.status.value}", sentence=sentence, needs=names)


def _advice(kind: str, course: Course, citations: Mapping[str, Citation]) -> list[Json]:
    return [
        {
            "rule": trace.rule.id,
            "text": quote(trace.rule.then.text, course.facts),
            "because": quote(trace.rule.because, course.facts),
            "owner": trace.rule.then.owner,
            "when_due": trace.rule.then.when_due,
            "plan": trace.rule.then.plan,
            **_about(trace.rule.then),
            "cites": [cite(c, citations) for c in trace.rule.cites],
        }
        for trace in course.traces
        if isinstance(trace.rule.then, Advice) and trace.rule.then.kind == kind and trace.truth is True
    ]


def _about(advice: Advice) -> Json:
    """What a requirement is about; nothing for the rest."""
    return {"aspect": advice.aspect, "options": list(advice.options)} if advice.kind == REQUIREMENT else {}


def _dissent(option: str | None, panel: Mapping[str, Any], wording: Mapping[str, str]) -> list[Json]:
    """The source documents whose own rules lead elsewhere. A vote lists the options it agrees with."""
    if option is None:
        return []
    return [
        {
            "who": source,
            "vote": vote["vote"],
            "text": say(wording, "dissent", title=vote["short"], vote=vote["label"], because=vote["because"]),
        }
        for source, vote in panel.items()
        if vote["agrees_with"] and option not in vote["agrees_with"]
    ]


def _need(need: Need, possible: tuple[str, ...], basis: Basis, wording: Mapping[str, str]) -> Json:
    return {
        "fact": need.question.fact,
        "key": need.question.key,
        "label": need.question.label,
        "question": need.question.help,
        "why": need.question.why,
        "settles": _settles(need, possible, basis, wording),
    }


def _settles(need: Need, possible: tuple[str, ...], basis: Basis, wording: Mapping[str, str]) -> str:
    if not need.settles:
        names = listed([_label(o, basis, wording) for o in possible], "or") or "the options"
        return say(wording, "need.number", possible=names)
    settled = [
        say(wording, "need.settles", value=value, outcome=_label(outcome, basis, wording))
        for value, outcome in need.settles
    ]
    return joined(settled, "; ")


def _label(outcome: str, basis: Basis, wording: Mapping[str, str]) -> str:
    if outcome in basis.catalogue.options:
        return basis.catalogue.options[outcome].label
    return say(wording, "need.settles_open" if outcome == Status.UNDECIDED.value else "need.settles_infeasible")
