"""The dossier of an option that was not chosen: the gates that exclude it, the rules that would have chosen it and
what stopped each of them, and how its cost compares with the verdict's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import FlowRun, lands_on
from hostwise.inference.run import RuleTrace
from hostwise.inference.trace import TraceNode, truth_word
from hostwise.reading.numbers.fact_types import WIDE
from hostwise.rulebook.english.quoting import quote
from hostwise.rulebook.language.rules import Verdict

SHARE = Decimal("0.0001")


class SeenTest(Struct, frozen=True):
    """One test of a condition, with the value that it saw."""

    english: str
    fact: str | None
    test: str | None
    seen: str | None
    truth: str


class ExcludingGate(Struct, frozen=True):
    """A gate that excludes the option: the tests that made it hold."""

    rule: str
    title: str
    because: str
    held: tuple[SeenTest, ...]


class UnchosenRule(Struct, frozen=True):
    """A rule that would have chosen the option: the tests that stopped it, or the rule that decided before it."""

    rule: str
    title: str
    failed: tuple[SeenTest, ...]
    overtaken_by: str | None


class Gap(Struct, frozen=True):
    """What the option costs more than the verdict, a month (negative: less), and as a share of the verdict's cost.

    `overlap` says whether the two bands overlap, so that the ledgers alone cannot tell them apart.
    """

    amount: Decimal
    share: Decimal | None
    currency: str
    overlap: bool


class Dossier(Struct, frozen=True):
    """Why an option was not chosen, whole."""

    gates: tuple[ExcludingGate, ...]
    rules: tuple[UnchosenRule, ...]
    gap: Gap | None


def dossier(option: str, run: FlowRun) -> Dossier:
    """The dossier of one option; of the chosen one, the rules that it won by are no part of it."""
    traces = {trace.rule.id: trace for trace in run.traces}
    gates = tuple(_excluding_gate(traces[rule], run) for rule in run.gates.excluded.get(option, ()))
    rules = tuple(_unchosen_rules(option, run))
    return Dossier(gates, rules, _gap(option, run))


def _excluding_gate(trace: RuleTrace, run: FlowRun) -> ExcludingGate:
    rule = trace.rule
    held = tuple(_seen_test(node) for node in holding(trace.condition))
    return ExcludingGate(rule.id, rule.title, quote(rule.because, run.facts), held)


def _unchosen_rules(option: str, run: FlowRun) -> Iterator[UnchosenRule]:
    decided = run.choice.rule if option == run.chosen.option else run.chosen.rule
    for trace in run.traces:
        then = trace.rule.then
        if not isinstance(then, Verdict) or option not in then.options or option == run.choice.option:
            continue
        overtaken = trace.truth is True and lands_on(trace.rule, run.gates.feasible) == option
        yield UnchosenRule(
            rule=trace.rule.id,
            title=trace.rule.title,
            failed=tuple(_seen_test(node) for node in failing(trace.condition)),
            overtaken_by=decided.rule.id if overtaken and decided is not None else None,
        )


def _gap(option: str, run: FlowRun) -> Gap | None:
    chosen = run.choice.option
    if chosen is None or chosen == option:
        return None
    own, other = run.facts.get(monthly(chosen)), run.facts.get(monthly(option))
    if own is None or other is None or not isinstance(own.value, Decimal) or not isinstance(other.value, Decimal):
        return None
    amount = other.value - own.value
    share = (amount / own.value).quantize(SHARE, context=WIDE) if own.value else None
    return Gap(amount, share, own.unit.partition("/")[0], overlapping(own, other))


def overlapping(one: Fact, other: Fact) -> bool:
    """Whether two bands overlap; a value without a band overlaps nothing."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low <= other.high and other.low <= one.high


def failing(node: TraceNode) -> list[TraceNode]:
    """The leaves that keep a condition from being true; of alternatives, those of the nearest that no gate would have
    to make."""
    if node.truth is True:
        return []
    if not node.children or node.op == "not":
        return [node]
    if node.op == "any":
        return min(
            (failing(child) for child in node.children), key=lambda leaves: (waits_for_gates(leaves), len(leaves))
        )
    return [leaf for child in node.children for leaf in failing(child)]


def waits_for_gates(leaves: Iterable[TraceNode]) -> bool:
    """Whether some of these tests is of what the gates leave."""
    return any((leaf.fact or "").startswith("feasible.") for leaf in leaves)


def holding(node: TraceNode) -> list[TraceNode]:
    """The leaves that make a condition true; of alternatives, all that hold."""
    if node.truth is not True:
        return []
    if not node.children or node.op == "not":
        return [node]
    return [leaf for child in node.children for leaf in holding(child)]


def _seen_test(node: TraceNode) -> SeenTest:
    return SeenTest(node.english, node.fact, node.test, node.seen, truth_word(node.truth))
