"""The order in which rules run: a rule that reads a derived fact runs after all rules that derive it."""

from __future__ import annotations

from collections.abc import Sequence

from hostwise.rulebook.language.rules import Rule


class Cycle(ValueError):
    """Rules that wait for one another. `rules` are their ids, the first one again at the end."""

    def __init__(self, rules: Sequence[str]) -> None:
        self.rules = tuple(rules)
        super().__init__(f"these rules wait for one another: {' → '.join(rules)}")


def strata(rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], ...]:
    """Split rules into layers; within a layer the written order is kept. Raises `Cycle`.

    The result of running the layers in order does not depend on the order of facts, and negation is
    safe: every fact that a rule reads is final by the time the rule runs.
    """
    makers: dict[str, list[Rule]] = {}
    for rule in rules:
        for fact in rule.sets:
            makers.setdefault(fact, []).append(rule)
    level: dict[str, int] = {}
    for rule in rules:
        _level(rule, makers, level, ())
    depth = max(level.values(), default=-1) + 1
    return tuple(tuple(rule for rule in rules if level[rule.id] == n) for n in range(depth))


def _level(rule: Rule, makers: dict[str, list[Rule]], level: dict[str, int], trail: tuple[str, ...]) -> int:
    if rule.id in level:
        return level[rule.id]
    if rule.id in trail:
        raise Cycle([*trail[trail.index(rule.id) :], rule.id])
    below = [_level(maker, makers, level, (*trail, rule.id)) for fact in rule.reads for maker in makers.get(fact, ())]
    level[rule.id] = 1 + max(below, default=-1)
    return level[rule.id]
