"""What golden cases show of the rules: each rule seen to hold and not to, each test within it seen both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from hostwise.inference.trace import TraceNode
from hostwise.rulebook.language.rules import Rule
from hostwise.workbench.cases.run import Ran


class RuleCoverage(Struct, frozen=True):
    """How often a rule was seen true, false and unknown, and its tests that were never seen true, or never false."""

    rule: Rule
    true: int
    false: int
    unknown: int
    tests: int
    unseen: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the rule was seen to hold and not to hold; one that always holds cannot fail."""
        return self.true > 0 and (self.false > 0 or self.tests == 0)


def coverage(rules: Iterable[Rule], ran: Iterable[Ran]) -> tuple[RuleCoverage, ...]:
    """Coverage of every rule, in written order."""
    rules = tuple(rules)
    asked = {rule.id for rule in rules}
    truths: dict[str, list[bool | None]] = {}
    seen: dict[str, list[tuple[TraceNode, set[bool | None]]]] = {}
    for case in ran:
        for trace in case.traces:
            if trace.rule.id not in asked:
                continue
            truths.setdefault(trace.rule.id, []).append(trace.truth)
            leaves = list(_leaves(trace.condition))
            tests = seen.setdefault(trace.rule.id, [(leaf, set()) for leaf in leaves])
            for leaf, (_, found) in zip(leaves, tests, strict=True):
                found.add(leaf.truth)
    return tuple(_of(rule, truths.get(rule.id, []), seen.get(rule.id, [])) for rule in rules)


def _of(rule: Rule, truths: list[bool | None], tests: list[tuple[TraceNode, set[bool | None]]]) -> RuleCoverage:
    unseen = tuple(
        f"{leaf.english}: never seen {'true' if True not in found else 'false'}"
        for leaf, found in tests
        if not {True, False} <= found
    )
    return RuleCoverage(rule, truths.count(True), truths.count(False), truths.count(None), len(tests), unseen)


def _leaves(node: TraceNode) -> Iterator[TraceNode]:
    if node.op == "test":
        yield node
    for child in node.children:
        yield from _leaves(child)
