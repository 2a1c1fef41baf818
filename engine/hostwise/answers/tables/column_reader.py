"""One column of a table: each cell means what the same text means after its key in a questionnaire.

The same text is read once in a block, however often it stands in the column.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hostwise.answers.facts import SCALES, FactType, fixed
from hostwise.answers.files.answer import Answer
from hostwise.answers.files.values import BASE, Refused, Written, read_answer
from hostwise.answers.questions.questions import Question
from hostwise.answers.tables.decimal_mark import Marks, pointed
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.files.yaml_scalars import Unusable, scalar
from hostwise.reading.findings.diagnostics import InputError, Place
from hostwise.reading.numbers.amount import Own

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

ENDS = ("value", "low", "high")
NOT_GIVEN = 0
"""The place of "no answer" among the kinds of a column."""
WRONG = -1
KEPT = 20_000
"""Different texts of a column that are remembered from one block to the next."""
BYTES = re.compile("[\udc80-\udcff]")
"""Bytes that are not UTF-8, as Python's `surrogateescape` has them."""
OWN = "\0"
"""Parts a text from the currency of its row; no text that is accepted holds it."""
_BETWEEN = re.compile("[;,]")
_NO_FLOW = ("text", "date", "enum", "boolean")


class AnswerBlock(Struct, frozen=True, eq=False):
    """A block of one column: the kind of each answer, by its place among `Cells.kinds`, and its numbers.

    The numbers are counted in the last place of their type; ends that no cell has are left out. `places` are those of
    the cells' texts, for `Cells.read`.
    """

    which: Codes
    numbers: Mapping[str, Floats]
    places: Codes


class Cells:
    """The column of one question.

    `kinds` are the different answers, numbers aside: everything that makes two of them take another way. The first is
    None, for cells that are empty. `read` holds, text by text, what is wrong with it, or its answer where other answers
    may contradict it.
    """

    def __init__(
        self, question: Question, file: str, column: int, *, marks: Marks, numbers: bool, label: bool, checked: bool,
        rated: bool,
    ) -> None:  # fmt: skip
        """`numbers`: it holds no texts; `label`: its texts differ from row to row and decide nothing, so that all of
        them are one kind; `checked`: other answers may contradict it; `rated`: the table has rates of currencies."""
        self.question, self.column = question, column
        self.kinds: list[Answer | None] = [None]
        self.read: list[Answer | Refused | None] = []
        self._place = Place(file, 0, column)
        self._marks, self._label = marks, label
        self._kinds: dict[object, int] = {}
        self._texts = _Texts(self._take)
        self._which = array("i")
        self._numbers = array("d")
        self._several = False
        self._checked, self._rated = checked, rated
        self.converts = False
        """Whether any cell was in another unit."""
        self.declared = marks.decimal is not None or numbers
        """Whether the table says which mark parts the decimals, or holds numbers and no texts."""

    def block(self, texts: Sequence[str], own: Sequence[str] = ()) -> AnswerBlock:
        """Read the cells of some rows. `own` is the currency of each, where one of them is not in dollars."""
        self._several = bool(own) and self.question.type == "money"
        if self._several:
            texts = [f"{text}{OWN}{code}" for text, code in zip(texts, own, strict=True)]
        if len(self._texts) > KEPT:
            self.forget()
        places = np.array(list(map(self._texts.__getitem__, texts)), dtype=np.int32)
        which: Codes = np.array(self._which, dtype=np.int32)[places]
        if not self.question.numeric:
            return AnswerBlock(which, {}, places)
        numbers = np.array(self._numbers).reshape(-1, len(ENDS))[places]
        ends = ENDS if numbers[:, 1:].any() else ENDS[:1]
        return AnswerBlock(which, {end: numbers[:, n].copy() for n, end in enumerate(ends)}, places)

    def forget(self) -> None:
        """Forget the texts, and with them the `places` of earlier blocks; the kinds stay."""
        self._texts.clear()
        self.read.clear()
        del self._which[:], self._numbers[:]

    def _take(self, text: str) -> int:
        written, own = text, BASE
        if self._several:
            written, _, own = text.rpartition(OWN)
        try:
            found = self._answer(written.strip(), (own, BASE) if self._rated else (own,))
        except Refused as refusal:
            return self._keep(refusal, None, WRONG)
        if found is None:
            return self._keep(None, None, NOT_GIVEN)
        self.converts |= found.stated is not None or found.assumed
        key = found.value is None if self._label else _kind(found, self.question)
        kind = self._kinds.get(key)
        if kind is None:
            self._kinds[key] = kind = len(self.kinds)
            self.kinds.append(found)
        return self._keep(found if self._checked else None, found, kind)

    def _keep(self, read: Answer | Refused | None, found: Answer | None, kind: int) -> int:
        self.read.append(read)
        self._which.append(kind)
        if self.question.numeric:
            self._numbers.extend(_numbers(found, FactType(self.question.type)))
        return len(self.read) - 1

    def _answer(self, text: str, own: Own) -> Answer | None:
        """What a cell says; None where it says nothing. Raises `Refused`."""
        question = self.question
        if question.numeric and not is_flow(question, text):
            text = pointed(text, self._marks)
        value = _value(question, text, self._place.file)
        if value is None:
            return None
        if isinstance(value, _Flow):
            return read_answer(question, value.data, self._within(value), self._place, own, decimal_point=self.declared)

        def said(*part: str) -> str | None:
            return None if part else text

        return read_answer(question, value, said, self._place, own, decimal_point=self.declared)

    def _within(self, flow: _Flow) -> Written:
        """The texts of a mapping's entries, numbers with a decimal point."""

        def written(*part: str) -> str | None:
            text = flow.written(*part)
            return pointed(text, self._marks) if text and part and self.question.numeric else text

        return written


class _Texts(dict[str, int]):
    """Texts with their places; one that is not there yet is taken in."""

    def __init__(self, take: Callable[[str], int]) -> None:
        super().__init__()
        self._take = take

    def __missing__(self, text: str) -> int:
        self[text] = place = self._take(text)
        return place


class _Flow(Struct, frozen=True):
    """A cell that holds a list or a mapping: a range with its likely value, exchange rates."""

    data: Any
    written: Written


def _value(question: Question, text: str, file: str) -> Any:
    if BYTES.search(text):
        raise Refused("encoding", "the cell is not UTF-8", found=text[:60], accepted="UTF-8")
    if is_flow(question, text):
        try:
            document = read_document(Path(file), data=text.encode())
        except InputError as problem:
            first = problem.diagnostics[0]
            raise Refused(first.code, first.message, found=first.found or text[:60]) from None
        return _Flow(document.data, lambda *part: document.written(part))
    try:
        value = scalar(text)
    except Unusable as problem:
        raise Refused(problem.code, str(problem), **problem.more) from None
    words = cell_words(value) if question.type == "set" and isinstance(value, str) else None
    return value if words is None else words


def is_flow(question: Question, text: str) -> bool:
    """Whether a cell holds a list or a mapping, in YAML's flow style."""
    return text[:1] in ("{", "[") and question.type not in _NO_FLOW


def cell_words(text: str) -> list[str] | None:
    """The words of a cell that holds several; None for one word."""
    return [word for part in _BETWEEN.split(text) if (word := part.strip())] if _BETWEEN.search(text) else None


def _kind(answer: Answer, question: Question) -> object:
    """What two answers must share to be one kind."""
    if question.numeric:
        return answer.value is None, answer.low is None, answer.currency
    return repr(answer.value) if isinstance(answer.value, dict) else answer.value


def _numbers(found: Answer | None, kind: FactType) -> tuple[float, float, float]:
    """Value, low and high end in last places; 0 for those that there are not."""
    if found is None or found.value is None:
        return 0.0, 0.0, 0.0
    value, low, high = (
        0.0 if end is None else float(fixed(end, kind).scaleb(SCALES[kind]))
        for end in (found.value, found.low, found.high)
    )
    return value, low, high
