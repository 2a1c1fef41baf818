"""Conditions said in English, so that a rule can be read without its notation.

`not` is never put into finished text: it goes inwards, to the tests, and each is said as it reads when negated, which
Kleene's logic allows (De Morgan's laws hold in it): `not([5%..10%])` is "share is below 5% or above 10%".
A clause that joins its parts with `or` stands in brackets within one that joins with `and`, and the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactSpec, FactType
from hostwise.reading.identity_key import Same
from hostwise.reading.translatable import fill, joined, prose
from hostwise.rulebook.language import conditions as c

_COMPARED = {
    "<": prose("is below {value}"),
    "<=": prose("is at most {value}"),
    ">": prose("is above {value}"),
    ">=": prose("is at least {value}"),
    "=": prose("is {value}"),
    "!=": prose("is not {value}"),
}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!="}
_WITHIN = {
    (True, True): prose("is at least {low} and at most {high}"),
    (True, False): prose("is at least {low} and below {high}"),
    (False, True): prose("is above {low} and at most {high}"),
    (False, False): prose("is above {low} and below {high}"),
}
_OUTSIDE = {
    (True, True): prose("is below {low} or above {high}"),
    (True, False): prose("is below {low} or at least {high}"),
    (False, True): prose("is at most {low} or above {high}"),
    (False, False): prose("is at most {low} or at least {high}"),
}
_AND, _OR = " and ", " or "

Specs = Mapping[str, FactSpec]


class _Clause(Struct, frozen=True):
    """A piece of a sentence, and the word that joins its parts, if any."""

    text: str
    word: str | None = None


def in_english(condition: c.Condition, specs: Specs) -> str:
    """The condition as a clause: `tokens a day is at least 50M and demand is steady`."""
    return _condition(Same(condition), Same(specs), True).text


@lru_cache(maxsize=16384)  # a decision says each of some thousand conditions, and of each its parts by themselves
def _condition(condition: Same[c.Condition], specs: Same[Specs], wanted: bool) -> _Clause:
    """When the condition is true, or, unless `wanted`, when it is false."""
    it = condition.it
    if isinstance(it, c.Always):
        return _Clause(prose("always") if wanted else prose("never"))
    if isinstance(it, c.Not):
        return _condition(Same(it.part), specs, not wanted)
    if isinstance(it, c.Test):
        return _said_of(specs.it[it.fact], it.unary, specs.it, wanted)
    parts = [_condition(Same(part), specs, wanted) for part in it.parts]
    return _joined(parts, _AND if isinstance(it, c.All) is wanted else _OR)


def _joined(clauses: Sequence[_Clause], word: str) -> _Clause:
    if len(clauses) == 1:
        return clauses[0]
    texts = [
        clause.text if clause.word in (None, word) else fill("({condition})", condition=clause.text)
        for clause in clauses
    ]
    return _Clause(joined(texts, word), word)


def _said_of(spec: FactSpec, unary: c.Unary, specs: Specs, wanted: bool) -> _Clause:
    """A test of one fact; a list of unlike tests names the fact again in each: `x is 3 or x is not known`."""
    if isinstance(unary, c.Negated):
        return _said_of(spec, unary.test, specs, not wanted)
    if isinstance(unary, c.OneOf) and not all(isinstance(test, c.Equals) for test in unary.tests):
        return _joined([_said_of(spec, test, specs, wanted) for test in unary.tests], _OR if wanted else _AND)
    label = spec.label or spec.name
    if spec.type is FactType.BOOLEAN and isinstance(unary, c.Equals):
        value = format_value(unary.value is wanted, spec.type)
        return _Clause(fill("{label}: {value}", label=label, value=value))
    predicate = _predicate(unary, spec, specs, wanted)
    return _Clause(fill("{label} {test}", label=label, test=predicate.text), predicate.word)


def _predicate(unary: c.Unary, spec: FactSpec, specs: Specs, wanted: bool) -> _Clause:
    """The end of a sentence about the fact of `spec`: `is at least 50M`."""
    if isinstance(unary, (c.Known, c.Unknown)):
        return _Clause(prose("is known") if isinstance(unary, c.Known) is wanted else prose("is not known"))
    if isinstance(unary, c.Compare):
        message = _COMPARED[unary.op if wanted else _OPPOSITE[unary.op]]
        return _Clause(fill(message, value=_operand(unary.operand, spec, specs)))
    if isinstance(unary, c.Interval):
        return _interval(unary, spec, wanted)
    tests = unary.tests if isinstance(unary, c.OneOf) else (unary,)
    return _values([test.value for test in tests if isinstance(test, c.Equals)], spec, wanted)


def _values(values: Sequence[c.Literal], spec: FactSpec, wanted: bool) -> _Clause:
    """`is a, b or c`: a list of values reads as one value, and needs no brackets."""
    texts = [format_value(value, spec.type, spec.unit) for value in values]
    if wanted:
        return _Clause(fill("is {value}", value=joined(texts, ", ", _OR)))
    if len(texts) == 1:
        return _Clause(fill("is not {value}", value=texts[0]))
    return _Clause(fill("is neither {values}", values=joined(texts, " nor ")))


def _interval(interval: c.Interval, spec: FactSpec, wanted: bool) -> _Clause:
    low, high = (format_value(end, spec.type, spec.unit) for end in (interval.low, interval.high))
    closed = interval.low_closed, interval.high_closed
    return _Clause(fill((_WITHIN if wanted else _OUTSIDE)[closed], low=low, high=high), _AND if wanted else _OR)


def _operand(operand: Decimal | c.FactRef, spec: FactSpec, specs: Specs) -> str:
    if isinstance(operand, c.FactRef):
        other = specs[operand.name]
        return fill("the {label}", label=other.label or other.name)
    return format_value(operand, spec.type, spec.unit)
