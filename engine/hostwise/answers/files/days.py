"""Days that an answer cannot have: a price or a rate that was read after the day of the decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec.structs import replace

from hostwise.answers.files.answer import Answer
from hostwise.answers.files.no_volume import nothing_to_serve
from hostwise.answers.questions.questions import Question, Questionnaire
from hostwise.reading.findings.diagnostics import Diagnostic, InputError

DECISION = "workload.as_of"
RATES = "economics.exchange_rates"


def later_than(values: Mapping[str, Answer], questions: Mapping[str, Question], day: date) -> tuple[Diagnostic, ...]:
    """A finding for each answer that gives a day after that of the decision, at the answer's place."""
    found = ((answer, written) for answer, written in _days(values, questions) if written > day.isoformat())
    return tuple(
        Diagnostic(
            answer.place,
            "after-the-decision",
            f"{answer.key}: read after the day of the decision",
            found=written,
            accepted=f"a day up to {day}, which is that of the decision",
        )
        for answer, written in found
    )


def impossible_on(values: Mapping[str, Answer], questionnaire: Questionnaire, day: date) -> tuple[Diagnostic, ...]:
    """Findings on answers that no decision of a day can rest on: read after it, or without a token."""
    return (
        *later_than(values, questionnaire.by_key, day),
        *nothing_to_serve(values, questionnaire.contradictions.volumes),
    )


def refuse_impossible(values: Mapping[str, Answer], questionnaire: Questionnaire, day: date) -> None:
    """Raise `InputError` for answers that no decision of a day can rest on."""
    found = impossible_on(values, questionnaire, day)
    if found:
        raise InputError(found)


def stated_day(values: Mapping[str, Answer]) -> date | None:
    """The day of the decision that the answers state."""
    answer = values.get(DECISION)
    return date.fromisoformat(answer.value) if answer is not None and answer.value else None


def _days(values: Mapping[str, Answer], questions: Mapping[str, Question]) -> Iterator[tuple[Answer, str]]:
    for key, answer in values.items():
        kind = questions[key].type
        if kind == "date" and key != DECISION and answer.value:
            yield answer, answer.value
        if kind == "rates":
            rates = ((answer.part(code), entry["as_of"]) for code, entry in (answer.value or {}).items())
            yield from ((replace(answer, place=place), day) for place, day in rates if day)
