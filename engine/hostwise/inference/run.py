"""Running rules: layer by layer, on both engines, every truth compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from hostwise.answers.facts import Fact, FactSpec, FactType, Origin, Provenance, fixed
from hostwise.inference.durable import DurableRules, EngineUnavailable, engine_module
from hostwise.inference.reference import evaluate
from hostwise.inference.trace import RuleTrace, Truth
from hostwise.rulebook.conditions import Literal
from hostwise.rulebook.rules import DerivedFact, Rule, SetFacts
from hostwise.rulebook.strata import strata

__all__ = ["Engine", "EnginesDisagree", "FactConflict", "Inference", "RuleTrace", "engines_used", "infer"]


class Engine(StrEnum):
    """Which engine decides. `both` compares them on every rule."""

    BOTH = "both"
    DURABLE = "durable"
    REFERENCE = "reference"


class EnginesDisagree(RuntimeError):
    """The two engines found different truths for a rule: nothing is decided. A defect, never bad input."""

    def __init__(self, rule: Rule, durable: Truth, reference: Truth, facts: Mapping[str, Fact]) -> None:
        self.rule = rule
        seen = {name: facts[name].value if name in facts else None for name in rule.reads}
        super().__init__(f"{rule.id}: durable-rules says {durable}, the reference {reference}, on {seen}")


class FactConflict(RuntimeError):
    """Two rules that both hold give one fact different values. A defect of the rulebook."""

    def __init__(self, fact: str, first: str, second: str) -> None:
        super().__init__(f"{first} and {second} both hold and give {fact} different values")


@dataclass(frozen=True, slots=True)
class Inference:
    """All facts, the derived ones included, and the trace of every rule in written order."""

    facts: Mapping[str, Fact]
    traces: tuple[RuleTrace, ...]


def engines_used(engine: Engine) -> tuple[tuple[str, ...], str | None]:
    """The engines that take part, and a note where durable-rules was asked for but cannot run."""
    from importlib.metadata import version

    if engine is Engine.REFERENCE:
        return ("reference",), None
    try:
        engine_module()
    except EngineUnavailable as problem:
        return ("reference",), str(problem)
    durable = f"durable-rules {version('durable-rules')}"
    return ((durable, "reference") if engine is Engine.BOTH else (durable,)), None


def infer(
    rules: Sequence[Rule],
    facts: Mapping[str, Fact],
    engine: Engine,
    specs: Mapping[str, FactSpec],
    defaults: Mapping[str, DerivedFact] | None = None,
) -> Inference:
    """Run rules on facts. `defaults` are the facts that these rules derive.

    Raises `EnginesDisagree`, or `FactConflict` when two firing rules contradict each other.
    """
    known = dict(facts)
    traces: dict[str, RuleTrace] = {}
    made_by: dict[str, str] = {}
    layers = _layers(tuple(rules))
    for layer in layers:
        layer_traces = [evaluate(rule, known, specs) for rule in layer]
        _compare(layer, layer_traces, known, engine, specs)
        for trace in layer_traces:
            traces[trace.rule.id] = trace
            if trace.truth is True and isinstance(trace.rule.then, SetFacts):
                for name, value in trace.rule.then.values:
                    _set(name, value, trace, known, made_by, specs)
        _close(layer, layers, traces, known, made_by, defaults or {})
    return Inference(known, tuple(traces[rule.id] for rule in rules))


@lru_cache(maxsize=64)
def _layers(rules: tuple[Rule, ...]) -> tuple[tuple[Rule, ...], ...]:
    return strata(rules)


def _compare(
    layer: tuple[Rule, ...],
    traces: Sequence[RuleTrace],
    facts: Mapping[str, Fact],
    engine: Engine,
    specs: Mapping[str, FactSpec],
) -> None:
    if engine is Engine.REFERENCE:
        return
    try:
        compiled = _compiled(layer, _Specs(specs))
    except EngineUnavailable:
        return  # noted in the record by `engines_used`
    truths = compiled.truths(facts)
    for trace in traces:
        if truths[trace.rule.id] is not trace.truth:
            raise EnginesDisagree(trace.rule, truths[trace.rule.id], trace.truth, facts)


class _Specs:
    """Fact specifications as a cache key: the same mapping object compiles once."""

    __slots__ = ("specs",)

    def __init__(self, specs: Mapping[str, FactSpec]) -> None:
        self.specs = specs

    def __hash__(self) -> int:
        return id(self.specs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Specs) and other.specs is self.specs


@lru_cache(maxsize=128)
def _compiled(layer: tuple[Rule, ...], specs: _Specs) -> DurableRules:
    return DurableRules(layer, specs.specs)


def _set(
    name: str,
    value: Literal,
    trace: RuleTrace,
    known: dict[str, Fact],
    made_by: dict[str, str],
    specs: Mapping[str, FactSpec],
) -> None:
    fact = _derived(specs[name], value, trace.rule.id, trace.rule.reads)
    if name in made_by and known[name].value != fact.value:
        raise FactConflict(name, made_by[name], trace.rule.id)
    if name not in made_by:
        made_by[name] = trace.rule.id
        known[name] = fact


def _close(
    layer: tuple[Rule, ...],
    layers: tuple[tuple[Rule, ...], ...],
    traces: Mapping[str, RuleTrace],
    known: dict[str, Fact],
    made_by: Mapping[str, str],
    defaults: Mapping[str, DerivedFact],
) -> None:
    """Give the facts that this layer completes, and that no rule set, their default or leave them unknown."""
    for name in dict.fromkeys(fact for rule in layer for fact in rule.sets):
        makers = [rule for each in layers for rule in each if name in rule.sets]
        if name in made_by or any(rule.id not in traces for rule in makers):
            continue
        waiting = tuple(dict.fromkeys(n for rule in makers for n in traces[rule.id].unknown))
        declared = defaults[name]
        if waiting or declared.default is None:
            source = Provenance(Origin.DERIVED, formula="no rule settles it", inputs=waiting)
            known[name] = Fact(name, declared.spec.type, None, source, declared.spec.label, declared.spec.unit)
        else:
            reads = tuple(dict.fromkeys(n for rule in makers for n in rule.reads))
            known[name] = _derived(declared.spec, declared.default, "default: no rule for it holds", reads)


def _derived(spec: FactSpec, value: Literal, source: str, inputs: tuple[str, ...]) -> Fact:
    kept = fixed(value, FactType(spec.type)) if isinstance(value, Decimal) else value
    return Fact(
        spec.name,
        spec.type,
        kept,
        Provenance(Origin.DERIVED, source=source, inputs=inputs),
        spec.label,
        spec.unit,
    )
