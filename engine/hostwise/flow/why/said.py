"""Whether what a sentence claims is true: no rule's sentence is said where its own condition (`true_when`) is not."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from hostwise.answers.facts import Fact, FactSpec
from hostwise.inference.reference import evaluate
from hostwise.rulebook.language.rules import Rule


def is_true(rule: Rule, facts: Mapping[str, Fact], specs: Mapping[str, FactSpec]) -> bool:
    """Whether the facts bear out what the rule's sentence claims; without `true_when` it claims its `when`."""
    return rule.true_when is None or evaluate(replace(rule, when=rule.true_when), facts, specs).truth is True
