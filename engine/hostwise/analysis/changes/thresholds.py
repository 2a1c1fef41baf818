"""How near the verdict is to another one: thresholds within 20%, and answers given as a range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.analysis.futures.confirm import confirmed_flow, future_facts
from hostwise.analysis.futures.robustness import Sampled
from hostwise.answers.facts import SCALES, Fact, Origin
from hostwise.answers.questions.questions import Questionnaire
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis, FlowRun, Status, choose_costed, confirm, waits_for_futures, with_fact
from hostwise.flow.why.dossiers import overlapping
from hostwise.inference.trace import TraceNode
from hostwise.reading.numbers.fact_types import WIDE

NEAR = Decimal("0.20")
"""A value within 20% of a threshold is near it (DESIGN, step 3; claims.md uses the same band)."""

DECIDING_STAGES = ("derive", "gate", "choose")


class NearThreshold(Struct, frozen=True):
    """A known value close to a threshold, and the verdict if it lay on the other side of it.

    `distance` is a share of the threshold, positive when the value is above it. The verdict on the
    other side keeps every other fact, the costs and their futures included, as it is.
    """

    fact: str
    rule: str
    threshold: Decimal
    value: Decimal
    distance: Decimal
    verdict_other_side: str


class RangedAnswer(Struct, frozen=True):
    """An answer given as a range: the verdict at its low and at its high end, all else equal."""

    fact: str
    low: Decimal
    low_verdict: str
    high: Decimal
    high_verdict: str


def outcome(run: FlowRun) -> str:
    """The option, or `undecided` or `infeasible`."""
    return run.choice.outcome


def near_thresholds(run: FlowRun, basis: Basis, found: Sampled) -> tuple[NearThreshold, ...]:
    """Thresholds of the house rules within 20% of the value they are compared with."""
    near_by: dict[tuple[str, Decimal], NearThreshold] = {}
    for trace in run.traces:
        if trace.rule.stage not in DECIDING_STAGES:
            continue
        for node in _comparisons(trace.condition):
            near = _near(node, trace.rule.id, run, basis, found)
            if near is not None:
                near_by.setdefault((near.fact, near.threshold), near)
    return tuple(near_by[key] for key in sorted(near_by, key=lambda k: (abs(near_by[k].distance), k)))


def ranged_answers(answers: Mapping[str, Fact], basis: Basis, questionnaire: Questionnaire) -> tuple[RangedAnswer, ...]:
    """Every answer given as a range, decided completely at each of its ends."""
    return tuple(
        RangedAnswer(
            fact.name,
            fact.low,
            outcome(confirmed_flow(with_fact(answers, replace(fact, value=fact.low)), basis, questionnaire)),
            fact.high,
            outcome(confirmed_flow(with_fact(answers, replace(fact, value=fact.high)), basis, questionnaire)),
        )
        for fact in answers.values()
        if fact.low is not None and fact.high is not None and fact.provenance.origin is not Origin.ASSUMED
    )


def overlapping_costs(run: FlowRun) -> tuple[str, ...]:
    """Feasible options whose cost band overlaps that of the verdict: the ledgers alone cannot tell them apart."""
    if run.choice.status is not Status.DECIDED:
        return ()
    own = run.facts[monthly(str(run.choice.option))]
    if own.low is None or own.high is None:
        return ()
    return tuple(
        option
        for option in run.gates.feasible
        if option != run.choice.option and overlapping(own, run.facts[monthly(option)])
    )


def _comparisons(node: TraceNode) -> Iterator[TraceNode]:
    if node.threshold is not None:
        yield node
    for child in node.children:
        yield from _comparisons(child)


def _near(node: TraceNode, rule: str, run: FlowRun, basis: Basis, found: Sampled) -> NearThreshold | None:
    fact = run.facts.get(node.fact or "")
    if fact is None or not isinstance(fact.value, Decimal) or not node.threshold:
        return None
    distance = (fact.value - node.threshold) / abs(node.threshold)
    if abs(distance) > NEAR:
        return None
    return NearThreshold(
        fact=fact.name,
        rule=rule,
        threshold=node.threshold,
        value=fact.value,
        distance=distance.quantize(Decimal("0.0001"), context=WIDE),
        verdict_other_side=_beyond(fact, node.threshold, run, basis, found),
    )


def _beyond(fact: Fact, threshold: Decimal, run: FlowRun, basis: Basis, found: Sampled) -> str:
    step = Decimal(1).scaleb(-SCALES[fact.type])
    above = fact.value > threshold if isinstance(fact.value, Decimal) else False
    moved = replace(fact, value=threshold - step if above else threshold + step, low=None, high=None)
    rules = _rule_ids(run)
    costed = {f.name: f for f in run.facts.values() if f.provenance.source not in rules}
    other = choose_costed({**costed, fact.name: moved}, run.costing, basis)
    if waits_for_futures(other, basis):
        other = confirm(replace(other, facts={**other.facts, **future_facts(other, found, basis)}), basis)
    return outcome(other)


def _rule_ids(run: FlowRun) -> frozenset[str]:
    return frozenset(trace.rule.id for trace in run.traces)
