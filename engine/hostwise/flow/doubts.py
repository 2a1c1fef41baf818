"""What is doubtful about answers that are valid: numbers that are rarely so, and two that hardly fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from hostwise.answers.doubtful import answer_doubts
from hostwise.answers.doubtful_pairs import close, two_apart
from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import Fact, FactType
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.days import RATES
from hostwise.answers.plausible import Plausible, load_plausible, warning
from hostwise.answers.questions.questions import Questionnaire
from hostwise.economics.capacity.work_volume import CountedWork, arithmetic, counted_work
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.flow.freshness import aged_rates
from hostwise.flow.named_doubts import OFF_LIST, named_doubts
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.translatable import fill, prose

SPEND = "current_api.spend_per_month"
BILLED = ("api_spend_usd_month", "tokens_per_month", "api_list_cost_usd_month")
"""The bill in dollars, the volume, and what its tokens come to at the list price or the one that is given."""
MILLION = 1_000_000


def doubts(
    values: Mapping[str, Answer],
    facts: Mapping[str, Fact],
    questionnaire: Questionnaire,
    catalogue: Catalogue,
    day: date,
) -> tuple[Diagnostic, ...]:
    """Warnings about answers, in the order of their lines; an error where a rate is too old for the day.

    `facts` are theirs and what the economics derive, `day` is that of the decision.
    """
    rules = Path(questionnaire.file).parent
    table = load_plausible(rules)
    found = [*answer_doubts(values, questionnaire), *aged_rates(values.get(RATES), day, rules)]
    at = {(answer.place.line, answer.place.column): answer for answer in values.values()}
    for each in named_doubts(facts, catalogue, day, table):
        answer = at[each.place.line, each.place.column]
        found.append(replace(each, place=answer.place, found=answer.written[:60]))
    found += counted_doubts(values, facts, questionnaire, catalogue)
    found += once_by_day(values, facts, questionnaire)
    if SPEND in values:
        found += bill_doubts(values[SPEND], [_number(facts[name]) for name in BILLED], table)
    return tuple(sorted(once(found), key=lambda finding: (finding.place.line, finding.place.column)))


def once(found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """A number that no list has at all is said to be none, without what it is compared with beside it."""
    odd = {finding.place for finding in found if finding.code == "implausible"}
    return tuple(finding for finding in found if finding.code != OFF_LIST or finding.place not in odd)


def counted_doubts(
    values: Mapping[str, Answer], facts: Mapping[str, Fact], questionnaire: Questionnaire, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    """What people count against a volume that is said otherwise, and that lies beyond all that it could be."""
    unit, month = catalogue.work.counted(facts), facts["tokens_per_month"]
    work = counted_work(facts, catalogue)
    if unit is None or not isinstance(work, CountedWork) or not isinstance(month.value, Decimal):
        return
    stated = [questionnaire.by_fact[name].key for name in month.provenance.inputs if name in questionnaire.by_fact]
    other = next((values[key] for key in stated if key in values), None)
    counted = values.get(questionnaire.by_fact[unit.counts].key)
    slack, could = 1 + COUNTED_SLACK, work.tokens.band
    if other is None or counted is None or unit.counts in month.provenance.inputs:
        return
    if not could.low / slack <= month.value <= could.high * slack:
        said = {
            "arithmetic": arithmetic(facts, catalogue) or "",
            "low": format_value(could.low, FactType.TOKENS, "tokens/month"),
            "high": format_value(could.high, FactType.TOKENS, "tokens/month"),
            "key": other.key,
            "line": str(other.place.line),
            "stated": format_value(month.value, FactType.TOKENS, "tokens/month"),
        }
        accepted = "answers that can both be true; or take one of them out"
        exact = said["low"] == said["high"]
        yield warning(counted, "apart", fill(_COUNTED_EXACTLY if exact else _COUNTED, **said), accepted=accepted)


def once_by_day(
    values: Mapping[str, Answer], facts: Mapping[str, Fact], questionnaire: Questionnaire
) -> Iterator[Diagnostic]:
    """A job that runs once, of which the volume of a day is given: it is taken for that of thirty."""
    month = facts["tokens_per_month"]
    if facts["runs_once"].value is not True or not isinstance(month.value, Decimal):
        return
    given = (key for key, answer in values.items() if key in questionnaire.by_key and not answer.unknown)
    daily = next((key for key in given if key.startswith("demand.") and key.endswith("_per_day")), None)
    if daily is not None:
        said = {"written": values[daily].written[:60], "all": format_value(month.value, FactType.TOKENS, "tokens")}
        accepted = "the whole job: input_tokens_per_month and output_tokens_per_month, or pages"
        yield warning(values[daily], "once-by-day", fill(_ONCE_BY_DAY, **said), accepted=accepted)


def bill_doubts(spend: Answer, amounts: Sequence[Decimal | None], table: Plausible) -> Iterator[Diagnostic]:
    """The bill that is stated against its tokens at the list price; without a price against what is usual.

    `amounts` are `BILLED`.
    """
    bill, volume, listed = amounts
    if bill is None or not volume or bill < 0 or (not bill and not listed):
        return
    said = {"bill": format_value(bill, FactType.MONEY, "USD/month")}
    if not bill and listed:
        shown = format_value(listed, FactType.MONEY, "USD/month")
        yield warning(spend, "apart", fill(_FREE, **said, computed=shown))
        return
    if not listed:
        paid, usual = bill / volume * MILLION, table.spend_per_million_tokens
        if not usual.low <= paid <= usual.high:
            shown = format_value(paid, FactType.MONEY, "USD/Mtok")
            yield warning(spend, "implausible", fill(_PER_TOKEN, **said, paid=shown), accepted=usual.because)
        return
    if not close(bill, listed, table.apart.bill):
        shown = format_value(listed, FactType.MONEY, "USD/month")
        yield two_apart(spend, bill, listed, table.apart, _BILL, {**said, "computed": shown})


def _number(fact: Fact) -> Decimal | None:
    return fact.value if isinstance(fact.value, Decimal) else None


COUNTED_SLACK = Decimal("0.01")
"""Rounding: what is counted without an estimate must agree within 1%, as tokens do."""
_COUNTED = prose(
    "{arithmetic} is {low} to {high} tokens a month, and by {key} on line {line} it is {stated}, which was taken"
)
_COUNTED_EXACTLY = prose(
    "{arithmetic} is {low} tokens a month, and by {key} on line {line} it is {stated}, which was taken"
)
_ONCE_BY_DAY = prose(
    "the volume of a day is given ({written}): the job that runs once is taken to run for thirty days, "
    "{all} tokens in all"
)
_BILL = prose("the bill is {bill} a month and its tokens at the price listed or given {computed}, {times} apart")
_FREE = prose("the bill is {bill} a month and its tokens at the price listed or given {computed}")
_PER_TOKEN = prose("the bill is {bill} a month, which is {paid} at this volume: no API costs that")
