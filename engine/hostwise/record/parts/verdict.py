"""The verdict as the record states it: the sentence, the reasons, the advice, what is still needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from hostwise.analysis.changes.triggers import RevisitTrigger
from hostwise.analysis.futures.confirm import confirmed_flow
from hostwise.analysis.futures.worth_asking import Doubt
from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.economics.catalogue.computed_facts import FIRST_STEP, STAY
from hostwise.economics.numbers.currency import reporting_currency
from hostwise.flow.flow import Basis, FlowRun, Status
from hostwise.flow.labels import listed, load_wording, say
from hostwise.flow.panel import PanelVote
from hostwise.flow.why.needs import OpenQuestion, needs, what_settles
from hostwise.flow.why.reasons import alternatives, reasons
from hostwise.flow.why.said import is_true
from hostwise.flow.why.ways_out import conflicts, ways_out
from hostwise.inference.trace import RuleTrace
from hostwise.reading.numbers.number_format import HUNDRED, of_hundred
from hostwise.reading.translatable import joined
from hostwise.record.format.verdict import (
    Confirmation,
    DecidedVerdict,
    Dissent,
    GivenAdvice,
    PlanHorizon,
    PlanLayout,
    Requirement,
)
from hostwise.rulebook.english.quoting import quote
from hostwise.rulebook.language.rules import REQUIREMENT, Advice, Take
from hostwise.rulebook.loading.citations import Citation, cited, load_citations
from hostwise.rulebook.loading.plan import load_plan

if TYPE_CHECKING:
    from hostwise.flow.knowledge import Knowledge


def verdict_part(
    run: FlowRun,
    given: Mapping[str, Fact],
    basis: Basis,
    knowledge: Knowledge,
    panel: Mapping[str, PanelVote],
    triggers: tuple[RevisitTrigger, ...],
    doubt: Doubt,
) -> DecidedVerdict:
    """Everything that the first page of a report needs."""
    wording, citations = load_wording(knowledge.root), load_citations(knowledge.root)
    choice, questionnaire = run.choice, knowledge.questionnaire
    option = basis.catalogue.options[choice.option] if choice.option else None
    asked: tuple[OpenQuestion, ...] = ()
    if choice.status is Status.UNDECIDED:
        asked = what_settles(run, given, lambda facts: confirmed_flow(facts, basis, questionnaire), questionnaire)
        worth = [each.question.key for each in doubt.questions]
        asked = tuple(sorted(asked, key=lambda each: (*worth, each.question.key).index(each.question.key)))
    reachable = {*choice.possible, *(outcome for each in asked for _, outcome in each.settles)}

    def advice(kind: str) -> tuple[GivenAdvice, ...]:
        return tuple(_given(trace, then, run, citations) for trace, then in _advice(kind, run, basis))

    return DecidedVerdict(
        status=choice.status.value,
        option=choice.option,
        label=option.label if option else None,
        chosen_plan=_plan_line(run, wording),
        sentence=_sentence(run, asked, option.sentence if option else "", wording, _today(run, basis, doubt, wording)),
        rule=choice.rule_id,
        confirmation=_confirmation(run, basis, citations),
        reasons=reasons(run, basis, wording, citations),
        dissent=tuple(_dissent(choice.option, panel, wording)),
        conditions=advice("condition"),
        risks=advice("risk"),
        next_steps=advice("next_step"),
        revisit=advice("revisit"),
        notes=advice("note"),
        requirements=tuple(
            _requirement(trace, then, run, citations) for trace, then in _advice(REQUIREMENT, run, basis)
        ),
        plan=_plan(knowledge.root),
        needs=needs(asked, choice.possible, basis, questionnaire, wording),
        alternatives=alternatives(run, basis, wording),
        conflicts=conflicts(run.gates),
        ways_out=ways_out(run, basis, questionnaire) if choice.status is Status.INFEASIBLE else (),
        possible=tuple(option for option in basis.options if option in reachable),
        triggers=triggers,
    )


def _confirmation(run: FlowRun, basis: Basis, citations: Mapping[str, Citation]) -> Confirmation | None:
    held, chosen = run.confirmation, run.chosen
    if held is None or chosen.option is None:
        return None
    assert isinstance(held.rule.then, Take)
    label, text = basis.catalogue.options[chosen.option].label, quote(held.rule.because, run.facts)
    cites = cited(held.rule.cites, citations)
    return Confirmation(held.rule.id, held.rule.then.take, chosen.option, label, chosen.rule_id, text, cites)


def _plan_line(run: FlowRun, wording: Mapping[str, str]) -> str | None:
    plans = run.costing.plans.get(run.choice.option or "")
    plan = plans.best.text if plans else None
    held = _held_back(run)
    return say(wording, f"verdict.{held}_plan", plan=plan) if plan and held else plan


COMES_ANYWAY = ("two_steps.anyway", "api_model_leaves")
"""Facts that hold where what is put off comes of itself, on the day that the model in use leaves its API."""


def _held_back(run: FlowRun) -> str:
    """What a headline must say beside its verdict: `not_yet` where neither moving to it nor evaluating it pays,
    `until_it_leaves` where it takes the place of a model that leaves anyway, `not_sure` where its own futures regret it
    by more than the margin asked for; empty where it may be acted on."""
    first = run.facts.get(FIRST_STEP)
    if first is not None and first.value == STAY:
        comes = all(run.facts[name].value is True for name in COMES_ANYWAY)
        return "until_it_leaves" if comes else "not_yet"
    lead, margin = (run.facts.get(name) for name in ("regret_lead", "regret_margin"))
    if lead is None or margin is None or run.choice.option != run.chosen.option:
        return ""
    regretted = isinstance(lead.value, Decimal) and isinstance(margin.value, Decimal) and lead.value > margin.value
    return "not_sure" if regretted else ""


def _sentence(
    run: FlowRun, asked: Sequence[OpenQuestion], sentence: str, wording: Mapping[str, str], today: str
) -> str:
    names = listed([each.label for each in asked]) or "more"
    name = _held_back(run) or run.choice.status.value
    said = say(wording, f"verdict.{name}", sentence=sentence, needs=names)
    return joined([said, today], " ") if today else said


def _today(run: FlowRun, basis: Basis, doubt: Doubt, wording: Mapping[str, str]) -> str:
    """What an open decision would be today; empty where it is not open, or nothing can be said."""
    today = doubt.today
    if run.choice.status is not Status.UNDECIDED or today is None:
        return ""
    unit = f"{reporting_currency(run.facts)}/month"
    words = {
        "label": basis.catalogue.options[today.option].label,
        "share": _of_hundred(today.share, wording),
        "barred": _of_hundred(today.barred, wording),
        "regret": format_value(today.regret, FactType.MONEY, unit),
        "open": _of_hundred(today.open, wording),
    }
    name = (
        "today_open"
        if today.open
        else "today_unreached"
        if not today.share
        else "today_barred"
        if today.barred
        else "today"
    )
    return say(wording, f"verdict.{name}", **words)


def _of_hundred(share: Decimal, wording: Mapping[str, str]) -> str:
    """As the report says it of the same share."""
    hundred = of_hundred(share)
    if hundred == HUNDRED and share < 1:
        return wording["verdict.over_99"]
    return str(hundred) if hundred or not share else wording["verdict.under_one"]


def _advice(kind: str, run: FlowRun, basis: Basis) -> Iterator[tuple[RuleTrace, Advice]]:
    """The rules that hold and give advice of a kind, as far as the facts bear out what they say."""
    for trace in run.traces:
        then = trace.rule.then
        if not isinstance(then, Advice) or then.kind != kind or trace.truth is not True:
            continue
        if is_true(trace.rule, run.facts, basis.rulebook.specs):
            yield trace, then


def _given(trace: RuleTrace, then: Advice, run: FlowRun, citations: Mapping[str, Citation]) -> GivenAdvice:
    return GivenAdvice(
        rule=trace.rule.id,
        text=quote(then.text, run.facts),
        because=quote(trace.rule.because, run.facts),
        owner=then.owner,
        when_due=then.when_due,
        plan=then.plan,
        cites=cited(trace.rule.cites, citations),
    )


def _requirement(trace: RuleTrace, then: Advice, run: FlowRun, citations: Mapping[str, Citation]) -> Requirement:
    given = _given(trace, then, run, citations)
    return Requirement(
        rule=given.rule,
        text=given.text,
        because=given.because,
        owner=given.owner,
        when_due=given.when_due,
        plan=given.plan,
        aspect=then.aspect,
        options=then.options,
        cites=given.cites,
    )


def _plan(root: Path) -> PlanLayout:
    plan = load_plan(root)
    return PlanLayout(tuple(PlanHorizon(h.id, h.title, h.topics) for h in plan.horizons), plan.aspects)


def _dissent(option: str | None, panel: Mapping[str, PanelVote], wording: Mapping[str, str]) -> Iterator[Dissent]:
    """The source documents whose own rules lead elsewhere. A vote lists the options it agrees with."""
    for source, vote in panel.items():
        if option is not None and vote.agrees_with and option not in vote.agrees_with:
            text = say(wording, "dissent", title=vote.short, vote=vote.label, because=vote.because)
            yield Dissent(source, vote.vote, text)
