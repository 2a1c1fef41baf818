"""Answers that can be true and rarely are, each by itself, with what they may have been meant to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from hostwise.answers.doubtful_pairs import doubtful_lengths, doubtful_order, doubtful_rates, doubtful_shares
from hostwise.answers.fact_text import format_value
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.values import BASE, COARSE, HOURLY, by_the_month, own_currency, parts_thousands
from hostwise.answers.plausible import NOT_USED, Plausible, UsualRange, load_plausible, warning
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.numbers.currencies import currencies
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.slips import is_bare, without_groups
from hostwise.reading.numbers.units import units
from hostwise.reading.translatable import fill, prose


def answer_doubts(values: Mapping[str, Answer], questionnaire: Questionnaire) -> Iterator[Diagnostic]:
    """What is doubtful about answers by themselves, before anything is computed from them."""
    found = ((answer.key, grouped(answer, questionnaire.by_key[answer.key])) for answer in values.values())
    asked = {key: doubt for key, doubt in found if doubt is not None}
    yield from asked.values()
    # Of a number that may be a thousand times as much, it says nothing that it is small.
    yield from implausible({key: answer for key, answer in values.items() if key not in asked}, questionnaire)
    table = load_plausible(Path(questionnaire.file).parent)
    spread = (
        spread_over_days(values[key], questionnaire.by_key[key], table) for key in table.days_of_use if key in values
    )
    yield from filter(None, spread)
    one = (one_or_all(values[key], questionnaire.by_key[key]) for key in table.one_or_all if key in values)
    yield from filter(None, one)
    yield from doubtful_rates(values, questionnaire)
    apart = table.apart
    yield from doubtful_lengths(values, apart)
    yield from doubtful_shares(values, apart)
    yield from doubtful_order(values, questionnaire)
    yield from unused(values, questionnaire)


def may_be_grouped(question: Question) -> bool:
    """Whether its numbers are or can be large, and hardly ever written to three places after the point."""
    return question.numeric and (question.measure.dimension.grouped or question.unit == HOURLY)


def grouped(answer: Answer, question: Question) -> Diagnostic | None:
    """Three places after the point: of what is counted in thousands, more often a mark of theirs. None for others."""
    plain = without_groups(answer.written) if may_be_grouped(question) else None
    if plain is None or not (question.measure.dimension.grouped or by_the_month(question, answer.written)):
        return None
    as_thousands = parts_thousands(question, answer.written) is not None
    message = fill(
        _AS_THOUSANDS if as_thousands else _GROUPED, label=question.label, written=answer.written[:60], plain=plain[:60]
    )
    accepted = "a number without marks; a point parts the decimals, a comma the thousands"
    return warning(answer, "grouped", message, accepted=accepted, suggestion=plain)


_AS_THOUSANDS = prose("{label}: {written} is read as {plain}: its point is taken to part the thousands")
_GROUPED = prose("{label}: {written} is read with a decimal point; it is {plain} if the point parts the thousands")


def spread_over_days(answer: Answer, question: Question, table: Plausible) -> Diagnostic | None:
    """What is asked for on a day of use, and said of a week or longer. None for others."""
    days = table.days_of_use.get(question.key)
    parts = answer.stated.parts if days is not None and answer.stated is not None else ()
    day = units().file.units["day"].size
    if not any(part.of == "time" and part.size * part.count > day for part in parts):
        return None
    message = fill(_SPREAD, label=question.label, written=answer.written[:60], key=days or "")
    return warning(answer, "spread", message, accepted="the tokens of a day of use, such as 2.1M a day")


def one_or_all(answer: Answer, question: Question) -> Diagnostic | None:
    """A share of 1 without a sign: all of it, and one per cent to whoever counts in these. None for others."""
    if answer.written.strip() != "1":
        return None
    message = fill(_ONE, label=question.label)
    return warning(answer, "one-or-all", message, accepted="1% or 100%", suggestion="1%")


_ONE = prose("{label}: 1 is read as all of it, 100%; 1% if it is per cent")
_SPREAD = prose(
    "{label}: {written} is spread over all days, and counted for days of use alone ({key}): less than was meant?"
)


def implausible(values: Mapping[str, Answer], questionnaire: Questionnaire) -> Iterator[Diagnostic]:
    """Answers outside what is usual, in the order of the table."""
    table = load_plausible(Path(questionnaire.file).parent)
    own = own_currency(values)
    for usual in table.ranges:
        for key in usual.questions:
            answer = values.get(key)
            if answer is None:  # as most are: of a table each cell is looked at by itself
                continue
            question = questionnaire.by_key.get(key)
            if question is not None and isinstance(answer.value, Decimal):
                yield from _outside(answer, question, usual, own, table)


def unused(values: Mapping[str, Answer], questionnaire: Questionnaire) -> Iterator[Diagnostic]:
    """Answers that count for nothing without another one, or beside one."""
    given = {key for key, answer in values.items() if not answer.unknown}
    for idle in load_plausible(Path(questionnaire.file).parent).idle:
        answer, question = values.get(idle.question), questionnaire.by_key.get(idle.question)
        if answer is None or question is None or idle.question not in given:
            continue
        said = not idle.answers or answer.value in idle.answers
        if said and all(key in given and values[key].value in held for key, held in idle.beside.items()):
            message = fill(_UNUSED, label=question.label, because=idle.because)
            yield warning(
                answer, NOT_USED, message, accepted="without this answer, or another one to " + ", ".join(idle.beside)
            )
    for each in load_plausible(Path(questionnaire.file).parent).incomplete:
        answer, question = values.get(each.question), questionnaire.by_key.get(each.question)
        if answer is None or question is None or each.question not in given:
            continue
        ranged = each.range_will_do and answer.ends[0] != answer.ends[1]
        if not ranged and not any(given.issuperset(group) for group in each.needs):
            accepted = "; or ".join(" and ".join(group) for group in each.needs)
            accepted += "; or a range such as 2%..6%" if each.range_will_do else ""
            message = fill(_UNUSED, label=question.label, because=each.because)
            yield warning(answer, NOT_USED, message, accepted=accepted)


_UNUSED = prose("{label}: the verdict does not rest on it: {because}")


def _outside(answer: Answer, question: Question, usual: UsualRange, own: str, table: Plausible) -> Iterator[Diagnostic]:
    low, high, scale = usual.low, usual.high, Decimal(1)
    currency = (answer.currency or own) if question.type == "money" else ""
    if currency and currency != BASE:
        scale = currencies().dollars(currency) or Decimal(1)
        low, high = low / COARSE, high * COARSE
    ends = [end * scale for end in answer.ends]
    if (low <= ends[0] and ends[1] <= high) or (usual.or_nothing and ends == [0, 0]):
        return
    below = ends[0] < low
    unit = question.unit.replace(BASE, currency) if currency else question.unit
    limit = (low if below else high) / scale
    values = {
        "label": question.label,
        "written": answer.written[:60],
        "limit": format_value(limit, FactType(question.type), unit),
    }
    far = ends[0] if below else ends[1]
    # Who wrote a unit or a per cent sign knew what was asked for.
    slips = table.slips.get(question.dimension, ()) if answer.stated is None and is_bare(answer.written) else ()
    slip = next((s for s in slips if low <= far * s.times <= high), None)
    if slip is None:
        message = _BELOW if below else _ABOVE
        yield warning(answer, "implausible", fill(message, **values), accepted=usual.because)
        return
    likely = format_value(far * slip.times / scale, FactType(question.type), unit)
    message = _BELOW_MEANT if below else _ABOVE_MEANT
    meant = fill(message, **values, likely=likely, means=slip.means)
    yield warning(answer, "implausible", meant, accepted=usual.because, suggestion=likely)


def unusual(value: Decimal, question: Question, table: Plausible) -> tuple[str, str, str | None] | None:
    """What is said of a figure in dollars that is no usual answer to a question, why, and what was likely meant.

    None where it is usual.
    """
    usual = next(each for each in table.ranges if question.key in each.questions)
    if usual.low <= value <= usual.high:
        return None
    kind, below = FactType(question.type), value < usual.low
    slip = next(
        (s for s in table.slips.get(question.dimension, ()) if usual.low <= value * s.times <= usual.high), None
    )
    said = {"label": question.label, "written": f"{value:f}"}
    said["limit"] = format_value(usual.low if below else usual.high, kind, question.unit)
    if slip is None:
        return fill(_BELOW if below else _ABOVE, **said), usual.because, None
    likely = format_value(value * slip.times, kind, question.unit)
    message = fill(_BELOW_MEANT if below else _ABOVE_MEANT, **said, likely=likely, means=slip.means)
    return message, usual.because, likely


_BELOW = prose("{label}: {written} is less than {limit}, the least that is usual")
_ABOVE = prose("{label}: {written} is more than {limit}, the most that is usual")
_BELOW_MEANT = prose("{label}: {written} is less than {limit}, the least that is usual; {likely} if it is {means}")
_ABOVE_MEANT = prose("{label}: {written} is more than {limit}, the most that is usual; {likely} if it is {means}")
