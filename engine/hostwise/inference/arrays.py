"""Rules over many cases at once, layer by layer, and the facts that they derive. Equal to `run.infer`, case by case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from hostwise.answers.facts import FactType, fixed
from hostwise.inference.columns import Column, FactTable, Floats, ManyTruths, Mask, last_places
from hostwise.inference.hit_policies import FactConflict
from hostwise.rulebook.language.conditions import Literal
from hostwise.rulebook.language.rules import NUMERIC_POLICIES, DerivedFact, Rule
from hostwise.rulebook.language.strata import strata

Truths = Mapping[str, ManyTruths]
"""The truth of each rule by its id."""


def infer_many(
    rules: Sequence[Rule], table: FactTable, defaults: Mapping[str, DerivedFact] | None = None
) -> dict[str, ManyTruths]:
    """The truth of every rule in every case; the facts that the rules derive are added to the table.

    Raises `FactConflict` when two rules that hold in one case contradict each other.
    """
    found: dict[str, ManyTruths] = {}
    makers: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in rule.sets:
            makers.setdefault(name, []).append(rule)
    for layer in strata(rules):
        found |= {rule.id: table.truth(rule.when) for rule in layer}
        for name in dict.fromkeys(fact for rule in layer for fact in rule.sets):
            if all(rule.id in found for rule in makers[name]):
                assert defaults is not None, f"{name} is derived and not declared"
                table.columns[name] = _derived(defaults[name], makers[name], found, table.size)
    return found


def _derived(declared: DerivedFact, rules: Sequence[Rule], truths: Truths, size: int) -> Column:
    policy = declared.hit_policy
    if policy in NUMERIC_POLICIES:
        return _aggregate(declared, rules, truths, size)
    if policy in ("unique", "any"):
        _agree(declared, rules, truths)
        values, held = _default(declared, size)
        waiting = np.zeros(size, dtype=bool)
        for rule in reversed(rules):
            truth = truths[rule.id]
            values = np.where(truth.yes, _coded(declared, rule), values)
            waiting |= truth.unknown
        some = np.logical_or.reduce([truths[rule.id].yes for rule in rules])
        return _column(declared, values, some | (held & ~waiting))
    ranked = rules if policy == "first" else sorted(rules, key=lambda rule: _coded(declared, rule))
    return _first(declared, ranked, truths, size)


def _first(declared: DerivedFact, ranked: Sequence[Rule], truths: Truths, size: int) -> Column:
    """The first rule that holds; one left unknown before it matters only where it would give another value."""
    values, held = _default(declared, size)
    open_, reached, mixed = np.ones(size, dtype=bool), np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    settled = np.zeros(size, dtype=bool)
    for rule in ranked:
        truth, value = truths[rule.id], _coded(declared, rule)
        here = open_ & ~truth.no
        mixed |= here & reached & (values != value)
        values = np.where(here & ~reached, value, values)
        reached |= here
        settled |= open_ & truth.yes
        open_ &= ~truth.yes
    return _column(declared, values, np.where(reached, settled & ~mixed, held))


def _aggregate(declared: DerivedFact, rules: Sequence[Rule], truths: Truths, size: int) -> Column:
    policy = declared.hit_policy
    waiting = np.logical_or.reduce([truths[rule.id].unknown for rule in rules])
    held = np.array([truths[rule.id].yes for rule in rules])
    counts = held.sum(axis=0)
    values, has_default = _default(declared, size)
    if policy == "collect count":
        one = last_places(Decimal(1), FactType(declared.spec.type))
        return _column(declared, counts * one, ~waiting)
    coded = np.array([_coded(declared, rule) for rule in rules])[:, None]
    if policy == "collect sum":
        found = (held * coded).sum(axis=0)
    elif policy == "collect min":
        found = np.where(held, coded, np.inf).min(axis=0)
    else:
        found = np.where(held, coded, -np.inf).max(axis=0)
    return _column(declared, np.where(counts > 0, found, values), ~waiting & ((counts > 0) | has_default))


def _agree(declared: DerivedFact, rules: Sequence[Rule], truths: Truths) -> None:
    name = declared.spec.name
    for number, one in enumerate(rules):
        for other in rules[number + 1 :]:
            alike = one.value_of(name) == other.value_of(name)
            if (declared.hit_policy == "unique" or not alike) and (truths[one.id].yes & truths[other.id].yes).any():
                raise FactConflict(name, one.id, other.id, declared.hit_policy)


def _column(declared: DerivedFact, values: Floats, known: Mask) -> Column:
    return Column(declared.spec, known, values, declared.spec.values)


def _default(declared: DerivedFact, size: int) -> tuple[Floats, Mask]:
    """The default's value, and whether there is one."""
    if declared.default is None:
        return np.full(size, -1.0), np.zeros(size, dtype=bool)
    return np.full(size, _code(declared, declared.default)), np.ones(size, dtype=bool)


def _coded(declared: DerivedFact, rule: Rule) -> float:
    return _code(declared, rule.value_of(declared.spec.name))


def _code(declared: DerivedFact, value: Literal) -> float:
    if isinstance(value, Decimal):
        kind = FactType(declared.spec.type)
        return last_places(fixed(value, kind), kind)
    return float(value) if isinstance(value, bool) else float(declared.spec.values.index(value))
