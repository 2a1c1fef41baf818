"""Mutants of rules: one threshold, operator, word or conclusion changed at a time.

A mutant that no golden case notices is a part of a rule that could be wrong without anybody seeing it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import SCALES, FactSpec, FactType, fixed
from hostwise.flow.panel import NEED_FACTS, UNDEFINED
from hostwise.rulebook.language import conditions as c
from hostwise.rulebook.language.rules import Exclude, Require, Rule, SetFacts, Verdict, Vote

Specs = Mapping[str, FactSpec]
SHIFT = Decimal("0.01")
"""Thresholds are moved by one percent of themselves: past the value, not past a rounding."""
_BESIDE = {"<": ("<=", ">"), "<=": ("<", ">"), ">": (">=", "<"), ">=": (">", "<"), "=": ("<", ">")}


class Mutant(Struct, frozen=True):
    """A rule with one thing changed, and what was changed in words."""

    original: Rule
    rule: Rule
    change: str


def mutants(rule: Rule, specs: Specs) -> Iterator[Mutant]:
    """Every mutant of a rule; advice texts are left alone."""
    for when, change in _conditions(rule.when, specs):
        yield Mutant(rule, replace(rule, when=when, reads=c.facts_read(when)), change)
    for then, change in _conclusions(rule, specs):
        yield Mutant(rule, replace(rule, then=then), change)


def _conditions(condition: c.Condition, specs: Specs) -> Iterator[tuple[c.Condition, str]]:
    if isinstance(condition, c.Test):
        for unary, change in _unaries(condition.unary, specs[condition.fact]):
            yield replace(condition, unary=unary), f"{condition.fact}: {change}"
    elif isinstance(condition, c.Not):
        yield condition.part, "not removed"
        for part, change in _conditions(condition.part, specs):
            yield c.Not(part), change
    elif isinstance(condition, (c.All, c.Any)):
        yield from _joins(condition, specs)


def _joins(condition: c.All | c.Any, specs: Specs) -> Iterator[tuple[c.Condition, str]]:
    parts, many = condition.parts, len(condition.parts) > 1
    if many:
        other: c.Condition = c.Any(parts) if isinstance(condition, c.All) else c.All(parts)
        yield other, "all became any" if isinstance(condition, c.All) else "any became all"
    for place, part in enumerate(parts):
        if many:
            yield replace(condition, parts=parts[:place] + parts[place + 1 :]), f"part {place + 1} dropped"
        for changed, change in _conditions(part, specs):
            yield replace(condition, parts=(*parts[:place], changed, *parts[place + 1 :])), change


def _unaries(unary: c.Unary, spec: FactSpec) -> Iterator[tuple[c.Unary, str]]:
    if isinstance(unary, c.Negated):
        yield unary.test, "not removed"
        for inner, change in _unaries(unary.test, spec):
            yield c.Negated(inner), change
    elif isinstance(unary, c.OneOf):
        for place, test in enumerate(unary.tests):
            rest = unary.tests[:place] + unary.tests[place + 1 :]
            if rest:
                yield c.OneOf(rest), f"{_said(test)} dropped"
        yield from ((c.OneOf((*unary.tests, c.Equals(word))), f"{word} added") for word in _missing(unary, spec))
    elif isinstance(unary, (c.Known, c.Unknown)):
        known = isinstance(unary, c.Known)
        yield (c.Unknown() if known else c.Known()), "known became unknown" if known else "unknown became known"
    elif isinstance(unary, c.Equals):
        yield from _values(unary, spec)
    elif isinstance(unary, c.Compare):
        yield from _comparisons(unary, spec)
    else:
        yield from _intervals(unary, spec)


def _missing(unary: c.OneOf, spec: FactSpec) -> Iterator[str]:
    named = {test.value for test in unary.tests if isinstance(test, c.Equals)}
    if spec.type is FactType.ENUM and len(named) == len(unary.tests):
        absent = [word for word in spec.values if word not in named]
        yield from absent[:1] if len(absent) > 1 else ()  # with all of them the test says nothing but "known"


def _values(unary: c.Equals, spec: FactSpec) -> Iterator[tuple[c.Unary, str]]:
    if isinstance(unary.value, bool):
        yield c.Equals(not unary.value), f"{_word(unary.value)} became {_word(not unary.value)}"
    elif isinstance(unary.value, str):
        place = spec.values.index(unary.value)
        other = spec.values[(place + 1) % len(spec.values)]
        if other != unary.value:
            yield c.Equals(other), f"{unary.value} became {other}"
    else:
        yield from ((c.Equals(value), f"{unary.value} became {value}") for value in _moved(unary.value, spec))


def _comparisons(unary: c.Compare, spec: FactSpec) -> Iterator[tuple[c.Unary, str]]:
    for op in _BESIDE[unary.op]:
        yield c.Compare(op, unary.operand), f"{unary.op} became {op}"
    if isinstance(unary.operand, Decimal):
        for value in _moved(unary.operand, spec):
            yield c.Compare(unary.op, value), f"{unary.operand.normalize():f} became {value.normalize():f}"


def _intervals(unary: c.Interval, spec: FactSpec) -> Iterator[tuple[c.Unary, str]]:
    yield replace(unary, low_closed=not unary.low_closed), "low end opened or closed"
    yield replace(unary, high_closed=not unary.high_closed), "high end opened or closed"
    for value in _moved(unary.low, spec):
        if value <= unary.high:
            yield replace(unary, low=value), f"low end {unary.low.normalize():f} became {value.normalize():f}"
    for value in _moved(unary.high, spec):
        if value >= unary.low:
            yield replace(unary, high=value), f"high end {unary.high.normalize():f} became {value.normalize():f}"


def _moved(value: Decimal, spec: FactSpec) -> Iterator[Decimal]:
    """A threshold a little lower and a little higher, on the grid of its type."""
    smallest = Decimal(1).scaleb(-SCALES[spec.type])
    step = max(fixed(abs(value) * SHIFT, spec.type), smallest)
    yield from (value - step, value + step)


def _conclusions(rule: Rule, specs: Specs) -> Iterator[tuple[SetFacts | Exclude | Require | Verdict | Vote, str]]:
    then = rule.then
    if isinstance(then, (Exclude, Require, Verdict)):
        for place, option in enumerate(then.options):
            rest = then.options[:place] + then.options[place + 1 :]
            if rest:
                yield replace(then, options=rest), f"{option} dropped from the conclusion"
        if isinstance(then, Verdict) and len(then.options) > 1:
            yield replace(then, options=tuple(reversed(then.options))), "the options in another order"
    elif isinstance(then, SetFacts):
        for place, (name, value) in enumerate(then.values):
            for other in _others(value, specs[name]):
                values = (*then.values[:place], (name, other), *then.values[place + 1 :])
                yield SetFacts(values), f"{name} set to {_word(other)}"
    elif isinstance(then, Vote):
        other = NEED_FACTS if then.vote == UNDEFINED else UNDEFINED
        yield replace(then, vote=other), f"{then.vote} became another vote"
        yield replace(then, hard_gate=not then.hard_gate), "hard gate or not"


def _others(value: c.Literal, spec: FactSpec) -> Iterator[c.Literal]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, str):
        yield from [word for word in spec.values if word != value][:1]
    else:
        yield value + 1


def _said(unary: c.Unary) -> str:
    return _word(unary.value) if isinstance(unary, c.Equals) else "a test"


def _word(value: c.Literal) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
