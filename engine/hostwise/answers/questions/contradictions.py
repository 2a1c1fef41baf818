"""What answers cannot both be true, as data: the section `contradictions` of `rules/questions.yaml`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from hostwise.reading.files.strict import Strict

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
}  # fmt: skip


class Volumes(Strict, frozen=True):
    """Questions that say a volume, by their keys.

    `day_and_month` are pairs; `total_and_parts` a total, its input and its output; `requests` a total, requests (or
    pages), and the tokens of one, input and output; of `one_of` a workload answers one.
    """

    day_and_month: tuple[tuple[str, str], ...] = ()
    total_and_parts: tuple[tuple[str, str, str], ...] = ()
    requests: tuple[tuple[str, str, str, str], ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """Every question that is named."""
        return frozenset(key for group in (self.day_and_month, self.total_and_parts, self.requests, self.one_of)
                         for keys in group for key in keys)  # fmt: skip


class AnswerTest(Struct, frozen=True):
    """A test of one answer: it is (or, `negated`, is not) one of some words, compares with a number, or is `absent`."""

    words: tuple[bool | str, ...] = ()
    absent: bool = False
    negated: bool = False
    compare: str = ""
    number: Decimal = Decimal(0)

    def holds(self, value: object) -> bool:
        """Whether a value passes; an unknown one passes only as absent."""
        if value is None or self.absent:
            return value is None and self.absent
        if self.compare:
            return COMPARE[self.compare](value, self.number)
        return (value in self.words) is not self.negated


class Contradiction(Struct, frozen=True):
    """Answers that cannot all be true, by the keys of their questions in written order; the last is found wrong.

    `message` says why; a key in braces stands for what was answered.
    """

    tests: Mapping[str, AnswerTest]
    message: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The questions that it reads."""
        return tuple(self.tests)

    @property
    def least(self) -> int:
        """How many of them have an answer where it holds."""
        return sum(not test.absent for test in self.tests.values())


class Contradictions(Struct, frozen=True):
    """All that is checked between answers."""

    rows: tuple[Contradiction, ...] = ()
    volumes: Volumes = Volumes()
