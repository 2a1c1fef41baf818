"""Running rules: layer by layer, on both engines, every truth compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from hostwise.answers.facts import Fact, FactSpec
from hostwise.inference.durable import DurableRules, EngineUnavailable, engine_module
from hostwise.inference.hit_policies import FactConflict, derived_fact
from hostwise.inference.reference import Seen, evaluate
from hostwise.inference.trace import RuleTrace, Truth
from hostwise.reading.files.installed import version_of
from hostwise.reading.identity_key import Same
from hostwise.rulebook.language.rules import DerivedFact, Rule
from hostwise.rulebook.language.strata import strata

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


class Inference(Struct, frozen=True):
    """All facts, the derived ones included, and the trace of every rule in written order."""

    facts: Mapping[str, Fact]
    traces: tuple[RuleTrace, ...]


def engines_used(engine: Engine) -> tuple[tuple[str, ...], str | None]:
    """The engines that take part, and a note where durable-rules was asked for but cannot run."""
    if engine is Engine.REFERENCE:
        return ("reference",), None
    try:
        engine_module()
    except EngineUnavailable as problem:
        return ("reference",), str(problem)
    durable = f"durable-rules {version_of('durable-rules')}"
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
    order = _order_of(Same(rules)) if isinstance(rules, tuple) else _order(tuple(rules))
    seen = Seen(known)
    for layer in order.layers:
        layer_traces = [evaluate(rule, known, specs, seen) for rule in layer]
        _compare(layer, layer_traces, known, engine, specs)
        traces |= {trace.rule.id: trace for trace in layer_traces}
        for name in dict.fromkeys(fact for rule in layer for fact in rule.sets):
            if all(rule.id in traces for rule in order.makers[name]):
                assert defaults is not None, f"{name} is derived and not declared"
                known[name] = derived_fact(defaults[name], [traces[rule.id] for rule in order.makers[name]])
    return Inference(known, tuple(traces[rule.id] for rule in rules))


class _Order(Struct, frozen=True):
    """Rules in layers, each after what it reads; and the rules that derive each fact, in written order."""

    layers: tuple[tuple[Rule, ...], ...]
    makers: Mapping[str, tuple[Rule, ...]]


@lru_cache(maxsize=64)
def _order_of(rules: Same[tuple[Rule, ...]]) -> _Order:
    return _order(rules.it)


def _order(rules: tuple[Rule, ...]) -> _Order:
    makers: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in rule.sets:
            makers.setdefault(name, []).append(rule)
    return _Order(strata(rules), {name: tuple(each) for name, each in makers.items()})


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
        compiled = _compiled(layer, Same(specs))
    except EngineUnavailable:
        return  # noted in the record by `engines_used`
    truths = compiled.truths(facts)
    for trace in traces:
        if truths[trace.rule.id] is not trace.truth:
            raise EnginesDisagree(trace.rule, truths[trace.rule.id], trace.truth, facts)


@lru_cache(maxsize=128)
def _compiled(layer: tuple[Rule, ...], specs: Same[Mapping[str, FactSpec]]) -> DurableRules:
    return DurableRules(layer, specs.it)
