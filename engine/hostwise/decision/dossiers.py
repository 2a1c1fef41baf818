"""The dossier of an option that was not chosen: the gates that exclude it, the rules that would have chosen it and
what stopped each of them, and how its cost compares with the verdict's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.facts import Fact
from hostwise.decision.choice_facts import monthly
from hostwise.decision.flow import Course
from hostwise.inference.run import RuleTrace
from hostwise.inference.trace import TraceNode
from hostwise.rulebook.quoting import quote
from hostwise.rulebook.rules import Verdict

SHARE = Decimal("0.0001")


class Leaf(Struct, frozen=True):
    """One test of a condition, with the value that it saw."""

    english: str
    fact: str | None
    test: str | None
    seen: str | None
    truth: str


class Barrier(Struct, frozen=True):
    """A gate that excludes the option: the tests that made it hold."""

    rule: str
    title: str
    because: str
    held: tuple[Leaf, ...]


class Miss(Struct, frozen=True):
    """A rule that would have chosen the option: the tests that stopped it, or the rule that decided before it."""

    rule: str
    title: str
    failed: tuple[Leaf, ...]
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

    gates: tuple[Barrier, ...]
    rules: tuple[Miss, ...]
    gap: Gap | None


def dossier(option: str, course: Course) -> Dossier:
    """The dossier of one option; of the chosen one, the rules that it won by are no part of it."""
    traces = {trace.rule.id: trace for trace in course.traces}
    gates = tuple(_barrier(traces[rule], course) for rule in course.gates.excluded.get(option, ()))
    misses = tuple(_misses(option, course))
    return Dossier(gates, misses, _gap(option, course))


def _barrier(trace: RuleTrace, course: Course) -> Barrier:
    rule = trace.rule
    held = tuple(_leaf(node) for node in holding(trace.condition))
    return Barrier(rule.id, rule.title, quote(rule.because, course.facts), held)


def _misses(option: str, course: Course) -> Iterator[Miss]:
    decided = course.choice.rule
    passed = False
    for trace in course.traces:
        then = trace.rule.then
        passed |= decided is not None and trace.rule.id == decided.rule.id
        if not isinstance(then, Verdict) or option not in then.options or option == course.choice.option:
            continue
        overtaken = trace.truth is True and passed and decided is not None
        yield Miss(
            rule=trace.rule.id,
            title=trace.rule.title,
            failed=tuple(_leaf(node) for node in failing(trace.condition)),
            overtaken_by=decided.rule.id if overtaken and decided is not None else None,
        )


def _gap(option: str, course: Course) -> Gap | None:
    chosen = course.choice.option
    if chosen is None or chosen == option:
        return None
    own, other = course.facts.get(monthly(chosen)), course.facts.get(monthly(option))
    if own is None or other is None or not isinstance(own.value, Decimal) or not isinstance(other.value, Decimal):
        return None
    amount = other.value - own.value
    share = (amount / own.value).quantize(SHARE) if own.value else None
    return Gap(amount, share, own.unit.partition("/")[0], overlapping(own, other))


def overlapping(one: Fact, other: Fact) -> bool:
    """Whether two bands overlap; a value without a band overlaps nothing."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low <= other.high and other.low <= one.high


def failing(node: TraceNode) -> list[TraceNode]:
    """The leaves that keep a condition from being true; of alternatives, those of the nearest."""
    if node.truth is True:
        return []
    if not node.children or node.op == "not":
        return [node]
    if node.op == "any":
        return min((failing(child) for child in node.children), key=len)
    return [leaf for child in node.children for leaf in failing(child)]


def holding(node: TraceNode) -> list[TraceNode]:
    """The leaves that make a condition true; of alternatives, all that hold."""
    if node.truth is not True:
        return []
    if not node.children or node.op == "not":
        return [node]
    return [leaf for child in node.children for leaf in holding(child)]


def _leaf(node: TraceNode) -> Leaf:
    words: Mapping[bool | None, str] = {True: "true", False: "false", None: "unknown"}
    return Leaf(node.english, node.fact, node.test, node.seen, words[node.truth])
