"""durable-rules alone on the same compiled rules: facts asserted, actions run, the session deleted.

It is driven as its package drives it (`Ruleset`), with the patterns that `inference.durable` compiles and the facts
ready in the form that they take, those that rules derive among them. Nothing is compared, traced or concluded; an
action notes its name.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hostwise.answers.facts import Fact
from hostwise.flow.flow import Basis
from hostwise.inference.durable import DurableRules, engine_module
from hostwise.rulebook.language.rules import HOUSE, Rule
from hostwise.rulebook.language.strata import strata

_sessions = itertools.count(1)
Message = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RawRules:
    """Rulesets of durable-rules, what has fired in each since it was emptied, and the same as Hostwise has them."""

    groups: tuple[Any, ...]
    rulesets: tuple[Any, ...]
    fired: tuple[set[str], ...]

    def messages(self, facts: Mapping[str, Fact]) -> list[Message]:
        """What is asserted in each ruleset."""
        return [group.message(facts) for group in self.groups]

    def run(self, messages: Sequence[Message]) -> None:
        """One set of facts through every ruleset."""
        for ruleset, message in zip(self.rulesets, messages, strict=True):
            session = f"raw{next(_sessions)}"
            ruleset.do_actions(ruleset.assert_fact({"sid": session, **message}), _complete)
            ruleset.delete_state(session)


def raw_rules(basis: Basis, stages: Sequence[str]) -> RawRules:
    """The rules of some stages, in the layers and rulesets that a decision runs them in."""
    engine_module()  # imports the compiled part as Python 3.13 needs it
    from durable.engine import Ruleset

    layers: list[tuple[Rule, ...]] = []
    for stage in stages:
        layers += strata(basis.rulebook.stage(stage, HOUSE))
    groups = tuple(group for layer in layers for group in DurableRules(layer, basis.rulebook.specs)._groups)
    definitions = [group.definition() for group in groups]
    fired = tuple(set[str]() for _ in definitions)
    rulesets = tuple(
        Ruleset(f"raw{next(_sessions)}", None, {n: {**rule, "run": _noting(n, seen)} for n, rule in each.items()})
        for each, seen in zip(definitions, fired, strict=True)
    )
    return RawRules(groups, rulesets, fired)


def _noting(name: str, seen: set[str]) -> Callable[[Any], None]:
    def action(_closure: Any) -> None:
        seen.add(name)

    return action


def _complete(error: Any, _state: Any) -> None:
    if error:
        raise RuntimeError(error)
