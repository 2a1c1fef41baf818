"""Answers as a questionnaire gives them: values with their place and the text as written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from hostwise.reading.findings.diagnostics import Place
from hostwise.reading.numbers.quantity import Quantity


class Answer(Struct, frozen=True):
    """What the file gives for one question.

    `value` is None when the answer is `unknown`; numbers are in the unit of the question, `low` and
    `high` bound a range; `written` is the text as it stands in the file. `stated` is the number as
    it was written, where that was in another unit and was converted. `assumed`: its currency is what a sign that
    several share is taken for. `places` are those of its parts, where it has some.
    """

    key: str
    value: Any
    place: Place
    written: str
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None
    stated: Quantity | None = None
    assumed: bool = False
    places: tuple[tuple[str, Place], ...] = ()

    def part(self, name: str) -> Place:
        """Where one of its parts stands."""
        return dict(self.places).get(name, self.place)

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The lowest and the highest that a number may be; the number twice where it is no range."""
        return (self.value, self.value) if self.low is None or self.high is None else (self.low, self.high)

    @property
    def unknown(self) -> bool:
        """Whether the file says that the answer is not known."""
        return self.value is None


class Answers(Struct, frozen=True):
    """A valid questionnaire: the answers that it gives, by key, and its text."""

    file: str
    text: str
    sha256: str
    values: Mapping[str, Answer]
