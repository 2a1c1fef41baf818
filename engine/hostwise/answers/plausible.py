"""What is usual of answers, from `rules/plausible.yaml`.

A warning never stops a decision by itself. It stands where the answer stands, so that a slip of a thousand is seen.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from hostwise.answers.files.answer import Answer
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.files.strict import Strict
from hostwise.reading.files.validate import validated
from hostwise.reading.findings.diagnostics import Diagnostic, Severity

MISSING_RATE = "missing-rate"
NOT_USED = "not-used"
"""The code of an answer that counts for nothing without another one."""


class _Usual(Strict, frozen=True):
    low: Decimal
    high: Decimal
    source: str
    as_of: date
    because: str


class UsualRange(Strict, frozen=True):
    """What is usual of some questions, and where that comes from; `or_nothing`: so is zero."""

    questions: tuple[str, ...]
    low: Decimal
    high: Decimal
    source: str
    as_of: date
    because: str
    or_nothing: bool = False


class Slip(Strict, frozen=True):
    """A way to write a number that changes it by a factor, and what the number then was."""

    times: Decimal
    means: str


class Apart(Strict, frozen=True):
    """By what factor two ways to say the same may differ, a price and the list's, a bill and its tokens; and which
    factors have a name. A share differs by points. A price that is older than `price_months` is to be read again."""

    factor: Decimal
    price: Decimal
    price_months: int
    bill: Decimal
    rent: Decimal
    rent_below: Decimal
    share: Decimal
    near: Decimal
    volume: tuple[Slip, ...]
    reasons: tuple[Slip, ...]


class _Incomplete(Strict, frozen=True):
    """A question whose answer is not used unless all of one group of others are answered too."""

    question: str
    needs: tuple[tuple[str, ...], ...]
    range_will_do: bool
    because: str


class _Idle(Strict, frozen=True):
    """A question whose answer is not used beside some answers to others."""

    question: str
    beside: dict[str, tuple[str | bool, ...]]
    because: str
    answers: tuple[str, ...] = ()


class Plausible(Strict, frozen=True):
    """`rules/plausible.yaml`. `sums` are names of rows of a table that add up the others, `added_up` what such rows do
    add up, `one_or_all` shares of which a bare 1 may be one per cent.
    """

    ranges: tuple[UsualRange, ...]
    idle: tuple[_Idle, ...]
    incomplete: tuple[_Incomplete, ...]
    days_of_use: dict[str, str]
    spend_per_million_tokens: _Usual
    slips: dict[str, tuple[Slip, ...]]
    sums: tuple[str, ...]
    added_up: tuple[str, ...]
    one_or_all: tuple[str, ...]
    apart: Apart


@lru_cache(maxsize=8)
def load_plausible(folder: Path) -> Plausible:
    """The table of a folder of rules. Raises `InputError` with line and column."""
    return validated(Plausible, read_kept_document(folder / "plausible.yaml"))


def warning(answer: Answer, code: str, message: str, **more: str) -> Diagnostic:
    """A finding that does not stop a decision, at the place of an answer."""
    return Diagnostic(answer.place, code, message, found=answer.written[:60], severity=Severity.WARNING, **more)
