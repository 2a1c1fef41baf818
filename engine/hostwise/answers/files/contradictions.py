"""Answers that contradict one another, found before anything is decided; both lines are named.

Which answers those are stands in `rules/questions.yaml`; here is the arithmetic between volumes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from hostwise.answers.questions.contradictions import Contradiction, Contradictions
from hostwise.reading.files.yaml_file import Document
from hostwise.reading.findings.diagnostics import Diagnostic, Place

if TYPE_CHECKING:
    from hostwise.answers.files.answer import Answer

SHORTEST, LONGEST = 28, 31
"""Days of a month: who counts the tokens of one has counted those of 28 to 31 days."""
TOLERANCE = Decimal("0.01")
_PLACE = re.compile(r"\{([a-z_.0-9]+)\}")


class Valued(Protocol):
    """Whatever holds the value of an answer: the answer itself, or the fact that it became."""

    @property
    def value(self) -> object:
        """The value; None where it is not known."""


Values = Mapping[str, Valued]
Pair = tuple[str, str, str]
"""Two keys, the later one second, and why their answers cannot both be true."""


def impossible(values: Values, known: Contradictions) -> bool:
    """Whether answers, by the keys of their questions, describe no workload at all.

    The same volume stated twice does not count: where one of the two is supposed to change, so is the other.
    """
    return any(_holds(row, values) for row in known.rows)


def contradictions(values: Mapping[str, Answer], document: Document, known: Contradictions) -> list[Diagnostic]:
    """Pairs of answers that cannot both be true."""
    return [_finding(pair, values, document) for check in checks(known) for pair in check.pairs(values)]


class AnswerCheck(Struct, frozen=True):
    """What finds pairs that cannot both be true: the keys that it reads, of which so many must have an answer."""

    keys: frozenset[str]
    least: int
    pairs: Callable[[Values], Iterator[Pair]]


def checks(known: Contradictions) -> tuple[AnswerCheck, ...]:
    """The checks of the volumes, all in one, then that of each row."""
    rows = (AnswerCheck(frozenset(row.keys), row.least, partial(_row, row)) for row in known.rows)
    return (AnswerCheck(known.volumes.keys, 2, partial(_volumes, known)), *rows)


def _row(row: Contradiction, values: Values) -> Iterator[Pair]:
    if _holds(row, values):
        yield row.keys[-2], row.keys[-1], row.message


def _holds(row: Contradiction, values: Values) -> bool:
    """Whether it does whichever end of a range is true."""
    return all(all(map(test.holds, _ends(key, values))) for key, test in row.tests.items())


def _ends(key: str, values: Values) -> tuple[object, ...]:
    if missing(key, values):
        return (None,)
    found = _number(values, key)
    return (values[key].value,) if found is None else (values[key].value, found.low, found.high)


class Amount(Struct, frozen=True):
    """A number, or a range, of which any value may be true."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.low + other.low, self.high + other.high)

    def times(self, other: Amount) -> Amount:
        """Each end with the other's; neither is below zero."""
        return Amount(self.low * other.low, self.high * other.high)

    def __str__(self) -> str:
        return f"{self.low:,.0f}" if self.low == self.high else f"{self.low:,.0f} to {self.high:,.0f}"


A_MONTH = Amount(Decimal(SHORTEST), Decimal(LONGEST))
NO_TOKENS = Amount(Decimal(0), Decimal(0))


def _volumes(known: Contradictions, values: Values) -> Iterator[Pair]:
    """The same volume stated twice must agree within 1%; a range agrees with whatever it may be."""
    for day, month in known.volumes.day_and_month:
        yield from _day_and_month(day, month, values)
    for total, *parts in known.volumes.total_and_parts:
        yield from _total_and_parts(total, parts, values)
    for total, requests, *each in known.volumes.requests:
        yield from _requests(total, requests, each, values)
    for day, month in known.volumes.day_and_month:
        yield from _of_another_period(known, day, month, values)
    for keys in known.volumes.one_of:
        yield from _one_of(keys, values)


def _day_and_month(day_key: str, month_key: str, values: Values) -> Iterator[Pair]:
    day, month = _number(values, day_key), _number(values, month_key)
    if day is not None and month is not None and (apart := _not_a_month(day, month, "they differ: a day")):
        yield day_key, month_key, apart


def _not_a_month(day: Amount, month: Amount, what: str) -> str | None:
    """Why an amount a day and one a month cannot both be true; `what` says how the first is known."""
    days = day.times(A_MONTH)
    if not _differ(days, month):
        return None
    mark = "," if what.endswith(",") else ""
    return f"{what} times {SHORTEST} to {LONGEST}{mark} is {days} a month, not {month}"


def _of_another_period(known: Contradictions, day_key: str, month_key: str, values: Values) -> Iterator[Pair]:
    """A total of a day against what it is made of in a month, and a total of a month against what a day is made of.

    Where both totals are stated they are held against each other, and each against what it is made of.
    """
    day, month = _number(values, day_key), _number(values, month_key)
    if day is not None and month is None:
        for first, made, _ in _made_of(known, month_key, values):
            if apart := _not_a_month(day, made, "they differ: a day"):
                yield day_key, first, apart
        for part, amount in _lone_parts(known, month_key, values):
            if amount.low > day.high * LONGEST:
                yield day_key, part, f"a part is larger than the total: {amount} of {day} a day"
    elif month is not None and day is None:
        for first, made, what in _made_of(known, day_key, values):
            if apart := _not_a_month(made, month, f"{what},"):
                yield month_key, first, apart
        for part, amount in _lone_parts(known, day_key, values):
            if amount.low * SHORTEST > month.high:
                yield month_key, part, f"a part is larger than the total: {amount} of {month} a month"


def _lone_parts(known: Contradictions, total: str, values: Values) -> Iterator[tuple[str, Amount]]:
    """The parts of a total of which another is not known."""
    for key, *keys in known.volumes.total_and_parts:
        found = [(each, part) for each in keys if (part := _number(values, each)) is not None]
        if key == total and len(found) < len(keys):
            yield from found


def _made_of(known: Contradictions, total: str, values: Values) -> Iterator[tuple[str, Amount, str]]:
    """What a total comes to by its parts and by its requests: the first key, the tokens, and how."""
    for key, *keys in known.volumes.total_and_parts:
        parts = [part for part in (_number(values, each) for each in keys) if part is not None]
        if key == total and len(parts) == len(keys):
            yield keys[0], sum(parts, NO_TOKENS), "input plus output"
    for key, requests_key, *keys in known.volumes.requests:
        requests = _number(values, requests_key)
        lengths = [length for length in (_number(values, each) for each in keys) if length is not None]
        if key == total and requests is not None and len(lengths) == len(keys):
            yield requests_key, requests.times(sum(lengths, NO_TOKENS)), _times(requests_key)


def _times(key: str) -> str:
    what = key.partition(".")[2].partition("_")[0]
    return f"{what} times tokens per {what[:-1]}"


def _total_and_parts(total_key: str, keys: list[str], values: Values) -> Iterator[Pair]:
    total, parts = _number(values, total_key), [_number(values, key) for key in keys]
    if total is None:
        return
    known = [part for part in parts if part is not None]
    if len(known) == len(parts):
        whole = sum(known, NO_TOKENS)
        if _differ(whole, total):
            yield total_key, keys[0], f"input plus output is {whole}, not {total}"
        return
    for key, part in zip(keys, parts, strict=True):
        if part is not None and part.low > total.high:
            yield total_key, key, f"a part is larger than the total: {part} of {total}"


def _requests(total_key: str, requests_key: str, each: list[str], values: Values) -> Iterator[Pair]:
    total, requests, *lengths = (_number(values, key) for key in (total_key, requests_key, *each))
    known = [length for length in lengths if length is not None]
    if total is None or requests is None or len(known) < len(lengths):
        return
    stated = requests.times(sum(known, NO_TOKENS))
    if _differ(stated, total):
        yield total_key, requests_key, f"{_times(requests_key)} is {stated}, not {total}"


def _one_of(keys: tuple[str, ...], values: Values) -> Iterator[Pair]:
    counted = [key for key in values if key in keys and _number(values, key) is not None]
    for later in counted[1:]:
        yield counted[0], later, "each is a volume of its own: work of two kinds is two questionnaires"


def _differ(stated: Amount, total: Amount) -> bool:
    """Whether no value of one is within 1% of one of the other."""
    slack = TOLERANCE * max(total.high, Decimal(1))
    return stated.high + slack < total.low or stated.low - slack > total.high


def _number(values: Values, key: str) -> Amount | None:
    answer = values.get(key)
    if answer is None or not isinstance(answer.value, Decimal):
        return None
    low, high = getattr(answer, "low", None), getattr(answer, "high", None)
    return Amount(answer.value if low is None else low, answer.value if high is None else high)


def contradiction(
    pair: Pair, values: Mapping[str, Answer], place: Place, excerpt: str | None, where: str = ""
) -> Diagnostic:
    """The finding on two answers. `place` is that of the second; `where` says where the first one stands."""
    first, second, message = pair
    said, found = _PLACE.sub(lambda key: values[key[1]].written, message), values[second].written
    if missing(first, values):
        accepted = f"an answer to {first}; or take {second} out"
        return Diagnostic(place, "contradiction", f"{second}: {said}", found=found, accepted=accepted, excerpt=excerpt)
    return Diagnostic(
        place,
        "contradiction",
        f"{second} contradicts {first}{where}: {said}",
        found=f"{values[first].written!r} and {found!r}",
        accepted="answers that can both be true; or take one of them out",
        excerpt=excerpt,
    )


def missing(key: str, values: Values) -> bool:
    """Whether a question has no answer, or one that nobody knows."""
    return key not in values or values[key].value is None


def _finding(pair: Pair, values: Mapping[str, Answer], document: Document) -> Diagnostic:
    first, second, _ = pair
    section, _, name = second.partition(".")
    place = document.place((section, name))
    where = "" if missing(first, values) else f" on line {values[first].place.line}"
    return contradiction(pair, values, place, document.excerpt(place.line), where)
