"""The rulebook as decision tables: what an export writes and a page shows.

A rule becomes one row for each way in which its condition can be true. Where an export must tell "false" from
"unknown", a rule has a table of its own, its truth: rows for true, rows for false, and "unknown" where no row holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from hostwise.answers.facts import FactSpec
from hostwise.rulebook.language.conditions import Literal
from hostwise.rulebook.language.rules import DerivedFact, Rule, Rulebook
from hostwise.rulebook.language.strata import strata
from hostwise.rulebook.tables.cell_algebra import Subject
from hostwise.rulebook.tables.normal_form import Row, rows_false, rows_true

TRUTHS = ("true", "false", "unknown")


class TableRow(Struct, frozen=True):
    """One row: where its cells hold, the table gives `output`. `rule` is the id of the rule that it comes from."""

    cells: Row
    output: Literal
    rule: str


class DecisionTable(Struct, frozen=True):
    """A decision table. `otherwise` is its output where no row holds; None leaves the output unknown.

    `values` are the words that the output may be, the highest priority first.
    """

    name: str
    label: str
    columns: tuple[Subject, ...]
    rows: tuple[TableRow, ...]
    otherwise: Literal | None
    values: tuple[str, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """The facts that the columns are about."""
        names = (name for column in self.columns for name in (column.fact, column.other) if name)
        return tuple(dict.fromkeys(names))


def truth_name(rule: Rule) -> str:
    """The name of a rule's truth in an export: `gate.air-gapped` → `truth.gate_air_gapped`."""
    return "truth." + "".join(letter if letter.isalnum() else "_" for letter in rule.id.lower())


def truth_table(rule: Rule, specs: Mapping[str, FactSpec]) -> DecisionTable:
    """The truth of one rule: `true`, `false`, or `unknown` where neither is settled."""
    rows = [TableRow(row, "true", rule.id) for row in rows_true(rule.when, specs)]
    rows += [TableRow(row, "false", rule.id) for row in rows_false(rule.when, specs)]
    return DecisionTable(truth_name(rule), rule.title, _columns(rows), tuple(rows), "unknown", TRUTHS)


def value_table(fact: DerivedFact, makers: Sequence[Rule], specs: Mapping[str, FactSpec]) -> DecisionTable:
    """The rows that give a derived fact its value. Alone they say all of a fact for which `plain_table` holds."""
    rows = [
        TableRow(row, rule.value_of(fact.spec.name), rule.id) for rule in makers for row in rows_true(rule.when, specs)
    ]
    return DecisionTable(fact.spec.name, fact.spec.label, _columns(rows), tuple(rows), fact.default, fact.spec.values)


def plain_table(fact: DerivedFact) -> bool:
    """Whether one table says all: no rule can outrank another, and no default waits for all of them to be false."""
    return fact.hit_policy in ("any", "unique") and fact.default is None


def derived_in_order(rulebook: Rulebook, source: str) -> Iterator[tuple[DerivedFact, tuple[Rule, ...]]]:
    """The facts that the packs of one source derive, each after those it rests on, with its rules as written."""
    declared = rulebook.defaults(source)
    rules = rulebook.stage("derive", source)
    for name in dict.fromkeys(name for layer in strata(rules) for rule in layer for name in rule.sets):
        yield declared[name], tuple(rule for rule in rules if name in rule.sets)


def _columns(rows: Sequence[TableRow]) -> tuple[Subject, ...]:
    return tuple(dict.fromkeys(subject for row in rows for subject in row.cells))
