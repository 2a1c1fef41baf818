"""What traced rules come to under a hit policy (OMG DMN 1.5, clause 8.2.8): a choice, or the value of a derived fact.

A rule left unknown counts only where it could still change the value: then the fact is unknown, and its
provenance names what it waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.facts import Fact, FactType, Origin, Provenance, fixed
from hostwise.inference.trace import RuleTrace
from hostwise.rulebook.language.conditions import Literal
from hostwise.rulebook.language.rules import NUMERIC_POLICIES, DerivedFact, Rule

AGGREGATES: Mapping[str, Callable[[Sequence[Decimal]], Decimal]] = {
    "collect sum": lambda values: sum(values, Decimal(0)),
    "collect min": min,
    "collect max": max,
    "collect count": lambda values: Decimal(len(values)),
}


class FirstResult(Struct, frozen=True):
    """The outcome of `first`.

    `chosen` is the first rule that holds; `possible` all rules that an unknown could still put first,
    in order; `needs` the facts that would settle it. With no unknown before it, `possible` is `chosen`.
    """

    chosen: RuleTrace | None
    possible: tuple[RuleTrace, ...]
    needs: tuple[str, ...]


def first(traces: Sequence[RuleTrace], allowed: Callable[[Rule], bool] = lambda _: True) -> FirstResult:
    """The first allowed rule that holds; an unknown rule before it forks."""
    possible: list[RuleTrace] = []
    for trace in traces:
        if not allowed(trace.rule) or trace.truth is False:
            continue
        possible.append(trace)
        if trace.truth is True:
            break
    chosen = possible[-1] if possible and possible[-1].truth is True else None
    needs = tuple(dict.fromkeys(n for trace in possible for n in trace.unknown))
    return FirstResult(chosen, tuple(possible), needs)


def collect(traces: Sequence[RuleTrace]) -> tuple[RuleTrace, ...]:
    """All rules that hold, in written order (`collect` and `rule order`)."""
    return tuple(trace for trace in traces if trace.truth is True)


class FactConflict(RuntimeError):
    """Two rules that both hold give one fact different values, or only one might hold. A defect of the rulebook."""

    def __init__(self, fact: str, first: str, second: str, policy: str) -> None:
        alone = "both hold, and its hit policy is unique"
        what = alone if policy == "unique" else "both hold and give different values"
        self.fact, self.rules = fact, (first, second)
        super().__init__(f"{fact}: {first} and {second} {what}")


def derived_fact(declared: DerivedFact, traces: Sequence[RuleTrace]) -> Fact:
    """The fact, from the traces of all its rules in written order. Raises `FactConflict`."""
    name, policy = declared.spec.name, declared.hit_policy
    held = [trace for trace in traces if trace.truth is True]
    waiting = [trace for trace in traces if trace.truth is None]
    if policy in NUMERIC_POLICIES:
        return _aggregate(declared, traces, held, waiting)
    if policy in ("unique", "any"):
        for later in held[1:]:
            if policy == "unique" or later.rule.value_of(name) != held[0].rule.value_of(name):
                raise FactConflict(name, held[0].rule.id, later.rule.id, policy)
        possible = held[:1] or waiting
    else:
        ranked = traces if policy == "first" else sorted(traces, key=lambda t: _rank(declared, t))
        possible = list(first(ranked).possible)
    settled = [trace for trace in possible if trace.truth is True]
    if settled and len({trace.rule.value_of(name) for trace in possible}) == 1:
        return _fact(declared, settled[0].rule.value_of(name), settled[0].rule.id, settled[0].rule.reads)
    if possible:
        return _unknown(declared, [trace for trace in possible if trace.truth is None])
    return _default(declared, traces)


def _aggregate(
    declared: DerivedFact, traces: Sequence[RuleTrace], held: Sequence[RuleTrace], waiting: Sequence[RuleTrace]
) -> Fact:
    if waiting:
        return _unknown(declared, waiting)
    if not held and declared.hit_policy != "collect count":
        return _default(declared, traces)
    values = [value for trace in held if isinstance(value := trace.rule.value_of(declared.spec.name), Decimal)]
    rules = ", ".join(trace.rule.id for trace in held) or "no rule holds"
    reads = tuple(dict.fromkeys(name for trace in traces for name in trace.rule.reads))
    return _fact(declared, AGGREGATES[declared.hit_policy](values), f"{declared.hit_policy}: {rules}", reads)


def _rank(declared: DerivedFact, trace: RuleTrace) -> int:
    """DMN: the output that stands first in the list of allowed values has the highest priority."""
    value = trace.rule.value_of(declared.spec.name)
    return declared.spec.values.index(value) if isinstance(value, str) else 0


def _default(declared: DerivedFact, traces: Sequence[RuleTrace]) -> Fact:
    if declared.default is None:
        return _unknown(declared, ())
    reads = tuple(dict.fromkeys(name for trace in traces for name in trace.rule.reads))
    return _fact(declared, declared.default, "default: no rule for it holds", reads)


def _unknown(declared: DerivedFact, waiting: Sequence[RuleTrace]) -> Fact:
    spec = declared.spec
    inputs = tuple(dict.fromkeys(name for trace in waiting for name in trace.unknown))
    source = Provenance(Origin.DERIVED, formula="no rule settles it", inputs=inputs)
    return Fact(spec.name, spec.type, None, source, spec.label, spec.unit)


def _fact(declared: DerivedFact, value: Literal, source: str, inputs: tuple[str, ...]) -> Fact:
    spec = declared.spec
    kept = fixed(value, FactType(spec.type)) if isinstance(value, Decimal) else value
    origin = Provenance(Origin.DERIVED, source=source, inputs=inputs)
    return Fact(spec.name, spec.type, kept, origin, spec.label, spec.unit)
