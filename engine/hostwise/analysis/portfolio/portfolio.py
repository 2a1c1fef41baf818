"""Many workloads: each row of a table or file of a folder decided, in input order, a window of rows at a time.

Rows that take the same way through the economics are decided together, wherever they stand in their window. A row with
findings is refused and keeps them; the others go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Protocol

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from hostwise.analysis.futures.confirm import settled
from hostwise.analysis.portfolio.doubts import as_errors, doubtful_bills, doubtful_names, old_rates, rates_to_renew
from hostwise.analysis.portfolio.folder import folder_windows
from hostwise.analysis.portfolio.table import table_windows
from hostwise.answers.facts import COMPUTED, Fact, FactType
from hostwise.answers.files.answer import Answer
from hostwise.answers.plausible import load_plausible
from hostwise.answers.questions.questions import Questionnaire
from hostwise.answers.tables.checked_rows import columns_of, extra_columns, extra_note
from hostwise.answers.tables.csv_file import csv_table
from hostwise.answers.tables.decimal_mark import Decimals
from hostwise.answers.tables.parquet_file import parquet_table
from hostwise.answers.tables.table import Table
from hostwise.batch.cases import Places, Population
from hostwise.batch.costs import read_by_economics
from hostwise.batch.decide import decide_chunk
from hostwise.batch.needs import needs_of
from hostwise.batch.outcomes import REFUSED, Outcomes
from hostwise.batch.tiers import with_tiers
from hostwise.economics.catalogue.catalogue import at_likely
from hostwise.economics.costing import cost_ledgers
from hostwise.economics.numbers.currency import BASE
from hostwise.economics.plans.competing.tier import with_tier_in_use
from hostwise.flow.choice_facts import monthly
from hostwise.flow.doubts import once
from hostwise.flow.flow import Basis, supposed_flow
from hostwise.flow.freshness import OutOfDate, before_knowledge, check_age, dated, used
from hostwise.flow.knowledge import Knowledge
from hostwise.inference.columns import EXACT, Floats, Mask
from hostwise.inference.run import Engine
from hostwise.reading.findings.diagnostics import Diagnostic, InputError, Place, Severity
from hostwise.reading.numbers.currencies import CENT
from hostwise.reading.numbers.fact_types import WIDE

WINDOW = 524_288
"""Rows that are held at a time. The more there are, the more of them take the same way."""
TOGETHER = 32_768
"""Rows that are decided at a time: more take more memory, and hardly less time."""
FILES = 1024
"""Questionnaires of a folder that are held at a time."""
MICRO = 10.0 ** COMPUTED[FactType.MONEY]
PER_CENT = MICRO / 100


class Window(Protocol):
    """Some rows that follow one another, whatever they were read from."""

    @property
    def size(self) -> int:
        """How many rows there are."""

    @property
    def names(self) -> Sequence[str]:
        """The name of each workload."""

    @property
    def findings(self) -> Mapping[int, tuple[Diagnostic, ...]]:
        """What is wrong with rows that cannot be decided."""

    @property
    def doubts(self) -> Mapping[int, tuple[Diagnostic, ...]]:
        """What is doubtful about the answers of rows, before anything is computed from them."""

    @property
    def converted(self) -> Mapping[int, tuple[Diagnostic, ...]]:
        """Notes on answers that were read in another unit."""

    @property
    def lines(self) -> Sequence[int]:
        """The line of each row; nothing where each is a file."""

    @property
    def rates(self) -> tuple[tuple[Answer | None, ...], Places]:
        """The exchange rates that the rows state, and which of them each row has."""

    @property
    def read(self) -> float:
        """The share of the input that is read, from 0 to 1."""

    @property
    def extra(self) -> Sequence[Sequence[str]]:
        """The columns that are no question, in the order of the table."""

    @property
    def currencies(self) -> tuple[tuple[str, ...], Places]:
        """The reporting currencies, and which of them each row has."""

    @property
    def days(self) -> tuple[tuple[date | None, ...], Places]:
        """The days that the rows state, and which of them each row has."""

    def id_of(self, row: int) -> str:
        """Where a row stands."""

    def population(self, cases: Places) -> Population:
        """The facts of some rows, all of them without findings."""

    def facts(self, case: int) -> dict[str, Fact]:
        """The facts of one row, each at its own place."""

    def words(self, cases: Places, names: frozenset[str]) -> list[NDArray[np.int32]]:
        """What parts rows from one another, of some facts."""


class Decided(Struct, frozen=True, eq=False):
    """Rows with what each comes to. Costs are monthly, in the row's currency, counted in millionths; NaN: not priced.

    `exact` holds those that a float does not hold to the cent. `needs` are the keys of the questions that would settle
    an undecided row; `findings` refuse it, and `doubts` do not.
    """

    ids: Sequence[str]
    names: Sequence[str]
    verdicts: Sequence[str]
    rules: Sequence[str]
    currencies: Sequence[str]
    options: tuple[str, ...]
    costs: Floats
    exact: Mapping[tuple[int, int], Decimal]
    left: Mask
    needs: Mapping[int, tuple[str, ...]]
    findings: Mapping[int, tuple[Diagnostic, ...]]
    doubts: Mapping[int, tuple[Diagnostic, ...]] = {}
    extra: Sequence[Sequence[str]] = ()
    converted: Mapping[int, tuple[Diagnostic, ...]] = {}
    """Notes on answers that were read in another unit."""

    def cost(self, row: int, option: int) -> Decimal | None:
        """A monthly cost to the cent, half to even; None where it is not priced."""
        micros = self.costs[row, option]
        if np.isnan(micros):
            return None
        amount = self.exact.get((row, option))
        amount = Decimal(int(micros)).scaleb(-COMPUTED[FactType.MONEY]) if amount is None else amount
        return amount.quantize(CENT, ROUND_HALF_EVEN, WIDE)

    def noticed(self) -> Iterator[Diagnostic]:
        """What is wrong or doubtful with the rows, from first to last; a doubt stops no row, so it is a warning."""
        for row in sorted({*self.findings, *self.doubts, *self.converted}):
            yield from self.findings.get(row, ())
            yield from self.converted.get(row, ())
            yield from (replace(doubt, severity=Severity.WARNING) for doubt in self.doubts.get(row, ()))

    def cheapest(self) -> Places:
        """The place of the cheapest option that is left and priced in each row; −1 where there is none."""
        costs = np.where(self.left & ~np.isnan(self.costs), self.costs, np.inf)
        place = costs.argmin(axis=1)
        return np.where(np.isfinite(costs.min(axis=1)), place, -1)


class Totals(Struct):
    """How many rows came to each verdict, and what their verdicts cost a month: never one currency with another."""

    counts: dict[str, int] = field(default_factory=dict)
    costs: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    unpriced: dict[str, int] = field(default_factory=dict)

    def add(self, rows: Decided) -> None:
        """Count some rows in."""
        verdicts, currencies = np.array(rows.verdicts, dtype=object), np.array(rows.currencies, dtype=object)
        for verdict in dict.fromkeys(rows.verdicts):
            here = verdicts == verdict
            self.counts[verdict] = self.counts.get(verdict, 0) + int(here.sum())
            if verdict not in rows.options:
                continue
            costs = rows.costs[:, rows.options.index(verdict)]
            priced = here & ~np.isnan(costs)
            self.unpriced[verdict] = self.unpriced.get(verdict, 0) + int((here & ~priced).sum())
            sums = self.costs.setdefault(verdict, {})
            for currency in dict.fromkeys(currencies[priced].tolist()):
                amount = sum(map(int, costs[priced & (currencies == currency)].tolist()))
                sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount).scaleb(-COMPUTED[FactType.MONEY])


class Source(Struct, frozen=True):
    """Where workloads are read from: their windows, one after the other, and what a table has beside the answers.

    `extra` are the names of the columns that are no question, `decimal` how its numbers are written, where it says so.
    """

    windows: Iterator[Window]
    extra: tuple[str, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    decimal: Decimals | None = None


def source(
    path: Path, knowledge: Knowledge, decimal: Decimals | None = None, columns: Mapping[str, int] | None = None
) -> Source:
    """What is at `path`. Raises `InputError` where it cannot be read at all.

    `columns` are those of a table to go by where its header is wrong.
    """
    questionnaire = knowledge.questionnaire
    if path.is_dir():
        return Source(folder_windows(path, questionnaire, FILES))
    table = table_at(path, questionnaire, decimal)
    known = dict(columns) if columns else columns_of(table, questionnaire)
    found = table_windows(table, known, questionnaire, WINDOW)
    extra = extra_columns(table, questionnaire)
    notes = (*table.notes, extra_note(table, extra)) if extra else table.notes
    return Source(found, tuple(extra.values()), notes, table.marks.decimal)


def table_at(path: Path, questionnaire: Questionnaire, decimal: Decimals | None = None) -> Table:
    """A table, of whatever kind its file is. Raises `InputError` where it cannot be read."""
    if path.suffix.lower() == ".parquet":
        return parquet_table(path)
    return csv_table(path, frozenset(questionnaire.by_key), decimal)


def windows(path: Path, knowledge: Knowledge) -> Iterator[Window]:
    """The rows at `path`. Raises `InputError` before the first of them where it cannot be read at all."""
    return source(path, knowledge).windows


def _said_in(window: Window) -> NDArray[np.object_]:
    """The currency in which each row's amounts are said: as `reporting_currency` of one questionnaire."""
    (words, whose), (rates, stated) = window.currencies, window.rates
    known = np.array(
        [[word == BASE or (each is not None and word in (each.value or {})) for each in rates] for word in words]
    )
    return np.where(known[whose, stated], np.array(words, dtype=object)[whose], BASE)


def decide_window(
    window: Window,
    knowledge: Knowledge,
    as_of: date | None = None,
    *,
    allow_stale: bool = False,
    strict: bool = False,
) -> Iterator[float | Decided]:
    """Decide the rows of a window. Yields the share that is done now and then, and at last the rows, part by part.

    `strict`: rows with doubts are refused.
    """
    size = window.size
    options = tuple(knowledge.catalogue.options)
    findings, doubts = dict(window.findings), dict(window.doubts)
    if strict:
        findings |= as_errors(doubts)
    verdicts = np.full(size, REFUSED, dtype=object)
    rules = np.full(size, "", dtype=object)
    costs, left = np.full((size, len(options)), np.nan), np.zeros((size, len(options)), dtype=bool)
    exact: dict[tuple[int, int], Decimal] = {}
    needs: dict[int, tuple[str, ...]] = {}
    sound = np.ones(size, dtype=bool)
    sound[list(findings)] = False
    done = 0
    stated, which = window.days
    for place, own in enumerate(stated):
        day = as_of or own or knowledge.as_of
        basis = Basis(knowledge.rulebook, knowledge.catalogue, day, Engine.REFERENCE)
        lean = replace(basis, catalogue=at_likely(basis.catalogue))
        cases = np.flatnonzero(sound & (which == place))
        if not allow_stale:
            stale = old_rates(window, cases, day, knowledge) | _too_old(window, cases, basis, knowledge)
            findings |= stale
            cases = np.setdiff1d(cases, np.array(list(stale), dtype=np.intp))
        cases = _together(window, cases, basis)
        for start in range(0, len(cases), TOGETHER):
            chunk = cases[start : start + TOGETHER]
            population = with_tiers(window.population(chunk), basis.catalogue)
            found, table = decide_chunk(population, lean)
            found = settled(found, population, basis, knowledge.questionnaire)
            verdicts[chunk] = np.array(found.verdicts, dtype=object)[found.verdict]
            rules[chunk] = np.array([*found.rules, ""], dtype=object)[found.rule]
            costs[chunk], left[chunk] = np.rint(found.costs * MICRO), found.left
            usual, costed = load_plausible(knowledge.root), dict[int, tuple[Diagnostic, ...]]()
            for more in (
                doubtful_bills(window, chunk, table, usual),
                doubtful_names(window, chunk, population, basis, usual),
                rates_to_renew(window, chunk, day, knowledge.root),
            ):
                for row, each in more.items():
                    costed[row] = (*costed.get(row, ()), *each)
            for row, each in costed.items():
                doubts[row] = once((*doubts.get(row, ()), *each))
            if strict and costed:
                refused = list(costed)
                findings |= as_errors(costed)
                verdicts[refused], rules[refused], costs[refused], left[refused] = REFUSED, "", np.nan, False
            findings |= {int(chunk[case]): _own(window, int(chunk[case]), basis) for case in found.errors}
            exact |= {(int(chunk[c]), o): cost for (c, o), cost in _exactly(found, population, basis).items()}
            open_ = needs_of(found, table, population, lean, knowledge.questionnaire)
            needs |= {int(chunk[case]): keys for case, keys in open_.items()}
            done += len(chunk)
            yield done / size
    currencies = _said_in(window)
    for start in range(0, size, TOGETHER):
        part = slice(start, min(start + TOGETHER, size))
        yield Decided(
            [window.id_of(row) for row in range(start, part.stop)],
            window.names[part],
            verdicts[part].tolist(),
            rules[part].tolist(),
            currencies[part].tolist(),
            options,
            costs[part],
            {(row - start, option): amount for (row, option), amount in exact.items() if start <= row < part.stop},
            left[part],
            {row - start: needs[row] for row in range(start, part.stop) if row in needs},
            {row - start: findings[row] for row in range(start, part.stop) if row in findings},
            {row - start: doubts[row] for row in range(start, part.stop) if row in doubts and row not in findings},
            [column[part] for column in window.extra],
            {row - start: notes for row, notes in window.converted.items() if start <= row < part.stop},
        )


def _together(window: Window, cases: Places, basis: Basis) -> Places:
    """The rows in an order in which those that take the same way stand together."""
    if len(cases) <= TOGETHER:
        return cases
    few = cases[:: max(len(cases) // 8, 1)]  # from all over the window
    read = (read_by_economics(window.facts(int(case)), basis.catalogue, basis.as_of) for case in few)
    words = window.words(cases, frozenset().union(*read))
    return cases[np.lexsort(words)] if words else cases


def _at_row(window: Window, case: int, findings: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The findings at the day of the decision in a row, or at the row where it states none."""
    place = window.facts(case)["as_of"].provenance.place or Place(window.id_of(case))
    return tuple(replace(finding, place=place) for finding in findings)


def _own(window: Window, case: int, basis: Basis) -> tuple[Diagnostic, ...]:
    """Why the economics refuse a row, at the places of its own answers."""
    try:
        cost_ledgers(with_tier_in_use(window.facts(case), basis.catalogue), basis.catalogue, basis.as_of)
    except InputError as problem:
        return problem.diagnostics
    raise AssertionError(f"{window.id_of(case)} was refused among many and not by itself")


def _exactly(found: Outcomes, population: Population, basis: Basis) -> dict[tuple[int, int], Decimal]:
    """Costs that floats may put on the other side of half a cent, and those too large for them, on decimals."""
    micros = np.rint(np.nan_to_num(found.costs) * MICRO)
    off = 1 + np.abs(micros) / EXACT
    near = np.abs(micros % PER_CENT - PER_CENT / 2) <= off
    exact: dict[tuple[int, int], Decimal] = {}
    for case in np.flatnonzero(((found.rough & near) | (micros > EXACT / 4)).any(axis=1)):
        run = supposed_flow(population.at(int(case)), basis)
        for option, name in enumerate(found.options):
            amount = run.facts[monthly(name)].value
            if isinstance(amount, Decimal):
                exact[int(case), option] = amount
    return exact


def _too_old(window: Window, cases: Places, basis: Basis, knowledge: Knowledge) -> dict[int, tuple[Diagnostic, ...]]:
    """The rows that would rest on knowledge past its second limit, with what that is.

    A day on which nothing is too old, as days of today are, costs nothing. On other days each row is costed by itself:
    which entries it rests on only its own ledgers say.
    """
    entries, day = dated(knowledge), basis.as_of
    if not any(entry.refused(day) or entry.newer(day) for entry in entries):
        return {}
    packs = [entry.as_of for entry in entries if entry.kind == "rules"]
    if max(packs) > day:  # every decision rests on them
        early = (before_knowledge(day, max(packs), Place("")),)
        return {case: _at_row(window, case, early) for case in cases.tolist()}
    found: dict[int, tuple[Diagnostic, ...]] = {}
    for case in cases.tolist():
        try:
            check_age(
                used(supposed_flow(with_tier_in_use(window.facts(case), basis.catalogue), basis), knowledge),
                day,
                knowledge.root,
            )
        except OutOfDate as problem:
            found[case] = problem.diagnostics
        except InputError:
            continue  # the economics refuse it, which is found again where it is decided
    return found
