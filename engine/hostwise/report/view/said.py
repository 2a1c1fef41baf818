"""The verdict with its plan, what it saves, and the first step, each in one sentence: for the terminal and Markdown."""

from __future__ import annotations

from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.number_format import format_band, format_bare, format_money, format_range
from hostwise.report.model.first_page import FirstStep, ShownSaving
from hostwise.report.model.report import Report
from hostwise.report.words.words import Words

DECIDED = "decided"


def headline_said(report: Report, words: Words) -> str:
    """The verdict and its plan; of what is not decided, what the verdict says of itself."""
    verdict = report.record.verdict
    if verdict.status != DECIDED:
        return verdict.sentence
    plan = verdict.chosen_plan or verdict.sentence.rstrip(".")
    return words.say("terminal.decision.plan", verdict=report.heading, plan=plan)


def step_said(step: FirstStep, words: Words, *, whole: bool = False) -> str:
    """The first step, with who does it and what it must come before; `whole` with what comes of it."""
    said = words.say("terminal.decision.first", step=step.text if whole else step.first)
    by = words.say("terminal.decision.by", day=step.by) if step.by else ""
    about = ", ".join(part for part in (step.owner, by, step.due) if part)
    return f"{said.removesuffix('.')} ({about})." if about else said


def saving_said(saving: ShownSaving, currency: str, words: Words) -> str:
    """What the verdict saves, or costs more, and against what."""
    cases = (("staying", saving.staying), ("today", saving.in_use), ("ruled_out", saving.ruled_out), ("others", True))
    name = "once" if saving.once else next(name for name, holds in cases if holds)
    month = _month(saving, currency, words)
    year = format_money(saving.shown_year.likely, currency, words.language)
    if saving.grows:
        year = words.say("terminal.decision.at_todays_volume", year=year)
    span = {12: "in_a_year", 1: "in_one_month"}.get(saving.months, "in_months")
    year = words.say(f"terminal.decision.{span}", year=year, months=saving.months)
    more = "_more" if saving.more else ""
    said = words.say(f"terminal.decision.{name}{more}", month=month, year=year, other=saving.against)
    if saving.good:
        said = " ".join((said, words.say("first.if_good", chance=saving.good)))
    return " ".join((said, words.say("first.today_out", bill=saving.bill))) if saving.bill else said


def _month(saving: ShownSaving, currency: str, words: Words) -> str:
    """What is saved a month, with its range and in how many futures that holds."""
    band, unit = saving.shown_month, f"{currency}/month"
    likely, low, high = (
        format_bare(end, FactType.MONEY, unit, words.language) for end in (band.likely, band.low, band.high)
    )
    if not saving.drawn or low == high:
        return format_band(band.likely, band.low, band.high, FactType.MONEY, unit, words.language)
    return words.say("terminal.decision.drawn", likely=likely, range=format_range(low, high, words.language))
