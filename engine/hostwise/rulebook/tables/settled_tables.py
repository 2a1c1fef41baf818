"""A derived fact as a table over the truths of its rules, where the rows of the rules alone would not say it.

DMN passes over a row that an unknown input keeps from matching: it would take the next row, sum up without it, or
fall back on the default. Here an unknown rule that could still change the value leaves the fact unknown. Over truths,
which are always known, a plain DMN table says just that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from hostwise.answers.facts import FactSpec
from hostwise.rulebook.language.conditions import Literal
from hostwise.rulebook.language.rules import NUMERIC_POLICIES, DerivedFact, Rule
from hostwise.rulebook.tables.cell_algebra import Cell, Subject, WordSet
from hostwise.rulebook.tables.decision_tables import TRUTHS, DecisionTable, TableRow, truth_name
from hostwise.rulebook.tables.normal_form import rows_true

TRUE, FALSE = WordSet(("true",), TRUTHS), WordSet(("false",), TRUTHS)
KNOWN = WordSet(("true", "false"), TRUTHS)
DEFAULT = "default: no rule for it holds"


def needs_truths(fact: DerivedFact, makers: Sequence[Rule], specs: Mapping[str, FactSpec]) -> bool:
    """Whether the rows that give the fact its values do not say all of it."""
    if fact.hit_policy == "unique" and any(len(rows_true(rule.when, specs)) > 1 for rule in makers):
        return True  # two rows of one rule may both match
    return fact.hit_policy not in ("any", "unique") or fact.default is not None


def settled_table(fact: DerivedFact, makers: Sequence[Rule]) -> DecisionTable:
    """The fact by the truths of its rules: a row for each rule that can settle it, and one for the default."""
    columns = tuple(Subject(truth_name(rule)) for rule in makers)
    return DecisionTable(fact.spec.name, fact.spec.label, columns, tuple(_rows(fact, makers)), None, fact.spec.values)


def _rows(fact: DerivedFact, makers: Sequence[Rule]) -> Iterator[TableRow]:
    name, default = fact.spec.name, fact.default
    if fact.hit_policy == "priority":
        makers = sorted(makers, key=lambda rule: fact.spec.values.index(str(rule.value_of(name))))
    for place, rule in enumerate(makers):
        value = _counted(fact, rule.value_of(name))
        yield TableRow({Subject(truth_name(rule)): TRUE, **_others(fact, makers, place)}, value, rule.id)
    if fact.hit_policy == "collect count":
        default = Decimal(0)
    if default is not None:
        yield TableRow({Subject(truth_name(rule)): FALSE for rule in makers}, default, DEFAULT)


def _others(fact: DerivedFact, makers: Sequence[Rule], place: int) -> dict[Subject, Cell]:
    """What the other rules must be for this one to settle the fact, or to be added up."""
    name = fact.spec.name
    if fact.hit_policy in NUMERIC_POLICIES:
        return {Subject(truth_name(rule)): KNOWN for n, rule in enumerate(makers) if n != place}
    if fact.hit_policy in ("any", "unique"):
        return {}
    value = makers[place].value_of(name)
    return {Subject(truth_name(rule)): FALSE for rule in makers[:place] if rule.value_of(name) != value}


def _counted(fact: DerivedFact, value: Literal) -> Literal:
    """What a row adds: a count is the sum of ones, so that the row of the default can add none."""
    return Decimal(1) if fact.hit_policy == "collect count" else value
