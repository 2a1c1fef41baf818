"""How an answer was read, where that is not how it is written: in another unit, or in a currency that was not named."""

from __future__ import annotations

from collections.abc import Iterator

from hostwise.answers.fact_text import format_value
from hostwise.answers.files.answer import Answer, Answers
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.reading.findings.diagnostics import Diagnostic, Severity
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.translatable import fill


def as_read(answer: Answer, question: Question) -> str | None:
    """The number in the unit of its question, where it was converted: `900M a month is 30M a day`; or its currency."""
    if answer.value is None or (answer.stated is None and not answer.assumed):
        return None
    if answer.assumed:
        return fill("{written} is read as {currency}", written=answer.written[:60], currency=answer.currency or "")
    kind = FactType(question.type)
    unit = question.unit.replace("USD", answer.currency) if answer.currency else question.unit
    ends = dict.fromkeys(answer.ends)
    value = "..".join(format_value(end, kind, unit) for end in ends)
    shown = f"{value} {unit}" if kind in (FactType.TOKENS, FactType.COUNT) and unit not in value else value
    return fill("{written} is {value}", written=answer.written[:60], value=shown)


def conversion(answer: Answer, question: Question) -> Diagnostic | None:
    """The same as a note at the answer, for rows of a table; None where it was not converted."""
    text = as_read(answer, question)
    if text is None:
        return None
    message = fill("{key}: {text}", key=answer.key, text=text)
    return Diagnostic(answer.place, "converted", message, found=answer.written[:60], severity=Severity.NOTE)


def converted(answers: Answers, questionnaire: Questionnaire) -> Iterator[str]:
    """The same for every answer that was converted."""
    texts = (as_read(answer, questionnaire.by_key[key]) for key, answer in answers.values.items())
    yield from filter(None, texts)
