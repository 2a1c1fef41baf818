"""What the first page says beside the verdict, from ledgers, plan and futures of a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from hostwise.economics.numbers.horizon import grown
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.number_format import format_money, format_quantity
from hostwise.record.format.record import Record
from hostwise.record.format.robustness import WorthAsking
from hostwise.record.format.verdict import GivenAdvice
from hostwise.report.model.first_page import FirstPage, FirstStep
from hostwise.report.model.report import OptionLine, PlanPart
from hostwise.report.model.robustness import Sureness
from hostwise.report.view.plan import proposed_day
from hostwise.report.view.said import DECIDED
from hostwise.report.view.saving import MONTHS, first_year, number_of, says, shown_saving
from hostwise.report.words.words import Words

SETTLING = ("volume", "evaluation")
"""Topics of a plan that settle something about a verdict; before any other, an open answer that does is found out."""
COSTLIER = "costlier"
"""What became of an option that is left and costs more today."""
SAVINGS = "savings"
"""The topic of what only lowers a bill."""


def first_page_of(
    record: Record,
    options: Sequence[OptionLine],
    plan: Sequence[PlanPart],
    sure: Sureness,
    stale: Sequence[str],
    words: Words,
) -> FirstPage:
    """The view of the first page; `stale` are the sentences on what is past its review."""
    own = next((share for share in sure.shares if share.id == record.verdict.option), None)
    currency = next((option.currency for option in options), "")
    return FirstPage(
        saving=shown_saving(record, options, words),
        first=_first(record, plan, currency, words),
        worth_asking=_worth_asking(record),
        holds=own.hundred if own else "",
        doubts=(*(words.say("first.doubtful", message=each.text) for each in record.answers.warnings), *stale),
        wrong=tuple(_wrong(record, sure, currency, words)),
        grows=_grows(record, options, currency, words),
    )


def _grows(record: Record, options: Sequence[OptionLine], currency: str, words: Words) -> str:
    """That another option costs less over the year, at the growth that is stated; empty where none does by the margin.

    The verdict is that of today's volume: who will have several times as much is told what to decide again with. Where
    open models were measured and are too much worse, no volume turns it.
    """
    facts = {fact.name: fact for fact in record.facts}
    growth, volume, margin = (facts.get(name) for name in ("growth_per_month", "tokens_per_month", "required_margin"))
    chosen = next((option for option in options if option.chosen), None)
    ours = first_year(chosen) if chosen else None
    if growth is None or volume is None or margin is None or ours is None or says(record, "runs_once", True):
        return ""
    if says(record, "quality_status", "too-large"):
        return ""
    rate, today, least = (number_of(fact) for fact in (growth, volume, margin))
    if rate is None or rate <= 0 or today is None or least is None:
        return ""
    costlier = (option for option in options if option.status == COSTLIER)
    best = min(((cost, option.label) for option in costlier if (cost := first_year(option)) is not None), default=None)
    if best is None or best[0] >= ours * (1 - least):
        return ""
    half = grown(today, rate, MONTHS // 2 + 1)
    saved = format_money(ours - best[0], currency, words.language)
    expected = format_quantity(half, FactType.TOKENS, "tokens/month", words.language)
    return words.say("first.grows", growth=growth.shown, other=best[1], amount=saved, volume=expected)


def _first(record: Record, plan: Sequence[PlanPart], currency: str, words: Words) -> FirstStep | None:
    """The plan's first step; of an open verdict the first answer to get, of none left the constraint to reconsider."""
    verdict = record.verdict
    if verdict.status == "undecided" and verdict.needs:
        need = verdict.needs[0]
        return FirstStep(words.say("first.ask", label=need.label), need.ask_of, _soon(record, words), "")
    if verdict.status == "infeasible" and verdict.ways_out:
        way = verdict.ways_out[0]
        answers = "; ".join(words.say("first.answer", label=each.label, shown=each.shown) for each in way.answers)
        name = "first.reconsider" if way.monthly is None else "first.reconsider_at"
        amount = "" if way.monthly is None else format_money(way.monthly, currency, words.language)
        text = words.say(name, answers=answers, option=way.label, amount=amount)
        asked = ", ".join(dict.fromkeys(each.ask_of for each in way.answers))
        return FirstStep(text, asked, _soon(record, words), "")
    if (settles := _settles_it(record)) is not None:
        return _to_find_out(settles, record, words)
    if not plan:
        return None
    part, step = _foremost(plan)
    open_ = _worth_asking(record)
    if verdict.status == DECIDED and open_ is not None and step.plan not in SETTLING:
        return _to_find_out(open_, record, words)
    return FirstStep(step.text, step.owner or "", part.by, step.when_due or "")


def _foremost(plan: Sequence[PlanPart]) -> tuple[PlanPart, GivenAdvice]:
    """The first step of a plan; what only lowers a bill comes after what must hold."""
    part, step = plan[0], plan[0].steps[0]
    if step.advice.plan == SAVINGS and not step.condition:
        conditions = ((each, found) for each in plan for found in each.steps if found.condition)
        part, step = next(conditions, (part, step))
    return part, step.advice


def _to_find_out(question: WorthAsking, record: Record, words: Words) -> FirstStep:
    return FirstStep(words.say("first.ask", label=question.label), question.ask_of, _soon(record, words), "")


def _settles_it(record: Record) -> WorthAsking | None:
    """What to find out first of a choice that its own futures regret by more than the margin asked for."""
    facts = {fact.name: fact.value for fact in record.facts if fact.name in ("regret_lead", "regret_margin")}
    lead, margin = (facts.get(name) for name in ("regret_lead", "regret_margin"))
    if not isinstance(lead, str) or not isinstance(margin, str) or Decimal(lead) <= Decimal(margin):
        return None
    return _worth_asking(record)


def _worth_asking(record: Record) -> WorthAsking | None:
    """The open answer that carries most of the doubt; where nothing is decided, of those that are waited for.

    Nobody is told of two questions to begin with.
    """
    verdict, waited_for = record.verdict, {need.key for need in record.verdict.needs}
    asked = (each for each in record.robustness.questions if verdict.status != "undecided" or each.key in waited_for)
    return next(asked, None)


def _soon(record: Record, words: Words) -> str:
    """The day proposed for what comes first of all."""
    return proposed_day(next(iter(words.proposed), ""), record.as_of, words)


def _wrong(record: Record, sure: Sureness, currency: str, words: Words) -> Iterator[str]:
    """What it costs to be wrong: how often another verdict is right, and what this one then costs more."""
    robust, verdict = record.robustness, record.verdict
    if verdict.status != DECIDED:
        return
    others = [share for share in sure.shares if share.id != verdict.option and share.count]
    if not others:
        yield words.say("first.never_wrong", futures=robust.futures)
        return
    items = ", ".join(words.say("first.other", label=share.label, count=share.hundred) for share in others)
    yield words.say("first.wrong", others=items)
    shown = format_money(robust.regret, currency, words.language)
    nothing = shown == format_money(Decimal(0), currency, words.language)
    yield words.say("first.no_regret" if nothing else "first.regret", regret=shown)
