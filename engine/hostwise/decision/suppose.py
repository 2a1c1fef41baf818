"""Supposed answers: a situation with some answers changed, and one answer swept over a range.

Every point is decided completely, costs and both engines included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from hostwise.answers.load import Answer, load_answers_document
from hostwise.answers.questions import Question, Questionnaire
from hostwise.decision.compare import Outcome, Situation, outcome
from hostwise.reading.diagnostics import Diagnostic, InputError, Place
from hostwise.reading.document import read_document
from hostwise.reading.suggest import nearest

PRECISION = Decimal("0.001")
"""Boundaries are found to a thousandth of themselves."""
DECADE = Decimal(10)
MOST = 60
"""Halvings at most; a thousandth of any range that a questionnaire accepts takes fewer."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the swept answer, ends included, with one verdict; `rule` is the one that decides at its start."""

    low: Decimal
    high: Decimal
    verdict: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class Sweep:
    """The points that were decided, and the stretches between the boundaries."""

    question: Question
    points: tuple[tuple[Decimal, Outcome], ...]
    regions: tuple[Region, ...]


def supposed(situation: Situation, settings: Sequence[str]) -> Situation:
    """The situation with answers set, each written `section.key=value`. Raises `InputError` for what cannot be."""
    questionnaire = situation.knowledge.questionnaire
    values = dict(situation.answers.values)
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise _refused(setting, "no-value", "a supposed answer is written section.key=value")
        question = question_of(key.strip(), questionnaire, setting)
        values[question.key] = _answer(question, text.strip(), questionnaire)
    return replace(situation, answers=replace(situation.answers, values=values))


def question_of(key: str, questionnaire: Questionnaire, setting: str) -> Question:
    """The question of a key. Raises `InputError` with the nearest one."""
    if key in questionnaire.by_key:
        return questionnaire.by_key[key]
    near = nearest(key, questionnaire.by_key)
    raise _refused(setting, "unknown-key", f"there is no question {key!r}", near)


def _answer(question: Question, text: str, questionnaire: Questionnaire) -> Answer:
    """The answer as a questionnaire that holds nothing else would give it."""
    section, _, name = question.key.partition(".")
    sections = {"workload": "  name: supposed\n"} if section != "workload" else {}
    written = "".join(f"{key}:\n{lines}" for key, lines in sections.items())
    document = read_document(Path(f"--set {question.key}"), data=f"{written}{section}:\n  {name}: {text}\n".encode())
    return load_answers_document(document, questionnaire).values[question.key]


def sweep(situation: Situation, question: Question, low: Decimal, high: Decimal, steps: int) -> Sweep:
    """Decide at evenly spaced values from `low` to `high` (by ratio over a decade or more), and find the boundaries."""

    def at(value: Decimal) -> Outcome:
        return outcome(supposed(situation, [f"{question.key}={value:f}"]))

    points = [(value, at(value)) for value in _spaced(low, high, steps)]
    regions: list[Region] = []
    start, current = points[0]
    for (below, before), (above, after) in pairwise(points):
        if before.verdict != after.verdict:
            edge, first = below, above
            for _ in range(MOST):
                if first - edge <= abs(first) * PRECISION:
                    break
                middle = (edge + first) / 2
                if at(middle).verdict == before.verdict:
                    edge = middle
                else:
                    first = middle
            regions.append(Region(start, edge, before.verdict, current.rule))
            start, current = first, after
    regions.append(Region(start, points[-1][0], points[-1][1].verdict, current.rule))
    return Sweep(question, tuple(points), tuple(regions))


def _spaced(low: Decimal, high: Decimal, steps: int) -> Iterator[Decimal]:
    by_ratio = low > 0 and high / low >= DECADE
    for number in range(steps):
        share = Decimal(number) / Decimal(steps - 1)
        value = low * (high / low) ** share if by_ratio else low + (high - low) * share
        yield low if number == 0 else high if number == steps - 1 else _rounded(value)


def _rounded(value: Decimal) -> Decimal:
    """Six significant digits, which every type of answer can hold."""
    return value if not value else value.quantize(Decimal(1).scaleb(max(value.adjusted() - 5, -6)))


def _refused(setting: str, code: str, message: str, suggestion: str | None = None) -> InputError:
    return InputError([Diagnostic(Place(setting), code, message, suggestion=suggestion)])
