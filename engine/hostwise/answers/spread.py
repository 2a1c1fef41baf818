"""What an answer could plausibly be where nobody knows it: the `spread` of a question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from hostwise.reading.diagnostics import Diagnostic
from hostwise.reading.document import Document
from hostwise.reading.strict import Strict

if TYPE_CHECKING:
    from hostwise.answers.questions import Question

Path = tuple[str | int, ...]


class Spread(Strict):
    """How an answer is drawn where it is a range, and what it could be where it is not known or assumed.

    A number lies between `low` and `high`, most often at `likely`: `triangular`, or `lognormal` where it is a matter of
    factors. Words have `weights`. It is not drawn where one of `unless` is answered. `follows` names another question
    and how closely this one goes with it: a rank correlation from −1 to 1.
    """

    shape: Literal["triangular", "lognormal"] = "triangular"
    low: Decimal | None = None
    likely: Decimal | None = None
    high: Decimal | None = None
    weights: dict[str, Decimal] = Field(default_factory=dict)
    unless: tuple[str, ...] = ()
    follows: dict[str, Decimal] = Field(default_factory=dict)
    source: str = "house"
    because: str = ""

    @property
    def bounded(self) -> bool:
        """Whether it says what an unknown number could be."""
        return self.low is not None


def spread_findings(questions: Mapping[str, Question], document: Document) -> Iterator[Diagnostic]:
    """What is wrong with the spreads of a questionnaire."""
    for index, question in enumerate(questions.values()):
        if question.spread is not None:
            yield from _findings(question, question.spread, questions, document, ("questions", index, "spread"))


def _findings(
    question: Question, spread: Spread, questions: Mapping[str, Question], document: Document, path: Path
) -> Iterator[Diagnostic]:
    ends = (spread.low, spread.likely, spread.high)
    if any(end is not None for end in ends):
        yield from _of_number(question, spread, document, path)
    accepted = ("true", "false") if question.type == "boolean" else question.value_names
    for word, weight in spread.weights.items():
        if word not in accepted or weight < 0:
            yield document.finding(
                (*path, "weights", word), "weights", f"{question.key} has no such answer",
                found=word, accepted=", ".join(accepted),
            )  # fmt: skip
    for key in (*spread.unless, *spread.follows):
        if key not in questions:
            yield document.finding(path, "unknown-key", f"there is no question {key!r}", found=key)
    for key, closeness in spread.follows.items():
        other = questions.get(key)
        chained = other is not None and other.spread is not None and other.spread.follows
        if len(spread.follows) > 1 or chained or not -1 <= closeness <= 1:
            message = "a question follows one other, which follows none, by −1 to 1"
            yield document.finding((*path, "follows"), "follows", message, found=f"{key}: {closeness}")


def _of_number(question: Question, spread: Spread, document: Document, path: Path) -> Iterator[Diagnostic]:
    low, likely, high = spread.low, spread.likely, spread.high
    found = f"{low}, {likely}, {high}"
    if low is None or likely is None or high is None or not low <= likely <= high:
        yield document.finding(path, "spread", "low ≤ likely ≤ high must all be given", found=found)
    elif not question.numeric or not spread.because:
        yield document.finding(
            path, "spread", "only a number has low and high, with a reason in `because`", found=found
        )
    elif spread.shape == "lognormal" and low <= 0:
        yield document.finding(path, "spread", "a lognormal spread is above zero", found=found)
    elif (question.min is not None and low < question.min) or (question.max is not None and high > question.max):
        bounds = f"from {question.min} to {question.max}"
        yield document.finding(path, "spread", "outside the bounds of the question", found=found, accepted=bounds)
