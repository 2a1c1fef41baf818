"""durable-rules alone on the same compiled rules: the facts asserted, the actions run, the session deleted.

The rulesets are those of `inference.durable`, with the facts ready in the form that they take, those that rules derive
among them. Nothing is compared, traced or concluded: it is what any use of durable-rules pays at least.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hostwise.answers.facts import Fact
from hostwise.decision.flow import Basis
from hostwise.inference.durable import DurableRules
from hostwise.rulebook.rules import HOUSE, Rule
from hostwise.rulebook.strata import strata

_sessions = itertools.count(1)


@dataclass(frozen=True, slots=True)
class RawRules:
    """Compiled layers of rules, each one or more rulesets."""

    layers: tuple[DurableRules, ...]

    def messages(self, facts: Mapping[str, Fact]) -> list[tuple[Any, dict[str, int]]]:
        """Each ruleset with what is asserted in it."""
        groups = [group for layer in self.layers for group in layer._groups]
        return [(group._ruleset, group._compiler.message(facts, group._used)) for group in groups]


def raw_rules(basis: Basis, stages: Sequence[str]) -> RawRules:
    """The rules of some stages as durable-rules has them in a decision."""
    layers: list[tuple[Rule, ...]] = []
    for stage in stages:
        layers += strata(basis.rulebook.stage(stage, HOUSE))
    return RawRules(tuple(DurableRules(layer, basis.rulebook.specs) for layer in layers))


def run(messages: Sequence[tuple[Any, Mapping[str, int]]]) -> None:
    """One set of facts through every ruleset."""
    for ruleset, message in messages:
        session = f"raw{next(_sessions)}"
        ruleset.do_actions(ruleset.assert_fact({"id": 1, "sid": session, "one": 1, **message}), _complete)
        ruleset.delete_state(session)


def _complete(error: Any, _state: Any) -> None:
    if error:
        raise RuntimeError(error)
