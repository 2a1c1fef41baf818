"""What an evaluation saw: the truth of every part of a condition, with the value each test read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from hostwise.answers.facts import FactSpec
from hostwise.reading.identity_key import Same
from hostwise.rulebook.english.conditions import in_english
from hostwise.rulebook.language.conditions import Condition
from hostwise.rulebook.language.rules import Rule

Truth = bool | None
"""Kleene's three values; None is unknown."""


def truth_word(truth: Truth) -> str:
    """A truth value as records write it."""
    return "unknown" if truth is None else ("true" if truth else "false")


class TraceNode(Struct, frozen=True):
    """One part of a condition: `op` is all, any, not, test or always.

    `seen` is the value as people read it; `threshold` is the number that a comparison was made with.
    """

    op: str
    truth: Truth
    condition: Condition
    specs: Same[Mapping[str, FactSpec]]
    fact: str | None = None
    test: str | None = None
    seen: str | None = None
    threshold: Decimal | None = None
    children: tuple[TraceNode, ...] = ()

    @property
    def english(self) -> str:
        """The part as a clause: said when it is asked for, as most of a trace is never shown."""
        return in_english(self.condition, self.specs.it)


class RuleTrace(Struct, frozen=True):
    """A rule's truth, its condition's trace, and the facts that would settle it if it is unknown."""

    rule: Rule
    truth: Truth
    condition: TraceNode
    unknown: tuple[str, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """The facts that the rule reads."""
        return self.rule.reads
